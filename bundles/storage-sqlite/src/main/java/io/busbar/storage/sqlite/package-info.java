/**
 * Documents in one SQLite file: small things that people create. They are durable when a call
 * returns.
 */
@NullMarked
package io.busbar.storage.sqlite;

import org.jspecify.annotations.NullMarked;

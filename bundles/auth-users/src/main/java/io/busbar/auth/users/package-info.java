/**
 * The people who may sign in to the console, and the one-time token that makes the first of them.
 */
@NullMarked
package io.busbar.auth.users;

import org.jspecify.annotations.NullMarked;

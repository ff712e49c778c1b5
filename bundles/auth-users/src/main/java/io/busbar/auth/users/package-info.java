/**
 * The accounts of people who may sign in to the console, and the one-time token for creating the
 * first one.
 */
@NullMarked
package io.busbar.auth.users;

import org.jspecify.annotations.NullMarked;

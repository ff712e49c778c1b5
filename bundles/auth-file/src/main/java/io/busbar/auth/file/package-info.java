/**
 * Credentials from two text files, as Mosquitto has them; the example to copy for an authenticator
 * of your own.
 */
@NullMarked
package io.busbar.auth.file;

import org.jspecify.annotations.NullMarked;

/**
 * Credentials from two text files in Mosquitto's formats. The example to copy for your own
 * authenticator.
 */
@NullMarked
package io.busbar.auth.file;

import org.jspecify.annotations.NullMarked;

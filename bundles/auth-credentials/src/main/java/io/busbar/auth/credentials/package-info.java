/** MQTT credentials: made here, kept as verifiers only, and checked when a client connects. */
@NullMarked
package io.busbar.auth.credentials;

import org.jspecify.annotations.NullMarked;

/**
 * MQTT credentials: creates them, stores what is needed to verify them, and checks them when a
 * client connects.
 */
@NullMarked
package io.busbar.auth.credentials;

import org.jspecify.annotations.NullMarked;

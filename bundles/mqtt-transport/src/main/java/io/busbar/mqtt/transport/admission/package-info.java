/**
 * Limits on connections: how many there may be in all, at one listener and from one address, and
 * how many new ones per second.
 */
@NullMarked
package io.busbar.mqtt.transport.admission;

import org.jspecify.annotations.NullMarked;

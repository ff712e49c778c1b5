/**
 * One Network Connection from its first byte to its last: bytes become packets for the broker, and
 * what the broker sends is gathered and written once per turn of the loop. Nothing here knows
 * sessions or topics.
 */
@NullMarked
package io.busbar.mqtt.transport.connection;

import org.jspecify.annotations.NullMarked;

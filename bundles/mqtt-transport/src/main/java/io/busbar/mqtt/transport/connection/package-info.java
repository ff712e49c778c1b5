/**
 * One Network Connection from its first byte to its last. Received bytes become packets for the
 * broker. Packets from the broker are collected and written once per turn of the event loop. Knows
 * no sessions and no topics.
 */
@NullMarked
package io.busbar.mqtt.transport.connection;

import org.jspecify.annotations.NullMarked;

/**
 * MQTT over WebSocket: the handshake, which web pages may connect, and the frames. Its output is a
 * plain stream of MQTT bytes.
 */
@NullMarked
package io.busbar.mqtt.transport.websocket;

import org.jspecify.annotations.NullMarked;

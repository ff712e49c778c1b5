/**
 * MQTT over WebSocket: the handshake, which web pages may connect, and the frames. What comes out
 * are the bytes of MQTT.
 */
@NullMarked
package io.busbar.mqtt.transport.websocket;

import org.jspecify.annotations.NullMarked;

/**
 * The listeners of the broker on Netty: TCP, TLS, WebSocket and secure WebSocket. Bytes come in,
 * packets go to the broker's {@code ClientConnection}; what the broker sends is gathered and
 * written once per loop turn. Nothing here knows sessions or topics.
 */
@NullMarked
package io.busbar.mqtt.transport;

import org.jspecify.annotations.NullMarked;

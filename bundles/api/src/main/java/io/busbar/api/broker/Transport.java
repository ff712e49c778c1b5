package io.busbar.api.broker;

/** The transport protocol between client and server. */
public enum Transport {
    TCP("mqtt"),
    TLS("mqtts"),
    WEBSOCKET("ws"),
    SECURE_WEBSOCKET("wss");

    private final String scheme;

    Transport(String scheme) {
        this.scheme = scheme;
    }

    /** The URI scheme: mqtt, mqtts, ws or wss. */
    public String scheme() {
        return scheme;
    }

    /** Whether the connection is protected by TLS. */
    public boolean isSecure() {
        return this == TLS || this == SECURE_WEBSOCKET;
    }

    /** Whether MQTT is sent inside WebSocket frames. */
    public boolean isWebSocket() {
        return this == WEBSOCKET || this == SECURE_WEBSOCKET;
    }
}

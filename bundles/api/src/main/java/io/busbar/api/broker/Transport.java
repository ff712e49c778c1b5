package io.busbar.api.broker;

/** How bytes travel between client and server. */
public enum Transport {
    TCP("mqtt"),
    TLS("mqtts"),
    WEBSOCKET("ws"),
    SECURE_WEBSOCKET("wss");

    private final String scheme;

    Transport(String scheme) {
        this.scheme = scheme;
    }

    /** The scheme of addresses that people copy: mqtt, mqtts, ws or wss. */
    public String scheme() {
        return scheme;
    }

    /** Whether TLS protects what travels. */
    public boolean isSecure() {
        return this == TLS || this == SECURE_WEBSOCKET;
    }

    /** Whether MQTT travels in frames of WebSocket. */
    public boolean isWebSocket() {
        return this == WEBSOCKET || this == SECURE_WEBSOCKET;
    }
}

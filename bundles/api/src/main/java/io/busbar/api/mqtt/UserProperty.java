package io.busbar.api.mqtt;

import java.util.Objects;

/**
 * A name and value that a client attached; names may repeat and their order is kept
 * [MQTT5-3.3.2-17] [MQTT5-3.3.2-18].
 */
public record UserProperty(String name, String value) {
    public UserProperty {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
    }
}

package io.busbar.api.mqtt;

import java.util.Objects;

/**
 * A name and a value that a publisher attached to a message. A message may have several with the
 * same name. The server keeps them in their order [MQTT5-3.3.2-17] [MQTT5-3.3.2-18].
 */
public record UserProperty(String name, String value) {
    public UserProperty {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
    }
}

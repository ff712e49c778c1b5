package io.busbar.mqtt.transport.config;

import org.jspecify.annotations.Nullable;

/** What is wrong with a configuration, in words for the operator: the value, then what to do. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what is wrong, and what it came from, if anything. */
    public ConfigException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

package io.busbar.mqtt.transport.config;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a configuration is wrong. The message is for the operator: the value, then what to
 * do.
 */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what is wrong, and what it came from, if anything. */
    public ConfigException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

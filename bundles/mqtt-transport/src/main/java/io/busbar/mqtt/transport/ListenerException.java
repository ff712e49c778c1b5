package io.busbar.mqtt.transport;

import org.jspecify.annotations.Nullable;

/** Why a listener cannot listen, in words for the operator. */
final class ListenerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ListenerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

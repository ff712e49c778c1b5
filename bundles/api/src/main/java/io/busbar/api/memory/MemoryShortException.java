package io.busbar.api.memory;

/**
 * Thrown when something cannot be made because the memory of the server is short. The message says
 * what and what to do. Nothing was changed; the same call may succeed when others hold less.
 */
public final class MemoryShortException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MemoryShortException(String message) {
        super(message);
    }
}

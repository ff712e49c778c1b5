package io.busbar.api.transfer;

/** Thrown when something is no export that this server can read. The message says why. */
public final class MalformedStateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedStateException(String message) {
        super(message);
    }
}

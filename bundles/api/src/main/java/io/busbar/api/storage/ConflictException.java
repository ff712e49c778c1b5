package io.busbar.api.storage;

/**
 * A change was refused because something else has changed or exists already; nothing was written.
 * The message says what, for people.
 */
public final class ConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConflictException(String message) {
        super(message);
    }
}

package io.busbar.api.storage;

/**
 * Thrown when a change is refused because something was changed by somebody else, or exists
 * already. Nothing was written. The message says what, for people.
 */
public class ConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConflictException(String message) {
        super(message);
    }
}

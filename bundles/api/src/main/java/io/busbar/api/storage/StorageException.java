package io.busbar.api.storage;

/**
 * Thrown when the store cannot do what was asked: disk full, file damaged, store closed. The
 * message says what an operator can do.
 */
public final class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StorageException(String message) {
        super(message);
    }

    public StorageException(String message, Throwable cause) {
        super(message, cause);
    }
}

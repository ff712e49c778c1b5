package io.busbar.api.storage;

/**
 * The store could not do what was asked: disk full, file damaged, closed. The message says what an
 * operator can do.
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

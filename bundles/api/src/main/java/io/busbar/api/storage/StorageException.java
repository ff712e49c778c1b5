package io.busbar.api.storage;

/**
 * Thrown when the store cannot do what was asked: disk full, file damaged, store closed. The
 * message says what an operator can do.
 */
public final class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What is wrong, for those who have to tell a client. */
    public enum Kind {
        /** There is no space. It may come back. */
        FULL,
        /** Something cannot be read or written. */
        FAILED,
        /**
         * What was to be read is not what was written. Other things may be readable nevertheless.
         */
        DAMAGED,
        /** Another owner has taken the shard, or the store is closed. */
        GONE
    }

    /** One of {@link Kind#FAILED}. */
    public StorageException(String message) {
        super(message);
        kind = Kind.FAILED;
    }

    /** One of {@link Kind#FAILED}. */
    public StorageException(String message, Throwable cause) {
        super(message, cause);
        kind = Kind.FAILED;
    }

    /** One of any kind. */
    public StorageException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** One of any kind. */
    public StorageException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}

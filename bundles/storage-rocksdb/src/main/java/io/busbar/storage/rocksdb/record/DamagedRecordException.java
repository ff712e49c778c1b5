package io.busbar.storage.rocksdb.record;

/** Thrown when stored bytes are not what was written. The message says what does not fit. */
public final class DamagedRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DamagedRecordException(String message) {
        super(message);
    }

    DamagedRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}

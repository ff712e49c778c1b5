package io.busbar.api.uns;

import io.busbar.api.storage.ConflictException;

/** A path, alias, topic, name or filter is taken. The message says by what, for people. */
public final class TakenException extends ConflictException implements Reasoned {
    private static final long serialVersionUID = 1L;

    private final transient Reason reason;

    /**
     * Creates the exception.
     *
     * @param parameters of the reason: name, value, name, value, and so on
     */
    public TakenException(String message, Reason.Code code, String... parameters) {
        super(message);
        this.reason = Reason.of(code, parameters);
    }

    @Override
    public Reason reason() {
        return reason;
    }
}

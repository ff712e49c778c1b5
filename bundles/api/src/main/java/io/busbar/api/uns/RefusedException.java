package io.busbar.api.uns;

/** A value is out of bounds. The message names the value and what was expected, for people. */
public final class RefusedException extends IllegalArgumentException implements Reasoned {
    private static final long serialVersionUID = 1L;

    private final transient Reason reason;

    public RefusedException(String message, Reason reason) {
        super(message);
        this.reason = reason;
    }

    /**
     * Creates the exception.
     *
     * @param parameters of the reason: name, value, name, value, and so on
     */
    public RefusedException(String message, Reason.Code code, String... parameters) {
        this(message, Reason.of(code, parameters));
    }

    @Override
    public Reason reason() {
        return reason;
    }
}

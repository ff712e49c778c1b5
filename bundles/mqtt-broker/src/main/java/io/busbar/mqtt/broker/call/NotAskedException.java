package io.busbar.mqtt.broker.call;

/** There is no answer: the call was not made, or did not return in time. The message says why. */
public final class NotAskedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Makes one. */
    public NotAskedException(String message) {
        super(message, null, false, false);
    }
}

package io.busbar.api.uns;

/** What happens to payloads that do not fit the model. */
public enum ValidationMode {
    /** Payloads are not checked. */
    OFF(true),
    /** Payloads are delivered unchanged. Fields that do not fit are marked, counted and shown. */
    OBSERVE(true),
    /**
     * As {@link #OBSERVE}; in addition, subscribers learn from User Properties whether the payload
     * fits, and the publisher learns from a Reason String why it does not. Nobody else can say so:
     * what a publisher says under these names is left out.
     */
    ANNOTATE(false),
    /**
     * A payload that does not fit is held back in the {@link Quarantine}: it is neither retained
     * nor delivered and is no value. The publisher is told that it was taken, and why it is held.
     * If it cannot be held, it is delivered; if that is for want of room, as with {@link
     * #ANNOTATE}.
     */
    QUARANTINE(false),
    /**
     * A payload that does not fit is refused with 0x99 (Payload format invalid): it is neither
     * retained nor delivered and is no value. It is counted and shown.
     */
    REJECT(false);

    private final boolean unchanged;

    ValidationMode(boolean unchanged) {
        this.unchanged = unchanged;
    }

    /** Whether messages are checked before they are retained and delivered. */
    public boolean isBeforeDelivery() {
        return !unchanged;
    }
}

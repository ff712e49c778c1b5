package io.busbar.mqtt.broker.intake;

import io.busbar.api.broker.Rejection;

/** What the intake decided about a message. */
public sealed interface Judgement {
    /** It goes on to be retained and delivered. */
    record Admitted() implements Judgement {
        static final Admitted AS_IT_IS = new Admitted();
    }

    /**
     * It goes no further.
     *
     * @param why for the publisher, who is not told the rules
     * @param detail for people
     */
    record Refused(Rejection.Cause cause, String why, String detail) implements Judgement {}
}

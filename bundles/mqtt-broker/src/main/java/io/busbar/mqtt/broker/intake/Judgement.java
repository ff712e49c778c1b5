package io.busbar.mqtt.broker.intake;

import io.busbar.api.broker.Rejection;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.ReasonCode;
import org.jspecify.annotations.Nullable;

/** What the intake has decided about a message. */
public sealed interface Judgement {
    /**
     * It goes on to be retained and delivered.
     *
     * @param annotated the message with what was added to it; null if it goes on as it came
     * @param reason what the publisher is told with success, or null
     */
    record Admitted(@Nullable Message annotated, @Nullable String reason) implements Judgement {
        static final Admitted AS_IT_CAME = new Admitted(null, null);

        /** What is delivered. */
        public Message of(Message message) {
            return annotated == null ? message : annotated;
        }
    }

    /**
     * It was taken out of the way: acknowledged like a message that goes on, but it does not.
     *
     * @param reason what the publisher is told with success
     */
    record Diverted(String reason) implements Judgement {}

    /**
     * It goes no further.
     *
     * @param code for the publisher
     * @param why for the publisher, who is not told the rules
     * @param detail for people
     * @param close whether a connection that cannot be told otherwise is closed
     */
    record Refused(Rejection.Cause cause, ReasonCode code, String why, String detail, boolean close)
            implements Judgement {
        static Refused of(Rejection.Cause cause, String why, String detail) {
            return new Refused(cause, cause.reason(), why, detail, false);
        }

        static Refused of(Rejection.Cause cause, String why) {
            return of(cause, why, why);
        }
    }
}

package io.busbar.mqtt.broker.intake;

import io.busbar.api.broker.Rejection;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.ReasonCode;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the intake has decided about a message, or that it will. */
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
     * An interceptor that may block is asked; what was decided comes later. Confined to the loop.
     */
    final class Pending implements Judgement {
        private @Nullable Judgement decided;
        private @Nullable Consumer<Judgement> then;

        Pending() {}

        /** It is decided. */
        void decide(Judgement judgement) {
            if (judgement instanceof Pending more) {
                more.whenDecided(this::decide);
                return;
            }
            decided = judgement;
            Consumer<Judgement> waiting = then;
            if (waiting != null) {
                waiting.accept(judgement);
            }
        }

        /** Says what happens then, on the loop on which the message was judged; called once. */
        public void whenDecided(Consumer<Judgement> action) {
            Judgement known = decided;
            if (known != null) {
                action.accept(known);
            } else {
                then = action;
            }
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

package io.busbar.uns.registry.gate;

import io.busbar.api.broker.spi.PublishInterceptor;
import io.busbar.api.broker.spi.PublishOrigin;
import io.busbar.api.broker.spi.PublishVerdict;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.uns.Violation;
import io.busbar.uns.registry.model.Excess;
import java.time.Clock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Refuses messages that come faster than their topics may have them. Thread-safe. */
final class PaceGate implements PublishInterceptor {
    private final Function<String, @Nullable Guard> guards;
    private final Refusals refusals;
    private final Clock clock;

    /**
     * Makes the gate of all topics with a bound.
     *
     * @param guards what is asked of the messages of a topic
     */
    PaceGate(Function<String, @Nullable Guard> guards, Refusals refusals, Clock clock) {
        this.guards = guards;
        this.refusals = refusals;
        this.clock = clock;
    }

    @Override
    public PublishVerdict intercept(Message message, PublishOrigin origin) {
        if (Gate.isRemoval(message)) {
            return PublishVerdict.PASS;
        }
        Guard guard = guards.apply(message.topic().value());
        Pace pace = guard == null ? null : guard.pace();
        if (pace == null || pace.take(clock.millis())) {
            return PublishVerdict.PASS;
        }
        Violation wrong = Excess.rate(pace.perSecond(), message.receivedAt());
        refusals.refused(message, wrong);
        return PublishVerdict.refuse(ReasonCode.QUOTA_EXCEEDED, GateReason.of(wrong));
    }
}

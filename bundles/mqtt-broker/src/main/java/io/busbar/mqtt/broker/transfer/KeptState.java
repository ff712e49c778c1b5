package io.busbar.mqtt.broker.transfer;

import io.busbar.api.audit.Actor;
import io.busbar.api.mqtt.Message;
import io.busbar.api.storage.RetainedView;
import io.busbar.api.transfer.BrokerState;
import io.busbar.mqtt.broker.retained.RetainedMessages;
import io.busbar.mqtt.broker.session.Admission;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the broker keeps, for others to read, and sessions from elsewhere that it takes up. */
public final class KeptState implements BrokerState {
    private final Admission admission;
    private final RetainedMessages retained;
    private final RetainedView stored;

    /**
     * Makes that of a broker.
     *
     * @param stored what the store has of the retained messages
     */
    public KeptState(Admission admission, RetainedMessages retained, RetainedView stored) {
        this.admission = admission;
        this.retained = retained;
        this.stored = stored;
    }

    @Override
    public SessionWalk sessions(Consumer<String> damage) {
        return new KeptSessions(admission.kept(), damage);
    }

    @Override
    public MessageWalk retained(Consumer<String> damage) {
        return new KeptMessages(stored, admission::now, damage);
    }

    @Override
    public Forecast forecast() {
        return new RetainedForecast(retained, admission.limits().retained(), admission.memory());
    }

    @Override
    public @Nullable String problemOf(Message message) {
        return admission.limits().problemOf(message);
    }

    @Override
    public Arrivals arrivals(boolean replace, boolean dryRun, Actor actor) {
        return new SessionArrivals(admission, replace, dryRun, actor);
    }
}

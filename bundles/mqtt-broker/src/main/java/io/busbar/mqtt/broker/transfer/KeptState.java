package io.busbar.mqtt.broker.transfer;

import io.busbar.api.audit.Actor;
import io.busbar.api.mqtt.Message;
import io.busbar.api.storage.RetainedView;
import io.busbar.api.transfer.BrokerState;
import io.busbar.mqtt.broker.session.Admission;
import org.jspecify.annotations.Nullable;

/** What the broker keeps, for others to read, and sessions from elsewhere that it takes up. */
public final class KeptState implements BrokerState {
    private final Admission admission;
    private final RetainedView retained;

    /** Makes that of a broker. */
    public KeptState(Admission admission, RetainedView retained) {
        this.admission = admission;
        this.retained = retained;
    }

    @Override
    public SessionWalk sessions() {
        return new KeptSessions(admission.kept());
    }

    @Override
    public MessageWalk retained() {
        return new KeptMessages(retained, admission::now);
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

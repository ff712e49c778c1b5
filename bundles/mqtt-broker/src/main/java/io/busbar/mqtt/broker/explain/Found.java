package io.busbar.mqtt.broker.explain;

import io.busbar.api.explain.Fate;
import io.busbar.api.explain.Remark;
import io.busbar.api.mqtt.Qos;
import io.busbar.mqtt.broker.session.Session;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What is known of a message and one session, before it is put into words for those who are told.
 *
 * @param qos with which it would get the message
 * @param filter through which Shared Subscription; empty if through its own
 */
record Found(
        Session session,
        Fate fate,
        Map<String, String> parameters,
        List<Remark> remarks,
        Qos qos,
        String filter) {

    /** What people look for comes first: who misses it, then what is special, then the rest. */
    static final Comparator<Found> MOST_TELLING =
            Comparator.comparingInt(Found::rank).thenComparing(found -> found.session().clientId());

    private int rank() {
        return switch (fate.outcome()) {
            case MISSED -> 0;
            case WAITS, NOT_MEANT -> remarks.isEmpty() ? 2 : 1;
            case DELIVERED -> remarks.isEmpty() ? 3 : 1;
        };
    }

    /** Whether the client gets it, now or later. */
    boolean reaches() {
        return fate.outcome() == Fate.Outcome.DELIVERED || fate.outcome() == Fate.Outcome.WAITS;
    }

    Found with(Remark remark) {
        List<Remark> more = new ArrayList<>(remarks);
        more.add(remark);
        return new Found(session, fate, parameters, more, qos, filter);
    }

    boolean has(Remark.Code code) {
        return remarks.stream().anyMatch(remark -> remark.code() == code);
    }
}

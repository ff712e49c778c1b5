package io.busbar.mqtt.broker;

import io.busbar.api.broker.BrokerStats;
import io.busbar.api.broker.DropCause;
import io.busbar.mqtt.broker.connection.ConnectCounts;
import io.busbar.mqtt.broker.consumer.Consumers;
import io.busbar.mqtt.broker.loop.Counters;
import io.busbar.mqtt.broker.loop.Loops;
import io.busbar.mqtt.broker.retained.RetainedMessages;
import io.busbar.mqtt.broker.session.SessionClaims;
import io.busbar.mqtt.broker.session.Sessions;
import io.busbar.mqtt.broker.topic.SubscriptionTree;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * Puts the broker's figures together from what its parts have counted. Costs as much as there are
 * loops, however many sessions there are. Thread-safe.
 */
final class Statistics {
    private final Loops loops;
    private final Sessions sessions;
    private final SessionClaims claims;
    private final SubscriptionTree tree;
    private final RetainedMessages retained;
    private final Consumers consumers;
    private final ConnectCounts connectCounts;
    private final LongSupplier storeBytes;

    Statistics(
            Loops loops,
            Sessions sessions,
            SessionClaims claims,
            SubscriptionTree tree,
            RetainedMessages retained,
            Consumers consumers,
            ConnectCounts connectCounts,
            LongSupplier storeBytes) {
        this.loops = loops;
        this.sessions = sessions;
        this.claims = claims;
        this.tree = tree;
        this.retained = retained;
        this.consumers = consumers;
        this.connectCounts = connectCounts;
        this.storeBytes = storeBytes;
    }

    BrokerStats now() {
        return new BrokerStats(
                new BrokerStats.Connections(
                        claims.online(),
                        claims.maxOnline(),
                        connectCounts.accepted(),
                        connectCounts.refused(),
                        loops.sum(counters -> counters.throttled)),
                new BrokerStats.Sessions(sessions.size(), sessions.offline(), sessions.expired()),
                new BrokerStats.Subscriptions(
                        tree.size() - consumers.subscriptions(), tree.sharedSize()),
                new BrokerStats.Messages(retained.size(), sessions.queued(), sessions.inflight()),
                new BrokerStats.Traffic(
                        flow(counters -> counters.packetsIn, counters -> counters.packetsOut),
                        flow(counters -> counters.publishIn, counters -> counters.publishOut),
                        flow(
                                counters -> counters.publishBytesIn,
                                counters -> counters.publishBytesOut),
                        flow(counters -> counters.bytesIn, counters -> counters.bytesOut)),
                new BrokerStats.Losses(
                        drops(), loops.sum(counters -> counters.denied), consumers.conflated()),
                new BrokerStats.Interception(
                        loops.sum(counters -> counters.refused),
                        loops.sum(counters -> counters.diverted),
                        loops.sum(counters -> counters.interceptorFailures)),
                new BrokerStats.Store(storeBytes.getAsLong()));
    }

    private BrokerStats.Flow flow(ToLongFunction<Counters> in, ToLongFunction<Counters> out) {
        return new BrokerStats.Flow(loops.sum(in), loops.sum(out));
    }

    private Map<DropCause, Long> drops() {
        Map<DropCause, Long> drops = new EnumMap<>(DropCause.class);
        for (DropCause cause : DropCause.values()) {
            drops.put(cause, loops.sum(counters -> counters.drops(cause)));
        }
        return drops;
    }
}

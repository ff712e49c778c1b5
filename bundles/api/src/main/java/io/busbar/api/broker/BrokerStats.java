package io.busbar.api.broker;

import java.util.Map;

/**
 * Counters since the start of the broker, and gauges of the moment; read one after the other, so a
 * snapshot is not exact to the message.
 *
 * @param connections clients that are, were or wanted to be connected
 * @param sessions sessions, connected or not
 * @param subscriptions what clients subscribe to
 * @param messages messages that the broker keeps
 * @param traffic what came and went
 * @param losses messages that did not get to a subscriber
 * @param interception what interceptors did with messages
 */
public record BrokerStats(
        Connections connections,
        Sessions sessions,
        Subscriptions subscriptions,
        Messages messages,
        Traffic traffic,
        Losses losses,
        Interception interception) {

    /** The figures of a broker in which nothing has happened. */
    public static final BrokerStats NONE =
            new BrokerStats(
                    new Connections(0, 0, 0, 0, 0),
                    new Sessions(0, 0, 0),
                    new Subscriptions(0, 0),
                    new Messages(0, 0, 0),
                    new Traffic(Flow.NONE, Flow.NONE, Flow.NONE, Flow.NONE),
                    new Losses(Map.of(), 0, 0),
                    new Interception(0, 0, 0));

    /**
     * Connections.
     *
     * @param online clients that are connected now
     * @param maximum the most that were connected at once
     * @param accepted how often CONNECT was answered with success
     * @param refused how often a client was not let in
     * @param throttled how often a client was slowed down because it published faster than it may
     */
    public record Connections(
            long online, long maximum, long accepted, long refused, long throttled) {}

    /**
     * Sessions.
     *
     * @param total sessions, connected or not
     * @param offline those without a connection
     * @param expired how many ended because their Session Expiry Interval passed
     */
    public record Sessions(long total, long offline, long expired) {}

    /**
     * Subscriptions of clients.
     *
     * @param total all, those of Shared Subscriptions among them
     * @param shared memberships of Shared Subscriptions
     */
    public record Subscriptions(long total, long shared) {}

    /**
     * Messages that are kept.
     *
     * @param retained Retained Messages
     * @param queued messages that wait for sessions
     * @param inflight messages that were sent to clients and are not acknowledged
     */
    public record Messages(long retained, long queued, long inflight) {}

    /**
     * What came from clients and went to them.
     *
     * @param packets packets of all kinds
     * @param publishes PUBLISH packets
     * @param payloadBytes bytes of the payloads of PUBLISH packets
     * @param bytes all bytes
     */
    public record Traffic(Flow packets, Flow publishes, Flow payloadBytes, Flow bytes) {}

    /** One kind of traffic in both directions. */
    public record Flow(long received, long sent) {
        static final Flow NONE = new Flow(0, 0);
    }

    /**
     * Messages that did not get to a subscriber.
     *
     * @param drops messages that a client did not get although it subscribes to them, by cause
     * @param denied messages that their publisher had no right to send
     * @param conflated messages that a consumer inside the server was spared because it could not
     *     keep up
     */
    public record Losses(Map<DropCause, Long> drops, long denied, long conflated) {
        public Losses {
            drops = Map.copyOf(drops);
        }

        /** Messages that clients did not get although they subscribe to them, for any cause. */
        public long dropped() {
            return drops.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /**
     * What became of messages that a {@link io.busbar.api.broker.spi.PublishInterceptor} was asked
     * about.
     *
     * @param refused messages that were refused, those that could not be checked among them
     * @param diverted messages that were acknowledged, but not delivered
     * @param failures how often an interceptor failed, or was not asked because it hung
     */
    public record Interception(long refused, long diverted, long failures) {}
}

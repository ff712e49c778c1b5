package io.busbar.api.broker;

import java.util.Map;

/**
 * A snapshot of the broker's figures: counters since it started, and current values. The figures
 * are read one after the other, so they may differ by a few messages.
 *
 * @param connections connections of clients
 * @param sessions sessions, connected or not
 * @param subscriptions subscriptions of clients
 * @param messages messages that the broker keeps
 * @param traffic packets and bytes, received and sent
 * @param losses messages that did not reach a subscriber
 * @param interception what interceptors did with messages
 * @param store the broker store
 */
public record BrokerStats(
        Connections connections,
        Sessions sessions,
        Subscriptions subscriptions,
        Messages messages,
        Traffic traffic,
        Losses losses,
        Interception interception,
        Store store) {

    /** All figures 0. */
    public static final BrokerStats NONE =
            new BrokerStats(
                    new Connections(0, 0, 0, 0, 0),
                    new Sessions(0, 0, 0),
                    new Subscriptions(0, 0),
                    new Messages(0, 0, 0),
                    new Traffic(Flow.NONE, Flow.NONE, Flow.NONE, Flow.NONE),
                    new Losses(Map.of(), 0, 0),
                    new Interception(0, 0, 0),
                    new Store(0));

    /**
     * Figures about connections.
     *
     * @param online clients that are connected now
     * @param maximum the highest number of clients connected at the same time
     * @param accepted how often CONNECT was answered with success
     * @param refused how often a client was not let in
     * @param throttled how often a client was slowed down because it published faster than allowed
     */
    public record Connections(
            long online, long maximum, long accepted, long refused, long throttled) {}

    /**
     * Figures about sessions.
     *
     * @param total sessions, connected or not
     * @param offline sessions without a connection
     * @param expired how many sessions ended because their Session Expiry Interval passed
     */
    public record Sessions(long total, long offline, long expired) {}

    /**
     * Figures about the subscriptions of clients.
     *
     * @param total all subscriptions, including those that are part of a Shared Subscription
     * @param shared subscriptions that are part of a Shared Subscription
     */
    public record Subscriptions(long total, long shared) {}

    /**
     * Figures about the messages that the broker keeps.
     *
     * @param retained Retained Messages
     * @param queued messages that wait for sessions
     * @param inflight messages that were sent to clients and are not acknowledged yet
     */
    public record Messages(long retained, long queued, long inflight) {}

    /**
     * What was received from clients and sent to them.
     *
     * @param packets packets of all types
     * @param publishes PUBLISH packets
     * @param payloadBytes payload bytes of PUBLISH packets
     * @param bytes all bytes
     */
    public record Traffic(Flow packets, Flow publishes, Flow payloadBytes, Flow bytes) {}

    /** One kind of traffic in both directions. */
    public record Flow(long received, long sent) {
        static final Flow NONE = new Flow(0, 0);
    }

    /**
     * Figures about messages that did not reach a subscriber.
     *
     * @param drops messages that a client missed although it subscribes to them, by cause
     * @param denied messages that were refused because their publisher had no permission
     * @param conflated messages that a consumer inside the server missed because it was too slow
     */
    public record Losses(Map<DropCause, Long> drops, long denied, long conflated) {
        public Losses {
            drops = Map.copyOf(drops);
        }

        /**
         * Returns how many messages clients missed although they subscribe to them, for any cause.
         */
        public long dropped() {
            return drops.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /**
     * What {@link io.busbar.api.broker.spi.PublishInterceptor}s did with messages.
     *
     * @param refused messages that were refused, including those that could not be checked
     * @param diverted messages that were acknowledged, but not delivered
     * @param failures how often an interceptor failed, or was not asked because it hung
     */
    public record Interception(long refused, long diverted, long failures) {}

    /**
     * Figures about the broker store.
     *
     * @param diskBytes bytes that it takes on the disk; 0 if it is in memory
     */
    public record Store(long diskBytes) {}
}

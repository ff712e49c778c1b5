package io.busbar.mqtt.broker.delivery;

import io.busbar.api.mqtt.Qos;
import org.jspecify.annotations.Nullable;

/**
 * How one subscriber gets the messages of a topic. If several of its subscriptions match, they
 * become one match with the highest QoS and all Subscription Identifiers [MQTT5-3.3.4-2]
 * [MQTT5-3.3.4-4]. Immutable.
 */
public class Match {
    public static final int[] NO_IDENTIFIERS = {};

    private final Subscriber subscriber;
    private final Qos qos;
    private final boolean retainAsPublished;
    private final int[] identifiers;
    private final boolean noLocal;
    private final @Nullable Match own;
    private final @Nullable Share share;

    /**
     * Makes one.
     *
     * @param noLocal whether messages of the subscriber itself go by {@code own} instead
     * @param own how it gets its own messages, or null if not at all
     * @param share the Shared Subscription through which it gets them, or null
     */
    public Match(
            Subscriber subscriber,
            Qos qos,
            boolean retainAsPublished,
            int[] identifiers,
            boolean noLocal,
            @Nullable Match own,
            @Nullable Share share) {
        this.subscriber = subscriber;
        this.qos = qos;
        this.retainAsPublished = retainAsPublished;
        this.identifiers = identifiers;
        this.noLocal = noLocal;
        this.own = own;
        this.share = share;
    }

    public final Subscriber subscriber() {
        return subscriber;
    }

    public final Qos qos() {
        return qos;
    }

    public final boolean retainAsPublished() {
        return retainAsPublished;
    }

    public final int[] identifiers() {
        return identifiers;
    }

    /** Whether the subscriber's own messages go another way, or to it not at all. */
    public final boolean noLocal() {
        return noLocal;
    }

    /** How the subscriber gets a message of this source; null if not at all [MQTT5-3.8.3-3]. */
    public final @Nullable Match from(@Nullable Source source) {
        return noLocal && source != null && source.self() == subscriber ? own : this;
    }

    /** How the subscriber gets its own messages; null if not at all. */
    public final @Nullable Match ofItself() {
        return noLocal ? own : this;
    }

    /**
     * The Shared Subscription, so that another member can get what this one leaves behind; or null.
     */
    public final @Nullable Share share() {
        return share;
    }
}

package io.busbar.mqtt.broker.intake;

import io.busbar.api.broker.Rejection.Cause;
import io.busbar.api.broker.spi.PublishOrigin;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.broker.call.Calls;
import io.busbar.mqtt.broker.delivery.Routed;
import io.busbar.mqtt.broker.feature.Features;
import io.busbar.mqtt.broker.gate.Rights;
import io.busbar.mqtt.broker.limit.BrokerLimits;
import io.busbar.mqtt.broker.limit.TopicLimits;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.loop.Loops;
import io.busbar.mqtt.broker.route.Router;
import org.jspecify.annotations.Nullable;

/**
 * The single entry for all messages that are published. A caller first has a message judged. If it
 * is admitted, the caller continues with {@link #admit}. Between the two, the caller can do its own
 * work: a connection records that it has accepted a QoS 2 message. May be called on any event loop.
 */
public final class Intake {
    private static final Judgement NOT_UTF_8 =
            Judgement.Refused.of(Cause.PAYLOAD_FORMAT, "the payload is no UTF-8");
    private static final Judgement SYSTEM_TOPIC =
            Judgement.Refused.of(Cause.PUBLISH_DENIED, "topics with $ are the server's");
    private static final Judgement WILL_DENIED =
            Judgement.Refused.of(Cause.WILL_DENIED, "the Will Message was not sent");

    private final Router router;
    private final TopicLimits topics;
    private final boolean checkPayloadFormat;
    private final Interceptors interceptors;

    /** Makes the intake of a broker. */
    public Intake(Router router, BrokerLimits limits, Features features, Loops loops, Calls calls) {
        this.router = router;
        this.topics = limits.topics();
        this.checkPayloadFormat = features.checkPayloadFormat();
        this.interceptors =
                new Interceptors(loops, calls, limits.publishes().interceptorTimeoutMillis());
    }

    /** Who is asked about messages. */
    public Interceptors interceptors() {
        return interceptors;
    }

    /** Judges what a client publishes: its rights, the server's bounds, then the interceptors. */
    public Judgement fromClient(Loop loop, Rights rights, Message message, PublishOrigin origin) {
        Judgement refused = refusalOf(rights, message);
        if (refused != null) {
            loop.counters().denied++;
            return refused;
        }
        return interceptors.ask(loop, message, origin);
    }

    private @Nullable Judgement refusalOf(Rights rights, Message message) {
        TopicName topic = message.topic();
        if (topic.isSystem()) {
            return SYSTEM_TOPIC;
        }
        if (!rights.mayPublish(topic)) {
            // People are told the rule, the client is not.
            return Judgement.Refused.of(
                    Cause.PUBLISH_DENIED,
                    "no right to publish to this topic",
                    rights.reason(true, topic.value()));
        }
        if (topics.tooDeep(topic)) {
            return tooDeep();
        }
        if (checkPayloadFormat
                && !PayloadFormatIndicator.holds(message.properties(), message.payload())) {
            return NOT_UTF_8;
        }
        return null;
    }

    private Judgement tooDeep() {
        return Judgement.Refused.of(
                Cause.TOPIC_TOO_DEEP, "more than " + topics.maxLevels() + " topic levels");
    }

    /**
     * Judges a Will Message that is due; what does not change was checked at CONNECT.
     *
     * @param rights null for a session restored from the store, which keeps a will only if its
     *     client may send it
     */
    public Judgement fromWill(Loop loop, @Nullable Rights rights, Message will) {
        if (will.topic().isSystem() || rights != null && !rights.mayPublish(will.topic())) {
            loop.counters().denied++;
            return WILL_DENIED;
        }
        return interceptors.ask(loop, will, PublishOrigin.WILL);
    }

    /** Judges a message of the server itself, whose rights are its sender's business. */
    public Judgement fromServer(Loop loop, Message message) {
        if (topics.tooDeep(message.topic())) {
            return tooDeep();
        }
        return interceptors.ask(loop, message, PublishOrigin.SERVER);
    }

    /**
     * Retains the message if its publisher asked for it, then delivers it. In this order, so that a
     * subscriber that comes in between gets it one way or the other.
     *
     * @return QUOTA_EXCEEDED if it was delivered but could not be retained, NO_MATCHING_SUBSCRIBERS
     *     if no client got it, else SUCCESS; if it is delivered in portions,
     *     NO_MATCHING_SUBSCRIBERS is set at their end
     */
    public ReasonCode admit(Loop loop, Routed routed) {
        boolean kept = !routed.message().retain() || router.retain(loop, routed);
        boolean reaches = router.route(loop, routed);
        if (!kept) {
            return ReasonCode.QUOTA_EXCEEDED;
        }
        return reaches ? ReasonCode.SUCCESS : ReasonCode.NO_MATCHING_SUBSCRIBERS;
    }
}

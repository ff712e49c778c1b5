package io.busbar.api.auth.spi;

import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What one client may publish, receive and subscribe to. Created by an {@link Authorizer}.
 *
 * <p>The broker asks on event loops, for every message, so answers must be fast and must not block,
 * whatever the {@link Authorizer} may do. While a call does not return, the clients of that event
 * loop are not served. After {@code interceptor.timeout.ms} this is logged with the stack and
 * reported in the server's health under the name of the authorizer, and other event loops deny
 * instead of asking permissions of the same authorizer.
 *
 * <p>Instances are immutable; when rules change, a new instance replaces the old one. If a method
 * throws, the broker treats it as a denial.
 */
@ConsumerType
public interface Permissions {
    /** Denies everything. */
    Permissions NONE =
            new Permissions() {
                @Override
                public boolean mayPublish(TopicName topic) {
                    return false;
                }

                @Override
                public boolean mayReceive(TopicName topic) {
                    return false;
                }

                @Override
                public SubscribeDecision subscribe(TopicFilter filter) {
                    return SubscribeDecision.DENIED;
                }

                @Override
                public String reason(boolean publish, String topicOrFilter) {
                    return "no rule allows anything";
                }
            };

    /** Returns whether the client may publish to the topic. Also asked for its Will Message. */
    boolean mayPublish(TopicName topic);

    /** Returns whether a message with this topic may be delivered to the client. */
    boolean mayReceive(TopicName topic);

    /**
     * Decides about a subscription. If the client may receive only some of the topics that the
     * filter matches, the answer is {@link SubscribeDecision#FILTERED}, and each message is checked
     * at delivery. If it may receive none of them, the answer is {@link SubscribeDecision#DENIED}.
     *
     * @param filter the filter the client asked for; for a Shared Subscription only its inner
     *     filter counts
     */
    SubscribeDecision subscribe(TopicFilter filter);

    /**
     * Explains a denial, for people: which rule denies the topic or filter, or that no rule allows
     * it.
     *
     * @param publish true for publishing, false for subscribing and receiving
     * @param topicOrFilter the topic name or topic filter that was denied
     */
    String reason(boolean publish, String topicOrFilter);

    /** The answer to a subscription request. */
    enum SubscribeDecision {
        /** Granted. Every message that matches may be delivered without asking again. */
        GRANTED,
        /** Granted, but {@link Permissions#mayReceive} is asked for each message. */
        FILTERED,
        /** Refused. */
        DENIED
    }
}

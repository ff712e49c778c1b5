package io.busbar.api.auth.spi;

import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What one client may do: immutable, compiled for speed, asked on event loops. A new instance takes
 * its place when rules change. Whatever it throws counts as a denial.
 */
@ConsumerType
public interface Permissions {
    /** Nothing is allowed. */
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

    /** Whether a message may be published to the topic; also asked for the Will Message. */
    boolean mayPublish(TopicName topic);

    /** Whether a message of the topic may be delivered. */
    boolean mayReceive(TopicName topic);

    /**
     * Judges a subscription. A filter wider than the rights is granted and filtered at delivery;
     * one without any right in it is denied. A Shared Subscription is judged by its inner filter.
     */
    SubscribeDecision subscribe(TopicFilter filter);

    /** Says for the console which rule, or the lack of one, denies the topic or filter. */
    String reason(boolean publish, String topicOrFilter);

    /** The answer to a subscription. */
    enum SubscribeDecision {
        /** Every message that matches may be delivered; none needs to be asked about. */
        GRANTED,
        /** Granted; each message is asked about with {@link Permissions#mayReceive}. */
        FILTERED,
        DENIED
    }
}

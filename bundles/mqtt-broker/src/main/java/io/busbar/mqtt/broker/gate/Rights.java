package io.busbar.mqtt.broker.gate;

import io.busbar.api.auth.spi.Permissions;
import io.busbar.api.auth.spi.Permissions.SubscribeDecision;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one client may do, with a cache of recent answers by topic. When the rights change, a new
 * instance replaces this one, so a cached answer never outlives the rule it came from. Confined to
 * the event loop of the client's session.
 */
public final class Rights {
    private static final Logger LOG = LoggerFactory.getLogger(Rights.class);
    private static final int SLOTS = 64;

    /** Longer topics are asked every time: they are rare, and this bounds the memory. */
    private static final int MAX_TOPIC_LENGTH = 256;

    private final Permissions permissions;
    private @Nullable TopicName lastPublished;
    private boolean lastMayPublish;
    private @Nullable TopicName @Nullable [] published;
    private @Nullable TopicName @Nullable [] received;
    private boolean[] mayPublish = {};
    private boolean[] mayReceive = {};

    /** Makes them of what an authorizer said. */
    public Rights(Permissions permissions) {
        this.permissions = permissions;
    }

    /** Whether a message may be published to the topic. */
    public boolean mayPublish(TopicName topic) {
        if (topic == lastPublished) {
            return lastMayPublish;
        }
        if (topic.utf8().length > MAX_TOPIC_LENGTH) {
            return askPublish(topic);
        }
        TopicName[] known = published;
        if (known == null) {
            known = new TopicName[SLOTS];
            published = known;
            mayPublish = new boolean[SLOTS];
        }
        int slot = slotOf(topic);
        if (!topic.equals(known[slot])) {
            mayPublish[slot] = askPublish(topic);
            known[slot] = topic;
        }
        lastPublished = topic;
        lastMayPublish = mayPublish[slot];
        return lastMayPublish;
    }

    /** Whether a message of the topic may be delivered. */
    public boolean mayReceive(TopicName topic) {
        if (topic.utf8().length > MAX_TOPIC_LENGTH) {
            return askReceive(topic);
        }
        TopicName[] known = received;
        if (known == null) {
            known = new TopicName[SLOTS];
            received = known;
            mayReceive = new boolean[SLOTS];
        }
        int slot = slotOf(topic);
        if (!topic.equals(known[slot])) {
            mayReceive[slot] = askReceive(topic);
            known[slot] = topic;
        }
        return mayReceive[slot];
    }

    private static int slotOf(TopicName topic) {
        int hash = topic.hashCode();
        return (hash ^ hash >>> 16) & SLOTS - 1;
    }

    private boolean askPublish(TopicName topic) {
        try {
            return permissions.mayPublish(topic);
        } catch (RuntimeException | Error failure) {
            LOG.warn("Permissions failed, publishing denied: {}", failure.toString());
            return false;
        }
    }

    /** As {@link #mayReceive}, for any thread: asks every time. */
    public boolean mayTake(TopicName topic) {
        return askReceive(topic);
    }

    private boolean askReceive(TopicName topic) {
        try {
            return permissions.mayReceive(topic);
        } catch (RuntimeException | Error failure) {
            LOG.warn("Permissions failed, delivery denied: {}", failure.toString());
            return false;
        }
    }

    /** Judges a subscription. */
    public SubscribeDecision subscribe(TopicFilter filter) {
        try {
            SubscribeDecision decision = permissions.subscribe(filter);
            return decision == null ? SubscribeDecision.DENIED : decision;
        } catch (RuntimeException | Error failure) {
            LOG.warn("Permissions failed, subscription denied: {}", failure.toString());
            return SubscribeDecision.DENIED;
        }
    }

    /** Which rule denies. */
    public String reason(boolean publish, String topicOrFilter) {
        try {
            return permissions.reason(publish, topicOrFilter);
        } catch (RuntimeException | Error failure) {
            return "the permissions failed: " + failure;
        }
    }
}

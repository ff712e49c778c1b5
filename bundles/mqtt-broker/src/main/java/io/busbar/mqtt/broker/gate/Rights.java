package io.busbar.mqtt.broker.gate;

import io.busbar.api.auth.spi.Permissions;
import io.busbar.api.auth.spi.Permissions.SubscribeDecision;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.broker.call.CallSite;
import io.busbar.mqtt.broker.call.Callee;
import io.busbar.mqtt.broker.call.Calls;
import org.jspecify.annotations.Nullable;

/**
 * What one client may do, with a cache of recent answers by topic. When the rights change, a new
 * instance replaces this one, so a cached answer never outlives the rule it came from. Confined to
 * the event loop of the client's session.
 */
public final class Rights {
    private static final int SLOTS = 16;

    /** Longer topics are asked every time: they are rare, and this bounds the memory. */
    private static final int MAX_TOPIC_LENGTH = 128;

    private final Permissions permissions;
    private final @Nullable Callee callee;
    private final Calls calls;
    private @Nullable TopicName lastPublished;
    private boolean lastMayPublish;
    private @Nullable TopicName @Nullable [] published;
    private @Nullable TopicName @Nullable [] received;
    private boolean[] mayPublish = {};
    private boolean[] mayReceive = {};

    /**
     * Makes them of what an authorizer said.
     *
     * @param callee the authorizer, or null if none said it
     */
    Rights(Permissions permissions, @Nullable Callee callee, Calls calls) {
        this.permissions = permissions;
        this.callee = callee;
        this.calls = calls;
    }

    /** Whether the permissions are not to be asked, because they hang elsewhere. */
    private boolean isOut() {
        return callee != null && calls.isOut(callee);
    }

    private @Nullable CallSite enter() {
        if (callee == null) {
            return null;
        }
        CallSite site = calls.watch().here();
        site.enter(callee);
        return site;
    }

    private static void leave(@Nullable CallSite site) {
        if (site != null) {
            site.leave();
        }
    }

    private void failed(Throwable failure) {
        calls.complaints().add("the permissions of " + callee + " failed", failure.toString());
    }

    /** Forgets the answers of late: its client is away. */
    public void forget() {
        lastPublished = null;
        published = null;
        received = null;
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
            if (isOut()) {
                return false;
            }
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
            if (isOut()) {
                return false;
            }
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
        CallSite site = enter();
        try {
            return permissions.mayPublish(topic);
        } catch (Exception | Error failure) {
            failed(failure);
            return false;
        } finally {
            leave(site);
        }
    }

    /** As {@link #mayReceive}, for any thread: asks every time. */
    public boolean mayTake(TopicName topic) {
        return !isOut() && askReceive(topic);
    }

    /** As {@link #mayPublish}, for any thread: asks every time. */
    public boolean mayBring(TopicName topic) {
        return !isOut() && askPublish(topic);
    }

    private boolean askReceive(TopicName topic) {
        CallSite site = enter();
        try {
            return permissions.mayReceive(topic);
        } catch (Exception | Error failure) {
            failed(failure);
            return false;
        } finally {
            leave(site);
        }
    }

    /** Judges a subscription. */
    public SubscribeDecision subscribe(TopicFilter filter) {
        if (isOut()) {
            return SubscribeDecision.DENIED;
        }
        CallSite site = enter();
        try {
            SubscribeDecision decision = permissions.subscribe(filter);
            return decision == null ? SubscribeDecision.DENIED : decision;
        } catch (Exception | Error failure) {
            failed(failure);
            return SubscribeDecision.DENIED;
        } finally {
            leave(site);
        }
    }

    /** Which rule denies. */
    public String reason(boolean publish, String topicOrFilter) {
        if (isOut()) {
            return callee + " hangs, or hung lately: see the server's health";
        }
        CallSite site = enter();
        try {
            return permissions.reason(publish, topicOrFilter);
        } catch (Exception | Error failure) {
            return "the permissions failed: " + failure;
        } finally {
            leave(site);
        }
    }
}

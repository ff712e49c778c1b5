package io.busbar.mqtt.broker.explain;

import io.busbar.api.explain.WhatIf;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.session.Session;
import io.busbar.mqtt.broker.topic.ShareStrategy;
import io.busbar.mqtt.broker.topic.Subscription;
import io.busbar.mqtt.broker.topic.SubscriptionTree;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of sessions, with what is taken as given.
 *
 * @param wanted what one client would subscribe to, or null
 */
record WantedSubscriptions(WhatIf.@Nullable Subscribing wanted) {
    WantedSubscriptions {
        SubscriptionRecord added = wanted == null ? null : wanted.added();
        if (added != null && TopicFilter.of(added.filter()).isShared()) {
            throw new IllegalArgumentException(
                    "filter: "
                            + added.filter()
                            + " (expected: no Shared Subscription, because nobody can say whose"
                            + " turn it would be)");
        }
    }

    /** Whether the subscriptions of a session are others than those in the tree. */
    boolean differ(Session session) {
        return wanted != null && wanted.clientId().equals(session.clientId());
    }

    /** The subscriptions of a session. */
    List<SubscriptionRecord> of(Session session) {
        List<SubscriptionRecord> all = session.subscriptionRecords();
        if (wanted == null || !differ(session)) {
            return all;
        }
        SubscriptionRecord added = wanted.added();
        List<SubscriptionRecord> changed = new ArrayList<>(all);
        changed.removeIf(
                each ->
                        each.filter().equals(wanted.removed())
                                || added != null && each.filter().equals(added.filter()));
        if (added != null) {
            changed.add(added);
        }
        return changed;
    }

    /** How a session gets messages of a topic by its own subscriptions; null if not at all. */
    @Nullable Match own(Session session, TopicName topic) {
        // They are merged as those of all sessions are.
        SubscriptionTree tree = new SubscriptionTree(ShareStrategy.ROUND_ROBIN);
        for (SubscriptionRecord each : of(session)) {
            if (!TopicFilter.of(each.filter()).isShared()) {
                tree.add(Subscription.of(each, session));
            }
        }
        Match[][] targets = tree.match(topic).targets();
        return targets.length == 0 ? null : targets[0][0];
    }
}

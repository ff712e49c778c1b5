package io.busbar.mqtt.broker.explain;

import io.busbar.api.explain.Audience;
import io.busbar.api.explain.Explanations;
import io.busbar.api.explain.Fate;
import io.busbar.api.explain.Receiver;
import io.busbar.api.explain.Remark;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Share;
import io.busbar.mqtt.broker.delivery.Subscriber;
import io.busbar.mqtt.broker.session.Session;
import io.busbar.mqtt.broker.topic.Matches;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Goes through all who subscribe to a topic. */
final class Census {
    private final Message message;
    private final Judge judge;
    private final WantedSubscriptions subscriptions;
    private final List<Found> found = new ArrayList<>();
    private int subscribers;
    private int consumers;

    Census(Message message, Judge judge, WantedSubscriptions subscriptions) {
        this.message = message;
        this.judge = judge;
        this.subscriptions = subscriptions;
    }

    /**
     * Goes through them.
     *
     * @param changed a session whose subscriptions are others than those in the tree, or null
     */
    void take(Matches matches, @Nullable Session changed) {
        if (changed != null) {
            Match match = subscriptions.own(changed, message.topic());
            if (match != null) {
                subscribers++;
                found.add(judge.of(changed, match));
            }
        }
        for (Match[] chunk : matches.targets()) {
            for (Match match : chunk) {
                if (match.subscriber() != changed) {
                    take(match);
                }
            }
        }
        for (Share share : matches.shares()) {
            take(share, session -> session != changed || !hasLeft(session, share));
        }
    }

    /**
     * Looks at one session alone.
     *
     * @param shares finds the Shared Subscription of a filter; null if it is none, or one that does
     *     not match
     */
    void takeOnly(Session session, Function<String, @Nullable Share> shares) {
        Match match = subscriptions.own(session, message.topic());
        if (match != null) {
            subscribers++;
            found.add(judge.of(session, match));
        }
        for (SubscriptionRecord each : subscriptions.of(session)) {
            Share share = shares.apply(each.filter());
            if (share != null) {
                take(share, member -> member == session);
            }
        }
    }

    private boolean isEnough() {
        return found.size() >= Explanations.MOST_EXAMINED;
    }

    private void take(Match match) {
        Subscriber subscriber = match.subscriber();
        if (!(subscriber instanceof Session session)) {
            consumers++;
        } else if (!session.isEnded()) {
            subscribers++;
            if (!isEnough()) {
                found.add(judge.of(session, match));
            }
        }
    }

    private void take(Share share, Predicate<Session> whom) {
        Match next = share.next(message);
        Match[][] members = share.members();
        int count = 0;
        for (Match[] chunk : members) {
            count += chunk.length;
        }
        for (Match[] chunk : members) {
            for (Match member : chunk) {
                if (member.subscriber() instanceof Session session && whom.test(session)) {
                    subscribers++;
                    if (!isEnough()) {
                        found.add(judge.of(session, member, share, next, count));
                    }
                }
            }
        }
    }

    private boolean hasLeft(Session session, Share share) {
        return subscriptions.of(session).stream()
                .noneMatch(each -> each.filter().equals(share.filter()));
    }

    /** What was found of one session, if it was: the best that becomes of the message. */
    @Nullable Found of(Session session) {
        Found best = null;
        for (Found each : found) {
            if (each.session() == session
                    && (best == null || worth(each.fate()) > worth(best.fate()))) {
                best = each;
            }
        }
        return best;
    }

    private static int worth(Fate fate) {
        return switch (fate.outcome()) {
            case DELIVERED -> 3;
            case WAITS -> 2;
            case MISSED -> 1;
            case NOT_MEANT -> 0;
        };
    }

    /**
     * What was found.
     *
     * @param most how many receivers to tell one by one
     */
    Audience audience(int most, Describer describer) {
        Map<Fate, Integer> fates = new EnumMap<>(Fate.class);
        int lowered = 0;
        int inStore = 0;
        for (Found each : found) {
            fates.merge(each.fate(), 1, Integer::sum);
            lowered += each.has(Remark.Code.QOS_LOWERED) ? 1 : 0;
            inStore +=
                    each.reaches() && each.qos() != Qos.AT_MOST_ONCE && each.session().isDurable()
                            ? 1
                            : 0;
        }
        List<Found> sorted = new ArrayList<>(found);
        sorted.sort(Found.MOST_TELLING);
        List<Receiver> receivers =
                sorted.subList(0, Math.min(most, sorted.size())).stream()
                        .map(describer::of)
                        .toList();
        return new Audience(
                subscribers, found.size(), fates, lowered, inStore, receivers, consumers);
    }
}

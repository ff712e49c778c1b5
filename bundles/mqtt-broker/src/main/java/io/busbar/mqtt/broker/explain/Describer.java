package io.busbar.mqtt.broker.explain;

import io.busbar.api.auth.Ruling;
import io.busbar.api.auth.spi.Permissions.SubscribeDecision;
import io.busbar.api.broker.Rejection;
import io.busbar.api.explain.Fate;
import io.busbar.api.explain.Receiver;
import io.busbar.api.explain.Remark;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.mqtt.broker.session.Session;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says of those who are told one by one what was found out, with the facts behind it. */
final class Describer {
    /** So many subscriptions are told of a client. */
    private static final int MOST_SUBSCRIPTIONS = 20;

    private final TopicName topic;
    private final Access access;
    private final WantedSubscriptions subscriptions;
    private final Refusals refusals;

    Describer(
            TopicName topic, Access access, WantedSubscriptions subscriptions, Refusals refusals) {
        this.topic = topic;
        this.access = access;
        this.subscriptions = subscriptions;
        this.refusals = refusals;
    }

    /** A session that subscribes to the topic. */
    Receiver of(Found found) {
        Session session = found.session();
        Ruling ruling = access.receiving(session, topic);
        List<SubscriptionRecord> matching = matching(session);
        List<SubscriptionRecord> through =
                matching.stream().filter(each -> isThrough(each, found.filter())).toList();
        Map<String, String> parameters = new LinkedHashMap<>(found.parameters());
        if (found.fate() == Fate.NO_RIGHTS) {
            parameters.put("rule", ruling == null ? "" : ruling.detail());
        }
        if (found.fate() == Fate.NO_LOCAL) {
            parameters.put(
                    "filter",
                    through.stream()
                            .filter(SubscriptionRecord::noLocal)
                            .map(SubscriptionRecord::filter)
                            .findFirst()
                            .orElse(""));
        }
        return new Receiver(
                session.clientId(),
                session.principal().id(),
                session.principal().description(),
                session.attached() != null,
                found.fate(),
                parameters,
                Words.of(found.fate(), parameters),
                remarks(found, through),
                found.reaches() ? found.qos() : null,
                some(through),
                ruling);
    }

    private List<Remark> remarks(Found found, List<SubscriptionRecord> through) {
        Session session = found.session();
        List<Remark> remarks = new ArrayList<>(found.remarks());
        if (through.size() > 1 && found.reaches()) {
            remarks.add(
                    Words.remark(
                            Remark.Code.OVERLAPPING,
                            Map.of("filters", Integer.toString(through.size()))));
        }
        if (session.isRestricted()) {
            remarks.add(Words.remark(Remark.Code.JUDGED_EACH, Map.of()));
        }
        if (found.reaches() && !session.isJudged()) {
            remarks.add(Words.remark(Remark.Code.JUDGED_WHEN_BACK, Map.of()));
        }
        Rejection refused =
                session.attached() != null ? null : refusals.connecting(session.clientId());
        if (refused != null && refused.times().last().toEpochMilli() >= session.disconnectedAt()) {
            remarks.add(Words.remark(Remark.Code.REFUSED_SINCE, cause(refused)));
        }
        return remarks;
    }

    /** One of its subscriptions, or of a Shared Subscription that one. */
    private static boolean isThrough(SubscriptionRecord each, String share) {
        return share.isEmpty()
                ? !TopicFilter.of(each.filter()).isShared()
                : each.filter().equals(share);
    }

    private List<SubscriptionRecord> matching(Session session) {
        return subscriptions.of(session).stream()
                .filter(each -> TopicFilter.of(each.filter()).matches(topic))
                .toList();
    }

    private static List<SubscriptionRecord> some(List<SubscriptionRecord> all) {
        return all.size() <= MOST_SUBSCRIPTIONS ? all : all.subList(0, MOST_SUBSCRIPTIONS);
    }

    /** A session that does not subscribe to the topic. */
    Receiver notSubscribed(Session session) {
        List<SubscriptionRecord> all = subscriptions.of(session);
        Rejection refused = refusals.subscribing(session.clientId(), topic);
        List<Remark> remarks = new ArrayList<>();
        Fate fate;
        Map<String, String> parameters = Map.of();
        FilterMiss nearest = nearest(all);
        String filter = refused == null ? null : refused.what().topic();
        if (refused != null && filter != null) {
            fate = Fate.SUBSCRIPTION_REFUSED;
            parameters =
                    Map.of(
                            "filter",
                            filter,
                            "at",
                            Long.toString(refused.times().last().toEpochMilli()),
                            "why",
                            refused.what().detail());
            access.subscribing(session, TopicFilter.of(filter))
                    .filter(decision -> decision != SubscribeDecision.DENIED)
                    .ifPresent(
                            granted ->
                                    remarks.add(
                                            Words.remark(Remark.Code.WOULD_BE_GRANTED, Map.of())));
        } else if (nearest == null) {
            fate = Fate.NO_SUBSCRIPTIONS;
        } else {
            fate = nearest.dollar() ? Fate.WILDCARD_BEFORE_DOLLAR : Fate.FILTER_DOES_NOT_MATCH;
            parameters = nearest.parameters();
        }
        return new Receiver(
                session.clientId(),
                session.principal().id(),
                session.principal().description(),
                session.attached() != null,
                fate,
                parameters,
                Words.of(fate, parameters),
                remarks,
                null,
                some(all),
                access.receiving(session, topic));
    }

    /** The one that comes nearest to matching; null if there is none. */
    private @Nullable FilterMiss nearest(List<SubscriptionRecord> all) {
        FilterMiss nearest = null;
        for (SubscriptionRecord each : all) {
            FilterMiss miss = FilterMiss.of(TopicFilter.of(each.filter()), topic);
            if (nearest == null
                    || miss.dollar() && !nearest.dollar()
                    || miss.dollar() == nearest.dollar() && miss.level() > nearest.level()) {
                nearest = miss;
            }
        }
        return nearest;
    }

    /** A client without a session. */
    Receiver nobody(String clientId) {
        Rejection refused = refusals.connecting(clientId);
        Fate fate = refused == null ? Fate.NO_SESSION : Fate.CONNECT_REFUSED;
        Map<String, String> parameters = refused == null ? Map.of() : cause(refused);
        String principalId = refused == null ? null : refused.who().principalId();
        return new Receiver(
                clientId,
                principalId == null ? "" : principalId,
                "",
                false,
                fate,
                parameters,
                Words.of(fate, parameters),
                List.of(),
                null,
                List.of(),
                null);
    }

    private static Map<String, String> cause(Rejection refused) {
        return Map.of(
                "cause",
                refused.cause().name(),
                "at",
                Long.toString(refused.times().last().toEpochMilli()));
    }
}

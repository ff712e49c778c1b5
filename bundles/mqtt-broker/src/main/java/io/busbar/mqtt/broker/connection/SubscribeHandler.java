package io.busbar.mqtt.broker.connection;

import io.busbar.api.auth.spi.Permissions.SubscribeDecision;
import io.busbar.api.broker.Rejection;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.mqtt.broker.delivery.Routed;
import io.busbar.mqtt.broker.feature.Features;
import io.busbar.mqtt.broker.gate.Rights;
import io.busbar.mqtt.broker.retained.RetainedCursor;
import io.busbar.mqtt.broker.session.Session;
import io.busbar.mqtt.broker.topic.Subscription;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.ReasonDetails;
import io.busbar.mqtt.codec.RetainHandling;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.Subscribe;
import io.busbar.mqtt.codec.UnsubAck;
import io.busbar.mqtt.codec.Unsubscribe;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * SUBSCRIBE and UNSUBSCRIBE: judge, answer, then send the Retained Messages at the pace of the
 * client, MQTT 5.0 sections 3.8 to 3.11.
 */
final class SubscribeHandler {
    /** Retained messages of QoS 1 and 2 wait here rather than in the session's queue. */
    private static final int MAX_WAITING = 64;

    /** So many steps are taken through the Retained Messages before others have their turn. */
    private static final int STEPS_AT_ONCE = 8_192;

    private static final int MAX_REFUSALS_LENGTH = 1_000;
    private static final int MAX_NAME_LENGTH = 200;

    private final BrokerParts broker;
    private final Connection connection;

    /** By filter: who subscribes again begins again, and what was left of before is not sent. */
    private final LinkedHashMap<String, RetainedDelivery> retained = new LinkedHashMap<>();

    /** Why filters of the SUBSCRIBE at hand are refused, for the client's people to read. */
    private final StringBuilder refusals = new StringBuilder(0);

    /** How many answers of SUBSCRIBE, by filter, will begin to send its Retained Messages. */
    private final Map<String, Integer> due = new HashMap<>(2);

    private boolean delivering;
    private boolean scheduled;

    /** The Retained Messages that the subscription of a filter still gets. */
    private record RetainedDelivery(TopicFilter filter, RetainedCursor cursor) {}

    SubscribeHandler(BrokerParts broker, Connection connection) {
        this.broker = broker;
        this.connection = connection;
    }

    void subscribe(Subscribe packet) {
        if (connection.isMqtt5() && !isOffered(packet)) {
            return;
        }
        Session session = connection.session();
        List<ReasonCode> answers = new ArrayList<>(packet.entries().size());
        List<TopicFilter> wanting = new ArrayList<>(0);
        refusals.setLength(0);
        for (Subscribe.Entry entry : packet.entries()) {
            answers.add(subscribe(session, packet.subscriptionIdentifier(), entry, wanting));
        }
        // The same identifier, one code for each filter, in order [MQTT5-3.8.4-2] [MQTT5-3.8.4-6].
        answer(
                session,
                new SubAck(
                        packet.packetId(),
                        answers,
                        refusals.length() == 0
                                ? ReasonDetails.NONE
                                : ReasonDetails.of(refusals.toString())),
                wanting.isEmpty() ? null : () -> deliverRetained(wanting));
    }

    /**
     * Whether the server knows such subscriptions at all. CONNACK has told a client of MQTT 5 that
     * it does not: asking nevertheless is a Protocol Error, sections 3.2.2.3.11 to 3.2.2.3.13.
     */
    private boolean isOffered(Subscribe packet) {
        if (packet.subscriptionIdentifier() != 0
                && !broker.features().subscriptionIdentifiersAvailable()) {
            connection.fail(
                    Rejection.Cause.IDENTIFIERS_NOT_SUPPORTED,
                    "Subscription Identifiers are not offered");
            return false;
        }
        for (Subscribe.Entry entry : packet.entries()) {
            Rejection.Cause problem = notOffered(entry.filter());
            if (problem != null) {
                connection.fail(problem, problem.reason().text());
                return false;
            }
        }
        return true;
    }

    private Rejection.@Nullable Cause notOffered(TopicFilter filter) {
        Features features = broker.features();
        if (filter.isShared() && !features.sharedSubscriptionAvailable()) {
            return Rejection.Cause.SHARES_NOT_SUPPORTED;
        }
        return filter.hasWildcard() && !features.wildcardSubscriptionAvailable()
                ? Rejection.Cause.WILDCARDS_NOT_SUPPORTED
                : null;
    }

    private ReasonCode subscribe(
            Session session, int identifier, Subscribe.Entry entry, List<TopicFilter> wanting) {
        TopicFilter filter = entry.filter();
        Rights rights = session.rights();
        Rejection.Cause problem = notOffered(filter);
        if (problem != null) {
            // [MQTT311-3.8.3-2]
            return refuse(problem, filter, problem.reason().text());
        }
        if (broker.limits().topics().tooDeep(filter)) {
            return refuse(
                    Rejection.Cause.FILTER_TOO_DEEP,
                    filter,
                    "more than " + broker.limits().topics().maxLevels() + " levels");
        }
        SubscribeDecision decision =
                rights == null ? SubscribeDecision.DENIED : rights.subscribe(filter);
        if (decision == SubscribeDecision.DENIED) {
            return refuse(
                    Rejection.Cause.SUBSCRIBE_DENIED,
                    filter,
                    rights == null ? "" : rights.reason(false, filter.filter()));
        }
        Qos granted = entry.maximumQos().min(broker.features().maximumQos()); // [MQTT5-3.2.2-10]
        boolean isNew = session.subscription(filter) == null;
        if (isNew && session.subscriptionCount() >= broker.limits().sessions().maxSubscriptions()) {
            return refuse(
                    Rejection.Cause.TOO_MANY_SUBSCRIPTIONS,
                    filter,
                    "more than "
                            + broker.limits().sessions().maxSubscriptions()
                            + " subscriptions");
        }
        Subscription subscription =
                new Subscription(
                        filter,
                        session,
                        granted,
                        entry.noLocal(),
                        entry.retainAsPublished(),
                        entry.retainHandling().value(),
                        identifier);
        session.subscribe(subscription, decision);
        boolean wants =
                !filter.isShared() // section 4.8.2: none for a Shared Subscription
                        && (entry.retainHandling() == RetainHandling.SEND // [MQTT5-3.3.1-9]
                                || isNew // [MQTT5-3.3.1-10]
                                        && entry.retainHandling() == RetainHandling.SEND_IF_NEW);
        if (wants) {
            wanting.add(filter);
            due.merge(filter.value(), 1, Integer::sum);
        }
        return grantedOf(granted);
    }

    private static ReasonCode grantedOf(Qos qos) {
        return switch (qos) {
            case AT_MOST_ONCE -> ReasonCode.SUCCESS;
            case AT_LEAST_ONCE -> ReasonCode.GRANTED_QOS_1;
            case EXACTLY_ONCE -> ReasonCode.GRANTED_QOS_2;
        };
    }

    private ReasonCode refuse(Rejection.Cause cause, TopicFilter filter, String detail) {
        broker.rejections()
                .add(
                        Rejection.Kind.SUBSCRIBE,
                        cause,
                        connection.who(),
                        Rejection.What.about(filter.value(), detail));
        // People are told the rule, the client is not.
        String why = cause == Rejection.Cause.SUBSCRIBE_DENIED ? "no right to subscribe" : detail;
        if (refusals.length() < MAX_REFUSALS_LENGTH) {
            refusals.append(refusals.length() == 0 ? "" : "; ");
            refusals.append(filter.value(), 0, Math.min(filter.value().length(), MAX_NAME_LENGTH));
            refusals.append(": ").append(why);
        }
        return cause.reason();
    }

    void unsubscribe(Unsubscribe packet) {
        Session session = connection.session();
        List<ReasonCode> answers = new ArrayList<>(packet.filters().size());
        for (TopicFilter filter : packet.filters()) {
            due.remove(filter.value());
            retained.remove(filter.value());
            answers.add(
                    session.unsubscribe(filter)
                            ? ReasonCode.SUCCESS
                            : ReasonCode.NO_SUBSCRIPTION_EXISTED);
        }
        answer(session, new UnsubAck(packet.packetId(), answers), null); // [MQTT5-3.10.4-4]
    }

    /** Answers when the change is durable, and goes on from there. */
    private void answer(Session session, Packet packet, @Nullable Runnable then) {
        if (!session.isDurable()) {
            finish(packet, then);
            return;
        }
        connection
                .loop()
                .await(
                        failure -> {
                            if (failure != null) {
                                connection
                                        .loop()
                                        .execute(
                                                () ->
                                                        connection.fail(
                                                                Rejection.Cause.SERVER_FAILED,
                                                                "the subscription could not be"
                                                                        + " stored"));
                            } else if (connection.loop().inLoop()) {
                                finish(packet, then);
                            } else {
                                connection.loop().execute(() -> finish(packet, then));
                            }
                        });
    }

    private void finish(Packet packet, @Nullable Runnable then) {
        if (connection.isClosed()) {
            return;
        }
        connection.send(packet);
        if (then != null) {
            then.run();
        }
    }

    private void deliverRetained(List<TopicFilter> filters) {
        for (TopicFilter filter : filters) {
            Integer times = due.remove(filter.value());
            if (times == null) {
                continue; // UNSUBSCRIBE came meanwhile
            }
            if (times > 1) {
                due.put(filter.value(), times - 1);
            }
            retained.remove(filter.value());
            retained.put(
                    filter.value(), new RetainedDelivery(filter, broker.retained().cursor(filter)));
        }
        goOn();
    }

    /** Sends retained messages as far as the client takes them. */
    void goOn() {
        if (delivering || retained.isEmpty() || connection.isClosed()) {
            return;
        }
        delivering = true;
        try {
            deliverSome(connection.session());
        } finally {
            delivering = false;
        }
    }

    private void deliverSome(Session session) {
        long now = broker.loops().clock().millis();
        int steps = STEPS_AT_ONCE;
        Iterator<RetainedDelivery> deliveries = retained.values().iterator();
        while (deliveries.hasNext()) {
            RetainedDelivery next = deliveries.next();
            RetainedCursor cursor = next.cursor();
            while (!cursor.isDone()) {
                if (!connection.link().isWritable()
                        || session.outbound().owedCount() - session.outbound().inflight()
                                >= MAX_WAITING) {
                    return;
                }
                if (steps <= 0) {
                    goOnLater();
                    return;
                }
                Message message = cursor.next(now, steps);
                steps -= cursor.taken();
                Subscription subscription = session.subscription(next.filter());
                if (message != null && subscription != null) {
                    session.outbound().acceptRetained(new Routed(message, null, 0), subscription);
                }
            }
            deliveries.remove();
        }
    }

    private void goOnLater() {
        if (!scheduled) {
            scheduled = true;
            connection
                    .loop()
                    .execute(
                            () -> {
                                scheduled = false;
                                goOn();
                            });
        }
    }
}

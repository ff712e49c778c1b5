package io.busbar.mqtt.broker.connection;

import io.busbar.api.auth.spi.Permissions.SubscribeDecision;
import io.busbar.api.broker.Rejection;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.storage.StorageException;
import io.busbar.mqtt.broker.delivery.NotStored;
import io.busbar.mqtt.broker.delivery.Routed;
import io.busbar.mqtt.broker.feature.Features;
import io.busbar.mqtt.broker.gate.Rights;
import io.busbar.mqtt.broker.loop.Background;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.retained.RetainedCursor;
import io.busbar.mqtt.broker.session.Session;
import io.busbar.mqtt.broker.topic.Subscription;
import io.busbar.mqtt.codec.ReasonDetails;
import io.busbar.mqtt.codec.RetainHandling;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.Subscribe;
import io.busbar.mqtt.codec.UnsubAck;
import io.busbar.mqtt.codec.Unsubscribe;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SUBSCRIBE and UNSUBSCRIBE: judge, answer, then send the Retained Messages at the pace of the
 * client, MQTT 5.0 sections 3.8 to 3.11.
 */
final class SubscribeHandler {
    private static final Logger LOG = LoggerFactory.getLogger(SubscribeHandler.class);

    /** Retained messages of QoS 1 and 2 wait here rather than in the session's queue. */
    private static final int MAX_WAITING = 64;

    /** Steps of background work that adding or removing a subscription is counted as. */
    private static final int STEPS_PER_FILTER = 16;

    /**
     * Steps of background work that sending a Retained Message is counted as, beyond finding it.
     */
    private static final int STEPS_PER_MESSAGE = 8;

    /** And beginning the search for those of a filter. */
    private static final int STEPS_PER_SEARCH = 4;

    /** And asking the store for a page; its messages count when they come. */
    private static final int STEPS_PER_PAGE = 128;

    /** How often reading a page is tried, at every tick, before the client is disconnected. */
    private static final int READ_TRIES = 40;

    /** While more walks than these wait for the server, the client is not read. */
    private static final int MAX_WALKS = 16;

    private static final int MAX_REFUSALS_LENGTH = 1_000;
    private static final int MAX_NAME_LENGTH = 200;

    private final BrokerParts broker;
    private final Connection connection;
    private final int maxWaiting;

    /** By filter: who subscribes again begins again, and what was left of before is not sent. */
    private final LinkedHashMap<String, RetainedDelivery> retained = new LinkedHashMap<>();

    /** How many answers of SUBSCRIBE, by filter, will begin to send its Retained Messages. */
    private final Map<String, Integer> due = new HashMap<>(2);

    /** Filters whose answers are sent, and whose searches have not begun. */
    private final ArrayDeque<Iterator<TopicFilter>> answered = new ArrayDeque<>(0);

    private final Background.Work walk = new Walk();

    /**
     * Whether the walks go on without being asked: they wait for the server, not for the client.
     */
    private boolean walking;

    /** Whether a page is being read, or will be tried again; there is one at a time. */
    private boolean reading;

    /** How often in a row reading has failed. */
    private int failures;

    /** Whether the client is not read until it has fewer walks. */
    private boolean holding;

    /** The Retained Messages that the subscription of a filter still gets. */
    private record RetainedDelivery(TopicFilter filter, RetainedCursor cursor) {}

    SubscribeHandler(BrokerParts broker, Connection connection) {
        this.broker = broker;
        this.connection = connection;
        this.maxWaiting = Math.min(MAX_WAITING, broker.limits().deliveries().maxQueuedMessages());
    }

    void subscribe(Subscribe packet) {
        if (!connection.isMqtt5() || isOffered(packet)) {
            begin(new Subscribing(packet));
        }
    }

    void unsubscribe(Unsubscribe packet) {
        begin(new Unsubscribing(packet));
    }

    /** Carries out a request; if it is too much for this turn, the client is not read meanwhile. */
    private void begin(Request request) {
        if (!connection.loop().background().begin(request)) {
            request.holding = true;
            connection.reading().stop();
        }
    }

    /** SUBSCRIBE or UNSUBSCRIBE: filter by filter, then the answer. */
    private abstract class Request implements Background.Work {
        private boolean holding;

        /** Parts of it that are not durable yet; one of them is the part at hand. */
        private int open = 1;

        private @Nullable Throwable failure;

        /** Does the next filter; false if there is none. */
        abstract boolean next(Session session);

        abstract void answer();

        @Override
        public final Object identity() {
            return connection.identity();
        }

        @Override
        public final boolean goOn(Background.Allowance allowance) {
            if (connection.isClosed()) {
                return false;
            }
            Session session = connection.session();
            boolean more;
            do {
                allowance.spend(STEPS_PER_FILTER);
                more = next(session);
            } while (more && !allowance.isUsedUp());
            if (more) {
                open++;
            }
            partDone(session);
            if (!more && holding) {
                connection.reading().goOn();
            }
            return more;
        }

        /** The answer follows when every part is durable, which may be in different turns. */
        private void partDone(Session session) {
            Loop loop = connection.loop();
            if (!session.isDurable()) {
                partStored(null);
                return;
            }
            awaitPart(loop);
        }

        void awaitPart(Loop loop) {
            loop.await(this::partStored);
        }

        final void partStored(@Nullable Throwable thrown) {
            if (thrown != null) {
                failure = thrown;
            }
            if (--open > 0 || connection.isClosed()) {
                return;
            }
            if (failure == null) {
                answer();
            } else {
                NotStored told = NotStored.of(failure);
                connection.fail(told.cause(), told.why());
            }
        }

        @Override
        public final void failed() {
            connection.fail(Rejection.Cause.SERVER_FAILED, "the server failed");
        }
    }

    private final class Subscribing extends Request {
        private final Subscribe packet;
        private final Iterator<Subscribe.Entry> entries;
        private final List<ReasonCode> answers;
        private final List<TopicFilter> wanting = new ArrayList<>(0);

        /** Why filters are refused, for the client's people to read. */
        private final StringBuilder refusals = new StringBuilder(0);

        Subscribing(Subscribe packet) {
            this.packet = packet;
            this.entries = packet.entries().iterator();
            this.answers = new ArrayList<>(packet.entries().size());
        }

        @Override
        boolean next(Session session) {
            answers.add(
                    subscribe(
                            session,
                            packet.subscriptionIdentifier(),
                            entries.next(),
                            wanting,
                            refusals));
            return entries.hasNext();
        }

        /** The same identifier, one code each, in order [MQTT5-3.8.4-2] [MQTT5-3.8.4-6]. */
        @Override
        void answer() {
            connection.send(
                    new SubAck(
                            packet.packetId(),
                            answers,
                            refusals.length() == 0
                                    ? ReasonDetails.NONE
                                    : ReasonDetails.of(refusals.toString())));
            deliverRetained(wanting);
        }
    }

    private final class Unsubscribing extends Request {
        private final Unsubscribe packet;
        private final Iterator<TopicFilter> filters;
        private final List<ReasonCode> answers;

        Unsubscribing(Unsubscribe packet) {
            this.packet = packet;
            this.filters = packet.filters().iterator();
            this.answers = new ArrayList<>(packet.filters().size());
        }

        @Override
        boolean next(Session session) {
            TopicFilter filter = filters.next();
            due.remove(filter.value());
            retained.remove(filter.value());
            answers.add(
                    session.unsubscribe(filter)
                            ? ReasonCode.SUCCESS
                            : ReasonCode.NO_SUBSCRIPTION_EXISTED);
            return filters.hasNext();
        }

        /** While the store cannot write, the client waits: it cannot be told no. */
        @Override
        void awaitPart(Loop loop) {
            loop.onceDurable(() -> partStored(null));
        }

        /** One code for each filter, in order [MQTT5-3.10.4-4] [MQTT5-3.11.3-1]. */
        @Override
        void answer() {
            connection.send(new UnsubAck(packet.packetId(), answers));
        }
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
            Session session,
            int identifier,
            Subscribe.Entry entry,
            List<TopicFilter> wanting,
            StringBuilder refusals) {
        TopicFilter filter = entry.filter();
        Rights rights = session.rights();
        Rejection.Cause problem = notOffered(filter);
        if (problem != null) {
            // [MQTT311-3.8.3-2]
            return refuse(problem, filter, problem.reason().text(), refusals);
        }
        if (broker.limits().topics().tooDeep(filter)) {
            return refuse(
                    Rejection.Cause.FILTER_TOO_DEEP,
                    filter,
                    "more than " + broker.limits().topics().maxLevels() + " levels",
                    refusals);
        }
        SubscribeDecision decision =
                rights == null ? SubscribeDecision.DENIED : rights.subscribe(filter);
        if (decision == SubscribeDecision.DENIED) {
            return refuse(
                    Rejection.Cause.SUBSCRIBE_DENIED,
                    filter,
                    rights == null ? "" : rights.reason(false, filter.filter()),
                    refusals);
        }
        StorageException trouble = session.isDurable() ? connection.loop().storeTrouble() : null;
        if (trouble != null) {
            NotStored told = NotStored.of(trouble);
            return refuse(told.cause(), filter, told.why(), refusals);
        }
        Qos granted = entry.maximumQos().min(broker.features().maximumQos()); // [MQTT5-3.2.2-10]
        boolean isNew = session.subscription(filter) == null;
        if (isNew && session.subscriptionCount() >= broker.limits().sessions().maxSubscriptions()) {
            return refuse(
                    Rejection.Cause.TOO_MANY_SUBSCRIPTIONS,
                    filter,
                    "more than " + broker.limits().sessions().maxSubscriptions() + " subscriptions",
                    refusals);
        }
        if (isNew && !session.hasRoom(filter)) {
            return refuse(
                    Rejection.Cause.MEMORY_FULL,
                    filter,
                    "the server has no memory for more subscriptions of these credentials",
                    refusals);
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

    private ReasonCode refuse(
            Rejection.Cause cause, TopicFilter filter, String detail, StringBuilder refusals) {
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

    private void deliverRetained(List<TopicFilter> filters) {
        if (!filters.isEmpty()) {
            answered.add(filters.iterator());
        }
        goOn();
    }

    /** Begins with the filters that were answered; false if the allowance was too small. */
    private boolean beginSearches(Background.Allowance allowance) {
        for (Iterator<TopicFilter> filters; (filters = answered.peek()) != null; ) {
            while (filters.hasNext()) {
                if (allowance.isUsedUp()) {
                    return false;
                }
                allowance.spend(STEPS_PER_SEARCH);
                beginSearch(filters.next());
            }
            answered.remove();
        }
        return true;
    }

    private void beginSearch(TopicFilter filter) {
        Integer times = due.remove(filter.value());
        if (times == null) {
            return; // UNSUBSCRIBE came meanwhile
        }
        if (times > 1) {
            due.put(filter.value(), times - 1);
        }
        retained.remove(filter.value());
        retained.put(
                filter.value(), new RetainedDelivery(filter, broker.retained().cursor(filter)));
    }

    /** Sends retained messages as far as the client takes them, and this turn allows. */
    void goOn() {
        if (!walking
                && !reading
                && (!retained.isEmpty() || !answered.isEmpty())
                && !connection.isClosed()) {
            walking = true;
            connection.loop().background().begin(walk);
        }
        balance();
    }

    private final class Walk implements Background.Work {
        @Override
        public Object identity() {
            return connection.identity();
        }

        @Override
        public boolean goOn(Background.Allowance allowance) {
            walking = !connection.isClosed() && deliverSome(connection.session(), allowance);
            balance();
            return walking;
        }

        @Override
        public void failed() {
            connection.fail(Rejection.Cause.SERVER_FAILED, "the server failed");
        }
    }

    /** A client that asks for more and more waits for its answers; never for its own taking. */
    private void balance() {
        boolean hold = (walking || reading) && retained.size() + answered.size() > MAX_WALKS;
        if (hold != holding) {
            holding = hold;
            if (hold) {
                connection.reading().stop();
            } else {
                connection.reading().goOn();
            }
        }
    }

    /** Whether there is more that only waits for the next portion. */
    private boolean deliverSome(Session session, Background.Allowance allowance) {
        if (!beginSearches(allowance)) {
            return true;
        }
        long now = broker.loops().clock().millis();
        Iterator<RetainedDelivery> deliveries = retained.values().iterator();
        while (deliveries.hasNext()) {
            RetainedDelivery next = deliveries.next();
            RetainedCursor cursor = next.cursor();
            while (!cursor.isDone()) {
                if (!takesMore(session)) {
                    return false;
                }
                if (allowance.isUsedUp()) {
                    return true;
                }
                if (cursor.needsPage()) {
                    int free = maxWaiting - waiting(session);
                    if (free * 2 >= maxWaiting) {
                        allowance.spend(STEPS_PER_PAGE);
                        readPage(session, next, free);
                    }
                    return false;
                }
                allowance.spend(sendNext(session, next, now, allowance.left()));
            }
            deliveries.remove();
            allowance.spend(1);
            if (allowance.isUsedUp()) {
                return true;
            }
        }
        return false;
    }

    /** Messages that are not sent yet because too many are in flight. */
    private static int waiting(Session session) {
        return session.owedCount() - session.inflight();
    }

    private boolean takesMore(Session session) {
        return connection.link().isWritable() && waiting(session) < maxWaiting;
    }

    /** Sends the next one if there is one; returns the steps that it took. */
    private int sendNext(Session session, RetainedDelivery delivery, long now, int steps) {
        RetainedCursor cursor = delivery.cursor();
        Message message = cursor.next(now, steps);
        Subscription subscription = session.subscription(delivery.filter());
        if (message == null || subscription == null) {
            return cursor.taken();
        }
        session.outbound().acceptRetained(new Routed(message, null, 0), subscription);
        return cursor.taken() + STEPS_PER_MESSAGE;
    }

    private void readPage(Session session, RetainedDelivery delivery, int free) {
        reading = true;
        Subscription subscription = session.subscription(delivery.filter());
        int most =
                subscription == null || subscription.qos() != Qos.AT_MOST_ONCE
                        ? free
                        : Integer.MAX_VALUE;
        Loop loop = connection.loop();
        delivery.cursor().readPage(loop, most, failure -> came(delivery, failure));
    }

    private void came(RetainedDelivery delivery, @Nullable Throwable failure) {
        try {
            deliverPage(delivery, failure);
        } catch (RuntimeException | LinkageError thrown) {
            connection.loop().failed("retained messages", thrown);
            connection.fail(Rejection.Cause.SERVER_FAILED, "the server failed");
        }
    }

    /**
     * A page is delivered at once, as far as the client takes it, so that none is kept; its steps
     * count for the turn.
     */
    private void deliverPage(RetainedDelivery delivery, @Nullable Throwable failure) {
        if (connection.isClosed()) {
            return;
        }
        if (failure != null) {
            notRead(failure);
            return;
        }
        reading = false;
        failures = 0;
        if (retained.get(delivery.filter().value()) == delivery) {
            RetainedCursor cursor = delivery.cursor();
            Session session = connection.session();
            long now = broker.loops().clock().millis();
            int steps = 0;
            while (!cursor.isDone() && !cursor.needsPage() && takesMore(session)) {
                steps += sendNext(session, delivery, now, Integer.MAX_VALUE);
            }
            cursor.letGo();
            connection.loop().spend(steps);
        }
        goOn();
    }

    /** The store may be read again soon; if it is not, the client is told and may come again. */
    private void notRead(Throwable failure) {
        if (++failures == 1) {
            LOG.error(
                    "Retained messages cannot be read: {} (clientId={})",
                    String.valueOf(failure),
                    connection.session().clientId());
        }
        if (failures >= READ_TRIES) {
            connection.fail(Rejection.Cause.SERVER_FAILED, "retained messages could not be read");
            return;
        }
        connection
                .loop()
                .atNextTick(
                        () -> {
                            reading = false;
                            goOn();
                        });
    }
}

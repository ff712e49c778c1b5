package io.busbar.mqtt.broker;

import io.busbar.api.audit.Actor;
import io.busbar.api.broker.Broker;
import io.busbar.api.broker.BrokerInfo;
import io.busbar.api.broker.BrokerStats;
import io.busbar.api.broker.Clients;
import io.busbar.api.broker.DropCause;
import io.busbar.api.broker.InterceptorView;
import io.busbar.api.broker.ProviderView;
import io.busbar.api.broker.PublishResult;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.Rejections;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.explain.Explanations;
import io.busbar.api.health.spi.HealthCheck;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryBudget;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.BrokerStore;
import io.busbar.api.storage.Durability;
import io.busbar.api.storage.StorageException;
import io.busbar.api.transfer.BrokerState;
import io.busbar.mqtt.broker.call.Calls;
import io.busbar.mqtt.broker.connection.BrokerParts;
import io.busbar.mqtt.broker.connection.ClientConnections;
import io.busbar.mqtt.broker.connection.ConnectCounts;
import io.busbar.mqtt.broker.connection.ConnectRate;
import io.busbar.mqtt.broker.consumer.Consumers;
import io.busbar.mqtt.broker.event.Events;
import io.busbar.mqtt.broker.event.RejectionLog;
import io.busbar.mqtt.broker.event.TakeOverWatch;
import io.busbar.mqtt.broker.explain.Explainer;
import io.busbar.mqtt.broker.feature.Features;
import io.busbar.mqtt.broker.gate.Gate;
import io.busbar.mqtt.broker.gate.Rulings;
import io.busbar.mqtt.broker.intake.Intake;
import io.busbar.mqtt.broker.intake.Interceptors;
import io.busbar.mqtt.broker.intake.Judgement;
import io.busbar.mqtt.broker.limit.BrokerLimits;
import io.busbar.mqtt.broker.link.Connections;
import io.busbar.mqtt.broker.link.EventLoop;
import io.busbar.mqtt.broker.loop.Background;
import io.busbar.mqtt.broker.loop.Loops;
import io.busbar.mqtt.broker.loop.Shards;
import io.busbar.mqtt.broker.loop.Ticker;
import io.busbar.mqtt.broker.memory.BrokerMemory;
import io.busbar.mqtt.broker.retained.HeapRetained;
import io.busbar.mqtt.broker.retained.RetainedMessages;
import io.busbar.mqtt.broker.retained.RetainedWalk;
import io.busbar.mqtt.broker.retained.StoredRetained;
import io.busbar.mqtt.broker.route.Router;
import io.busbar.mqtt.broker.session.Admission;
import io.busbar.mqtt.broker.session.Attached;
import io.busbar.mqtt.broker.session.Session;
import io.busbar.mqtt.broker.session.SessionClaims;
import io.busbar.mqtt.broker.session.SessionRestore;
import io.busbar.mqtt.broker.session.Sessions;
import io.busbar.mqtt.broker.session.SlowClients;
import io.busbar.mqtt.broker.store.StoreReader;
import io.busbar.mqtt.broker.topic.SubscriptionTree;
import io.busbar.mqtt.broker.transfer.KeptState;
import io.busbar.mqtt.broker.will.Wills;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A complete MQTT broker without OSGi. Create it with a store; it takes connections until it is
 * closed. Thread-safe.
 */
public final class MqttBroker implements Broker, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MqttBroker.class);
    private static final long STOP_SECONDS = 3;
    private static final long SWEEP_MILLIS = 1_000;

    /** Longer nothing waits for the server to come up. */
    private static final long MOST_UP_NANOS = 10_000_000_000L;

    private final BrokerInfo info;
    private final BrokerMemory memory;
    private final Shards shards;
    private final @Nullable StoreReader reader;
    private final Loops loops;
    private final RetainedMessages retained;
    private final Intake intake;
    private final Sessions sessions;
    private final Events events;
    private final RejectionLog rejections;
    private final Calls calls;
    private final Gate gate;
    private final Publications publications;
    private final Wills wills;
    private final Consumers consumers;
    private final Connections connections;
    private final Clients clients;
    private final Explanations explanations;
    private final BrokerState state;
    private final Statistics statistics;

    /**
     * Builds it and brings back what the store kept.
     *
     * @param budget what clients may hold of the memory
     * @param own the broker's own loops, ended by their maker after {@link #close}
     * @throws StorageException if the store cannot be owned
     */
    public MqttBroker(
            String version,
            BrokerLimits limits,
            Features features,
            BrokerStore store,
            MemoryBudget budget,
            List<? extends EventLoop> own,
            Clock clock,
            Ticker ticker) {
        this(version, limits, features, store, budget, own, clock, ticker, ServerState.ALONE);
    }

    /**
     * As the other one.
     *
     * @param server until it has come up, or for ten seconds at most, consumers wait with what is
     *     retained, and sessions that the store kept with what is due: reading a million messages
     *     would take the processors from those who make the server listen, and whoever judges
     *     messages may not be there yet
     */
    public MqttBroker(
            String version,
            BrokerLimits limits,
            Features features,
            BrokerStore store,
            MemoryBudget budget,
            List<? extends EventLoop> own,
            Clock clock,
            Ticker ticker,
            ServerState server) {
        SubscriptionTree tree = new SubscriptionTree(features.shareStrategy());
        info = new BrokerInfo(version, clock.instant(), store.name());
        memory = new BrokerMemory(budget);
        shards = own(store, memory);
        BooleanSupplier isUp = upWithin(ticker, server);
        loops = new Loops(own, shards, memory, clock, ticker, limits.deliveries().holdMillis());
        reader = store.readsAtOnce() ? null : new StoreReader();
        boolean onDisk = store.strongest() != Durability.MEMORY;
        retained =
                onDisk
                        ? new StoredRetained(
                                store.retained(), reader, loops, shards, memory, limits.retained())
                        : new HeapRetained(store.retained(), clock, limits.retained(), memory);
        calls =
                new Calls(
                        loops,
                        limits.providers().threads(),
                        limits.providers().queue(),
                        limits.publishes().interceptorTimeoutMillis());
        events = new Events(calls);
        gate = new Gate(loops, calls, limits.connects().authenticationTimeoutMillis());
        intake = new Intake(new Router(tree, retained), limits, features, loops, calls);
        publications = new Publications(loops.home(), intake, loops.store().publishers());
        rejections = new RejectionLog(clock, events::refused);
        wills = new Wills(loops, intake, this::willRefused);
        sessions =
                new Sessions(
                        loops,
                        shards,
                        reader,
                        onDisk,
                        tree,
                        limits,
                        this::sessionEnded,
                        wills::due,
                        this::dropped,
                        isUp);
        SessionClaims claims =
                new SessionClaims(loops, sessions, new TakeOverWatch(clock, rejections));
        memory.slowClients(new SlowClients(sessions));
        consumers =
                new Consumers(tree, retained, memory, limits.deliveries().consumerQueue(), isUp);
        ConnectCounts connectCounts = new ConnectCounts();
        statistics =
                new Statistics(
                        loops,
                        sessions,
                        claims,
                        tree,
                        retained,
                        consumers,
                        connectCounts,
                        store::diskBytes);
        connections =
                new ClientConnections(
                        new BrokerParts(
                                limits,
                                features,
                                loops,
                                gate,
                                sessions,
                                claims,
                                intake,
                                retained,
                                wills,
                                rejections,
                                events,
                                new ConnectRate(limits.connects().perSecond(), ticker),
                                server::isStopping,
                                connectCounts));
        clients = new ConnectedClients(sessions, claims, gate);
        explanations =
                new Explainer(
                        tree,
                        retained,
                        sessions,
                        new Rulings(gate.authorizers(), calls),
                        this::interceptors,
                        rejections,
                        clock);
        state = new KeptState(new Admission(sessions, claims, shards), retained, store.retained());
        boolean restored = false;
        try {
            restore();
            restored = true;
        } finally {
            if (!restored) {
                letGo();
            }
        }
        loops.schedule(this::sweep, SWEEP_MILLIS);
    }

    private static Shards own(BrokerStore store, BrokerMemory memory) {
        boolean owned = false;
        try {
            Shards shards = Shards.own(store);
            owned = true;
            return shards;
        } finally {
            if (!owned) {
                memory.close();
            }
        }
    }

    private static BooleanSupplier upWithin(Ticker ticker, ServerState server) {
        long began = ticker.nanos();
        return () -> server.isUp() || ticker.nanos() - began > MOST_UP_NANOS;
    }

    /** Brings back sessions and retained messages at the same time. */
    private void restore() {
        long began = System.nanoTime();
        FutureTask<Void> messages = new FutureTask<>(retained::restore, null);
        Thread reading = new Thread(messages, "busbar-restore");
        reading.start();
        try {
            Runnable put = new SessionRestore(sessions).restore(shards.owners());
            messages.get();
            put.run(); // Wills that are due find the Retained Messages that they replace.
            LOG.info(
                    "State read from the store (store={}, sessions={}, messages={}, retained={},"
                            + " millis={})",
                    info.store(),
                    sessions.size(),
                    sessions.queued(),
                    retained.size(),
                    (System.nanoTime() - began) / 1_000_000);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof StorageException known
                    ? known
                    : new StorageException(
                            "retained messages of store " + info.store() + " are not read",
                            failure.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new StorageException("store " + info.store() + " was not waited for");
        } finally {
            awaitEnd(reading);
        }
    }

    /** It reads from the store, which is let go of if the start failed. */
    private static void awaitEnd(Thread reading) {
        boolean interrupted = false;
        while (reading.isAlive()) {
            try {
                reading.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void sessionEnded(
            Session session, ClientEvent.SessionEnd cause, @Nullable Actor actor) {
        wills.sessionEnded(session);
        if (events.isHeard()) {
            events.tell(new ClientEvent.SessionEnded(now(), session.clientId(), cause, actor));
        }
    }

    private void dropped(String clientId, DropCause cause, long count) {
        if (cause == DropCause.MEMORY_FULL) {
            noMemory(clientId);
        }
        if (events.isHeard()) {
            events.tell(new ClientEvent.Dropped(now(), clientId, cause, count));
        }
    }

    /**
     * Messages were dropped for lack of memory: operators are told whose, and how much it holds.
     */
    private void noMemory(String clientId) {
        Session session = sessions.get(clientId);
        Attached attached = session == null ? null : session.attached();
        long pending = attached == null ? 0 : attached.pendingBytes();
        long owed = session == null ? 0 : session.owedMemory();
        MemoryAccount account = pending > owed ? memory.backlogs() : memory.queues();
        account.refused(clientId, Math.max(pending, owed));
    }

    private void willRefused(Session session, Message will, Judgement.Refused refused) {
        String address = will.publisher().address();
        String detail =
                refused.cause() == Rejection.Cause.WILL_DENIED
                        ? refused.detail()
                        : "the Will Message was not sent: " + refused.detail();
        rejections.add(
                Rejection.Kind.PUBLISH,
                refused.cause(),
                refused.code(),
                session.who(address == null ? "" : address),
                Rejection.What.about(will.topic().value(), detail));
    }

    private Instant now() {
        return Instant.ofEpochMilli(loops.clock().millis());
    }

    private void sweep() {
        loops.home().background().begin(new Sweep());
    }

    /** Removes Retained Messages that have expired; the next sweep follows its end. */
    private final class Sweep implements Background.Work {
        private final Background.Work expiry =
                retained.expiry(loops.home(), loops.clock().millis());

        @Override
        public boolean goOn(Background.Allowance allowance) {
            boolean more = expiry.goOn(allowance);
            if (!more) {
                memory.sweep();
                loops.schedule(MqttBroker.this::sweep, SWEEP_MILLIS);
            }
            return more;
        }

        @Override
        public void failed() {
            loops.schedule(MqttBroker.this::sweep, SWEEP_MILLIS);
        }
    }

    // ---- its parts

    public Connections connections() {
        return connections;
    }

    public Clients clients() {
        return clients;
    }

    /** Why messages come where they come. */
    public Explanations explanations() {
        return explanations;
    }

    /** What it keeps, for other servers. */
    public BrokerState state() {
        return state;
    }

    public Rejections rejections() {
        return rejections;
    }

    public Gate gate() {
        return gate;
    }

    public Interceptors interception() {
        return intake.interceptors();
    }

    Sessions sessions() {
        return sessions;
    }

    public Consumers consumers() {
        return consumers;
    }

    public Events events() {
        return events;
    }

    /** Whether the store can write. */
    public HealthCheck storeHealth() {
        return new StoreHealth(info.store(), loops.home()::storeTrouble);
    }

    // ---- Broker

    @Override
    public CompletionStage<PublishResult> publish(Message message) {
        return publications.publish(message);
    }

    @Override
    public BrokerInfo info() {
        return info;
    }

    @Override
    public BrokerStats stats() {
        return statistics.now();
    }

    @Override
    public List<ProviderView> providers() {
        List<ProviderView> views = gate.views();
        for (InterceptorView interceptor : interceptors()) {
            views.add(interceptor.provider());
        }
        views.addAll(events.views());
        return views;
    }

    @Override
    public List<InterceptorView> interceptors() {
        return intake.interceptors().views();
    }

    @Override
    public Optional<Message> retained(TopicName topic) {
        return Optional.ofNullable(retained.get(topic));
    }

    @Override
    public List<Message> retained(TopicFilter filter, int limit) {
        List<Message> found = new ArrayList<>();
        RetainedWalk walk = retained.walk(List.of(filter), limit, false);
        for (Message message; (message = walk.next()) != null; ) {
            found.add(message);
        }
        return found;
    }

    /**
     * Tells all clients that the server stops, finishes what was begun and lets go of the store.
     */
    @Override
    public void close() {
        CountDownLatch told = new CountDownLatch(sessions.size());
        for (Session session : sessions.all()) {
            session.execute(
                    () -> {
                        try {
                            Attached attached = session.attached();
                            if (attached != null) {
                                attached.end(
                                        ReasonCode.SERVER_SHUTTING_DOWN,
                                        null,
                                        ClientEvent.Cause.SERVER_STOPPING);
                            }
                        } finally {
                            told.countDown();
                        }
                    });
        }
        CountDownLatch quiet = new CountDownLatch(1);
        Runnable last =
                () -> {
                    retained.writeAll();
                    loops.fence(loops.home(), quiet::countDown);
                };
        loops.fence(loops.home(), () -> loops.fence(loops.home(), last));
        try {
            told.await(STOP_SECONDS, TimeUnit.SECONDS);
            quiet.await(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException ignored) {
            Thread.currentThread().interrupt();
        }
        letGo();
    }

    private void letGo() {
        calls.close();
        consumers.close();
        events.close();
        if (reader != null) {
            reader.close();
        }
        shards.close();
        memory.close();
    }
}

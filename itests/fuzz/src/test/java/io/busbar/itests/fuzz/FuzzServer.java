package io.busbar.itests.fuzz;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.broker.BrokerStats;
import io.busbar.api.broker.SessionView;
import io.busbar.api.broker.Transport;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.RetainedView;
import io.busbar.memory.ProcessMemory;
import io.busbar.mqtt.broker.MqttBroker;
import io.busbar.mqtt.broker.feature.Features;
import io.busbar.mqtt.broker.feature.Redirect;
import io.busbar.mqtt.broker.limit.BrokerLimits;
import io.busbar.mqtt.broker.limit.ConnectLimits;
import io.busbar.mqtt.broker.limit.DeliveryLimits;
import io.busbar.mqtt.broker.limit.PacketLimits;
import io.busbar.mqtt.broker.limit.ProviderLimits;
import io.busbar.mqtt.broker.limit.PublishLimits;
import io.busbar.mqtt.broker.limit.PublishRate;
import io.busbar.mqtt.broker.limit.RetainedLimits;
import io.busbar.mqtt.broker.limit.SessionLimits;
import io.busbar.mqtt.broker.limit.StoredLimits;
import io.busbar.mqtt.broker.limit.TopicLimits;
import io.busbar.mqtt.broker.topic.ShareStrategy;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PacketType;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.RetainHandling;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.Subscribe;
import io.busbar.mqtt.transport.admission.Admission;
import io.busbar.mqtt.transport.admission.Places;
import io.busbar.mqtt.transport.connection.ConnectionSettings;
import io.busbar.mqtt.transport.connection.OpenLinks;
import io.busbar.mqtt.transport.loops.PartialPackets;
import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.storage.HeldStore;
import io.busbar.testkit.time.ManualLoops;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A broker and the transport's links to it, without threads and sockets. A bystander is connected
 * to it who subscribes to everything and behaves well.
 */
final class FuzzServer {
    private static final String BYSTANDER = "bystander";
    private static final TopicName BYSTANDERS = TopicName.of("bystander");
    private static final TopicFilter ALL = TopicFilter.of("#");
    private static final byte[] NOTHING = {};
    private static final int MOST_EXPIRY_SECONDS = 3;
    private static final int MOST_INFLIGHT = 3;
    private static final Map<String, Object> ON_LOOP = Map.of(Authenticator.BLOCKING, false);
    private static final int MOST_RETAINED = 4;
    private static final int MOST_HELD = 4;

    /** Longer than anything that the broker waits for. */
    private static final int PATIENCE_MILLIS = 4_000;

    /** As small as they may be or nearly, so that short inputs reach all of them. */
    private static final BrokerLimits LIMITS =
            new BrokerLimits(
                    new PacketLimits(32 << 10, 4 << 10, 16, 0),
                    new ConnectLimits(1_000, 500, 0, 64, 0),
                    new SessionLimits(6, MOST_EXPIRY_SECONDS, 4),
                    new TopicLimits(8, 3),
                    new PublishLimits(
                            3, new PublishRate(20, 64 << 10, PublishRate.Excess.SLOW_DOWN), 1_000),
                    new DeliveryLimits(
                            MOST_INFLIGHT,
                            4,
                            4 << 10,
                            true,
                            1 << 10,
                            500,
                            16,
                            new StoredLimits(8, 8 << 10, 2, 1 << 10)),
                    new RetainedLimits(MOST_RETAINED, 2 << 10, 250, 1 << 20, 1 << 20),
                    new ProviderLimits(4, 4));

    private static final Features EVERYTHING =
            new Features(
                    Qos.EXACTLY_ONCE,
                    true,
                    true,
                    true,
                    true,
                    ShareStrategy.ROUND_ROBIN,
                    true,
                    "answers/%c/",
                    Redirect.NONE);

    private static final Features LITTLE =
            new Features(
                    Qos.AT_LEAST_ONCE,
                    false,
                    true,
                    false,
                    false,
                    ShareStrategy.ROUND_ROBIN,
                    false,
                    "",
                    new Redirect("other.example:1883", Redirect.When.OVERLOAD));

    private static final ConnectionSettings SETTINGS =
            new ConnectionSettings("fuzz", Transport.TCP, false, null, 4 << 10);

    private final ManualLoops loops = new ManualLoops(Instant.ofEpochSecond(1_800_000_000));
    private static final ProcessMemory MEMORY =
            new ProcessMemory(1L << 30, 1L << 30, Clock.systemUTC());

    private final PartialPackets partial =
            new PartialPackets(
                    64 << 10,
                    MEMORY.open(MemoryArea.DIRECT, "incomplete packets before login", 100, null),
                    MEMORY.open(MemoryArea.DIRECT, "incomplete packets", 100, null));
    private final MemoryAccount names =
            MEMORY.open(MemoryArea.HEAP, "topic names that are remembered", 100, null);
    private final ManualNettyLoop home = loops.add(new ManualNettyLoop(loops, -1, partial, names));
    private final List<ManualNettyLoop> ofClients =
            List.of(
                    loops.add(new ManualNettyLoop(loops, 0, partial, names)),
                    loops.add(new ManualNettyLoop(loops, 1, partial, names)));
    private final HeldStore store = HeldStore.visible(new MemoryStore(), MOST_HELD);
    private final CountedBuffers buffers = new CountedBuffers();
    private final OpenLinks links = new OpenLinks();
    private final Admission admission =
            new Admission(
                    new Places(0),
                    MEMORY.open(MemoryArea.HEAP, "connections", 100, null),
                    loops.clock()::nanos);
    private final Access access = new Access(home.netty(), BYSTANDER);
    private final List<FuzzClient> clients = new ArrayList<>();
    private final Features features;
    private final MqttBroker broker;
    private @Nullable FuzzClient bystander;
    private int ports = 1_024;
    private int questions;

    /**
     * Makes one.
     *
     * @param little whether it offers little of what is optional
     */
    FuzzServer(boolean little) {
        features = little ? LITTLE : EVERYTHING;
        broker =
                new MqttBroker(
                        "fuzz",
                        LIMITS,
                        features,
                        store,
                        MEMORY,
                        List.of(home.netty()),
                        loops.clock(),
                        loops.clock()::nanos);
        broker.gate().authenticators().bind(access, ON_LOOP);
        broker.gate().enhancedAuthenticators().bind(access, ON_LOOP);
        broker.gate().authorizers().bind(access, ON_LOOP);
    }

    void close() {
        broker.events().close();
        broker.consumers().close();
    }

    // ---- what an input does

    FuzzClient connect(int loop) {
        FuzzClient client =
                new FuzzClient(
                        broker.connections(),
                        loops,
                        ofClients.get(loop),
                        buffers,
                        ports = ports == 65_535 ? 1_024 : ports + 1,
                        SETTINGS,
                        links,
                        admission.seat(),
                        MOST_INFLIGHT,
                        features.maximumQos());
        clients.add(client);
        return client;
    }

    /** One turn of one loop, the broker's own being the last. */
    void turn(int loop) {
        loops.turn(loop > 1 ? home : ofClients.get(loop));
    }

    HeldStore store() {
        return store;
    }

    void advance(int millis) {
        loops.advance(Duration.ofMillis(millis));
        settle();
    }

    /** An operator disconnects whoever is connected. */
    void disconnectAll(boolean endSessions) {
        broker.clients()
                .disconnectAll(
                        "letters:",
                        ReasonCode.ADMINISTRATIVE_ACTION,
                        "go away",
                        endSessions,
                        Actor.SERVER);
    }

    /** Until nothing is left to do at this moment. */
    void settle() {
        boolean more = true;
        while (more) {
            more = loops.settle();
            for (int i = 0; i < clients.size(); i++) {
                more |= clients.get(i).hangUp();
            }
            FuzzClient other = bystander;
            if (other != null) {
                more |= other.acknowledge(Integer.MAX_VALUE);
            }
        }
        for (int i = clients.size() - 1; i >= 0; i--) {
            FuzzClient client = clients.get(i);
            client.rest();
            if (!client.isOpen()) {
                clients.remove(i);
            }
        }
    }

    // ---- what must hold

    /** Before an input. */
    void begin() {
        access.reservedIsOpen(true);
        FuzzClient client = connect(1);
        client.send(
                new Connect(
                        ProtocolVersion.MQTT_5_0,
                        true,
                        0,
                        BYSTANDER,
                        null,
                        null,
                        null,
                        new ConnectProperties(
                                0,
                                MOST_INFLIGHT,
                                Packet.MAXIMUM_SIZE_BYTES,
                                2,
                                false,
                                true,
                                List.of(),
                                null,
                                null)));
        client.send(
                new Subscribe(
                        1,
                        features.subscriptionIdentifiersAvailable() ? 7 : 0,
                        List.of(),
                        List.of(
                                new Subscribe.Entry(
                                        ALL, Qos.EXACTLY_ONCE, false, true, RetainHandling.SEND))));
        settle();
        access.reservedIsOpen(false);
        bystander = client;
        List<Packet> answers = client.packets();
        if (answers.size() != 2
                || !(answers.get(0) instanceof ConnAck welcome)
                || welcome.reasonCode() != ReasonCode.SUCCESS
                || !(answers.get(1) instanceof SubAck)) {
            throw new AssertionError("the bystander is told " + answers);
        }
    }

    /** After an input: all its clients go, and nothing of them may stay. */
    void end() {
        FuzzClient other = bystander;
        if (other == null) {
            throw new IllegalStateException("not begun");
        }
        settle();
        store.hold(false);
        while (store.release()) {
            settle();
        }
        answers(other);
        for (FuzzClient client : List.copyOf(clients)) {
            if (client != other) {
                client.lose();
            }
        }
        settle();
        onlyExpiringStay();
        waitFor(() -> broker.stats().sessions().total() == 1);
        check("sessions", broker.stats().sessions().total(), 1);
        check("subscriptions", broker.stats().subscriptions().total(), 1);
        check("kept sessions", store.sessions(), 0);
        forgetRetained();
        other.send(Disconnect.NORMAL);
        settle();
        bystander = null;
        BrokerStats stats = broker.stats();
        check("connections", stats.connections().online(), 0);
        check("links", clients.size(), 0);
        check("sessions", stats.sessions().total(), 0);
        check("subscriptions", stats.subscriptions().total(), 0);
        check("shared subscriptions", stats.subscriptions().shared(), 0);
        check("queued", stats.messages().queued(), 0);
        check("inflight", stats.messages().inflight(), 0);
        check("partial bytes", partial.bytes(), 0);
        check("buffers", buffers.inUse(), 0);
    }

    /** The bystander is served, whatever the others do. */
    private void answers(FuzzClient other) {
        byte[] question = Integer.toString(++questions).getBytes(StandardCharsets.US_ASCII);
        other.packets();
        other.send(PingReq.INSTANCE);
        other.send(Publish.of(BYSTANDERS, question, Qos.AT_LEAST_ONCE, false, 9));
        settle();
        Set<PacketType> missing =
                EnumSet.of(PacketType.PINGRESP, PacketType.PUBACK, PacketType.PUBLISH);
        waitFor(
                () -> {
                    for (Packet packet : other.packets()) {
                        if (!(packet instanceof Publish publish)
                                || Arrays.equals(publish.payload(), question)) {
                            missing.remove(packet.type());
                        }
                    }
                    return missing.isEmpty();
                });
        if (!missing.isEmpty()) {
            throw new AssertionError("the bystander misses " + missing);
        }
    }

    private void onlyExpiringStay() {
        for (SessionView session : broker.clients().sessions()) {
            if (!session.clientId().equals(BYSTANDER)
                    && (session.online() || session.expiresAt() == null)) {
                throw new AssertionError("stays: " + session);
            }
        }
    }

    private void forgetRetained() {
        List<Message> retained = broker.retained(ALL, MOST_RETAINED + 1);
        if (retained.size() > MOST_RETAINED) {
            throw new AssertionError(retained.size() + " retained messages");
        }
        for (Message message : retained) {
            broker.publish(
                    new Message(
                            message.topic(),
                            NOTHING,
                            Qos.AT_MOST_ONCE,
                            true,
                            MessageProperties.NONE,
                            new Publisher("fuzz", "", "", null),
                            loops.clock().millis()));
        }
        settle();
        // What has expired is swept once a second.
        waitFor(() -> broker.stats().messages().retained() == 0);
        check("retained", broker.stats().messages().retained(), 0);
        // Changes of QoS 0 are written a little later.
        waitFor(() -> !keepsRetained());
        check("kept retained", keepsRetained() ? 1 : 0, 0);
    }

    private boolean keepsRetained() {
        try (RetainedView.Scan kept = store.retained().scan()) {
            return kept.next();
        }
    }

    /** Lets time pass until it holds, or until it should have. */
    private void waitFor(BooleanSupplier holds) {
        for (int waited = 0; !holds.getAsBoolean() && waited < PATIENCE_MILLIS; waited += 250) {
            advance(250);
        }
    }

    private static void check(String what, long is, long expected) {
        if (is != expected) {
            throw new AssertionError(what + ": " + is + " (expected: " + expected + ")");
        }
    }
}

package io.busbar.mqtt.broker;

import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.BrokerStore;
import io.busbar.memory.ProcessMemory;
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
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.RetainHandling;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.Subscribe;
import io.busbar.mqtt.codec.Will;
import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.access.ScriptedAccess;
import io.busbar.testkit.time.ManualLoops;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A broker on loops that a test turns, with what tests say about it in few words. */
abstract class BrokerFixture {
    static final int[] NONE = {};

    /** What providers that do not block say of themselves. */
    static final Map<String, Object> ON_LOOP = Map.of(Authenticator.BLOCKING, false);

    final ManualLoops loops = new ManualLoops(Instant.ofEpochSecond(1_800_000_000));
    final ManualEventLoop loop = new ManualEventLoop(loops, 0);
    final ManualEventLoop otherLoop = new ManualEventLoop(loops, 1);
    ManualEventLoop home = new ManualEventLoop(loops, -1);
    MqttBroker broker;
    BrokerStore store = new MemoryStore();
    ServerState server = ServerState.ALONE;
    ProcessMemory memory = new ProcessMemory(1L << 30, 1L << 30, Clock.systemUTC());

    final ScriptedAccess access = new ScriptedAccess();

    BrokerLimits limits() {
        return new BrokerLimits(
                new PacketLimits(1 << 20, 72 << 10, 256, 60_000),
                new ConnectLimits(10_000, 5_000, 0, 1_024, maxKeepAliveSeconds()),
                new SessionLimits(1_000, 0xFFFF_FFFFL, 50),
                new TopicLimits(100, 5),
                new PublishLimits(20, publishRate(), 1_000),
                new DeliveryLimits(100, 10, 1 << 20, false, 1_000, 1_000, 100, stored()),
                new RetainedLimits(100, 1 << 20, 250, 1 << 20, 1 << 20),
                new ProviderLimits(8, 100));
    }

    StoredLimits stored() {
        return new StoredLimits(10, 1 << 20, 256, 256 << 10);
    }

    int maxKeepAliveSeconds() {
        return 0;
    }

    PublishRate publishRate() {
        return PublishRate.UNLIMITED;
    }

    Features features() {
        return new Features(
                Qos.EXACTLY_ONCE,
                true,
                true,
                true,
                true,
                ShareStrategy.ROUND_ROBIN,
                true,
                "answers/%c/",
                Redirect.NONE);
    }

    @BeforeEach
    void startBroker() {
        broker = newBroker();
        bindProviders();
    }

    MqttBroker newBroker() {
        return new MqttBroker(
                "test",
                limits(),
                features(),
                store,
                memory,
                own(),
                loops.clock(),
                loops.clock()::nanos,
                server);
    }

    /** The loops that are the broker's own. */
    List<ManualEventLoop> own() {
        return List.of(home);
    }

    void bindProviders() {
        broker.gate().authenticators().bind(access, ON_LOOP);
        broker.gate().authorizers().bind(access, ON_LOOP);
    }

    @AfterEach
    void stopBroker() {
        broker.events().close();
        broker.consumers().close();
        memory.close();
    }

    /** Ends the turns of all loops, until nothing is left to do. */
    void settle() {
        loops.settle();
    }

    /** One turn of the loop of the clients; false if nothing was to be done. */
    boolean turn() {
        return loops.turn(loop.turning());
    }

    /** Lets time pass. */
    void advance(long millis) {
        loops.advance(Duration.ofMillis(millis));
    }

    /** How many timers wait. */
    int timers() {
        return loop.timers() + otherLoop.timers() + home.timers();
    }

    FakeLink link() {
        return new FakeLink(loops, loop, broker.connections());
    }

    FakeLink linkOnOtherLoop() {
        return new FakeLink(loops, otherLoop, broker.connections());
    }

    static ConnectProperties properties(long expiry, int receiveMaximum, int maxPacket) {
        return new ConnectProperties(
                expiry, receiveMaximum, maxPacket, 0, false, true, List.of(), null, null);
    }

    static Connect connect(String clientId, boolean clean, long expiry) {
        return connect(
                clientId, clean, null, properties(expiry, 65_535, Packet.MAXIMUM_SIZE_BYTES));
    }

    static Connect connect(
            String clientId, boolean clean, Will will, ConnectProperties properties) {
        return new Connect(
                ProtocolVersion.MQTT_5_0, clean, 0, clientId, will, null, null, properties);
    }

    static Connect connect311(String clientId, boolean clean) {
        return new Connect(
                ProtocolVersion.MQTT_3_1_1,
                clean,
                0,
                clientId,
                null,
                null,
                null,
                ConnectProperties.NONE);
    }

    FakeLink connected(Connect connect) {
        return connected(link(), connect);
    }

    FakeLink connected(FakeLink link, Connect connect) {
        link.version(connect.version());
        link.says(connect);
        ConnAck answer = link.next(ConnAck.class);
        if (answer.reasonCode() != ReasonCode.SUCCESS) {
            throw new AssertionError("refused: " + answer);
        }
        return link;
    }

    FakeLink client(String clientId) {
        return connected(connect(clientId, true, 0));
    }

    static Subscribe subscribe(String filter, Qos qos) {
        return subscribe(filter, qos, 0, false, false, RetainHandling.SEND);
    }

    static Subscribe subscribe(
            String filter,
            Qos qos,
            int identifier,
            boolean noLocal,
            boolean retainAsPublished,
            RetainHandling handling) {
        return new Subscribe(
                1,
                identifier,
                List.of(),
                List.of(
                        new Subscribe.Entry(
                                TopicFilter.of(filter),
                                qos,
                                noLocal,
                                retainAsPublished,
                                handling)));
    }

    FakeLink subscriber(String clientId, String filter, Qos qos) {
        FakeLink link = client(clientId);
        link.says(subscribe(filter, qos));
        link.next(SubAck.class);
        return link;
    }

    static Publish publish(String topic, String text, Qos qos, int packetId) {
        return Publish.of(TopicName.of(topic), bytes(text), qos, false, packetId);
    }

    static Publish retain(String topic, String text) {
        return Publish.of(TopicName.of(topic), bytes(text), Qos.AT_MOST_ONCE, true, 0);
    }

    static Publish expiring(String topic, String text, Qos qos, int packetId, long seconds) {
        return new Publish(
                false,
                qos,
                false,
                packetId,
                TopicName.of(topic),
                0,
                new MessageProperties(
                        MessageProperties.ABSENT, seconds, null, null, null, List.of()),
                NONE,
                bytes(text));
    }

    static Will will(String topic, long delay) {
        return new Will(
                TopicName.of(topic),
                bytes("gone"),
                Qos.AT_LEAST_ONCE,
                false,
                delay,
                MessageProperties.NONE);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

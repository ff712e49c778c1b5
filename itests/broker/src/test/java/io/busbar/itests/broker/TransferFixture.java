package io.busbar.itests.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.audit.Actor;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.mqtt.UserProperty;
import io.busbar.api.storage.BrokerStore;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.transfer.BrokerState.Arrivals;
import io.busbar.api.transfer.CredentialState;
import io.busbar.api.transfer.ImportReport;
import io.busbar.api.transfer.ImportRule;
import io.busbar.api.transfer.StatePart;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubComp;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.Subscribe;
import io.busbar.mqtt.codec.Will;
import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.client.RawClient;
import io.busbar.testkit.storage.HeldStore;
import io.busbar.testkit.time.Await;
import io.busbar.transfer.TransferService;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Two brokers, and what goes from one to the other as lines of JSON. */
abstract class TransferFixture {
    static final Set<StatePart> BROKER = EnumSet.of(StatePart.RETAINED, StatePart.SESSIONS);
    static final ImportRule DRY = new ImportRule(false, true, BROKER);
    static final ImportRule KEEP = new ImportRule(false, false, BROKER);
    static final ImportRule REPLACE = new ImportRule(true, false, BROKER);
    static final Actor ADA = Actor.user("ada", "10.0.0.7");
    static final MessageProperties PROPERTIES =
            new MessageProperties(
                    1,
                    5_000,
                    "text/plain",
                    "answers/here",
                    new byte[] {0, -1, 7},
                    List.of(new UserProperty("unit", "m/s"), new UserProperty("unit", "ft/s")));

    final List<RawClient> clients = new ArrayList<>();
    RunningBroker from;
    RunningBroker to;

    @BeforeEach
    void start() {
        start(true);
    }

    void start(boolean onDisk) {
        from = running(onDisk, Map.of());
        to = running(onDisk, Map.of());
    }

    static RunningBroker running(boolean onDisk, Map<String, Object> settings) {
        BrokerStore store = new MemoryStore();
        Map<String, Object> all = new HashMap<>(settings);
        all.putIfAbsent("max_subscriptions", 3);
        return new RunningBroker(onDisk ? HeldStore.losing(store) : store, all, 0, 2);
    }

    /** The other broker, in the place of that with the usual settings. */
    void to(RunningBroker other) {
        to.close();
        to = other;
    }

    @AfterEach
    void stop() {
        clients.forEach(RawClient::close);
        from.close();
        to.close();
    }

    static TransferService transfer(RunningBroker running) {
        return new TransferService(
                running.broker().state(),
                new NoCredentials(),
                running.broker(),
                running.memory(),
                "1.2.3",
                100_000,
                Clock.systemUTC());
    }

    static final class NoCredentials implements CredentialState {
        @Override
        public Iterator<String> credentials() {
            return Collections.emptyIterator();
        }

        @Override
        public Arrivals arrivals(boolean replace, boolean dryRun, Actor actor) {
            return json -> {
                throw new IllegalArgumentException("no credentials here");
            };
        }
    }

    static String export(RunningBroker running) throws IOException {
        StringWriter text = new StringWriter();
        transfer(running).export(BROKER, ADA).writeAll(text);
        return text.toString();
    }

    /** Imports lines, of which a dry run has said the same before. */
    static ImportReport take(RunningBroker running, String lines, ImportRule rule)
            throws IOException {
        ImportReport would =
                takeUnforeseen(running, lines, new ImportRule(rule.replace(), true, rule.parts()));
        ImportReport report = takeUnforeseen(running, lines, rule);
        assertThat(would)
                .usingRecursiveComparison()
                .ignoringFields("dryRun")
                .as("what the dry run has said")
                .isEqualTo(report);
        return report;
    }

    /** Imports lines that a dry run cannot judge. */
    static ImportReport takeUnforeseen(RunningBroker running, String lines, ImportRule rule)
            throws IOException {
        return transfer(running)
                .importLines(
                        new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)),
                        rule,
                        ADA);
    }

    static Arrivals arrivals(RunningBroker running) {
        return running.broker().state().arrivals(false, false, ADA);
    }

    /** The first session that a broker keeps, or null. */
    static SessionRecord kept(RunningBroker running) {
        return running.broker().state().sessions(damage -> {}).next();
    }

    RawClient client(RunningBroker at, String id, boolean clean, long expiry, Will will) {
        RawClient client = RawClient.to(at.port(), ProtocolVersion.MQTT_5_0);
        clients.add(client);
        return client.send(
                new Connect(
                        ProtocolVersion.MQTT_5_0,
                        clean,
                        0,
                        id,
                        will,
                        null,
                        null,
                        new ConnectProperties(
                                expiry, 1, 1 << 20, 0, false, true, List.of(), null, null)));
    }

    RawClient client(RunningBroker at, String id) {
        RawClient client = client(at, id, false, 1_000, null);
        client.expect(ConnAck.class);
        return client;
    }

    static void subscribe(RawClient client, String... filters) {
        List<Subscribe.Entry> entries = new ArrayList<>();
        for (String filter : filters) {
            entries.add(new Subscribe.Entry(TopicFilter.of(filter), Qos.EXACTLY_ONCE));
        }
        client.send(new Subscribe(1, 7, List.of(), entries)).expect(SubAck.class);
    }

    static Publish publish(String topic, String text, Qos qos, boolean retain) {
        return new Publish(
                false,
                qos,
                retain,
                qos == Qos.AT_MOST_ONCE ? 0 : 1,
                TopicName.of(topic),
                0,
                PROPERTIES,
                new int[0],
                text.getBytes(StandardCharsets.UTF_8));
    }

    static void atLeastOnce(RawClient client, String topic, String text, boolean retain) {
        client.send(publish(topic, text, Qos.AT_LEAST_ONCE, retain)).expect(PubAck.class);
    }

    static void exactlyOnce(RawClient client, String topic, String text) {
        client.send(publish(topic, text, Qos.EXACTLY_ONCE, false)).expect(PubRec.class);
        client.send(new PubRel(1, ReasonCode.SUCCESS)).expect(PubComp.class);
    }

    void leave(RunningBroker at, RawClient client, String id) {
        client.close();
        Await.until(
                () ->
                        at.broker()
                                .clients()
                                .session(id)
                                .filter(session -> !session.online())
                                .isPresent());
    }

    /** A session with a message that was released, one that was sent, and one that waits. */
    void fill() {
        RawClient publisher = client(from, "p", true, 0, null);
        publisher.expect(ConnAck.class);
        atLeastOnce(publisher, "kept/1", "retained", true);
        RawClient subscriber = client(from, "s");
        subscribe(subscriber, "t/#", "$share/g/u");
        exactlyOnce(publisher, "t/1", "one");
        Publish first = subscriber.expect(Publish.class);
        subscriber.send(new PubRec(first.packetId(), ReasonCode.SUCCESS)).expect(PubRel.class);
        exactlyOnce(publisher, "t/2", "two");
        atLeastOnce(publisher, "t/3", "three", false);
        subscriber.send(publish("x", "in", Qos.EXACTLY_ONCE, false)).expect(PubRec.class);
        leave(from, subscriber, "s");
        Await.until(
                () -> {
                    SessionRecord stored = kept(from);
                    return stored != null && stored.disconnectedAt() != 0;
                });
    }

    /** Without the first line, which has the time. */
    static List<String> body(String lines) {
        return lines.lines().skip(1).toList();
    }

    static String lines(String... body) {
        return "{\"type\":\"busbar-state\",\"version\":1,\"server\":\"x\","
                + "\"exportedAt\":\"2026-11-30T12:00:00Z\",\"parts\":[]}\n"
                + String.join("\n", body)
                + "\n{\"type\":\"end\",\"lines\":"
                + (body.length + 1)
                + "}\n";
    }

    static String session(String id) {
        return ("{\"type\":\"session\",\"clientId\":\"%s\",\"principalId\":\"x\","
                        + "\"expirySeconds\":60,\"createdAt\":\"2026-11-30T12:00:00Z\"}")
                .formatted(id);
    }

    static String message(String id, int qos, String more) {
        return ("{\"type\":\"message\",\"clientId\":\"%s\",\"qos\":%d%s,\"message\":{\"topic\":\"t\","
                    + "\"payload\":\"YQ==\",\"qos\":2,\"receivedAt\":\"2026-11-30T12:00:00Z\"}}")
                .formatted(id, qos, more);
    }

    static String subscription(String filter) {
        return "{\"type\":\"subscription\",\"clientId\":\"a\",\"filter\":\"%s\",\"qos\":1}"
                .formatted(filter);
    }

    static String bare(String topic) {
        return ("{\"topic\":\"%s\",\"payload\":\"YQ==\",\"qos\":1,\"retain\":true,"
                        + "\"receivedAt\":\"2026-11-30T12:00:00Z\"}")
                .formatted(topic);
    }

    static String retained(String topic) {
        return "{\"type\":\"retained\",\"message\":%s}".formatted(bare(topic));
    }
}

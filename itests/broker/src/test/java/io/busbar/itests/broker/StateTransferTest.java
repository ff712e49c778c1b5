package io.busbar.itests.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.audit.Actor;
import io.busbar.api.broker.SessionView;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.mqtt.UserProperty;
import io.busbar.api.storage.BrokerStore;
import io.busbar.api.storage.Delivery;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.api.transfer.BrokerState.Arrival;
import io.busbar.api.transfer.CredentialState;
import io.busbar.api.transfer.ImportReport;
import io.busbar.api.transfer.ImportReport.Count;
import io.busbar.api.transfer.ImportRule;
import io.busbar.api.transfer.MalformedStateException;
import io.busbar.api.transfer.StateExport;
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
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one broker keeps goes to another one, which is running, as lines of JSON. */
class StateTransferTest {
    private static final Set<StatePart> BROKER = EnumSet.of(StatePart.RETAINED, StatePart.SESSIONS);
    private static final ImportRule KEEP = new ImportRule(false, false, BROKER);
    private static final ImportRule REPLACE = new ImportRule(true, false, BROKER);
    private static final Actor ADA = Actor.user("ada", "10.0.0.7");
    private static final MessageProperties PROPERTIES =
            new MessageProperties(
                    1,
                    5_000,
                    "text/plain",
                    "answers/here",
                    new byte[] {0, -1, 7},
                    List.of(new UserProperty("unit", "m/s"), new UserProperty("unit", "ft/s")));

    private final List<RawClient> clients = new ArrayList<>();
    private RunningBroker from;
    private RunningBroker to;

    @BeforeEach
    void start() {
        start(true);
    }

    private void start(boolean onDisk) {
        from = running(onDisk);
        to = running(onDisk);
    }

    private static RunningBroker running(boolean onDisk) {
        BrokerStore store = new MemoryStore();
        return new RunningBroker(
                onDisk ? HeldStore.losing(store) : store, Map.of("max_subscriptions", 3), 0, 2);
    }

    @AfterEach
    void stop() {
        clients.forEach(RawClient::close);
        from.close();
        to.close();
    }

    private static TransferService transfer(RunningBroker running) {
        return new TransferService(
                running.broker().state(),
                new NoCredentials(),
                running.broker(),
                "1.2.3",
                100_000,
                Clock.systemUTC());
    }

    private static final class NoCredentials implements CredentialState {
        @Override
        public Iterator<String> credentials() {
            return Collections.emptyIterator();
        }

        @Override
        public Outcome take(String json, boolean replace, boolean dryRun, Actor actor) {
            throw new IllegalArgumentException("no credentials here");
        }
    }

    private static String export(RunningBroker running) throws IOException {
        StringBuilder text = new StringBuilder();
        StateExport export = transfer(running).export(BROKER, ADA);
        boolean more = true;
        while (more) {
            more = export.writeNext(text);
        }
        return text.toString();
    }

    private static ImportReport take(RunningBroker running, String lines, ImportRule rule)
            throws IOException {
        return transfer(running)
                .importLines(
                        new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)),
                        rule,
                        ADA);
    }

    private RawClient client(RunningBroker at, String id, boolean clean, long expiry, Will will) {
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

    private RawClient client(RunningBroker at, String id) {
        RawClient client = client(at, id, false, 1_000, null);
        client.expect(ConnAck.class);
        return client;
    }

    private static void subscribe(RawClient client, String... filters) {
        List<Subscribe.Entry> entries = new ArrayList<>();
        for (String filter : filters) {
            entries.add(new Subscribe.Entry(TopicFilter.of(filter), Qos.EXACTLY_ONCE));
        }
        client.send(new Subscribe(1, 7, List.of(), entries)).expect(SubAck.class);
    }

    private static Publish publish(String topic, String text, Qos qos, boolean retain) {
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

    private static void atLeastOnce(RawClient client, String topic, String text, boolean retain) {
        client.send(publish(topic, text, Qos.AT_LEAST_ONCE, retain)).expect(PubAck.class);
    }

    private static void exactlyOnce(RawClient client, String topic, String text) {
        client.send(publish(topic, text, Qos.EXACTLY_ONCE, false)).expect(PubRec.class);
        client.send(new PubRel(1, ReasonCode.SUCCESS)).expect(PubComp.class);
    }

    private void leave(RunningBroker at, RawClient client, String id) {
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
    private void fill() {
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
                    SessionRecord stored = from.broker().state().sessions().next();
                    return stored != null && stored.disconnectedAt() != 0;
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void session_withAllThatItIsOwed_goesOnAtTheOtherBroker(boolean onDisk) throws IOException {
        stop();
        clients.clear();
        start(onDisk);
        fill();

        ImportReport report = take(to, export(from), KEEP);

        assertThat(report.problems()).isEmpty();
        assertThat(report.complete()).isTrue();
        assertThat(report.parts().get(StatePart.SESSIONS)).isEqualTo(new Count(1, 0, 0, 3));
        assertThat(report.parts().get(StatePart.RETAINED)).isEqualTo(new Count(1, 0, 0, 0));
        SessionView there = to.broker().clients().session("s").orElseThrow();
        assertThat(there.subscriptions()).isEqualTo(2);
        assertThat(there.queued()).isEqualTo(3);
        RawClient publisher = client(to, "p", true, 0, null);
        publisher.expect(ConnAck.class);
        atLeastOnce(publisher, "t/4", "four", false);

        RawClient subscriber = client(to, "s", false, 1_000, null);
        assertThat(subscriber.expect(ConnAck.class).sessionPresent()).isTrue();
        int released = subscriber.expect(PubRel.class).packetId();
        subscriber.send(new PubComp(released, ReasonCode.SUCCESS));
        Publish second = subscriber.expect(Publish.class);
        assertThat(second.payload()).asString().isEqualTo("two");
        assertThat(second.properties())
                .usingRecursiveComparison()
                .ignoringFields("messageExpirySeconds")
                .isEqualTo(PROPERTIES);
        assertThat(second.properties().messageExpirySeconds()).isBetween(4_900L, 5_000L);
        assertThat(second.subscriptionIdentifiers()).containsExactly(7);
        subscriber.send(new PubRec(second.packetId(), ReasonCode.SUCCESS)).expect(PubRel.class);
        subscriber.send(new PubComp(second.packetId(), ReasonCode.SUCCESS));
        for (String text : List.of("three", "four")) {
            Publish next = subscriber.expect(Publish.class);
            assertThat(next.payload()).asString().isEqualTo(text);
            subscriber.send(new PubAck(next.packetId(), ReasonCode.SUCCESS));
        }
        // Its own message of QoS 2 was taken over by the first broker.
        subscriber.send(new PubRel(1, ReasonCode.SUCCESS));
        assertThat(subscriber.expect(PubComp.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        subscribe(subscriber, "kept/#");
        Publish retained = subscriber.expect(Publish.class);
        assertThat(retained.payload()).asString().isEqualTo("retained");
        assertThat(retained.retain()).isTrue();
    }

    @Test
    void export_ofWhatWasImported_isTheSame() throws IOException {
        fill();
        String lines = export(from);
        take(to, lines, KEEP);

        assertThat(body(export(to))).isEqualTo(body(lines));
        assertThat(lines.lines().findFirst().orElseThrow())
                .startsWith("{\"type\":\"busbar-state\",\"version\":1,\"server\":\"1.2.3\"");
    }

    /** Without the first line, which has the time. */
    private static List<String> body(String lines) {
        return lines.lines().skip(1).toList();
    }

    @Test
    void willThatWaits_isSentByTheOtherBroker() throws IOException {
        Will will =
                new Will(
                        TopicName.of("gone"),
                        "bye".getBytes(StandardCharsets.UTF_8),
                        Qos.AT_LEAST_ONCE,
                        false,
                        2,
                        MessageProperties.NONE);
        RawClient dying = client(from, "d", false, 1_000, will);
        dying.expect(ConnAck.class);
        leave(from, dying, "d");
        String lines = export(from);
        RawClient watcher = client(to, "w");
        subscribe(watcher, "gone");

        assertThat(take(to, lines, KEEP).problems()).isEmpty();

        assertThat(watcher.expect(Publish.class).payload()).asString().isEqualTo("bye");
    }

    @Test
    void retainedMessage_thatIsImported_comesToSubscribersThatAreThere() throws IOException {
        fill();
        RawClient watcher = client(to, "w");
        subscribe(watcher, "kept/#");

        take(to, export(from), KEEP);

        assertThat(watcher.expect(Publish.class).payload()).asString().isEqualTo("retained");
    }

    @Test
    void whatExists_isKept_orReplacedIfThatIsWanted() throws IOException {
        fill();
        String lines = export(from);
        take(to, lines, KEEP);

        ImportReport again = take(to, lines, KEEP);
        assertThat(again.problems()).isEmpty();
        assertThat(again.parts().get(StatePart.SESSIONS)).isEqualTo(new Count(0, 0, 1, 0));
        assertThat(again.parts().get(StatePart.RETAINED)).isEqualTo(new Count(0, 0, 1, 0));

        ImportReport replaced = take(to, lines, REPLACE);
        assertThat(replaced.problems()).isEmpty();
        assertThat(replaced.parts().get(StatePart.SESSIONS)).isEqualTo(new Count(0, 1, 0, 3));
        assertThat(replaced.parts().get(StatePart.RETAINED)).isEqualTo(new Count(0, 1, 0, 0));
        assertThat(body(export(to))).isEqualTo(body(lines));
        assertThat(to.broker().stats().messages().queued()).isEqualTo(3);
    }

    @Test
    void sessionOfAClientThatIsConnected_isNotReplaced() throws IOException {
        fill();
        RawClient here = client(to, "s");

        ImportReport report = take(to, export(from), REPLACE);

        assertThat(report.parts().get(StatePart.SESSIONS)).isEqualTo(new Count(0, 0, 0, 0));
        assertThat(report.problems()).singleElement().asString().contains("is connected");
        subscribe(here, "t/#");
        RawClient publisher = client(to, "p", true, 0, null);
        publisher.expect(ConnAck.class);
        atLeastOnce(publisher, "t/9", "still here", false);
        assertThat(here.expect(Publish.class).payload()).asString().isEqualTo("still here");
    }

    @Test
    void dryRun_changesNothing_andCountsTheSame() throws IOException {
        fill();
        String lines = export(from);

        ImportReport report = take(to, lines, new ImportRule(false, true, BROKER));

        assertThat(report.parts().get(StatePart.SESSIONS)).isEqualTo(new Count(1, 0, 0, 3));
        assertThat(report.parts().get(StatePart.RETAINED)).isEqualTo(new Count(1, 0, 0, 0));
        assertThat(body(export(to))).hasSize(1);
        RawClient subscriber = client(to, "s", false, 1_000, null);
        assertThat(subscriber.expect(ConnAck.class).sessionPresent()).isFalse();
    }

    @Test
    void sessionWhoseTimeIsOver_isSkipped() throws IOException {
        String session =
                "{\"type\":\"session\",\"clientId\":\"old\",\"principalId\":\"x\","
                        + "\"expirySeconds\":60,\"createdAt\":\"2020-01-01T00:00:00Z\","
                        + "\"disconnectedAt\":\"2020-01-01T00:00:00Z\"}";

        ImportReport report = take(to, lines(session), KEEP);

        assertThat(report.problems()).isEmpty();
        assertThat(report.parts().get(StatePart.SESSIONS)).isEqualTo(new Count(0, 0, 1, 0));
    }

    private static String lines(String... body) {
        return "{\"type\":\"busbar-state\",\"version\":1,\"server\":\"x\","
                + "\"exportedAt\":\"2026-11-30T12:00:00Z\",\"parts\":[]}\n"
                + String.join("\n", body)
                + "\n{\"type\":\"end\",\"lines\":"
                + (body.length + 1)
                + "}\n";
    }

    private static String session(String id) {
        return ("{\"type\":\"session\",\"clientId\":\"%s\",\"principalId\":\"x\","
                        + "\"expirySeconds\":60,\"createdAt\":\"2026-11-30T12:00:00Z\"}")
                .formatted(id);
    }

    private static String message(String id, int qos, String more) {
        return ("{\"type\":\"message\",\"clientId\":\"%s\",\"qos\":%d%s,\"message\":{\"topic\":\"t\","
                    + "\"payload\":\"YQ==\",\"qos\":2,\"receivedAt\":\"2026-11-30T12:00:00Z\"}}")
                .formatted(id, qos, more);
    }

    private static String subscription(String filter) {
        return "{\"type\":\"subscription\",\"clientId\":\"a\",\"filter\":\"%s\",\"qos\":1}"
                .formatted(filter);
    }

    @Test
    void eachLineThatIsWrong_isNamed_andTheOthersCount() throws IOException {
        String lines =
                lines(
                        session(""),
                        message("", 1, ""), // left out with its session
                        message("b", 1, ""),
                        session("a"),
                        subscription("ok"),
                        subscription("#/no"),
                        subscription("ok"),
                        subscription("ok2"),
                        subscription("ok3"),
                        subscription("one too many"),
                        message("a", 0, ""),
                        message("a", 2, ",\"packetId\":5,\"state\":\"RELEASED\""),
                        message("a", 1, ",\"packetId\":5,\"state\":\"PUBLISHED\""),
                        message("a", 1, ",\"packetId\":6,\"state\":\"RELEASED\""),
                        message("a", 1, ""),
                        message("a", 1, ",\"packetId\":7,\"state\":\"PUBLISHED\""),
                        "{\"type\":\"retained\"",
                        "{\"type\":\"picture\"}",
                        "x".repeat(100_001),
                        session("c"));

        ImportReport report = take(to, lines, KEEP);

        assertThat(report.problems())
                .extracting(ImportReport.Problem::line)
                .containsExactly(2L, 4L, 7L, 8L, 11L, 12L, 14L, 15L, 17L, 18L, 19L, 20L);
        assertThat(report.complete()).isTrue();
        assertThat(report.parts().get(StatePart.SESSIONS)).isEqualTo(new Count(2, 0, 0, 2));
        assertThat(to.broker().clients().subscriptions("a")).hasSize(3);
        assertThat(
                        to.broker().clients().sessions().stream()
                                .map(SessionView::clientId)
                                .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("a", "c");
    }

    @Test
    void fileThatIsCutShort_isSaidToBe() throws IOException {
        fill();
        String lines = export(from);
        String most = lines.substring(0, lines.lastIndexOf("{\"type\":\"end\""));

        ImportReport report = take(to, most, KEEP);

        assertThat(report.complete()).isFalse();
        assertThat(report.problems())
                .hasSize(2)
                .anyMatch(problem -> problem.message().contains("not taken up"))
                .anyMatch(problem -> problem.message().contains("cut short"));
        assertThat(report.parts().get(StatePart.SESSIONS)).isEqualTo(new Count(0, 0, 0, 0));
        assertThat(take(to, lines, KEEP).parts().get(StatePart.SESSIONS))
                .isEqualTo(new Count(1, 0, 0, 3));
    }

    @Test
    void momentThatNoServerCanKeep_isAWrongLine() throws IOException {
        ImportReport report =
                take(
                        to,
                        lines(
                                session("a").replace("2026-", "+300000000-"),
                                session("b").replace("2026-", "1969-"),
                                session("c")),
                        KEEP);

        assertThat(report.problems())
                .extracting(ImportReport.Problem::line)
                .containsExactly(2L, 3L);
        assertThat(report.parts().get(StatePart.SESSIONS).created()).isEqualTo(1);
    }

    @Test
    void serverThatEndsInTheMiddle_hasNothingOfTheSession_andNorHaveOthers() throws IOException {
        to.close();
        BrokerStore store = new MemoryStore();
        to = new RunningBroker(HeldStore.losing(store), Map.of(), 0, 2);
        RawClient member = client(to, "member");
        subscribe(member, "$share/g/u");
        leave(to, member, "member");
        SessionRecord record = new SessionRecord(0, "half", "x", "", 60, 1_000, 0, null, 0);
        Arrival arrival = to.broker().state().arrive(record, false, false, ADA);
        arrival.subscribe(
                new SubscriptionRecord("$share/g/u", Qos.AT_LEAST_ONCE, false, false, 0, 0));
        Message message =
                new Message(
                        TopicName.of("u"),
                        new byte[] {1},
                        Qos.AT_LEAST_ONCE,
                        false,
                        MessageProperties.NONE,
                        Publisher.SERVER,
                        1_000);
        Delivery delivery = new Delivery(Qos.AT_LEAST_ONCE, false, new int[0], "$share/g/u");
        for (int i = 0; i < 1_500; i++) {
            arrival.queue(new QueuedMessage(0, message, delivery, 0, null));
        }
        to.close();

        to = new RunningBroker(HeldStore.losing(store), Map.of(), 0, 2);

        RawClient comes = client(to, "half", false, 1_000, null);
        assertThat(comes.expect(ConnAck.class).sessionPresent()).isFalse();
        RawClient publisher = client(to, "p", true, 0, null);
        publisher.expect(ConnAck.class);
        atLeastOnce(publisher, "u", "first", false);
        RawClient again = client(to, "member", false, 1_000, null);
        assertThat(again.expect(ConnAck.class).sessionPresent()).isTrue();
        assertThat(again.expect(Publish.class).payload()).asString().isEqualTo("first");
    }

    @Test
    void otherFiles_andOtherVersions_areRefused() {
        assertThatThrownBy(() -> take(to, "", KEEP)).isInstanceOf(MalformedStateException.class);
        assertThatThrownBy(() -> take(to, "{\"namespace\":[]}\n", KEEP))
                .isInstanceOf(MalformedStateException.class);
        assertThatThrownBy(() -> take(to, lines().replace("\"version\":1", "\"version\":2"), KEEP))
                .isInstanceOf(MalformedStateException.class)
                .hasMessage("The export has version 2, and this server reads version 1.");
    }

    @Test
    void clientThatComes_waitsUntilItsSessionIsThere() throws Exception {
        fill();
        try (var arrival =
                to.broker()
                        .state()
                        .arrive(from.broker().state().sessions().next(), false, false, ADA)) {
            RawClient comes = client(to, "s", false, 1_000, null);
            arrival.complete();

            assertThat(comes.expect(ConnAck.class).sessionPresent()).isTrue();
        }
    }

    @Test
    void sessionThatIsNotCompleted_leavesNothing() throws IOException {
        try (var arrival =
                to.broker()
                        .state()
                        .arrive(
                                new SessionRecord(0, "half", "x", "", 60, 1_000, 0, null, 0),
                                false,
                                false,
                                ADA)) {
            arrival.subscribe(new SubscriptionRecord("t", Qos.AT_LEAST_ONCE, false, false, 0, 0));
        }

        assertThat(to.broker().clients().session("half")).isEmpty();
        assertThat(body(export(to))).hasSize(1);
        RawClient comes = client(to, "half", false, 1_000, null);
        assertThat(comes.expect(ConnAck.class).sessionPresent()).isFalse();
    }
}

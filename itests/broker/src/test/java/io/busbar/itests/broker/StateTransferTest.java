package io.busbar.itests.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.broker.SessionView;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.BrokerStore;
import io.busbar.api.storage.Delivery;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.api.transfer.BrokerState.Arrival;
import io.busbar.api.transfer.BrokerState.Arrivals;
import io.busbar.api.transfer.ImportReport;
import io.busbar.api.transfer.ImportReport.Count;
import io.busbar.api.transfer.StatePart;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubComp;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.Will;
import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.client.RawClient;
import io.busbar.testkit.storage.HeldStore;
import io.busbar.testkit.time.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one broker keeps goes to another one, which is running, as lines of JSON. */
class StateTransferTest extends TransferFixture {
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
        // The session that was replaced gives back what it counted on its own loop.
        Await.until(() -> to.broker().stats().messages().queued() == 3);
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

        ImportReport report = take(to, lines, DRY);

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

    @Test
    void serverThatEndsInTheMiddle_hasNothingOfTheSession_andNorHaveOthers() throws IOException {
        BrokerStore store = new MemoryStore();
        to(new RunningBroker(HeldStore.losing(store), Map.of(), 0, 2));
        RawClient member = client(to, "member");
        subscribe(member, "$share/g/u");
        leave(to, member, "member");
        Arrival arrival = arrivals(to).begin(half());
        arrival.subscribe(
                new SubscriptionRecord("$share/g/u", Qos.AT_LEAST_ONCE, false, false, 0, 0));
        queueMany(arrival);
        to(new RunningBroker(HeldStore.losing(store), Map.of(), 0, 2));

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
    void replacement_thatIsNotWhole_leavesTheSessionThatIsThere() throws IOException {
        fill();
        String lines = export(from);
        take(to, lines, KEEP);
        String cut = lines.substring(0, lines.lastIndexOf("{\"type\":\"message\""));

        assertThat(take(to, cut, REPLACE).parts().get(StatePart.SESSIONS))
                .isEqualTo(new Count(0, 0, 0, 0));

        assertThat(to.broker().clients().session("s").orElseThrow().queued()).isEqualTo(3);
        assertThat(body(export(to))).isEqualTo(body(lines));
    }

    @Test
    void serverThatEndsInTheMiddleOfAReplacement_hasTheSessionThatWasThere() throws IOException {
        BrokerStore store = new MemoryStore();
        to(new RunningBroker(HeldStore.losing(store), Map.of(), 0, 2));
        RawClient old = client(to, "half");
        subscribe(old, "t");
        leave(to, old, "half");
        Arrival arrival = to.broker().state().arrivals(true, false, ADA).begin(half());
        queueMany(arrival);
        to(new RunningBroker(HeldStore.losing(store), Map.of(), 0, 2));

        assertThat(to.broker().stats().sessions().total()).isEqualTo(1);
        RawClient publisher = client(to, "p", true, 0, null);
        publisher.expect(ConnAck.class);
        atLeastOnce(publisher, "t", "first", false);
        RawClient again = client(to, "half", false, 1_000, null);
        assertThat(again.expect(ConnAck.class).sessionPresent()).isTrue();
        assertThat(again.expect(Publish.class).payload()).asString().isEqualTo("first");
    }

    private static SessionRecord half() {
        return new SessionRecord(0, "half", "x", "", 60, 1_000, 0, null, 0);
    }

    /** So many that some are written before the session is whole. */
    private static void queueMany(Arrival arrival) {
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
    }

    @Test
    void clientThatComes_waitsUntilItsSessionIsThere() throws Exception {
        fill();
        try (Arrivals arrivals = arrivals(to)) {
            Arrival arrival = arrivals.begin(kept(from));
            RawClient comes = client(to, "s", false, 1_000, null);
            arrival.complete(() -> {});
            assertThat(to.broker().clients().session("s")).isEmpty();
            arrivals.settle();

            assertThat(comes.expect(ConnAck.class).sessionPresent()).isTrue();
        }
    }

    @Test
    void sessionThatIsNotCompleted_leavesNothing() throws IOException {
        try (Arrivals arrivals = arrivals(to);
                Arrival arrival = arrivals.begin(half())) {
            arrival.subscribe(new SubscriptionRecord("t", Qos.AT_LEAST_ONCE, false, false, 0, 0));
        }

        assertThat(to.broker().clients().session("half")).isEmpty();
        assertThat(body(export(to))).hasSize(1);
        RawClient comes = client(to, "half", false, 1_000, null);
        assertThat(comes.expect(ConnAck.class).sessionPresent()).isFalse();
    }

    private static String received(RawClient client) {
        Publish publish = client.expect(Publish.class);
        client.send(new PubAck(publish.packetId(), ReasonCode.SUCCESS));
        return new String(publish.payload(), StandardCharsets.UTF_8);
    }

    /** A session of whom the broker lets in without a user name. */
    private static String own(String id) {
        return session(id).replace("\"x\"", "\"test:\"");
    }

    @Test
    void manySessions_areThereWithAllThatTheyHave_inFewCommits() throws IOException {
        CountedStore store = new CountedStore(new MemoryStore());
        to(new RunningBroker(store.store(), Map.of(), 0, 2));
        int many = 2_500;
        String[] body = new String[3 * many];
        for (int i = 0; i < many; i++) {
            body[3 * i] = own("s" + i);
            body[3 * i + 1] = subscription("t/" + i).replace("\"a\"", "\"s" + i + "\"");
            body[3 * i + 2] = message("s" + i, 1, "");
        }
        int before = store.commits();

        ImportReport report = take(to, lines(body), KEEP);

        assertThat(report.problems()).isEmpty();
        assertThat(report.parts().get(StatePart.SESSIONS)).isEqualTo(new Count(many, 0, 0, many));
        assertThat(store.commits() - before).isLessThan(many / 100);
        assertThat(to.broker().stats().sessions().total()).isEqualTo(many);
        assertThat(to.broker().clients().session("s77").orElseThrow().queued()).isEqualTo(1);
        RawClient publisher = client(to, "p", true, 0, null);
        publisher.expect(ConnAck.class);
        atLeastOnce(publisher, "t/77", "new", false);
        RawClient comes = client(to, "s77", false, 1_000, null);
        assertThat(comes.expect(ConnAck.class).sessionPresent()).isTrue();
        assertThat(received(comes)).isEqualTo("a");
        assertThat(received(comes)).isEqualTo("new");
    }

    @Test
    void messageThatManySessionsHave_isOneInTheStore() throws IOException {
        CountedStore store = new CountedStore(new MemoryStore());
        to(new RunningBroker(store.store(), Map.of(), 0, 2));
        int many = 100;
        List<String> body = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            body.add(own("s" + i));
            body.add(message("s" + i, 1, ""));
            body.add(message("s" + i, 1, "").replace("YQ==", "Yg=="));
            body.add(message("s" + i, 1, "").replace("YQ==", "Yw=="));
        }

        ImportReport report = take(to, lines(body.toArray(String[]::new)), KEEP);

        assertThat(report.parts().get(StatePart.SESSIONS))
                .isEqualTo(new Count(many, 0, 0, 3 * many));
        assertThat(store.messages()).isEqualTo(3);
        RawClient comes = client(to, "s42", false, 1_000, null);
        comes.expect(ConnAck.class);
        for (String text : List.of("a", "b", "c")) {
            assertThat(received(comes)).isEqualTo(text);
        }
    }

    @Test
    void sessionsWhoseCommitFails_areNotThere_andLeaveNothing() throws IOException {
        BrokerStore inner = new MemoryStore();
        HeldStore store = HeldStore.losing(inner);
        to(new RunningBroker(store, Map.of(), 0, 2));
        try (Arrivals arrivals = arrivals(to)) {
            arrivals.begin(half()).complete(() -> {});
            store.fail(new StorageException("disk full"));

            assertThatThrownBy(arrivals::settle).hasMessage("disk full");
        }
        store.recover();

        assertThat(to.broker().clients().session("half")).isEmpty();
        assertThat(store.sessions()).isZero();
        RawClient comes = client(to, "half", false, 1_000, null);
        assertThat(comes.expect(ConnAck.class).sessionPresent()).isFalse();
    }
}

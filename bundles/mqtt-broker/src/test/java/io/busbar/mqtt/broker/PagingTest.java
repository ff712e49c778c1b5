package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.audit.Actor;
import io.busbar.api.broker.DropCause;
import io.busbar.api.broker.SessionView;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.storage.StorageException;
import io.busbar.mqtt.broker.limit.BrokerLimits;
import io.busbar.mqtt.broker.limit.DeliveryLimits;
import io.busbar.mqtt.broker.limit.StoredLimits;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubComp;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.storage.HeldStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What waits for a session that is kept is in the store, and only the next few messages are in
 * memory: in order, without a gap and without a double, whenever commits complete.
 */
class PagingTest extends BrokerFixture {
    private HeldStore held = HeldStore.losing(new MemoryStore());
    private int window = 2;
    private boolean dropOldest;
    private int most = 100_000;

    PagingTest() {
        store = held;
    }

    /** Tests start it, with the window that they want. */
    @BeforeEach
    @Override
    void startBroker() {}

    private void start(int windowMessages) {
        window = windowMessages;
        store = held;
        super.startBroker();
    }

    private void visible() {
        held = HeldStore.visible(new MemoryStore(), Integer.MAX_VALUE);
    }

    @Override
    StoredLimits stored() {
        return new StoredLimits(most, 1L << 30, window, 1 << 20);
    }

    @Override
    BrokerLimits limits() {
        BrokerLimits usual = super.limits();
        return new BrokerLimits(
                usual.packets(),
                usual.connects(),
                usual.sessions(),
                usual.topics(),
                usual.publishes(),
                new DeliveryLimits(100, 10, 1 << 20, dropOldest, 1_000, 1_000, 100, stored()),
                usual.retained(),
                usual.providers());
    }

    private FakeLink back(FakeLink link, int receiveMaximum) {
        return connected(
                link,
                connect(
                        "s",
                        false,
                        null,
                        properties(1_000, receiveMaximum, Packet.MAXIMUM_SIZE_BYTES)));
    }

    private FakeLink subscribed(int receiveMaximum, Qos qos) {
        FakeLink link = back(link(), receiveMaximum);
        link.says(subscribe("t/#", qos)).next(SubAck.class);
        return link;
    }

    private void publish(FakeLink publisher, Qos qos, int from, int to) {
        for (int i = from; i < to; i++) {
            publisher.says(publish("t/" + i, "" + i, qos, 1));
            if (qos == Qos.EXACTLY_ONCE) {
                publisher.next(PubRec.class);
                publisher.says(new PubRel(1, ReasonCode.SUCCESS)).next(PubComp.class);
            } else {
                publisher.next(PubAck.class);
            }
        }
    }

    private static List<String> texts(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    private static String text(Publish publish) {
        return new String(publish.payload(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void messageThatIsSentAtOnce_isStoredWithItsIdentifier_inOneChange(boolean free) {
        start(256);
        FakeLink subscriber = subscribed(1, Qos.AT_LEAST_ONCE);
        FakeLink publisher = client("p");
        if (!free) {
            publish(publisher, Qos.AT_LEAST_ONCE, 0, 1);
        }
        int before = held.changes();

        publish(publisher, Qos.AT_LEAST_ONCE, 1, 2);
        assertThat(held.changes()).isEqualTo(before + 1);
        List<Publish> sent = subscriber.publishes();
        subscriber.acknowledge(sent.get(0));

        // The one that had to wait gets its identifier now.
        assertThat(held.changes()).isEqualTo(before + (free ? 2 : 3));
        assertThat(sent).hasSize(1);
    }

    @Test // [MQTT5-4.4.0-1]
    void messageThatWasSentAtOnce_comesAgainWithItsIdentifierAndDup() {
        start(256);
        FakeLink subscriber = subscribed(5, Qos.AT_LEAST_ONCE);
        publish(client("p"), Qos.AT_LEAST_ONCE, 0, 3);
        List<Publish> sent = subscriber.publishes();
        assertThat(sent).noneMatch(Publish::dup);
        crash();

        List<Publish> again = back(link(), 5).publishes();

        assertThat(again)
                .extracting(Publish::packetId)
                .containsExactlyElementsOf(sent.stream().map(Publish::packetId).toList());
        assertThat(again).allMatch(Publish::dup);
    }

    private void crash() {
        held.crash();
        broker = newBroker();
        bindProviders();
        settle();
    }

    private void releaseAll() {
        while (held.release()) {
            settle();
        }
        settle();
    }

    private SessionView view() {
        return broker.clients().session("s").orElseThrow();
    }

    // ---- order and number

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 256})
    void queueOfAClientThatIsAway_comesInOrder_howeverSmallTheWindow(int windowMessages) {
        start(windowMessages);
        subscribed(3, Qos.AT_LEAST_ONCE).lose();
        publish(client("p"), Qos.AT_LEAST_ONCE, 0, 50);
        assertThat(view().queued()).isEqualTo(50);
        assertThat(view().queuedBytes()).isEqualTo(10 * 4 + 40 * 6);
        assertThat(broker.stats().messages().queued()).isEqualTo(50);

        FakeLink back = back(linkOnOtherLoop(), 3);

        assertThat(back.texts()).isEqualTo(texts(0, 50));
        assertThat(view().queued()).isZero();
        assertThat(view().queuedBytes()).isZero();
        assertThat(broker.stats().messages().queued()).isZero();
        assertThat(broker.stats().messages().inflight()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 256})
    void messagesThatComeWhileTheQueueIsRead_goBehindIt(int windowMessages) {
        start(windowMessages);
        FakeLink publisher = client("p");
        FakeLink subscriber = subscribed(2, Qos.AT_LEAST_ONCE);
        List<String> got = new ArrayList<>();
        for (int i = 0; i < 60; i += 3) {
            publish(publisher, Qos.AT_LEAST_ONCE, i, i + 3);
            for (Publish each : subscriber.publishes()) {
                got.add(text(each));
                subscriber.acknowledge(each);
            }
        }

        got.addAll(subscriber.texts());

        assertThat(got).isEqualTo(texts(0, 60));
    }

    @ParameterizedTest
    @CsvSource({"1, true", "2, true", "5, true", "1, false", "2, false", "5, false"})
    void commitsThatTakeTheirTime_changeNothing(int windowMessages, boolean visibleAtOnce) {
        if (visibleAtOnce) {
            visible();
        }
        start(windowMessages);
        FakeLink publisher = connected(linkOnOtherLoop(), connect("p", true, 0));
        FakeLink subscriber = subscribed(2, Qos.AT_LEAST_ONCE);
        held.hold(true);
        List<String> got = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            publisher.says(publish("t/" + i, "" + i, Qos.AT_LEAST_ONCE, 1 + i % 15));
            if (i % 3 == 2) {
                for (int commits = 0; commits < 6; commits++) {
                    held.release();
                }
                settle();
                for (Publish each : subscriber.publishes()) {
                    got.add(text(each));
                    subscriber.says(new PubAck(each.packetId(), ReasonCode.SUCCESS));
                }
            }
        }
        for (boolean more = true; more; ) {
            more = held.release();
            settle();
            for (Publish each : subscriber.publishes()) {
                got.add(text(each));
                subscriber.says(new PubAck(each.packetId(), ReasonCode.SUCCESS));
                more = true;
            }
        }

        assertThat(got).isEqualTo(texts(0, 40));
        assertThat(view().queued()).isZero();
    }

    @Test
    void pageThatCannotBeReadYet_isWaitedFor() {
        start(1);
        FakeLink publisher = client("p");
        FakeLink subscriber = subscribed(1, Qos.AT_LEAST_ONCE);
        publish(publisher, Qos.AT_LEAST_ONCE, 0, 2); // one in flight, one in the window
        held.hold(true);
        publisher.says(publish("t", "2", Qos.AT_LEAST_ONCE, 1));
        List<Publish> first = subscriber.publishes();
        subscriber.says(new PubAck(first.get(0).packetId(), ReasonCode.SUCCESS));
        subscriber.says(new PubAck(subscriber.publishes().get(0).packetId(), ReasonCode.SUCCESS));
        assertThat(subscriber.publishes()).isEmpty();

        releaseAll();

        assertThat(subscriber.publishes()).extracting(PagingTest::text).containsExactly("2");
    }

    // ---- what is in flight

    @ParameterizedTest // [MQTT5-4.4.0-1] [MQTT5-3.3.1-1] [MQTT5-4.6.0-1]
    @ValueSource(ints = {1, 2, 100})
    void whatWasSent_isSentAgainFirst_withItsIdentifiers(int windowMessages) {
        start(windowMessages);
        FakeLink subscriber = subscribed(5, Qos.AT_LEAST_ONCE);
        publish(client("p"), Qos.AT_LEAST_ONCE, 0, 12);
        List<Publish> sent = subscriber.publishes();
        subscriber.says(new PubAck(sent.get(1).packetId(), ReasonCode.SUCCESS));
        List<Publish> next = subscriber.publishes();
        subscriber.lose();

        FakeLink back = back(link(), 65_535);
        List<Publish> again = back.publishes();

        assertThat(again).extracting(PagingTest::text).startsWith("0", "2", "3", "4", "5", "6");
        assertThat(again.subList(0, 5)).allMatch(Publish::dup);
        assertThat(again.get(0).packetId()).isEqualTo(sent.get(0).packetId());
        assertThat(again.get(4).packetId()).isEqualTo(next.get(0).packetId());
        assertThat(again.get(5).dup()).isFalse();
    }

    @Test // [MQTT311-4.6.0-6]
    void pubRel_isSentAgainInTheOrderOfPubRec() {
        start(2);
        FakeLink subscriber = subscribed(5, Qos.EXACTLY_ONCE);
        publish(client("p"), Qos.EXACTLY_ONCE, 0, 3);
        List<Publish> sent = subscriber.publishes();
        for (int i : new int[] {2, 0, 1}) {
            subscriber.says(new PubRec(sent.get(i).packetId(), ReasonCode.SUCCESS));
            subscriber.next(PubRel.class);
        }
        subscriber.lose();

        FakeLink back = back(link(), 5);

        for (int i : new int[] {2, 0, 1}) {
            assertThat(back.next(PubRel.class).packetId()).isEqualTo(sent.get(i).packetId());
        }
    }

    @ParameterizedTest // [MQTT5-4.3.3-2] to [MQTT5-4.3.3-7]
    @ValueSource(ints = {1, 2, 100})
    void qos2_overACrashAfterEachStep_comesExactlyOnce(int windowMessages) {
        start(windowMessages);
        FakeLink subscriber = subscribed(1, Qos.EXACTLY_ONCE);
        publish(client("p"), Qos.EXACTLY_ONCE, 0, 6);
        List<String> got = new ArrayList<>();
        int unfinished = 0;
        for (int i = 0; i < 6; i++) {
            // What was taken over and not completed before is not taken over again.
            for (Publish each : subscriber.publishes()) {
                if (each.packetId() != unfinished) {
                    got.add(text(each));
                }
                unfinished = each.packetId();
            }
            crash();
            subscriber = back(link(), 1);
            for (Publish each : subscriber.publishes()) {
                assertThat(each.packetId()).isEqualTo(unfinished);
                assertThat(each.dup()).isTrue();
            }
            subscriber.says(new PubRec(unfinished, ReasonCode.SUCCESS)).next(PubRel.class);
            crash();
            subscriber = back(link(), 1);
            assertThat(subscriber.next(PubRel.class).packetId()).isEqualTo(unfinished);
            subscriber.says(new PubComp(unfinished, ReasonCode.SUCCESS));
            unfinished = 0;
        }

        assertThat(got).isEqualTo(texts(0, 6));
        assertThat(subscriber.publishes()).isEmpty();
        assertThat(view().queued()).isZero();
    }

    @Test // [MQTT5-4.3.3-10]
    void inboundQos2_ofASessionThatWasAway_isNotTakenTwice() {
        start(2);
        FakeLink watcher = subscriber("w", "in", Qos.AT_LEAST_ONCE);
        FakeLink sender = back(link(), 10);
        sender.says(publish("in", "once", Qos.EXACTLY_ONCE, 7)).next(PubRec.class);
        sender.lose();

        FakeLink again = back(linkOnOtherLoop(), 10);
        again.says(publish("in", "once", Qos.EXACTLY_ONCE, 7)).next(PubRec.class);

        assertThat(watcher.texts()).containsExactly("once");
        assertThat(again.says(new PubRel(7, ReasonCode.SUCCESS)).next(PubComp.class).reasonCode())
                .isEqualTo(ReasonCode.SUCCESS);
    }

    // ---- while it is loaded

    /** Its client has gone, and what it wrote last is not durable. */
    private FakeLink subscriberWhoseEndIsHeld() {
        FakeLink subscriber = subscribed(2, Qos.AT_LEAST_ONCE);
        publish(client("p"), Qos.AT_LEAST_ONCE, 0, 5);
        held.hold(true);
        subscriber.lose();
        return subscriber;
    }

    @Test
    void connack_waitsUntilTheSessionIsLoaded_andMessagesGoBehind() {
        start(2);
        FakeLink publisher = client("q");
        subscriberWhoseEndIsHeld();
        FakeLink back = linkOnOtherLoop();
        back.says(connect("s", false, 1_000));
        publisher.says(publish("t/5", "5", Qos.AT_LEAST_ONCE, 1));
        assertThat(back.sent).isEmpty();

        releaseAll();

        assertThat(back.next(ConnAck.class).sessionPresent()).isTrue();
        releaseAll();
        held.hold(false);
        assertThat(back.texts()).isEqualTo(texts(0, 6));
    }

    @Test
    void clientThatGoesAwayWhileItsSessionIsLoaded_leavesItAsItWas() {
        start(2);
        subscriberWhoseEndIsHeld();
        FakeLink gone = link();
        gone.says(connect("s", false, 1_000));
        gone.lose();

        releaseAll();
        held.hold(false);

        assertThat(broker.stats().connections().online()).isEqualTo(1);
        assertThat(view().queued()).isEqualTo(5);
        assertThat(back(link(), 10).texts()).isEqualTo(texts(0, 5));
    }

    @Test // [MQTT5-3.1.4-3]
    void takeOverWhileItIsLoaded_getsAll() {
        start(2);
        subscriberWhoseEndIsHeld();
        FakeLink first = link();
        first.says(connect("s", false, 1_000));
        FakeLink second = linkOnOtherLoop();
        second.says(connect("s", false, 1_000));

        releaseAll();
        held.hold(false);
        settle();

        assertThat(first.closed).isTrue();
        second.next(ConnAck.class);
        assertThat(second.texts()).isEqualTo(texts(0, 5));
        assertThat(broker.stats().connections().online()).isEqualTo(2);
    }

    @Test // [MQTT5-3.1.2-4]
    void cleanStartWhileItIsLoaded_endsIt() {
        start(2);
        subscriberWhoseEndIsHeld();
        link().says(connect("s", false, 1_000));
        FakeLink second = linkOnOtherLoop();
        second.says(connect("s", true, 1_000));

        releaseAll();
        held.hold(false);
        settle();

        assertThat(second.next(ConnAck.class).sessionPresent()).isFalse();
        assertThat(second.texts()).isEmpty();
        assertThat(held.sessions()).isEqualTo(1);
        assertThat(broker.stats().messages().queued()).isZero();
    }

    @Test
    void endWhileItIsLoaded_givesTheClientANewSession() {
        start(2);
        subscriberWhoseEndIsHeld();
        FakeLink back = link();
        back.says(connect("s", false, 1_000));
        broker.clients().endSession("s", "test", Actor.SERVER);
        settle();

        releaseAll();
        held.hold(false);
        settle();

        assertThat(back.next(ConnAck.class).sessionPresent()).isFalse();
        assertThat(back.texts()).isEmpty();
        assertThat(held.sessions()).isEqualTo(1);
        assertThat(broker.stats().messages().queued()).isZero();
    }

    @Test
    void storeThatCannotSayWhatItKeeps_refusesTheClient_whoFindsAllLater() {
        start(2);
        subscriberWhoseEndIsHeld();
        FakeLink back = link();
        back.says(connect("s", false, 1_000));

        held.fail(new StorageException("the disk is full"));
        settle();

        assertThat(back.next(ConnAck.class).reasonCode().isError()).isTrue();
        held.hold(false);
        held.recover();
        assertThat(back(link(), 10).texts()).isEqualTo(texts(0, 5));
    }

    // ---- bounds

    @Test
    void aLongQueue_takesNoMoreMemoryThanItsWindow() {
        start(10);
        FakeLink subscriber = subscribed(1, Qos.AT_LEAST_ONCE);
        FakeLink publisher = client("p");
        advance(300);
        long before = memory.use(MemoryArea.HEAP).usedBytes();

        for (int i = 0; i < 1_000; i++) {
            publisher.says(publish("t", "" + i, Qos.AT_LEAST_ONCE, 1)).next(PubAck.class);
        }
        advance(300);

        assertThat(memory.use(MemoryArea.HEAP).usedBytes() - before).isLessThan(20_000);
        assertThat(view().queued()).isEqualTo(1_000);
        assertThat(subscriber.texts()).isEqualTo(texts(0, 1_000));
    }

    @Test
    void fullQueue_losesTheNewest() {
        most = 10;
        start(2);
        subscribed(1, Qos.AT_LEAST_ONCE).lose();
        publish(client("p"), Qos.AT_LEAST_ONCE, 0, 15);

        assertThat(back(link(), 1).texts()).isEqualTo(texts(0, 10));
        assertThat(broker.stats().losses().drops().get(DropCause.QUEUE_FULL)).isEqualTo(5);
    }

    @Test
    void fullQueueThatDropsTheOldest_losesThem_thoughOnlyTheStoreHasThem() {
        most = 10;
        dropOldest = true;
        start(2);
        FakeLink subscriber = subscribed(2, Qos.AT_LEAST_ONCE);
        publish(client("p"), Qos.AT_LEAST_ONCE, 0, 2);
        subscriber.lose();
        publish(client("p"), Qos.AT_LEAST_ONCE, 2, 20);
        assertThat(view().queued()).isEqualTo(10);

        List<String> got = back(link(), 1).texts();

        // Those in flight stay.
        List<String> expected = new ArrayList<>(texts(0, 2));
        expected.addAll(texts(12, 20));
        assertThat(got).isEqualTo(expected);
        assertThat(broker.stats().losses().drops().get(DropCause.QUEUE_FULL)).isEqualTo(10);
    }

    // ---- the end

    @Test
    void sharedMessagesOfASessionThatEnds_goToOthers_pageByPage() {
        start(2);
        connected(connect("a", false, 1_000))
                .says(subscribe("$share/g/t/#", Qos.AT_LEAST_ONCE))
                .lose();
        publish(client("p"), Qos.AT_LEAST_ONCE, 0, 700);
        FakeLink other = connected(linkOnOtherLoop(), connect("b", false, 1_000));
        other.says(subscribe("$share/g/t/#", Qos.AT_LEAST_ONCE)).next(SubAck.class);

        connected(connect("a", true, 0)); // Clean Start: the session ends

        assertThat(other.texts()).isEqualTo(texts(0, 700));
        assertThat(broker.stats().messages().queued()).isZero();
    }

    @Test
    void aQueueThatNobodyElseWants_isDroppedWithItsSession() {
        start(2);
        subscribed(1, Qos.AT_LEAST_ONCE).lose();
        publish(client("p"), Qos.AT_LEAST_ONCE, 0, 100);

        advance(1_001_000);

        assertThat(held.sessions()).isZero();
        assertThat(broker.stats().messages().queued()).isZero();
        assertThat(broker.stats().losses().drops().get(DropCause.SESSION_ENDED)).isEqualTo(100);
    }

    @Test
    void sessionThatWillNotOutliveItsConnectionAnyMore_stillGetsItsQueue() {
        start(2);
        subscribed(1, Qos.AT_LEAST_ONCE).lose();
        publish(client("p"), Qos.AT_LEAST_ONCE, 0, 20);

        FakeLink back = connected(connect("s", false, 0));

        assertThat(back.texts()).isEqualTo(texts(0, 20));
        back.lose();
        assertThat(held.sessions()).isZero();
    }

    // ---- time

    @Test
    void clockThatWasSetBackOverARestart_doesNotEndASessionEarly() {
        start(2);
        subscribed(1, Qos.AT_LEAST_ONCE).lose();
        advance(500_000);

        crash();
        advance(499_000);

        assertThat(broker.stats().sessions().total()).isEqualTo(1);
        advance(2_000);
        assertThat(broker.stats().sessions().total()).isZero();
    }
}

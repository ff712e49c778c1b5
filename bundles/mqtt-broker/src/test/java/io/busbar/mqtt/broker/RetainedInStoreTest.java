package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.PublishResult;
import io.busbar.api.broker.Rejection;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.RetainedView;
import io.busbar.api.storage.StorageException;
import io.busbar.mqtt.broker.limit.BrokerLimits;
import io.busbar.mqtt.broker.limit.RetainedLimits;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.storage.HeldStore;
import io.busbar.testkit.time.Await;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Retained Messages of a store that is not in memory: whatever commits are under way, nobody gets
 * an older one than there is, and none that was removed.
 */
class RetainedInStoreTest extends BrokerFixture {
    private static final int UNWRITTEN = 1 << 16;

    private final HeldStore held = HeldStore.losing(new MemoryStore());

    RetainedInStoreTest() {
        store = held;
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
                usual.deliveries(),
                new RetainedLimits(5_000, 1 << 20, 250, UNWRITTEN, 1 << 16),
                usual.providers());
    }

    private static Publish retained(String topic, String text, Qos qos) {
        return Publish.of(
                TopicName.of(topic), bytes(text), qos, true, qos == Qos.AT_MOST_ONCE ? 0 : 1);
    }

    private static Publish atLeastOnce(String topic, String text) {
        return retained(topic, text, Qos.AT_LEAST_ONCE);
    }

    private static Publish expiring(String topic, long seconds) {
        return new Publish(
                false,
                Qos.AT_LEAST_ONCE,
                true,
                1,
                TopicName.of(topic),
                0,
                new MessageProperties(
                        MessageProperties.ABSENT, seconds, null, null, null, List.of()),
                NONE,
                bytes("x"));
    }

    /** What a new subscriber gets. */
    private List<String> seen(String filter) {
        return seen(filter, Qos.AT_MOST_ONCE);
    }

    private List<String> seen(String filter, Qos qos) {
        FakeLink subscriber = subscriber("seeing", filter, qos);
        List<String> texts = subscriber.texts();
        subscriber.lose();
        return texts;
    }

    private List<String> kept() {
        List<String> texts = new ArrayList<>();
        try (RetainedView.Scan scan = held.retained().scan()) {
            while (scan.next()) {
                texts.add(new String(scan.message().payload(), StandardCharsets.UTF_8));
            }
        }
        return texts;
    }

    private void restart() {
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

    private void trouble() {
        held.fail(new StorageException(StorageException.Kind.FULL, "the disk of the test"));
        settle();
    }

    private void recover() {
        held.recover();
        settle();
    }

    private long count() {
        return broker.stats().messages().retained();
    }

    // ---- commits under way

    @ParameterizedTest
    @ValueSource(strings = {"t", "+", "#"})
    void change_isSeenBeforeItIsStored(String filter) {
        FakeLink publisher = client("p");
        publisher.says(atLeastOnce("t", "1")).next(PubAck.class);
        held.hold(true);

        publisher.says(atLeastOnce("t", "2"));
        assertThat(publisher.sent).isEmpty();
        assertThat(kept()).containsExactly("1");
        assertThat(seen(filter)).containsExactly("2");

        releaseAll();
        publisher.next(PubAck.class);
        assertThat(kept()).containsExactly("2");
        assertThat(seen(filter)).containsExactly("2");
        restart();
        assertThat(seen(filter)).containsExactly("2");
    }

    @ParameterizedTest // [MQTT5-3.3.1-6]
    @ValueSource(strings = {"t", "+", "#"})
    void removal_isSeenBeforeItIsStored(String filter) {
        FakeLink publisher = client("p");
        publisher.says(atLeastOnce("t", "1")).next(PubAck.class);
        held.hold(true);

        publisher.says(atLeastOnce("t", ""));
        assertThat(seen(filter)).isEmpty();
        assertThat(count()).isZero();

        releaseAll();
        assertThat(seen(filter)).isEmpty();
        assertThat(kept()).isEmpty();
    }

    @Test
    void changeThatWasNotAcknowledged_isLostWithTheProcess_andTheOneBeforeIsThere() {
        FakeLink publisher = client("p");
        publisher.says(atLeastOnce("t", "1")).next(PubAck.class);
        held.hold(true);
        publisher.says(atLeastOnce("t", "2"));

        restart();

        assertThat(seen("t")).containsExactly("1");
    }

    @Test
    void pageThatWasReadBeforeAChange_bringsNothingOlder() {
        FakeLink publisher = connected(linkOnOtherLoop(), connect("p", true, 0));
        publisher.says(retained("a", "1", Qos.AT_MOST_ONCE));
        publisher.says(retained("b", "1", Qos.AT_MOST_ONCE));
        publisher.says(retained("c", "1", Qos.AT_MOST_ONCE));
        advance(250);
        FakeLink subscriber = client("s");

        int before = held.reads();
        subscriber.sends(subscribe("#", Qos.AT_MOST_ONCE));
        assertThat(held.reads()).isGreaterThan(before); // and not told yet
        publisher.sends(retained("a", "2", Qos.AT_MOST_ONCE), atLeastOnce("b", ""));
        settle();

        List<String> texts = subscriber.texts();
        assertThat(texts).contains("2", "").containsOnlyOnce("1"); // of c
        assertThat(texts.subList(texts.indexOf(""), texts.size())).doesNotContain("b");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverIsUnderWay_everybodyGetsTheLatest(long seed) {
        Random random = new Random(seed);
        FakeLink[] publishers = {
            client("p0"), connected(linkOnOtherLoop(), connect("p1", true, 0))
        };
        List<String> topics =
                List.of("a", "a/b", "a/b/c", "/a", "a/", "$SYS/x", "b//c", "/", "ä/b", "aa/b");
        List<String> filters =
                List.of("#", "+", "+/+", "a/#", "a/+", "/+", "b/+/c", "a", "/#", "+/b", "ä/+");
        Map<String, String> model = new TreeMap<>();
        for (int step = 0; step < 400; step++) {
            String topic = topics.get(random.nextInt(topics.size()));
            String text = random.nextInt(4) == 0 ? "" : "v" + step;
            switch (random.nextInt(8)) {
                case 0 -> held.hold(random.nextBoolean());
                case 1 -> held.release();
                case 2 -> advance(100);
                case 3, 4 -> {
                    String filter = filters.get(random.nextInt(filters.size()));
                    List<String> expected = new ArrayList<>();
                    model.forEach(
                            (name, value) -> {
                                if (TopicFilter.of(filter).matches(name)) {
                                    expected.add(value);
                                }
                            });
                    assertThat(seen(filter))
                            .as(filter)
                            .containsExactlyInAnyOrderElementsOf(expected);
                }
                default -> {
                    if (held.held() > 10) { // no more than the publishers may have in flight
                        releaseAll();
                    }
                    if (topic.startsWith("$")) {
                        broker.publish(serverMessage(topic, text));
                        settle();
                    } else {
                        publishers[random.nextInt(2)].says(
                                retained(topic, text, Qos.of(random.nextInt(2))));
                    }
                    if (text.isEmpty()) {
                        model.remove(topic);
                    } else {
                        model.put(topic, text);
                    }
                    assertThat(count()).isEqualTo(model.size());
                }
            }
        }
        held.hold(false);
        releaseAll();
        advance(1_000);
        restart();

        assertThat(kept()).containsExactlyInAnyOrderElementsOf(model.values());
        assertThat(count()).isEqualTo(model.size());
    }

    private Message serverMessage(String topic, String text) {
        return new Message(
                TopicName.of(topic),
                bytes(text),
                Qos.AT_MOST_ONCE,
                true,
                MessageProperties.NONE,
                io.busbar.api.mqtt.Publisher.SERVER,
                loops.clock().millis());
    }

    @Test
    void changesOfTwoLoops_thatTheStoreSeesTheOtherWayRound_endAsTheyWere() {
        FakeLink one = client("p0");
        FakeLink other = connected(linkOnOtherLoop(), connect("p1", true, 0));

        // The turn of the one that changed it first ends last.
        one.sends(atLeastOnce("t", "first"));
        other.sends(atLeastOnce("t", "last"));
        loops.turn(otherLoop.turning());
        settle();
        advance(500);

        assertThat(seen("t")).containsExactly("last");
        restart();
        assertThat(seen("t")).containsExactly("last");
    }

    // ---- QoS 0

    @Test
    void qos0_isWrittenWithinItsTime_theLatestOfEachTopic() {
        FakeLink publisher = client("p");
        for (int i = 0; i < 10; i++) {
            publisher.says(retain("t", "" + i));
        }
        assertThat(kept()).isEmpty();
        assertThat(seen("t")).containsExactly("9");

        advance(250);

        assertThat(kept()).containsExactly("9");
        restart();
        assertThat(seen("+")).containsExactly("9");
    }

    @Test
    void removalOfWhatIsRemovedAlready_isAnsweredWhenTheStoreHasIt() {
        FakeLink publisher = client("p");
        publisher.says(atLeastOnce("t", "1")).next(PubAck.class);
        publisher.says(retain("t", "")); // waits to be written
        held.hold(true);

        publisher.says(atLeastOnce("t", ""));

        assertThat(publisher.sent).isEmpty();
        releaseAll();
        publisher.next(PubAck.class);
        restart();
        assertThat(seen("t")).isEmpty();
    }

    @Test
    void removalByTwo_isAnsweredToTheSecondWhenTheStoreHasIt() {
        FakeLink first = client("p");
        first.says(atLeastOnce("t", "1")).next(PubAck.class);
        FakeLink second = client("q");
        held.hold(true);

        first.says(atLeastOnce("t", ""));
        second.says(atLeastOnce("t", ""));

        assertThat(second.sent).isEmpty();
        releaseAll();
        second.next(PubAck.class);
        restart();
        assertThat(seen("t")).isEmpty();
    }

    @Test
    void qos0_thatWasNotWritten_isLostWithTheProcess() {
        client("p").says(retain("t", "x"));

        restart();

        assertThat(seen("#")).isEmpty();
    }

    @Test
    void qos0_isWrittenWhenTheBrokerEnds() throws InterruptedException {
        client("p").says(retain("t", "x"));
        Thread closing = new Thread(broker::close);
        closing.start();
        while (closing.isAlive()) {
            settle();
            closing.join(1);
        }

        assertThat(kept()).containsExactly("x");
    }

    @ParameterizedTest
    @EnumSource(
            value = Qos.class,
            names = {"AT_MOST_ONCE", "AT_LEAST_ONCE"})
    void tooMuchThatIsNotWritten_holdsPublishers_untilItIs(Qos qos) {
        List<FakeLink> publishers = new ArrayList<>();
        for (int p = 0; p < 10; p++) {
            publishers.add(client("p" + p));
        }
        held.hold(true);
        String large = "x".repeat(1_000);

        for (int p = 0; p < 10; p++) {
            Publish[] some = new Publish[10];
            for (int i = 0; i < some.length; i++) {
                some[i] =
                        Publish.of(
                                TopicName.of("t/" + p + "/" + i),
                                bytes(large),
                                qos,
                                true,
                                qos == Qos.AT_MOST_ONCE ? 0 : i + 1);
            }
            publishers.get(p).sends(some);
        }
        settle();

        assertThat(unread(publishers)).isBetween(20, 60);
        held.hold(false);
        releaseAll();
        advance(1_000);
        assertThat(unread(publishers)).isZero();
        assertThat(kept()).hasSize(100);
    }

    @Test
    void smallChange_thatIsAcknowledged_isTakenHoweverMuchIsNotWritten() {
        held.hold(true);
        String large = "x".repeat(UNWRITTEN);
        List<FakeLink> greedy = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            FakeLink publisher = client("greedy" + i);
            publisher.sends(atLeastOnce("large/" + i, large));
            greedy.add(publisher);
        }
        FakeLink publisher = client("p");
        publisher.sends(atLeastOnce("small", "1"));
        settle();

        held.hold(false);
        releaseAll();
        assertThat(publisher.next(PubAck.class).reasonCode().isError()).isFalse();
        assertThat(seen("small")).containsExactly("1");
        assertThat(greedy.get(3).next(PubAck.class).reasonCode())
                .isEqualTo(ReasonCode.QUOTA_EXCEEDED);
    }

    private static int unread(List<FakeLink> publishers) {
        return publishers.stream().mapToInt(FakeLink::unread).sum();
    }

    // ---- trouble

    @ParameterizedTest
    @EnumSource(StorageException.Kind.class)
    void trouble_refusesWhatWouldBeAcknowledged_andChangesNothing(StorageException.Kind kind) {
        FakeLink publisher = client("p");
        publisher.says(atLeastOnce("t", "1")).next(PubAck.class);
        held.fail(new StorageException(kind, "the disk of the test"));

        publisher.says(atLeastOnce("t", "2"));
        assertThat(publisher.next(PubAck.class).reasonCode())
                .isEqualTo(
                        kind == StorageException.Kind.FULL
                                ? ReasonCode.QUOTA_EXCEEDED
                                : ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
        publisher.says(atLeastOnce("t", ""));
        assertThat(publisher.next(PubAck.class).reasonCode().isError()).isTrue();

        assertThat(seen("#")).containsExactly("1");
        recover();
        publisher.says(atLeastOnce("t", "3")).next(PubAck.class);
        assertThat(kept()).containsExactly("3");
    }

    @Test
    void trouble_keepsWhatWaits_upToItsBound_andWritesItLater() {
        FakeLink publisher = client("p");
        trouble();
        String large = "x".repeat(1_000);
        for (int i = 0; i < 100; i++) {
            publisher.says(retain("t/" + i, large));
        }

        assertThat(publisher.unread()).isZero();
        assertThat(count()).isBetween(40L, 60L);
        assertThat(broker.rejections().list().get(0).cause())
                .isEqualTo(Rejection.Cause.RETAINED_FULL);
        assertThat(seen("t/#")).hasSize((int) count());
        advance(10_000);
        assertThat(kept()).isEmpty();
        recover();
        advance(1_000);
        assertThat(kept()).hasSize((int) count());
        publisher.says(retain("again", "x"));
        assertThat(seen("again")).containsExactly("x");
    }

    @Test
    void commitThatFails_isSeen_andWrittenWhenTheStoreCan() {
        FakeLink publisher = client("p");
        held.hold(true);
        publisher.says(atLeastOnce("t", "1"));
        trouble();
        assertThat(publisher.next(PubAck.class).reasonCode()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(seen("t")).containsExactly("1");

        held.hold(false);
        recover();

        assertThat(kept()).containsExactly("1");
        assertThat(seen("t")).containsExactly("1");
    }

    @Test
    void storeThatCannotBeRead_bringsTheRestWhenItCanAgain() {
        retainMany(600);
        FakeLink subscriber = client("s");
        held.unreadable(true);
        subscriber.says(subscribe("#", Qos.AT_MOST_ONCE)).next(SubAck.class);
        advance(3_000);
        assertThat(subscriber.publishes()).isEmpty();

        held.unreadable(false);
        advance(250);

        assertThat(subscriber.publishes()).hasSize(600);
    }

    @Test
    void storeThatCannotBeReadForLong_endsTheConnectionWithItsReason() {
        retainMany(1);
        restart();
        FakeLink subscriber = client("s");
        held.unreadable(true);
        subscriber.says(subscribe("r/0", Qos.AT_MOST_ONCE)).next(SubAck.class);

        advance(11_000);

        assertThat(subscriber.next(Disconnect.class).reasonCode())
                .isEqualTo(ReasonCode.UNSPECIFIED_ERROR);
        assertThat(subscriber.closed).isTrue();
    }

    @Test
    void serverThatRetainsMuch_isAnsweredWhenItIsWritten() {
        held.hold(true);
        List<CompletableFuture<PublishResult>> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String text = "x".repeat(UNWRITTEN / 7);
            answers.add(broker.publish(serverMessage("s/" + i, text)).toCompletableFuture());
            settle();
        }
        assertThat(answers.get(0)).isDone();
        assertThat(answers.get(7)).isNotDone();

        held.hold(false);
        releaseAll();
        advance(1_000);

        assertThat(answers).allMatch(answer -> answer.isDone() && !answer.join().code().isError());
    }

    // ---- pages

    private void retainMany(int count) {
        FakeLink publisher = client("many");
        for (int i = 0; i < count; i++) {
            publisher.says(retain("r/" + i, "" + i));
            if (i % 100 == 99) {
                advance(250);
            }
        }
        advance(250);
        publisher.lose();
    }

    @ParameterizedTest // [MQTT5-3.3.1-9]
    @EnumSource(Qos.class)
    void moreThanAPage_comesOnceAndCompletely(Qos qos) {
        FakeLink publisher = client("many");
        for (int i = 0; i < 700; i++) {
            publisher.says(atLeastOnce("r/" + i, "" + i)).next(PubAck.class);
        }

        List<String> texts = seen("r/+", qos);

        assertThat(texts).hasSize(700).doesNotHaveDuplicates();
        assertThat(broker.retained(TopicFilter.of("r/#"), 650)).hasSize(650);
    }

    @Test
    void clientThatDoesNotTake_getsTheRestWhenItDoes() {
        retainMany(700);
        FakeLink slow = client("s");
        slow.writable = false;
        slow.says(subscribe("r/#", Qos.AT_MOST_ONCE)).next(SubAck.class);
        int reads = held.reads();
        advance(5_000);
        assertThat(held.reads()).isEqualTo(reads);

        slow.writable(true);

        assertThat(slow.publishes()).hasSize(700);
    }

    @Test
    void topicWithoutAMessage_isNotLookedForInTheStore() {
        int reads = held.reads();

        assertThat(seen("nothing/here")).isEmpty();

        assertThat(held.reads()).isEqualTo(reads);
    }

    @Test
    void topicThatWasReadOrWrittenLately_isNotReadAgain() {
        client("p").says(atLeastOnce("t", "x")).next(PubAck.class);
        int reads = held.reads();
        assertThat(seen("t")).containsExactly("x");
        assertThat(held.reads()).isEqualTo(reads);
        restart();
        int afterwards = held.reads();

        assertThat(seen("t")).containsExactly("x");
        assertThat(seen("t")).containsExactly("x");

        assertThat(held.reads()).isEqualTo(afterwards + 1);
    }

    // ---- bounds

    @Test
    void bounds_holdAfterARestart() {
        FakeLink publisher = client("p");
        String large = "x".repeat(1 << 19);
        publisher.says(atLeastOnce("a", large)).next(PubAck.class);
        restart();
        publisher = client("p");

        publisher.says(atLeastOnce("b", large + "x"));
        assertThat(publisher.next(PubAck.class).reasonCode()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        publisher.says(atLeastOnce("a", "")).next(PubAck.class);
        publisher.says(atLeastOnce("b", large + "x"));

        assertThat(publisher.next(PubAck.class).reasonCode().isError()).isFalse();
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void memory_isGivenBack() {
        FakeLink publisher = client("p");
        publisher.says(atLeastOnce("warm", "x"), atLeastOnce("warm", "")).publishes();
        long before = counted();
        for (int i = 0; i < 100; i++) {
            publisher.says(atLeastOnce("t/" + i, "x"), retain("u/" + i, "x"));
        }
        assertThat(counted()).isGreaterThanOrEqualTo(before + 200 * 56);

        for (int i = 0; i < 100; i++) {
            publisher.says(atLeastOnce("t/" + i, ""), retain("u/" + i, ""));
        }
        advance(1_000);

        assertThat(counted()).isEqualTo(before);
    }

    private long counted() {
        return counted("retained messages")
                + counted("retained messages that are being written")
                + counted("retained messages of late");
    }

    private long counted(String kind) {
        return memory.use(MemoryArea.HEAP).kinds().getOrDefault(kind, 0L);
    }

    @Test
    void messagesOfLate_areLetGoOf_whenOthersNeedTheMemory() throws InterruptedException {
        FakeLink publisher = client("p");
        for (int i = 0; i < 1_000; i++) {
            publisher.says(atLeastOnce(Integer.toString(i, 36), "x")).next(PubAck.class);
        }
        assertThat(counted("retained messages of late")).isGreaterThan(32 << 10);
        assertThat(counted("retained messages that are being written")).isZero();

        MemoryAccount others = memory.open(MemoryArea.HEAP, "others", 100, null);
        others.add(1L << 30);

        Await.until(() -> counted("retained messages of late") == 0);
        others.close();
        assertThat(seen("7")).hasSize(1);
    }

    // ---- lifetime

    @Test // [MQTT5-3.3.2-5]
    void expired_isNotSent_doesNotCount_andLeavesTheStore() {
        FakeLink publisher = client("p");
        publisher.says(expiring("short", 10)).next(PubAck.class);
        publisher.says(expiring("long", 100)).next(PubAck.class);
        advance(5_000);
        restart();
        assertThat(count()).isEqualTo(2);

        advance(6_000);

        assertThat(count()).isEqualTo(1);
        assertThat(seen("short")).isEmpty();
        assertThat(seen("+")).hasSize(1);
        restart();
        advance(2_000);
        assertThat(kept()).hasSize(1);
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void expired_thatIsReplacedWhileTheStoreIsCleaned_stays() {
        FakeLink publisher = client("p");
        publisher.says(expiring("t", 1)).next(PubAck.class);
        advance(500);
        held.crash();
        advance(10_000);
        restart();
        publisher = client("p");

        publisher.says(atLeastOnce("t", "new")).next(PubAck.class);
        advance(5_000);

        assertThat(kept()).containsExactly("new");
        assertThat(seen("#")).containsExactly("new");
    }
}

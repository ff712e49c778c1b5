package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.memory.MemoryArea;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.DeliveryMark;
import io.busbar.api.storage.ShardView;
import io.busbar.api.storage.StorageException;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PingResp;
import io.busbar.mqtt.codec.PubComp;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.storage.HeldStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A message of QoS 2 comes once, wherever the server ends: each loop commits what its own sessions
 * get, and then the publisher's that it was taken over.
 */
class ExactlyOnceTest extends BrokerFixture {
    private final MemoryStore inner = new MemoryStore();
    private final HeldStore held = HeldStore.losing(inner);

    ExactlyOnceTest() {
        store = held;
    }

    private static Publish again(String topic, String text, int packetId) {
        return new Publish(
                true,
                Qos.EXACTLY_ONCE,
                false,
                packetId,
                TopicName.of(topic),
                0,
                MessageProperties.NONE,
                NONE,
                bytes(text));
    }

    private static Publish once(String topic, String text, int packetId) {
        return publish(topic, text, Qos.EXACTLY_ONCE, packetId);
    }

    private void awaySubscriber(FakeLink link, String clientId, String filter) {
        connected(link, connect(clientId, false, 100))
                .says(subscribe(filter, Qos.EXACTLY_ONCE))
                .next(SubAck.class);
        link.lose();
    }

    private FakeLink publisher() {
        return connected(connect("p", false, 100));
    }

    private List<String> texts(String clientId) {
        return connected(connect(clientId, false, 100)).texts();
    }

    /** So many commits become durable, each with all that follows from it; then it ends. */
    private void crashAfter(int commits) {
        for (int i = 0; i < commits && held.held() > 0; i++) {
            held.release();
            settle();
        }
        crash();
    }

    private void crash() {
        held.crash();
        broker = newBroker();
        bindProviders();
        settle();
    }

    private void complete(FakeLink publisher, int packetId) {
        assertThat(publisher.next(PubRec.class).packetId()).isEqualTo(packetId);
        publisher.says(new PubRel(packetId, ReasonCode.SUCCESS)).next(PubComp.class);
    }

    private List<DeliveryMark> marks() {
        List<DeliveryMark> marks = new ArrayList<>();
        view().marks((slot, mark) -> marks.add(mark));
        return marks;
    }

    private ShardView view() {
        return inner.own(0).toCompletableFuture().join().view();
    }

    private long memoryOfSessions() {
        return memoryOf("sessions and subscriptions");
    }

    private long memoryOf(String kind) {
        return memory.use(MemoryArea.HEAP).kinds().getOrDefault(kind, 0L);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void crash_betweenTheCommitsOfSubscribers_bringsItOnceToEach(int commits) {
        awaySubscriber(link(), "s1", "t");
        awaySubscriber(linkOnOtherLoop(), "s2", "t");
        FakeLink publisher = publisher();
        held.hold(true);

        publisher.says(once("t", "x", 1));
        crashAfter(commits);
        complete(publisher().says(again("t", "x", 1)), 1);

        assertThat(texts("s1")).containsExactly("x");
        assertThat(texts("s2")).containsExactly("x");
    }

    @ParameterizedTest
    @CsvSource({"0,1", "1,0", "1,1", "1,2", "2,1", "2,2", "3,1"})
    void twoCrashes_bringItOnceToEach(int first, int second) {
        awaySubscriber(link(), "s1", "t");
        awaySubscriber(linkOnOtherLoop(), "s2", "t");
        awaySubscriber(linkOnOtherLoop(), "s3", "t");
        FakeLink publisher = publisher();
        held.hold(true);
        publisher.says(once("t", "x", 1));
        crashAfter(first);

        publisher = publisher();
        held.hold(true);
        publisher.says(again("t", "x", 1));
        crashAfter(second);
        complete(publisher().says(again("t", "x", 1)), 1);

        assertThat(texts("s1")).containsExactly("x");
        assertThat(texts("s2")).containsExactly("x");
        assertThat(texts("s3")).containsExactly("x");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void twoCrashes_ofWhichTheSecondComesWhileSomeAreTakenOver_bringEachOnceToEach(int second) {
        awaySubscriber(link(), "s1", "+");
        awaySubscriber(linkOnOtherLoop(), "s2", "+");
        FakeLink publisher = publisher();
        held.hold(true);
        publisher.says(once("a", "1", 1), once("b", "2", 2), once("c", "3", 3));
        crashAfter(1);

        publisher = publisher();
        publisher.says(again("a", "1", 1)).next(PubRec.class);
        held.hold(true);
        publisher.says(again("b", "2", 2), again("c", "3", 3));
        crashAfter(second);
        publisher = publisher();
        publisher.says(again("b", "2", 2), again("c", "3", 3));
        publisher.next(PubRec.class);
        publisher.next(PubRec.class);

        assertThat(texts("s1")).containsExactlyInAnyOrder("1", "2", "3");
        assertThat(texts("s2")).containsExactlyInAnyOrder("1", "2", "3");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void crash_bringsItToOneMemberOfAShare(int commits) {
        awaySubscriber(link(), "a", "$share/g/t");
        awaySubscriber(linkOnOtherLoop(), "b", "$share/g/t");
        FakeLink publisher = publisher();
        complete(publisher.says(once("t", "turns", 1)), 1);
        held.hold(true);

        publisher.says(once("t", "x", 1));
        crashAfter(commits);
        complete(publisher().says(again("t", "x", 1)), 1);

        List<String> all = texts("a");
        all.addAll(texts("b"));
        assertThat(all).containsExactlyInAnyOrder("turns", "x");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void crash_afterTheChosenMemberHasGone_bringsItToNoOther(int commits) {
        awaySubscriber(link(), "a", "$share/g/t");
        FakeLink publisher = publisher();
        held.hold(true);
        publisher.says(once("t", "x", 1));
        crashAfter(commits);
        awaySubscriber(linkOnOtherLoop(), "b", "$share/g/t");

        connected(connect("a", true, 0)).lose(); // Clean Start: what it has goes to the other
        complete(publisher().says(again("t", "x", 1)), 1);

        assertThat(texts("b")).containsExactly("x");
    }

    @Test
    void crash_betweenPortionsOfAMessage_bringsItOnceToEach() {
        int many = 600; // two portions
        for (int i = 0; i < many; i++) {
            awaySubscriber(link(), "s" + i, "t");
        }
        FakeLink publisher = publisher();
        held.hold(true);

        publisher.says(once("t", "x", 1));
        assertThat(held.held()).isEqualTo(2);
        crashAfter(1);
        complete(publisher().says(again("t", "x", 1)), 1);

        for (int i = 0; i < many; i++) {
            assertThat(texts("s" + i)).containsExactly("x");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void laterMessage_thatEverybodyHasEarlier_doesNotVouchForTheFirst(int commits) {
        awaySubscriber(linkOnOtherLoop(), "far", "a");
        awaySubscriber(link(), "near", "+");
        FakeLink publisher = publisher();
        held.hold(true);

        publisher.says(once("a", "1", 1), once("nobody", "2", 2), once("b", "3", 3));
        crashAfter(commits);
        publisher = publisher();
        publisher.says(again("a", "1", 1), again("nobody", "2", 2), again("b", "3", 3));
        for (int packetId = 1; packetId <= 3; packetId++) {
            assertThat(publisher.next(PubRec.class).packetId()).isEqualTo(packetId);
        }

        assertThat(texts("far")).containsExactly("1");
        assertThat(texts("near")).containsExactlyInAnyOrder("1", "2", "3");
    }

    @Test
    void identifierUsedAgain_withTheMarkOfAnEarlierMessage_losesNothing() {
        awaySubscriber(link(), "s1", "t");
        awaySubscriber(linkOnOtherLoop(), "s2", "t");
        FakeLink publisher = publisher();
        complete(publisher.says(once("t", "same", 1)), 1);
        held.hold(true);

        publisher.says(once("t", "same", 1));
        crashAfter(0);
        complete(publisher().says(again("t", "same", 1)), 1);

        assertThat(texts("s1")).containsExactly("same", "same");
        assertThat(texts("s2")).containsExactly("same", "same");
    }

    @Test
    void messageThatIsNotSentAgain_isNew_thoughItsIdentifierIsMarked() {
        awaySubscriber(link(), "s", "t");
        FakeLink publisher = publisher();
        held.hold(true);
        publisher.says(once("t", "same", 1));
        crashAfter(1);

        complete(publisher().says(once("t", "same", 1)), 1);

        assertThat(texts("s")).containsExactly("same", "same");
        crash();
        assertThat(marks()).isEmpty();
    }

    @Test
    void otherMessage_withAMarkedIdentifier_isDelivered() {
        awaySubscriber(link(), "s", "t");
        FakeLink publisher = publisher();
        held.hold(true);
        publisher.says(once("t", "x", 1));
        crashAfter(1);

        complete(publisher().says(again("t", "y", 1)), 1);

        assertThat(texts("s")).containsExactly("x", "y");
    }

    @ParameterizedTest // [MQTT5-4.3.3-9]
    @ValueSource(booleans = {false, true})
    void otherMessage_withAnIdentifierWhoseMessageFailed_isDelivered(boolean dup) {
        awaySubscriber(link(), "s", "t");
        FakeLink publisher = publisher();
        held.hold(true);
        publisher.says(once("t", "x", 1));
        held.release();
        settle();
        held.fail(new StorageException("disk full"));
        assertThat(publisher.next(PubRec.class).reasonCode().isError()).isTrue();
        held.writeOne(); // that it was taken over, and not that it failed
        crash();

        complete(publisher().says(dup ? again("t", "y", 1) : once("t", "y", 1)), 1);

        assertThat(texts("s")).containsExactly("x", "y");
    }

    @ParameterizedTest // [MQTT5-4.3.3-10]
    @ValueSource(booleans = {false, true})
    void messageThatIsTakenOver_isKnownAgain(boolean retain) {
        awaySubscriber(link(), "s", "t");
        FakeLink publisher = publisher();
        Publish message = Publish.of(TopicName.of("t"), bytes("x"), Qos.EXACTLY_ONCE, retain, 1);
        publisher.says(message).next(PubRec.class);
        crash();

        complete(publisher().says(message), 1);

        assertThat(texts("s")).containsExactly("x");
    }

    @Test
    void sessionThatMoves_doesNotForgetHowFarItsMessagesAreTakenOver() {
        awaySubscriber(linkOnOtherLoop(), "s", "t");
        FakeLink publisher = publisher();
        held.hold(true);
        publisher.says(once("t", "1", 1)).says(once("t", "2", 2));
        linkOnOtherLoop().says(connect("p", false, 100));
        assertThat(held.held()).isEqualTo(3);

        held.release();
        turnOther();
        turn();
        held.release();
        held.release();
        turnOther();
        turn(); // The first is taken over, the session moves, and the second is taken over there.
        turnOther();
        held.hold(false);
        settle();
        while (held.release()) {
            settle();
        }

        crash();
        assertThat(marks()).isEmpty();
    }

    private void turnOther() {
        for (boolean more = true; more; ) {
            more = loops.turn(otherLoop.turning());
        }
    }

    @Test
    void messageThatIsTakenOver_leavesNothingBehind() {
        awaySubscriber(link(), "s1", "t");
        awaySubscriber(linkOnOtherLoop(), "s2", "t");
        FakeLink publisher = publisher();
        held.hold(true);
        publisher.says(once("t", "x", 1));
        crashAfter(2);
        long marked = memoryOfSessions();

        publisher = publisher();
        complete(publisher.says(again("t", "x", 1)), 1);
        publisher.lose();

        assertThat(memoryOfSessions()).isLessThan(marked);
        assertThat(marks()).isEmpty();
    }

    @Test
    void marksOfALoopThatHasEnded_takeNoMemory() {
        awaySubscriber(linkOnOtherLoop(), "s", "t");
        FakeLink publisher = publisher();
        held.hold(true);
        publisher.says(once("t", "x", 1));
        advance(1_000);
        assertThat(memoryOf("messages that wait for clients")).isPositive();
        held.hold(false);
        held.release();
        complete(publisher, 1);

        otherLoop.end();
        advance(3_000);

        assertThat(memoryOf("messages that wait for clients")).isZero();
    }

    @Test
    void sessionOfALoopThatHasEnded_expires() {
        awaySubscriber(linkOnOtherLoop(), "s", "t");

        otherLoop.end();
        advance(103_000);

        assertThat(broker.stats().sessions().offline()).isZero();
        assertThat(held.sessions()).isZero();
    }

    @Test
    void marks_areOverwritten_andGoneAtTheNextStart() {
        awaySubscriber(link(), "s", "t");
        FakeLink publisher = publisher();
        for (int i = 0; i < 5; i++) {
            complete(publisher.says(once("t", "" + i, 1)), 1);
        }
        publisher.lose();

        assertThat(marks()).hasSize(1);
        crash();
        assertThat(marks()).isEmpty();
    }

    @Test
    void sessionThatEnds_takesItsMarksAlong() {
        awaySubscriber(link(), "s", "t");
        FakeLink publisher = publisher();
        held.hold(true);
        publisher.says(once("t", "x", 1));
        crashAfter(1);
        long marked = memoryOfSessions();

        publisher = connected(connect("p", true, 100));
        complete(publisher.says(again("t", "x", 1)), 1);
        publisher.lose();

        assertThat(memoryOfSessions()).isLessThan(marked);
        assertThat(texts("s")).as("of two sessions").containsExactly("x", "x");
        assertThat(marks()).extracting(DeliveryMark::publisher).hasSize(1);
        crash();
        assertThat(marks()).isEmpty();
    }

    @Test
    void sessionThatIsNotKeptAnyMore_isServedOnce() {
        awaySubscriber(link(), "s", "t");
        FakeLink publisher = publisher();
        held.hold(true);
        publisher.says(once("t", "x", 1));
        crashAfter(1);

        publisher = connected(connect("p", false, 0));
        complete(publisher.says(again("t", "x", 1)), 1);

        assertThat(texts("s")).containsExactly("x");
        assertThat(marks()).extracting(DeliveryMark::number).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void restart_beforeThePublisherComes_keepsTheMark() {
        awaySubscriber(link(), "s", "t");
        FakeLink publisher = publisher();
        held.hold(true);
        publisher.says(once("t", "x", 1));
        crashAfter(1);
        crash();

        complete(publisher().says(again("t", "x", 1)), 1);

        assertThat(texts("s")).containsExactly("x");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void clientThatComesBackMeanwhile_isAnsweredOnce(boolean otherLoop) {
        awaySubscriber(linkOnOtherLoop(), "s", "t");
        FakeLink publisher = publisher();
        held.hold(true);
        publisher.says(once("t", "x", 1));
        publisher.lose();
        FakeLink link = otherLoop ? linkOnOtherLoop() : link();
        link.says(connect("p", false, 100));
        while (link.sent.isEmpty() && held.release()) {
            settle(); // The client waits for what is being stored of its session.
        }
        link.next(ConnAck.class);

        link.says(again("t", "x", 1));
        while (held.release()) {
            settle();
        }
        held.hold(false);

        complete(link, 1);
        assertThat(texts("s")).containsExactly("x");
    }

    @Test
    void messageThatIsSentAgainMeanwhile_isAnsweredWhenItIsDurable() {
        awaySubscriber(linkOnOtherLoop(), "s", "t");
        FakeLink publisher = connected(connect311("p", false));
        held.hold(true);

        publisher.says(once("t", "x", 1), again("t", "x", 1));
        assertThat(held.held()).isEqualTo(1);
        held.release();
        settle();
        assertThat(publisher.sent).isEmpty();
        held.hold(false);
        held.release();

        complete(publisher, 1);
        publisher.says(PingReq.INSTANCE).next(PingResp.class);
        assertThat(texts("s")).containsExactly("x");
    }

    @Test
    void messageThatIsSentAgainAndAgain_isAnsweredOnce_andTakesNoMemory() {
        awaySubscriber(link(), "s1", "t");
        FakeLink publisher = publisher();
        held.hold(true);
        publisher.says(once("t", "x", 1));

        for (int i = 0; i < 2_000; i++) {
            publisher.says(again("t", "x", 1)); // more than Receive Maximum
        }
        held.hold(false);
        while (held.release()) {
            settle();
        }

        complete(publisher, 1);
        publisher.says(PingReq.INSTANCE).next(PingResp.class);
        assertThat(texts("s1")).containsExactly("x");
    }

    @Test
    void messageThatIsSentAgainMeanwhile_isToldThatItCouldNotBeStored() {
        awaySubscriber(linkOnOtherLoop(), "s", "t");
        FakeLink publisher = publisher();
        held.hold(true);
        publisher.says(once("t", "x", 1), again("t", "x", 1));

        held.fail(new StorageException("disk full"));
        settle();

        assertThat(publisher.next(PubRec.class).reasonCode())
                .isEqualTo(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
        held.recover();
        held.hold(false);
        complete(publisher.says(once("t", "y", 1)), 1);
        assertThat(texts("s")).endsWith("y");
    }
}

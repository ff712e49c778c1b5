package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.audit.Actor;
import io.busbar.api.broker.DropCause;
import io.busbar.api.broker.Rejection;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.storage.StorageException;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubComp;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.ReasonDetails;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.UnsubAck;
import io.busbar.mqtt.codec.Unsubscribe;
import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.storage.HeldStore;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The store cannot write: what would have to survive is refused, everything else goes on, and when
 * the store can write again nothing is missing and nothing came back.
 */
class StoreTroubleTest extends BrokerFixture {
    private static final int MOST_HELD = 5;

    private final HeldStore held = HeldStore.losing(new MemoryStore(), MOST_HELD);

    StoreTroubleTest() {
        store = held;
    }

    private FakeLink kept(String clientId, String topic, Qos qos) {
        FakeLink subscriber = connected(connect(clientId, false, 100));
        subscriber.says(subscribe(topic, qos)).next(SubAck.class);
        return subscriber;
    }

    /** The disk is full, or does not answer. */
    private void trouble(StorageException.Kind kind) {
        held.fail(new StorageException(kind, "the disk of the test"));
        settle();
    }

    private void trouble() {
        trouble(StorageException.Kind.FULL);
    }

    private void recover() {
        held.hold(false);
        held.recover();
        settle();
    }

    private void restart() {
        held.crash();
        broker = newBroker();
        bindProviders();
        settle();
    }

    private static ReasonCode codeOf(StorageException.Kind kind) {
        return kind == StorageException.Kind.FULL
                ? ReasonCode.QUOTA_EXCEEDED
                : ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR;
    }

    @ParameterizedTest
    @EnumSource(StorageException.Kind.class)
    void qos1_isRefusedWithWords(StorageException.Kind kind) {
        kept("s", "t", Qos.AT_LEAST_ONCE).lose();
        FakeLink publisher = client("p");
        trouble(kind);

        publisher.says(publish("t", "refused", Qos.AT_LEAST_ONCE, 1));

        PubAck answer = publisher.next(PubAck.class);
        assertThat(answer.reasonCode()).isEqualTo(codeOf(kind));
        assertThat(answer.details().reasonString()).contains("the server");
        assertThat(broker.stats().losses().drops()).containsEntry(DropCause.NOT_STORED, 1L);
        assertThat(broker.rejections().list().get(0).cause())
                .isEqualTo(
                        kind == StorageException.Kind.FULL
                                ? Rejection.Cause.DISK_FULL
                                : Rejection.Cause.NOT_STORED);
        recover();
        publisher.says(publish("t", "taken", Qos.AT_LEAST_ONCE, 2)).next(PubAck.class);
        assertThat(connected(connect("s", false, 100)).texts()).containsExactly("taken");
    }

    @Test
    void qos1_whoseCommitFails_isRefused_andNeitherLostNorKeptTwice() {
        kept("s", "t", Qos.AT_LEAST_ONCE).lose();
        FakeLink publisher = client("p");
        held.hold(true);
        publisher.says(publish("t", "x", Qos.AT_LEAST_ONCE, 1));

        trouble();

        assertThat(publisher.next(PubAck.class).reasonCode()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        recover();
        restart();
        assertThat(connected(connect("s", false, 100)).texts()).containsExactly("x");
    }

    @Test // [MQTT5-4.3.3-9] [MQTT5-4.3.3-10]
    void qos2_isRefused_andItsIdentifierIsFreeAgain() {
        kept("s", "t", Qos.EXACTLY_ONCE).lose();
        FakeLink publisher = client("p");
        trouble();

        publisher.says(publish("t", "refused", Qos.EXACTLY_ONCE, 1));
        assertThat(publisher.next(PubRec.class).reasonCode()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        recover();
        publisher.says(publish("t", "taken", Qos.EXACTLY_ONCE, 1));

        assertThat(publisher.next(PubRec.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        assertThat(connected(connect("s", false, 100)).texts()).containsExactly("taken");
    }

    @Test
    void qos2_ofAKeptPublisher_isRefusedBeforeAnybodyGetsIt() {
        FakeLink subscriber = subscriber("s", "t", Qos.EXACTLY_ONCE);
        FakeLink publisher = connected(connect("p", false, 100));
        trouble();

        publisher.says(publish("t", "x", Qos.EXACTLY_ONCE, 1));

        assertThat(publisher.next(PubRec.class).reasonCode()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(subscriber.texts()).isEmpty();
    }

    @ParameterizedTest // [MQTT311-4.8.0-2]
    @ValueSource(ints = {1, 2})
    void publisherOf311_isClosedUnacknowledged(int qos) {
        kept("s", "t", Qos.EXACTLY_ONCE).lose();
        FakeLink publisher = connected(connect311("p", true));
        trouble();

        publisher.says(publish("t", "x", Qos.of(qos), 1));

        assertThat(publisher.sent).isEmpty();
        assertThat(publisher.closed).isTrue();
    }

    @Test
    void live_goesOn() {
        kept("away", "t", Qos.EXACTLY_ONCE).lose();
        FakeLink subscriber = subscriber("s", "live", Qos.EXACTLY_ONCE);
        FakeLink publisher = client("p");
        trouble();

        publisher.says(publish("live", "0", Qos.AT_MOST_ONCE, 0));
        publisher.says(publish("live", "1", Qos.AT_LEAST_ONCE, 1));
        publisher.says(publish("live", "2", Qos.EXACTLY_ONCE, 2));

        assertThat(publisher.next(PubAck.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        assertThat(publisher.next(PubRec.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        assertThat(subscriber.texts()).containsExactly("0", "1", "2");
    }

    /** The disk is nearly full: nothing new is promised, but what was is given. */
    @Test
    void clientThatWasAway_getsWhatWaitsForIt_whileTheDiskIsNearlyFull() {
        kept("s", "t", Qos.EXACTLY_ONCE).lose();
        FakeLink publisher = client("p");
        publisher.says(publish("t", "1", Qos.AT_LEAST_ONCE, 1)).next(PubAck.class);
        publisher.says(publish("t", "2", Qos.EXACTLY_ONCE, 2)).next(PubRec.class);
        held.warn(new StorageException(StorageException.Kind.FULL, "little space"));

        FakeLink subscriber = link().says(connect("s", false, 100));

        assertThat(subscriber.next(ConnAck.class).sessionPresent()).isTrue();
        assertThat(subscriber.texts()).containsExactly("1", "2");
        subscriber.lose();
        assertThat(broker.clients().session("s").orElseThrow().queued()).isZero();
        assertThat(link().says(connect("new", false, 100)).next(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(link().says(connect("s", true, 100)).next(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.QUOTA_EXCEEDED);
    }

    /** Whoever publishes much is not held for a store that it does not need. */
    @Test
    void live_goesOn_howeverMuchItIs() {
        FakeLink kept = kept("k", "t", Qos.AT_LEAST_ONCE);
        client("q").says(publish("t", "x", Qos.AT_LEAST_ONCE, 1));
        Publish owed = kept.next(Publish.class);
        FakeLink publisher = client("p");
        trouble();

        kept.says(new PubAck(owed.packetId(), ReasonCode.SUCCESS, ReasonDetails.NONE));
        String large = "x".repeat(100_000);
        for (int i = 0; i < 100; i++) {
            publisher.says(publish("live", large, Qos.AT_MOST_ONCE, 0));
        }

        assertThat(publisher.reading).isTrue();
    }

    @Test
    void publishers_thatWaitForASlowStore_goOnWhenItIsInTrouble() {
        kept("k", "t", Qos.AT_LEAST_ONCE).lose();
        FakeLink publisher = client("p");
        held.hold(true);
        for (int i = 1; i <= 2 * MOST_HELD && publisher.reading; i++) {
            publisher.says(publish("t", "x".repeat(100_000), Qos.AT_LEAST_ONCE, i));
        }
        assertThat(publisher.reading).isFalse();

        trouble();

        assertThat(publisher.reading).isTrue();
    }

    @Test
    void acknowledgements_ofSubscribers_areNotForgotten() {
        FakeLink subscriber = kept("s", "t", Qos.AT_LEAST_ONCE);
        client("p").says(publish("t", "x", Qos.AT_LEAST_ONCE, 1));
        Publish sent = subscriber.next(Publish.class);
        trouble();

        subscriber.says(new PubAck(sent.packetId(), ReasonCode.SUCCESS, ReasonDetails.NONE));
        recover();
        restart();

        assertThat(connected(connect("s", false, 100)).texts()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(StorageException.Kind.class)
    void subscribe_isRefused_andLeavesNothing(StorageException.Kind kind) {
        FakeLink subscriber = connected(connect("s", false, 100));
        trouble(kind);

        subscriber.says(subscribe("t", Qos.AT_LEAST_ONCE));

        assertThat(subscriber.next(SubAck.class).reasonCodes()).containsExactly(codeOf(kind));
        recover();
        client("p").says(publish("t", "x", Qos.AT_LEAST_ONCE, 1));
        assertThat(subscriber.texts()).isEmpty();
    }

    @Test
    void unsubscribe_isAnsweredWhenItIsStored() {
        FakeLink subscriber = kept("s", "t", Qos.AT_LEAST_ONCE);
        trouble();

        subscriber.says(new Unsubscribe(7, List.of(), List.of(TopicFilter.of("t"))));
        assertThat(subscriber.sent).isEmpty();
        recover();

        assertThat(subscriber.next(UnsubAck.class).packetId()).isEqualTo(7);
        subscriber.lose();
        restart();
        client("p").says(publish("t", "x", Qos.AT_LEAST_ONCE, 1));
        assertThat(connected(connect("s", false, 100)).texts()).isEmpty();
    }

    @Test // [MQTT5-4.3.3-11]
    void pubComp_isSentWhenItIsStored() {
        FakeLink publisher = connected(connect("p", false, 100));
        publisher.says(publish("t", "x", Qos.EXACTLY_ONCE, 1)).next(PubRec.class);
        trouble();

        publisher.says(new PubRel(1, ReasonCode.SUCCESS, ReasonDetails.NONE));
        assertThat(publisher.sent).isEmpty();
        recover();

        assertThat(publisher.next(PubComp.class).packetId()).isEqualTo(1);
    }

    @Test // [MQTT5-4.3.3-4]
    void pubRel_isSentWhenItIsStored() {
        FakeLink subscriber = kept("s", "t", Qos.EXACTLY_ONCE);
        client("p").says(publish("t", "x", Qos.EXACTLY_ONCE, 1));
        Publish sent = subscriber.next(Publish.class);
        trouble();

        subscriber.says(new PubRec(sent.packetId(), ReasonCode.SUCCESS, ReasonDetails.NONE));
        assertThat(subscriber.sent).isEmpty();
        recover();

        assertThat(subscriber.next(PubRel.class).packetId()).isEqualTo(sent.packetId());
    }

    @Test
    void qos2_whoseIdentifierCannotBeStored_isSentLater() {
        FakeLink subscriber = kept("s", "t", Qos.EXACTLY_ONCE);
        FakeLink publisher = client("p");
        held.hold(true);
        publisher.says(publish("t", "x", Qos.EXACTLY_ONCE, 1));
        assertThat(subscriber.sent).isEmpty();

        trouble();
        assertThat(subscriber.sent).isEmpty();
        recover();

        assertThat(subscriber.texts()).containsExactly("x");
    }

    @ParameterizedTest
    @EnumSource(StorageException.Kind.class)
    void connect_ofAKeptSession_isRefused_othersAreNot(StorageException.Kind kind) {
        trouble(kind);

        FakeLink refused = link().says(connect("a", false, 100));

        assertThat(refused.next(ConnAck.class).reasonCode()).isEqualTo(codeOf(kind));
        assertThat(refused.closed).isTrue();
        connected(connect("a", true, 0));
        recover();
        connected(connect("b", false, 100));
    }

    @Test
    void will_waitsForThoseWhoAreAway_andReachesOthersAtOnce() {
        kept("s", "will", Qos.AT_LEAST_ONCE).lose();
        FakeLink keptAndHere = kept("here", "will", Qos.AT_LEAST_ONCE);
        FakeLink live = subscriber("live", "will", Qos.AT_LEAST_ONCE);
        FakeLink dying = connected(connect("d", true, will("will", 0), properties(0, 10, 10_000)));
        trouble();

        dying.lose();
        assertThat(live.texts()).containsExactly("gone");
        assertThat(keptAndHere.texts()).isEmpty();
        recover();

        assertThat(keptAndHere.texts()).containsExactly("gone");
        assertThat(broker.stats().losses().drops()).containsEntry(DropCause.NOT_STORED, 0L);
        restart();
        assertThat(connected(connect("s", false, 100)).texts()).containsExactly("gone");
    }

    @Test
    void will_thatWasSentToNobodyYet_isStillInTheStore() {
        kept("s", "will", Qos.AT_LEAST_ONCE).lose();
        connected(connect("d", false, will("will", 10), properties(100, 10, 10_000))).lose();
        trouble();
        advance(11_000);

        restart();
        advance(11_000);

        assertThat(connected(connect("s", false, 100)).texts()).containsExactly("gone");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void handover_waitsUntilTheStoreCanWrite(boolean otherIsHere) {
        kept("a", "$share/g/t", Qos.AT_LEAST_ONCE).lose();
        FakeLink publisher = client("p");
        for (int i = 0; i < 3; i++) {
            publisher.says(publish("t", "" + i, Qos.AT_LEAST_ONCE, 1)).next(PubAck.class);
        }
        FakeLink other = kept("b", "$share/g/t", Qos.AT_LEAST_ONCE);
        if (!otherIsHere) {
            other.lose();
        }
        trouble();

        broker.clients().endSession("a", "enough", Actor.SERVER);
        settle();
        assertThat(broker.clients().session("a")).isEmpty();
        recover();

        assertThat(held.sessions()).isEqualTo(1);
        other.lose();
        restart();
        assertThat(connected(connect("b", false, 100)).texts()).containsExactly("0", "1", "2");
    }

    @Test
    void handover_whoseCommitFails_endsWhenTheStoreHasWrittenIt() {
        kept("a", "$share/g/t", Qos.AT_LEAST_ONCE).lose();
        client("p").says(publish("t", "x", Qos.AT_LEAST_ONCE, 1)).next(PubAck.class);
        kept("b", "$share/g/t", Qos.AT_LEAST_ONCE).lose();
        held.hold(true);
        broker.clients().endSession("a", "enough", Actor.SERVER);
        settle();

        trouble();
        recover();

        assertThat(held.sessions()).isEqualTo(1);
        restart();
        assertThat(connected(connect("b", false, 100)).texts()).containsExactly("x");
    }

    @Test
    void health_tellsOfIt_forAsLongAsItLasts() {
        assertThat(broker.storeHealth().findings()).isEmpty();
        trouble();
        assertThat(broker.storeHealth().findings())
                .singleElement()
                .satisfies(
                        finding -> assertThat(finding.detail()).contains("the disk of the test"));
        recover();
        assertThat(broker.storeHealth().findings()).isEmpty();
    }
}

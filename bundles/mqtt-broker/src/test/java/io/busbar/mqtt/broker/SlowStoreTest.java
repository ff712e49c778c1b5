package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.broker.SessionView;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.StorageException;
import io.busbar.memory.ProcessMemory;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.ReasonDetails;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.access.ScriptedAccess;
import io.busbar.testkit.storage.HeldStore;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody is acknowledged before the store says so. */
class SlowStoreTest extends BrokerFixture {
    private final HeldStore held = HeldStore.losing(new MemoryStore());

    SlowStoreTest() {
        store = held;
    }

    private FakeLink offlineSubscriber() {
        FakeLink subscriber = connected(connect("s", false, 100));
        subscriber.says(subscribe("kept", Qos.AT_LEAST_ONCE)).next(SubAck.class);
        subscriber.lose();
        return subscriber;
    }

    private void complete() {
        held.release();
        settle();
    }

    /** The server ends without having stored anything more, and starts again. */
    private void crash() {
        held.crash();
        broker = newBroker();
        bindProviders();
        settle();
    }

    @Test
    void qos1_owedToAKeptSession_isAcknowledgedWhenDurable() {
        offlineSubscriber();
        FakeLink publisher = client("p");
        held.hold(true);

        publisher.says(publish("kept", "x", Qos.AT_LEAST_ONCE, 1));
        assertThat(publisher.sent).isEmpty();
        complete();

        assertThat(publisher.next(PubAck.class).packetId()).isEqualTo(1);
    }

    @Test // [MQTT5-4.6.0-2]
    void acknowledgements_keepTheOrderOfArrival() {
        offlineSubscriber();
        FakeLink publisher = client("p");
        held.hold(true);

        publisher.says(publish("kept", "x", Qos.AT_LEAST_ONCE, 1));
        publisher.says(publish("nobody", "x", Qos.AT_LEAST_ONCE, 2));
        assertThat(publisher.sent).isEmpty();
        complete();

        assertThat(publisher.next(PubAck.class).packetId()).isEqualTo(1);
        assertThat(publisher.next(PubAck.class).packetId()).isEqualTo(2);
    }

    /** The second is written at once, and the first has only just been. */
    @Test // [MQTT5-4.6.0-4]
    void releases_keepTheOrderOfWhatTheyAnswer() {
        FakeLink subscriber = connected(connect("s", false, 100));
        subscriber.says(subscribe("kept", Qos.EXACTLY_ONCE)).next(SubAck.class);
        FakeLink publisher = client("p");
        publisher.says(publish("kept", "1", Qos.EXACTLY_ONCE, 1)).next(PubRec.class);
        publisher.says(publish("kept", "2", Qos.EXACTLY_ONCE, 2)).next(PubRec.class);
        int first = subscriber.next(Publish.class).packetId();
        int second = subscriber.next(Publish.class).packetId();
        held.hold(true);
        subscriber.says(new PubRec(first, ReasonCode.SUCCESS));

        held.catchUpWithNext();
        subscriber.says(new PubRec(second, ReasonCode.SUCCESS));
        settle();

        assertThat(subscriber.next(PubRel.class).packetId()).isEqualTo(first);
        assertThat(subscriber.next(PubRel.class).packetId()).isEqualTo(second);
    }

    @Test
    void qos1_acrossLoops_isAcknowledgedWhenDurable() {
        offlineSubscriber();
        FakeLink publisher = connected(linkOnOtherLoop(), connect("p", true, 0));
        held.hold(true);

        publisher.says(publish("kept", "x", Qos.AT_LEAST_ONCE, 1));
        assertThat(publisher.sent).isEmpty();
        complete();

        assertThat(publisher.next(PubAck.class).packetId()).isEqualTo(1);
    }

    @Test
    void qos1_toPassingSessionsOnly_doesNotWaitForTheStore() {
        FakeLink subscriber = subscriber("s", "t", Qos.AT_LEAST_ONCE);
        FakeLink publisher = client("p");
        held.hold(true);

        publisher.says(publish("t", "x", Qos.AT_LEAST_ONCE, 1));

        publisher.next(PubAck.class);
        assertThat(subscriber.texts()).containsExactly("x");
        assertThat(held.held()).isZero();
    }

    @Test
    void commit_thatNobodyWaitsFor_acknowledgesNothingThatComesAfterIt() {
        FakeLink subscriber = connected(connect("s", false, 100));
        subscriber.says(subscribe("kept", Qos.AT_LEAST_ONCE)).next(SubAck.class);
        FakeLink publisher = client("p");
        held.hold(true);
        subscriber.lose();
        publisher.says(publish("kept", "x", Qos.AT_LEAST_ONCE, 1));
        assertThat(held.held()).isEqualTo(2);

        complete();
        assertThat(publisher.sent).isEmpty();
        complete();

        assertThat(publisher.next(PubAck.class).packetId()).isEqualTo(1);
        assertThat(publisher.sent).isEmpty();
    }

    @Test
    void failure_ofTheStore_isToldToThePublisher() {
        offlineSubscriber();
        FakeLink publisher = client("p");
        held.hold(true);

        publisher.says(publish("kept", "x", Qos.AT_LEAST_ONCE, 1));
        held.fail(new StorageException("disk full"));
        settle();

        assertThat(publisher.next(PubAck.class).reasonCode())
                .isEqualTo(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
    }

    @Test
    void connect_whileTheStoreIsBroken_isRefusedAndLeavesNothingBehind() {
        access.authenticating(
                request ->
                        CompletableFuture.completedFuture(
                                new AuthResult.Granted(ScriptedAccess.principal("one", 1))));
        held.broken(true);

        FakeLink refused = link().says(connect("a", false, 100));

        assertThat(refused.next(ConnAck.class).reasonCode())
                .isEqualTo(ReasonCode.UNSPECIFIED_ERROR);
        assertThat(refused.closed).isTrue();
        assertThat(broker.stats().connections().online()).isZero();
        held.broken(false);
        connected(connect("a", false, 100));
        assertThat(broker.stats().connections().online()).isEqualTo(1);
    }

    /** Who was not told of a session would take it for an older one, which has expired. */
    @ParameterizedTest // [MQTT5-3.2.2-2]
    @ValueSource(booleans = {true, false})
    void connection_thatEndsBeforeItsAnswer_leavesNoNewSessionAndNoWill(boolean clean) {
        FakeLink watcher = subscriber("w", "will", Qos.AT_MOST_ONCE);
        held.hold(true);

        FakeLink link = link().says(connect("a", clean, will("will", 0), properties(100, 1, 1000)));
        assertThat(link.sent).isEmpty();
        link.lose();
        held.hold(false);
        while (held.held() > 0) {
            complete();
        }

        assertThat(broker.clients().sessions())
                .extracting(SessionView::clientId)
                .doesNotContain("a");
        assertThat(watcher.texts()).isEmpty();
        crash();
        assertThat(link().says(connect("a", false, 100)).next(ConnAck.class).sessionPresent())
                .isFalse();
    }

    @Test // [MQTT5-3.2.2-3]
    void connection_thatEndsBeforeItsAnswer_leavesTheSessionThatWasThere() {
        offlineSubscriber();
        client("p").says(publish("kept", "x", Qos.AT_LEAST_ONCE, 1)).next(PubAck.class);
        held.hold(true);

        FakeLink link = link().says(connect("s", false, 100));
        assertThat(link.sent).isEmpty();
        link.lose();
        held.hold(false);
        while (held.held() > 0) {
            complete();
        }

        FakeLink again = link().says(connect("s", false, 100));
        assertThat(again.next(ConnAck.class).sessionPresent()).isTrue();
        assertThat(again.texts()).containsExactly("x");
    }

    @Test // [MQTT5-3.2.2-2]
    void connect_thatTheStoreRefuses_leavesNoNewSessionAndNoWill() {
        FakeLink watcher = subscriber("w", "will", Qos.AT_MOST_ONCE);
        held.broken(true);

        FakeLink refused =
                link().says(connect("a", false, will("will", 0), properties(100, 1, 1000)));
        assertThat(refused.closed).isTrue();
        held.broken(false);
        settle();

        assertThat(watcher.texts()).isEmpty();
        assertThat(link().says(connect("a", false, 100)).next(ConnAck.class).sessionPresent())
                .isFalse();
    }

    @ParameterizedTest // [MQTT311-4.8.0-2]
    @ValueSource(ints = {1, 2})
    void failure_ofTheStore_closesAPublisherOf311(int qos) {
        offlineSubscriber();
        FakeLink publisher = connected(connect311("p", true));
        held.hold(true);

        publisher.says(publish("kept", "x", Qos.of(qos), 1));
        held.fail(new StorageException("disk full"));
        settle();

        assertThat(publisher.sent).isEmpty();
        assertThat(publisher.closed).isTrue();
    }

    @Test
    void restart_bringsBackSessionsAndWhatTheyAreOwed() {
        offlineSubscriber();
        client("p").says(publish("kept", "x", Qos.AT_LEAST_ONCE, 1));

        broker = newBroker();
        bindProviders();
        FakeLink again = connected(linkOnOtherLoop(), connect("s", false, 100));

        assertThat(again.texts()).containsExactly("x");
        client("p").says(publish("kept", "y", Qos.AT_LEAST_ONCE, 1));
        assertThat(again.texts()).containsExactly("y");
    }

    private FakeLink member(FakeLink link, String clientId) {
        connected(link, connect(clientId, false, 100))
                .says(subscribe("$share/g/t", Qos.AT_LEAST_ONCE))
                .next(SubAck.class);
        return link;
    }

    @Test
    void restart_keepsWhichShareAMessageCameFrom() {
        member(link(), "a").lose();
        client("p").says(publish("t", "x", Qos.AT_LEAST_ONCE, 1)).next(PubAck.class);
        crash();
        FakeLink other = member(link(), "b");

        client("a");

        assertThat(other.texts()).containsExactly("x");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void crash_whileASessionGivesWayToOthers_losesNothing(int durableCommits) {
        member(link(), "a").lose();
        client("p").says(publish("t", "x", Qos.AT_LEAST_ONCE, 1)).next(PubAck.class);
        member(linkOnOtherLoop(), "b").lose();
        held.hold(true);

        link().says(connect("a", true, 100)); // Clean Start: the session ends
        for (int i = 0; i < durableCommits && held.held() > 0; i++) {
            complete();
        }
        crash();

        Set<String> kept = new HashSet<>(connected(connect("b", false, 100)).texts());
        kept.addAll(connected(connect("a", false, 100)).texts());
        assertThat(kept).containsExactly("x");
        assertThat(broker.clients().sessions())
                .extracting(SessionView::clientId)
                .contains("a", "b");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void disconnect_thatEndsTheSession_givesWhatItOwesToOthersFirst(int durableCommits) {
        FakeLink leaving = member(link(), "a");
        client("p").says(publish("t", "x", Qos.AT_LEAST_ONCE, 1)).next(PubAck.class);
        member(linkOnOtherLoop(), "b").lose();
        held.hold(true);

        leaving.says(new Disconnect(ReasonCode.SUCCESS, 0, ReasonDetails.NONE, null));
        for (int i = 0; i < durableCommits && held.held() > 0; i++) {
            complete();
        }
        crash();

        Set<String> kept = new HashSet<>(connected(connect("b", false, 100)).texts());
        kept.addAll(connected(connect("a", false, 100)).texts());
        assertThat(kept).containsExactly("x");
    }

    @ParameterizedTest
    @CsvSource({
        "0,false", "1,false", "2,false", "3,false", "0,true", "1,true", "2,true", "3,true", "4,true"
    })
    void crash_whileAMessageOfQos2IsTakenOver_losesNothing(
            int durableCommits, boolean itsPublisherGoes) {
        FakeLink subscriber = connected(linkOnOtherLoop(), connect("s", false, 100));
        subscriber.says(subscribe("kept", Qos.EXACTLY_ONCE)).next(SubAck.class);
        subscriber.lose();
        FakeLink publisher = connected(connect("p", false, 100));
        held.hold(true);

        publisher.sends(publish("kept", "x", Qos.EXACTLY_ONCE, 1));
        if (itsPublisherGoes) {
            publisher.lose(false);
        }
        settle();
        for (int i = 0; i < durableCommits && held.held() > 0; i++) {
            complete();
        }
        crash();
        connected(connect("p", false, 100))
                .says(publish("kept", "x", Qos.EXACTLY_ONCE, 1))
                .next(PubRec.class);

        assertThat(connected(connect("s", false, 100)).texts()).contains("x");
    }

    @Test
    void qos2_retainedOfAKeptSession_isAnswered() {
        FakeLink publisher = connected(connect("p", false, 100));
        held.hold(true);

        publisher.says(Publish.of(TopicName.of("t"), new byte[] {1}, Qos.EXACTLY_ONCE, true, 1));
        complete();
        complete();

        assertThat(publisher.next(PubRec.class).packetId()).isEqualTo(1);
    }

    @Test
    void qos2_acrossLoops_isTakenOverOnceEverybodyHasIt() {
        FakeLink subscriber = connected(linkOnOtherLoop(), connect("s", false, 100));
        subscriber.says(subscribe("kept", Qos.EXACTLY_ONCE)).next(SubAck.class);
        subscriber.lose();
        FakeLink publisher = connected(connect("p", false, 100));
        held.hold(true);

        publisher.says(publish("kept", "x", Qos.EXACTLY_ONCE, 1));
        complete();
        assertThat(publisher.sent).isEmpty();
        complete();

        assertThat(publisher.next(PubRec.class).packetId()).isEqualTo(1);
        crash();
        connected(connect("p", false, 100))
                .says(publish("kept", "x", Qos.EXACTLY_ONCE, 1))
                .next(PubRec.class);
        assertThat(connected(connect("s", false, 100)).texts()).containsExactly("x");
    }

    @Test
    void qos2_ofAClientThatGoesBeforeItIsAnswered_isADuplicateWhenItComesAgain() {
        FakeLink subscriber = connected(linkOnOtherLoop(), connect("s", false, 100));
        subscriber.says(subscribe("kept", Qos.EXACTLY_ONCE)).next(SubAck.class);
        subscriber.lose();
        FakeLink publisher = connected(connect("p", false, 100));
        held.hold(true);
        publisher.says(publish("kept", "x", Qos.EXACTLY_ONCE, 1));
        publisher.lose();
        held.hold(false);
        while (held.held() > 0) {
            complete();
        }

        connected(connect("p", false, 100))
                .says(publish("kept", "x", Qos.EXACTLY_ONCE, 1))
                .next(PubRec.class);

        assertThat(connected(connect("s", false, 100)).texts()).containsExactly("x");
    }

    @Test
    void whatIsBeingStored_isCounted_andHoldsWhoPublishesMuch() {
        memory.close();
        memory = new ProcessMemory(4 << 20, 4 << 20, Clock.systemUTC());
        crash();
        offlineSubscriber();
        FakeLink publisher = client("p");
        held.hold(true);
        byte[] payload = new byte[60_000];

        int sent = 0;
        while (publisher.reading && sent < 10) {
            sent++;
            publisher.says(
                    Publish.of(TopicName.of("kept"), payload, Qos.AT_LEAST_ONCE, false, sent));
        }

        assertThat(sent).as("about a sixteenth of the memory").isBetween(3, 6);
        assertThat(memory.use(MemoryArea.HEAP).kinds().get("messages that are being stored"))
                .isBetween(sent * 60_000L, sent * 80_000L);
        while (held.held() > 0) {
            complete();
        }
        assertThat(publisher.reading).isTrue();
        assertThat(memory.use(MemoryArea.HEAP).kinds())
                .containsEntry("messages that are being stored", 0L);
    }

    @Test
    void whatCannotBeStored_isCountedUntilItCan() {
        offlineSubscriber();
        FakeLink publisher = client("p");
        held.hold(true);
        publisher.says(publish("kept", "x", Qos.AT_LEAST_ONCE, 1));

        held.fail(new StorageException("disk full"));
        settle();
        assertThat(memory.use(MemoryArea.HEAP).kinds().get("messages that are being stored"))
                .isPositive();
        held.recover();
        settle();

        assertThat(memory.use(MemoryArea.HEAP).kinds())
                .containsEntry("messages that are being stored", 0L);
    }
}

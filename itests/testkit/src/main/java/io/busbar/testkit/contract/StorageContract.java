package io.busbar.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.mqtt.UserProperty;
import io.busbar.api.storage.BrokerStore;
import io.busbar.api.storage.Delivery;
import io.busbar.api.storage.Durability;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.StoreBatch;
import io.busbar.api.storage.StoreBatch.OutboundState;
import io.busbar.api.storage.SubscriptionRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Tests that every {@link BrokerStore} must pass. The test of an implementation extends this class
 * and says how to open a store.
 */
public abstract class StorageContract {
    /** Client whose shard is worked on. */
    protected static final String CLIENT = "client";

    private static final Delivery ONCE =
            new Delivery(Qos.AT_LEAST_ONCE, false, Delivery.NO_IDENTIFIERS, null);

    private BrokerStore store;
    private ShardOwner owner;

    /** Opens an empty store. */
    protected abstract BrokerStore open() throws Exception;

    /** Closes what {@link #open} opened. */
    protected abstract void close(BrokerStore opened) throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = open();
        owner = own();
    }

    @AfterEach
    void closeStore() throws Exception {
        owner.close();
        close(store);
    }

    private ShardOwner own() {
        return get(store.own(store.shardOf(CLIENT)));
    }

    private static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new AssertionError("the store did not answer", failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", stopped);
        }
    }

    private void commit(StoreBatch batch) {
        get(owner.commit(batch, Durability.SAFE));
    }

    /** A message with everything that a message can carry. */
    protected static Message message(String topic, String text) {
        return new Message(
                TopicName.of(topic),
                text.getBytes(StandardCharsets.UTF_8),
                Qos.AT_LEAST_ONCE,
                true,
                new MessageProperties(
                        1,
                        3_600,
                        "text/plain",
                        "reply/to",
                        new byte[] {1, 2, 3},
                        List.of(new UserProperty("a", "1"), new UserProperty("a", "2"))),
                new Publisher("cred:1", "Line 1 gateway", "uns1", "127.0.0.1:4711"),
                1_800_000_000_000L);
    }

    private static SessionRecord session(long number, String clientId) {
        return new SessionRecord(
                number, clientId, "cred:1", "user", 3_600, 1L, 2L, message("will", "gone"), 5);
    }

    private StoreBatch enqueue(long session, long from, long to, int bytes) {
        StoreBatch batch = owner.newBatch();
        for (long sequence = from; sequence <= to; sequence++) {
            batch.enqueue(
                    session,
                    sequence,
                    batch.message(message("t", "x".repeat(bytes - 1) + sequence % 10)),
                    ONCE);
        }
        return batch;
    }

    private static List<Long> sequences(List<QueuedMessage> queue) {
        List<Long> sequences = new ArrayList<>();
        for (QueuedMessage message : queue) {
            sequences.add(message.sequence());
        }
        return sequences;
    }

    private static void assertSame(Message actual, Message expected) {
        assertThat(actual.topic()).isEqualTo(expected.topic());
        assertThat(actual.payload()).isEqualTo(expected.payload());
        assertThat(actual.qos()).isEqualTo(expected.qos());
        assertThat(actual.retain()).isEqualTo(expected.retain());
        assertThat(actual.publisher()).isEqualTo(expected.publisher());
        assertThat(actual.receivedAt()).isEqualTo(expected.receivedAt());
        assertThat(actual.properties()).usingRecursiveComparison().isEqualTo(expected.properties());
    }

    @Test
    void shardOf_isStableAndInRange() {
        for (int i = 0; i < 100; i++) {
            assertThat(store.shardOf("c" + i))
                    .isBetween(0, store.shards() - 1)
                    .isEqualTo(store.shardOf("c" + i));
        }
    }

    @Test
    void batch_isInvisibleBeforeItsCommit() {
        StoreBatch batch = owner.newBatch();
        assertThat(batch.isEmpty()).isTrue();
        batch.putSession(session(1, CLIENT));
        assertThat(batch.isEmpty()).isFalse();
        assertThat(batch.size()).isEqualTo(1);
        assertThat(owner.view().sessions()).isEmpty();

        commit(batch);

        assertThat(owner.view().sessions()).hasSize(1);
    }

    @Test
    void commit_isVisibleWhenItReturns() {
        StoreBatch batch = owner.newBatch();
        batch.putSession(session(1, CLIENT));

        CompletionStage<Void> done = owner.commit(batch, Durability.SAFE);

        assertThat(owner.view().sessions()).hasSize(1);
        get(done);
    }

    @Test
    void session_isKeptWhole_andReplaced() {
        StoreBatch batch = owner.newBatch();
        batch.putSession(session(1, CLIENT));
        commit(batch);
        SessionRecord kept = owner.view().sessions().get(0);
        assertThat(kept)
                .usingRecursiveComparison()
                .ignoringFields("will")
                .isEqualTo(session(1, CLIENT));
        assertSame(kept.will(), message("will", "gone"));

        StoreBatch change = owner.newBatch();
        change.putSession(
                new SessionRecord(1, CLIENT, "cred:1", "user", 0xFFFF_FFFFL, 1, 0, null, 0));
        commit(change);

        assertThat(owner.view().sessions())
                .singleElement()
                .satisfies(
                        record -> {
                            assertThat(record.expirySeconds()).isEqualTo(0xFFFF_FFFFL);
                            assertThat(record.will()).isNull();
                        });
    }

    @Test
    void subscriptions_areKept_replaced_andDeletedByFilter() {
        StoreBatch batch = owner.newBatch();
        batch.putSession(session(1, CLIENT));
        batch.putSubscription(
                1, new SubscriptionRecord("a/#", Qos.EXACTLY_ONCE, true, true, 2, 268_435_455));
        batch.putSubscription(
                1, new SubscriptionRecord("$share/g/b", Qos.AT_MOST_ONCE, false, false, 0, 0));
        batch.putSubscription(
                1, new SubscriptionRecord("$share/g/b", Qos.AT_LEAST_ONCE, false, false, 1, 7));
        commit(batch);
        assertThat(owner.view().subscriptions(1))
                .containsExactlyInAnyOrder(
                        new SubscriptionRecord("a/#", Qos.EXACTLY_ONCE, true, true, 2, 268_435_455),
                        new SubscriptionRecord(
                                "$share/g/b", Qos.AT_LEAST_ONCE, false, false, 1, 7));

        StoreBatch change = owner.newBatch();
        change.deleteSubscription(1, "a/#");
        change.deleteSubscription(1, "never");
        commit(change);

        assertThat(owner.view().subscriptions(1)).hasSize(1);
        assertThat(owner.view().subscriptions(2)).isEmpty();
    }

    @Test
    void queue_isReadInOrder_inPagesByCountAndBytes() {
        StoreBatch first = owner.newBatch();
        first.putSession(session(1, CLIENT));
        commit(first);
        commit(enqueue(1, 1, 5, 100));
        commit(enqueue(1, 6, 10, 100));

        assertThat(owner.view().queueSize(1)).isEqualTo(10);
        assertThat(sequences(owner.view().queue(1, 0, 4, Long.MAX_VALUE)))
                .containsExactly(1L, 2L, 3L, 4L);
        assertThat(sequences(owner.view().queue(1, 5, 4, Long.MAX_VALUE)))
                .containsExactly(5L, 6L, 7L, 8L);
        assertThat(sequences(owner.view().queue(1, 0, 100, 350))).containsExactly(1L, 2L, 3L);
        assertThat(sequences(owner.view().queue(1, 0, 100, 1))).containsExactly(1L);
        assertThat(owner.view().queue(1, 11, 100, 1_000)).isEmpty();
    }

    @Test
    void queue_keepsMessageDeliveryAndState() {
        Delivery delivery = new Delivery(Qos.EXACTLY_ONCE, true, new int[] {3, 9}, "$share/g/t");
        StoreBatch batch = owner.newBatch();
        batch.putSession(session(1, CLIENT));
        batch.enqueue(1, 1, batch.message(message("t", "x")), delivery);
        commit(batch);
        QueuedMessage unsent = owner.view().queue(1, 0, 1, 1).get(0);
        assertThat(unsent.packetId()).isZero();
        assertThat(unsent.state()).isNull();
        assertSame(unsent.message(), message("t", "x"));
        assertThat(unsent.delivery().qos()).isEqualTo(Qos.EXACTLY_ONCE);
        assertThat(unsent.delivery().retain()).isTrue();
        assertThat(unsent.delivery().subscriptionIdentifiers()).containsExactly(3, 9);
        assertThat(unsent.delivery().share()).isEqualTo("$share/g/t");

        StoreBatch sent = owner.newBatch();
        sent.outbound(1, 1, 65_535, OutboundState.PUBLISHED);
        commit(sent);
        assertThat(owner.view().queue(1, 0, 1, 1).get(0).packetId()).isEqualTo(65_535);
        StoreBatch released = owner.newBatch();
        released.outbound(1, 1, 65_535, OutboundState.RELEASED);
        commit(released);

        QueuedMessage after = owner.view().queue(1, 0, 1, 1).get(0);
        assertThat(after.state()).isEqualTo(OutboundState.RELEASED);
        assertSame(after.message(), message("t", "x"));
    }

    @Test
    void oneMessage_isOwedToSeveralSessions() {
        StoreBatch batch = owner.newBatch();
        int number = batch.message(message("t", "x"));
        batch.enqueue(1, 1, number, ONCE);
        batch.enqueue(2, 1, number, ONCE);
        commit(batch);

        StoreBatch done = owner.newBatch();
        done.acknowledge(1, 1);
        commit(done);

        assertThat(owner.view().queueSize(1)).isZero();
        assertSame(owner.view().queue(2, 0, 1, 1).get(0).message(), message("t", "x"));
    }

    @Test
    void acknowledge_takesOneOutOfTheMiddle_andMayComeInTheSameBatch() {
        commit(enqueue(1, 1, 3, 10));
        StoreBatch batch = owner.newBatch();
        batch.acknowledge(1, 2);
        batch.enqueue(1, 4, batch.message(message("t", "x")), ONCE);
        batch.acknowledge(1, 4);
        batch.acknowledge(1, 99);
        commit(batch);

        assertThat(sequences(owner.view().queue(1, 0, 10, 1_000))).containsExactly(1L, 3L);
    }

    @Test
    void inbound_identifiers_areRememberedAndReleased() {
        StoreBatch batch = owner.newBatch();
        batch.inbound(1, 1);
        batch.inbound(1, 65_535);
        batch.inbound(1, 7);
        batch.releaseInbound(1, 7);
        commit(batch);

        assertThat(owner.view().inbound(1)).containsExactlyInAnyOrder(1, 65_535);
        assertThat(owner.view().inbound(2)).isEmpty();
    }

    @Test
    void deleteSession_takesEverythingItOwns_andNothingElse() {
        StoreBatch batch = owner.newBatch();
        batch.putSession(session(1, CLIENT));
        batch.putSession(session(2, CLIENT + "2"));
        batch.putSubscription(1, new SubscriptionRecord("a", Qos.AT_MOST_ONCE, false, false, 0, 0));
        batch.putSubscription(2, new SubscriptionRecord("a", Qos.AT_MOST_ONCE, false, false, 0, 0));
        int number = batch.message(message("t", "x"));
        batch.enqueue(1, 1, number, ONCE);
        batch.enqueue(2, 1, number, ONCE);
        batch.inbound(1, 5);
        batch.inbound(2, 5);
        commit(batch);

        StoreBatch delete = owner.newBatch();
        delete.deleteSession(1);
        commit(delete);

        assertThat(owner.view().sessions()).extracting(SessionRecord::session).containsExactly(2L);
        assertThat(owner.view().subscriptions(1)).isEmpty();
        assertThat(owner.view().queueSize(1)).isZero();
        assertThat(owner.view().inbound(1)).isEmpty();
        assertThat(owner.view().subscriptions(2)).hasSize(1);
        assertThat(owner.view().queueSize(2)).isEqualTo(1);
        assertThat(owner.view().inbound(2)).containsExactly(5);
    }

    @Test
    void retained_isSet_replaced_andDeleted() {
        StoreBatch batch = owner.newBatch();
        batch.retain(batch.message(message("a", "1")));
        batch.retain(batch.message(message("b", "1")));
        batch.retain(batch.message(message("a", "2")));
        commit(batch);
        assertThat(store.retained().size()).isEqualTo(2);
        assertSame(store.retained().get(TopicName.of("a")).orElseThrow(), message("a", "2"));

        StoreBatch delete = owner.newBatch();
        delete.deleteRetained(TopicName.of("a"));
        delete.deleteRetained(TopicName.of("never"));
        commit(delete);

        List<String> left = new ArrayList<>();
        store.retained().forEach(message -> left.add(message.topic().value()));
        assertThat(left).containsExactly("b");
        assertThat(store.retained().get(TopicName.of("a"))).isEmpty();
    }

    @Test
    void newOwner_seesEverything_andFencesTheOld() {
        StoreBatch batch = owner.newBatch();
        batch.putSession(session(1, CLIENT));
        commit(batch);
        ShardOwner old = owner;
        StoreBatch late = old.newBatch();
        late.putSession(session(2, "late"));

        owner = own();

        assertThat(owner.epoch()).isGreaterThan(old.epoch());
        assertThat(old.isFenced()).isTrue();
        assertThat(owner.isFenced()).isFalse();
        assertThatThrownBy(
                        () ->
                                old.commit(late, Durability.SAFE)
                                        .toCompletableFuture()
                                        .get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class);
        assertThat(owner.view().sessions())
                .extracting(SessionRecord::clientId)
                .containsExactly(CLIENT);
    }

    @Test
    void commits_ofSeveralThreads_areAllApplied() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int t = 1; t <= 4; t++) {
            long session = t;
            threads.add(
                    new Thread(
                            () -> {
                                for (int i = 0; i < 50; i++) {
                                    commit(enqueue(session, i * 10 + 1, i * 10 + 10, 10));
                                }
                            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join(30_000);
        }

        for (long session = 1; session <= 4; session++) {
            assertThat(owner.view().queueSize(session)).isEqualTo(500);
        }
    }

    @Test
    void onWritable_runsTheAction() throws InterruptedException {
        java.util.concurrent.CountDownLatch ran = new java.util.concurrent.CountDownLatch(1);

        owner.onWritable(ran::countDown);

        assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
    }
}

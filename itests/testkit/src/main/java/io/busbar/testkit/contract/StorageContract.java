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
import io.busbar.api.storage.DeliveryMark;
import io.busbar.api.storage.Durability;
import io.busbar.api.storage.InboundMessage;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.RetainedView;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.StoreBatch;
import io.busbar.api.storage.StoreBatch.OutboundState;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.api.storage.TopicKey;
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
                    ONCE,
                    0);
        }
        return batch;
    }

    private List<SessionRecord> sessions() {
        List<SessionRecord> sessions = new ArrayList<>();
        owner.view().sessions(sessions::add);
        return sessions;
    }

    private long queued(long session) {
        long[] queued = new long[1];
        owner.view()
                .queues(
                        (number, count, bytes) -> {
                            if (number == session) {
                                queued[0] = count;
                            }
                        });
        return queued[0];
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
        assertThat(sessions()).isEmpty();

        commit(batch);

        assertThat(sessions()).hasSize(1);
    }

    @Test
    void commits_areVisibleInTheirOrder() {
        List<CompletionStage<Void>> done = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            done.add(owner.commit(enqueue(1, i, i, 10), Durability.PROCESS));
        }
        CompletionStage<Void> last = owner.commit(enqueue(1, 101, 101, 10), Durability.SAFE);

        get(last);

        assertThat(done).allMatch(stage -> stage.toCompletableFuture().isDone());
        assertThat(queued(1)).isEqualTo(101);
    }

    @Test
    void close_waitsForCommits_andLetsNoMoreIn() {
        CompletionStage<Void> done = owner.commit(enqueue(1, 1, 5, 10), Durability.SAFE);
        StoreBatch late = enqueue(1, 6, 6, 10);

        owner.close();

        assertThat(done.toCompletableFuture()).isCompleted();
        assertThat(owner.commit(late, Durability.SAFE).toCompletableFuture())
                .isCompletedExceptionally();
        owner = own();
        assertThat(queued(1)).isEqualTo(5);
    }

    @Test
    void store_thatWorks_hasNoTrouble() {
        commit(enqueue(1, 1, 1, 10));

        assertThat(owner.trouble()).isNull();
        assertThat(owner.isWritable()).isTrue();
    }

    @Test
    void session_isKeptWhole_andReplaced() {
        StoreBatch batch = owner.newBatch();
        batch.putSession(session(1, CLIENT));
        commit(batch);
        SessionRecord kept = sessions().get(0);
        assertThat(kept)
                .usingRecursiveComparison()
                .ignoringFields("will")
                .isEqualTo(session(1, CLIENT));
        assertSame(kept.will(), message("will", "gone"));

        StoreBatch change = owner.newBatch();
        change.putSession(
                new SessionRecord(1, CLIENT, "cred:1", "user", 0xFFFF_FFFFL, 1, 0, null, 0));
        commit(change);

        assertThat(sessions())
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

        assertThat(queued(1)).isEqualTo(10);
        int size = message("t", "x".repeat(100)).sizeBytes();
        assertThat(sequences(owner.view().queue(1, 0, 4, Long.MAX_VALUE)))
                .containsExactly(1L, 2L, 3L, 4L);
        assertThat(sequences(owner.view().queue(1, 5, 4, Long.MAX_VALUE)))
                .containsExactly(5L, 6L, 7L, 8L);
        assertThat(sequences(owner.view().queue(1, 0, 100, 3 * size + size / 2)))
                .containsExactly(1L, 2L, 3L);
        assertThat(sequences(owner.view().queue(1, 0, 100, 1))).containsExactly(1L);
        assertThat(owner.view().queue(1, 11, 100, 1_000)).isEmpty();
    }

    @Test
    void queue_keepsMessageDeliveryAndState() {
        Delivery delivery = new Delivery(Qos.EXACTLY_ONCE, true, new int[] {3, 9}, "$share/g/t");
        StoreBatch batch = owner.newBatch();
        batch.putSession(session(1, CLIENT));
        batch.enqueue(1, 1, batch.message(message("t", "x")), delivery, 0);
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
        batch.enqueue(1, 1, number, ONCE, 0);
        batch.enqueue(2, 1, number, ONCE, 0);
        commit(batch);

        StoreBatch done = owner.newBatch();
        done.acknowledge(1, 1, false);
        commit(done);

        assertThat(queued(1)).isZero();
        assertSame(owner.view().queue(2, 0, 1, 1).get(0).message(), message("t", "x"));
    }

    @Test
    void acknowledge_takesOneOutOfTheMiddle_andMayComeInTheSameBatch() {
        commit(enqueue(1, 1, 3, 10));
        StoreBatch batch = owner.newBatch();
        batch.acknowledge(1, 2, false);
        batch.enqueue(1, 4, batch.message(message("t", "x")), ONCE, 0);
        batch.acknowledge(1, 4, false);
        batch.acknowledge(1, 99, false);
        commit(batch);

        assertThat(sequences(owner.view().queue(1, 0, 10, 1_000))).containsExactly(1L, 3L);
    }

    @Test
    void acknowledge_ofATrackedMessage_leavesNothingBehind() {
        StoreBatch batch = owner.newBatch();
        batch.enqueue(1, 1, batch.message(message("t", "x")), ONCE, 7);
        batch.enqueue(1, 2, batch.message(message("t", "y")), ONCE, 0);
        commit(batch);
        assertThat(owner.view().queue(1, 0, 10, 1_000))
                .extracting(QueuedMessage::packetId)
                .containsExactly(7, 0);
        assertThat(owner.view().queue(1, 0, 1, 1_000).get(0).state())
                .isEqualTo(OutboundState.PUBLISHED);
        StoreBatch sent = owner.newBatch();
        sent.outbound(1, 1, 7, OutboundState.RELEASED);
        sent.outbound(1, 2, 8, OutboundState.PUBLISHED);
        commit(sent);

        StoreBatch done = owner.newBatch();
        done.acknowledge(1, 1, true);
        done.acknowledge(1, 2, true);
        commit(done);

        assertThat(owner.view().queue(1, 0, 10, 1_000)).isEmpty();
        assertThat(queued(1)).isZero();
    }

    @Test
    void acknowledgeRange_takesBothEndsAndAllBetween() {
        commit(enqueue(1, 1, 9, 10));
        commit(enqueue(2, 1, 9, 10));
        StoreBatch sent = owner.newBatch();
        sent.outbound(1, 4, 1, OutboundState.PUBLISHED);
        sent.outbound(1, 8, 2, OutboundState.PUBLISHED);
        commit(sent);

        StoreBatch batch = owner.newBatch();
        batch.acknowledgeRange(1, 3, 7);
        batch.enqueue(1, 10, batch.message(message("t", "x")), ONCE, 0);
        commit(batch);

        assertThat(sequences(owner.view().queue(1, 0, 10, 10_000)))
                .containsExactly(1L, 2L, 8L, 9L, 10L);
        assertThat(owner.view().queue(1, 8, 1, 1).get(0).packetId()).isEqualTo(2);
        assertThat(queued(2)).isEqualTo(9);
    }

    @Test
    void visits_areInTheOrderOfSessions_withWhatTheyHold() {
        StoreBatch batch = owner.newBatch();
        for (long number : new long[] {300, 2, 0x1_0000_0000L, 1}) {
            batch.putSession(session(number, "c" + number));
            batch.putSubscription(
                    number, new SubscriptionRecord("a", Qos.AT_MOST_ONCE, false, false, 0, 0));
        }
        batch.enqueue(300, 1, batch.message(message("t", "x")), ONCE, 0);
        batch.enqueue(300, 2, batch.message(message("t", "xyz")), ONCE, 0);
        batch.enqueue(2, 1, batch.message(message("t", "x")), ONCE, 0);
        commit(batch);

        assertThat(sessions())
                .extracting(SessionRecord::session)
                .containsExactly(1L, 2L, 300L, 0x1_0000_0000L);
        List<String> visited = new ArrayList<>();
        owner.view()
                .sessions(
                        record -> visited.add(record.clientId()),
                        (number, subscription) -> visited.add(number + subscription.filter()));
        assertThat(visited)
                .containsExactly(
                        "c1", "1a", "c2", "2a", "c300", "300a", "c4294967296", "4294967296a");
        List<String> queues = new ArrayList<>();
        owner.view()
                .queues((number, count, bytes) -> queues.add(number + " " + count + " " + bytes));
        int size = message("t", "x").sizeBytes();
        assertThat(queues).containsExactly("2 1 " + size, "300 2 " + (2 * size + 2));
        assertThat(owner.view().session(300)).map(SessionRecord::clientId).contains("c300");
        assertThat(owner.view().session(4)).isEmpty();
    }

    @Test
    void lastChange_ofABatch_counts() {
        SubscriptionRecord subscription =
                new SubscriptionRecord("a", Qos.AT_MOST_ONCE, false, false, 0, 0);
        StoreBatch batch = owner.newBatch();
        batch.putSubscription(1, subscription);
        batch.deleteSubscription(1, "a");
        batch.putSubscription(1, subscription);
        batch.inbound(1, inbound(5));
        batch.releaseInbound(1, 5);
        batch.inbound(1, inbound(5));
        batch.putSession(session(1, CLIENT));
        batch.deleteRetained(TopicName.of("t"));
        batch.retain(batch.message(message("t", "x")));
        batch.retain(batch.message(message("u", "x")));
        batch.deleteRetained(TopicName.of("u"));
        batch.putSubscription(2, subscription);
        batch.enqueue(2, 1, batch.message(message("t", "x")), ONCE, 0);
        batch.deleteSession(2);
        commit(batch);

        assertThat(owner.view().subscriptions(1)).containsExactly(subscription);
        assertThat(owner.view().inbound(1)).containsExactly(inbound(5));
        assertThat(owner.view().subscriptions(2)).isEmpty();
        assertThat(owner.view().queue(2, 0, 1, 1)).isEmpty();
        assertThat(store.retained().get(TopicName.of("t"))).isPresent();
        assertThat(store.retained().get(TopicName.of("u"))).isEmpty();
    }

    private static InboundMessage inbound(int packetId) {
        return new InboundMessage(packetId, -packetId);
    }

    @Test
    void inbound_messages_areRememberedAndReleased() {
        StoreBatch batch = owner.newBatch();
        batch.inbound(1, inbound(1));
        batch.inbound(1, new InboundMessage(65_535, 0));
        batch.inbound(1, inbound(7));
        batch.releaseInbound(1, 7);
        commit(batch);

        assertThat(owner.view().inbound(1))
                .containsExactlyInAnyOrder(inbound(1), new InboundMessage(65_535, 0));
        assertThat(owner.view().inbound(2)).isEmpty();
    }

    @Test
    void received_isTheLastNumber_andOutlivesTheIdentifier() {
        StoreBatch batch = owner.newBatch();
        batch.inbound(1, inbound(5));
        batch.received(1, 1L << 41);
        batch.received(2, 7);
        batch.received(1, (1L << 41) + 1);
        commit(batch);
        StoreBatch release = owner.newBatch();
        release.releaseInbound(1, 5);
        commit(release);

        assertThat(owner.view().received(1)).isEqualTo((1L << 41) + 1);
        assertThat(owner.view().received(2)).isEqualTo(7);
        assertThat(owner.view().received(3)).isZero();
        StoreBatch end = owner.newBatch();
        end.received(1, (1L << 41) + 2);
        end.deleteSession(1);
        commit(end);
        assertThat(owner.view().received(1)).isZero();
        assertThat(owner.view().received(2)).isEqualTo(7);
    }

    private static DeliveryMark mark(long number) {
        return new DeliveryMark(
                3, 1L << 40, number, 65_535, -7, new long[] {9, 1}, List.of("$share/g/t"));
    }

    private List<Long> marks() {
        List<Long> numbers = new ArrayList<>();
        owner.view()
                .marks(
                        (slot, found) -> {
                            assertThat(found)
                                    .usingRecursiveComparison()
                                    .isEqualTo(mark(found.number()));
                            numbers.add(slot);
                            numbers.add(found.number());
                        });
        return numbers;
    }

    @Test
    void marks_areKeptWhole_replaced_andDeletedBySlot() {
        long high = (ShardOwner.MAX_EPOCH << 40) + 1;
        StoreBatch batch = owner.newBatch();
        batch.putSession(session(1, CLIENT));
        batch.mark(1, mark(1));
        batch.mark(high, mark(2));
        batch.mark(2, mark(3));
        batch.mark(1, mark(4));
        commit(batch);
        assertThat(marks()).containsExactly(1L, 4L, 2L, 3L, high, 2L);
        assertThat(sessions()).hasSize(1);

        StoreBatch change = owner.newBatch();
        change.deleteSession(1);
        change.deleteMark(2);
        change.deleteMark(77);
        change.mark(high, mark(5));
        commit(change);

        assertThat(marks()).containsExactly(1L, 4L, high, 5L);
    }

    @Test
    void deleteSession_takesEverythingItOwns_andNothingElse() {
        StoreBatch batch = owner.newBatch();
        batch.putSession(session(1, CLIENT));
        batch.putSession(session(2, CLIENT + "2"));
        batch.putSubscription(1, new SubscriptionRecord("a", Qos.AT_MOST_ONCE, false, false, 0, 0));
        batch.putSubscription(2, new SubscriptionRecord("a", Qos.AT_MOST_ONCE, false, false, 0, 0));
        int number = batch.message(message("t", "x"));
        batch.enqueue(1, 1, number, ONCE, 0);
        batch.enqueue(2, 1, number, ONCE, 0);
        batch.inbound(1, inbound(5));
        batch.inbound(2, inbound(5));
        commit(batch);

        StoreBatch delete = owner.newBatch();
        delete.deleteSession(1);
        commit(delete);

        assertThat(sessions()).extracting(SessionRecord::session).containsExactly(2L);
        assertThat(owner.view().subscriptions(1)).isEmpty();
        assertThat(queued(1)).isZero();
        assertThat(owner.view().inbound(1)).isEmpty();
        assertThat(owner.view().subscriptions(2)).hasSize(1);
        assertThat(queued(2)).isEqualTo(1);
        assertThat(owner.view().inbound(2)).containsExactly(inbound(5));
    }

    @Test
    void retained_isSet_replaced_andDeleted() {
        StoreBatch batch = owner.newBatch();
        batch.retain(batch.message(message("a", "1")));
        batch.retain(batch.message(message("b", "1")));
        batch.retain(batch.message(message("a", "2")));
        commit(batch);
        assertThat(retained("")).containsExactly("a", "b");
        assertSame(store.retained().get(TopicName.of("a")).orElseThrow(), message("a", "2"));

        StoreBatch delete = owner.newBatch();
        delete.deleteRetained(TopicName.of("a"));
        delete.deleteRetained(TopicName.of("never"));
        commit(delete);

        assertThat(retained("")).containsExactly("b");
        assertThat(store.retained().get(TopicName.of("a"))).isEmpty();
    }

    /** The topics of retained messages from a key on. */
    private List<String> retained(String from) {
        List<String> topics = new ArrayList<>();
        try (RetainedView.Scan scan = store.retained().scan()) {
            for (boolean more = scan.seek(TopicKey.of(from)); more; more = scan.next()) {
                assertThat(scan.message().topic()).isEqualTo(scan.key().topic());
                topics.add(scan.key().topic().value());
            }
        }
        return topics;
    }

    @Test
    void retainedHeads_sayWhatDecides() {
        StoreBatch batch = owner.newBatch();
        Message plain = message("a/b", "123");
        Message expiring =
                new Message(
                        TopicName.of("a"),
                        new byte[300],
                        Qos.AT_LEAST_ONCE,
                        true,
                        new MessageProperties(
                                1,
                                60,
                                "text/plain",
                                "r",
                                new byte[] {1, 2},
                                List.of(new UserProperty("n", "v"))),
                        new Publisher("cred:2", "Line 2", "c2", null),
                        1_800_000_000_000L);
        Message own =
                new Message(
                        TopicName.of("own"),
                        new byte[0],
                        Qos.AT_MOST_ONCE,
                        true,
                        MessageProperties.NONE,
                        Publisher.SERVER,
                        1_800_000_000_000L);
        batch.retain(batch.message(plain));
        batch.retain(batch.message(expiring));
        batch.retain(batch.message(own));
        commit(batch);

        List<String> heads = new ArrayList<>();
        store.retained()
                .heads(
                        (topic, principalId, payloadBytes, expiresAt) ->
                                heads.add(
                                        String.join(
                                                " ",
                                                new String(topic, StandardCharsets.UTF_8),
                                                principalId,
                                                "" + payloadBytes,
                                                "" + expiresAt)));

        assertThat(heads)
                .containsExactlyInAnyOrder(
                        "a/b " + plain.publisher().principalId() + " 3 " + plain.expiresAt(),
                        "a cred:2 300 1800000060000",
                        "own  0 " + Long.MAX_VALUE);
    }

    @Test
    void retained_areWalked_levelByLevel() {
        StoreBatch batch = owner.newBatch();
        for (String topic : new String[] {"b", "a/b", "a b", "a", "a/", "\u00e4", "a!", "/a"}) {
            batch.retain(batch.message(message(topic, "1")));
        }
        commit(batch);

        assertThat(retained(""))
                .containsExactly("/a", "a", "a/", "a/b", "a b", "a!", "b", "\u00e4");
        assertThat(retained("a/a")).startsWith("a/b");
        assertThat(retained("c")).containsExactly("\u00e4");
        assertThat(retained("\u00e5")).isEmpty();
        try (RetainedView.Scan scan = store.retained().scan()) {
            assertThat(scan.next()).isTrue();
            assertThat(scan.seek(TopicKey.of("b"))).isTrue();
            assertThat(scan.key()).isEqualTo(TopicKey.of("b"));
            assertThat(scan.seek(TopicKey.of("a!"))).as("back").isTrue();
            assertThat(scan.message().topic().value()).isEqualTo("a!");
        }
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
        assertThat(sessions()).extracting(SessionRecord::clientId).containsExactly(CLIENT);
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
            assertThat(queued(session)).isEqualTo(500);
        }
    }

    @Test
    void onWritable_runsTheAction() throws InterruptedException {
        java.util.concurrent.CountDownLatch ran = new java.util.concurrent.CountDownLatch(1);

        owner.onWritable(ran::countDown);

        assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
    }
}

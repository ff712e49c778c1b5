package io.busbar.mqtt.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
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
import io.busbar.mqtt.broker.loop.Shards;
import io.busbar.storage.memory.MemoryStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The state of a broker goes from one store to another. */
class StoreCopyTest {
    private static final Delivery EXACTLY_ONCE =
            new Delivery(Qos.EXACTLY_ONCE, false, new int[] {7}, "$share/s/t/#");
    private static final SubscriptionRecord SUBSCRIPTION =
            new SubscriptionRecord("$share/s/t/#", Qos.EXACTLY_ONCE, false, true, 1, 7);
    private static final InboundMessage INBOUND = new InboundMessage(9, -9);
    private static final Message WILL = message("w", "bye");

    private final MemoryStore from = new MemoryStore();
    private final MemoryStore to = new MemoryStore();

    private static Message message(String topic, String text) {
        return new Message(
                TopicName.of(topic),
                text.getBytes(StandardCharsets.UTF_8),
                Qos.EXACTLY_ONCE,
                true,
                MessageProperties.NONE,
                new Publisher("cred:1", "Line 1 gateway", "uns1", "127.0.0.1:4711"),
                1_800_000_000_000L);
    }

    private static SessionRecord session(long number, String clientId) {
        return new SessionRecord(number, clientId, "cred:1", "uns1", 3_600, 1_000, 2_000, WILL, 60);
    }

    private static void fill(MemoryStore store, Consumer<StoreBatch> changes) {
        try (Shards shards = Shards.own(store)) {
            ShardOwner owner = shards.owners().get(0);
            StoreBatch batch = owner.newBatch();
            changes.accept(batch);
            owner.commit(batch, Durability.MEMORY).toCompletableFuture().join();
        }
    }

    private static Set<String> retainedOf(MemoryStore store) {
        Set<String> found = new TreeSet<>();
        try (RetainedView.Scan scan = store.retained().scan()) {
            while (scan.next()) {
                Message message = scan.message();
                found.add(
                        message.topic()
                                + "="
                                + new String(message.payload(), StandardCharsets.UTF_8));
            }
        }
        return found;
    }

    @Test
    void everythingOfASession_isCopied_underNumbersThatAreNew() {
        fill(
                from,
                batch -> {
                    batch.putSession(session(5, "a"));
                    batch.putSubscription(5, SUBSCRIPTION);
                    batch.inbound(5, INBOUND);
                    int body = batch.message(message("t/1", "1"));
                    batch.enqueue(5, 11, body, EXACTLY_ONCE, 1);
                    batch.outbound(5, 11, 1, OutboundState.RELEASED);
                    batch.enqueue(5, 12, batch.message(message("t/2", "2")), EXACTLY_ONCE, 2);
                    batch.enqueue(5, 13, batch.message(message("t/3", "3")), EXACTLY_ONCE, 0);
                    batch.putSession(session(6, "b"));
                });

        assertThat(StoreCopy.run(from, to)).isEqualTo(new StoreCopy.Copied(2, 3, 0));

        try (Shards shards = Shards.own(to)) {
            ShardOwner owner = shards.owners().get(0);
            List<SessionRecord> sessions = new ArrayList<>();
            owner.view().sessions(sessions::add);
            long first = sessions.get(0).session();
            long second = sessions.get(1).session();
            assertThat(sessions).containsExactly(session(first, "a"), session(second, "b"));
            assertThat(first).isLessThan(second);
            assertThat(second).isLessThan(Shards.firstNumber(owner));
            assertThat(owner.view().subscriptions(first)).containsExactly(SUBSCRIPTION);
            assertThat(owner.view().inbound(first)).containsExactly(INBOUND);
            List<QueuedMessage> queue = owner.view().queue(first, 0, 10, 1 << 20);
            assertThat(queue).extracting(QueuedMessage::packetId).containsExactly(1, 2, 0);
            assertThat(queue)
                    .extracting(QueuedMessage::state)
                    .containsExactly(OutboundState.RELEASED, OutboundState.PUBLISHED, null);
            assertThat(queue)
                    .extracting(each -> each.message().topic().value())
                    .containsExactly("t/1", "t/2", "t/3");
            assertThat(queue).extracting(QueuedMessage::delivery).containsOnly(EXACTLY_ONCE);
            assertThat(queue.get(2).sequence()).isLessThan(Shards.firstNumber(owner));
        }
    }

    @Test
    void marksThatCount_areCopied_forTheSessionsOfTheOtherStore() {
        fill(
                from,
                batch -> {
                    batch.putSession(session(5, "p"));
                    batch.putSession(session(6, "s"));
                    batch.received(5, 20);
                    batch.mark(1, mark(5, 20, "$share/over"));
                    batch.mark(2, mark(5, 21, "$share/on/its/way"));
                    batch.mark(3, mark(77, 21, "$share/nobody"));
                });
        fill(to, batch -> batch.mark(99, mark(1, 1, "$share/old")));

        StoreCopy.run(from, to);

        try (Shards shards = Shards.own(to)) {
            ShardOwner owner = shards.owners().get(0);
            List<Long> numbers = new ArrayList<>();
            owner.view().sessions(session -> numbers.add(session.session()));
            List<DeliveryMark> marks = new ArrayList<>();
            owner.view()
                    .marks(
                            (slot, mark) -> {
                                assertThat(slot).isLessThan(Shards.firstNumber(owner));
                                marks.add(mark);
                            });
            DeliveryMark only = marks.get(0);
            assertThat(marks).hasSize(1);
            assertThat(only.shares()).containsExactly("$share/on/its/way");
            assertThat(only.publisher()).isEqualTo(numbers.get(0));
            assertThat(only.sessions()).containsExactly(numbers.get(1));
            assertThat(only.packetId()).isEqualTo(7);
            assertThat(only.digest()).isEqualTo(-3);
            assertThat(only.number())
                    .isGreaterThan(owner.view().received(only.publisher()))
                    .isLessThan(Shards.firstNumber(owner));
        }
    }

    private static DeliveryMark mark(long publisher, long number, String share) {
        return new DeliveryMark(0, publisher, number, 7, -3, new long[] {6, 88}, List.of(share));
    }

    @Test
    void queueOfManyPages_keepsItsOrder() {
        fill(
                from,
                batch -> {
                    batch.putSession(session(1, "a"));
                    for (int i = 0; i < 2_000; i++) {
                        int body = batch.message(message("t", Integer.toString(i)));
                        batch.enqueue(1, 100 + i, body, EXACTLY_ONCE, 0);
                    }
                });

        StoreCopy.run(from, to);

        try (Shards shards = Shards.own(to)) {
            ShardOwner owner = shards.owners().get(0);
            List<SessionRecord> sessions = new ArrayList<>();
            owner.view().sessions(sessions::add);
            List<QueuedMessage> queue =
                    owner.view().queue(sessions.get(0).session(), 0, 3_000, 1 << 30);
            assertThat(queue).hasSize(2_000);
            for (int i = 0; i < 2_000; i++) {
                assertThat(queue.get(i).message().payload())
                        .asString(StandardCharsets.UTF_8)
                        .isEqualTo(Integer.toString(i));
            }
        }
    }

    @Test
    void retainedMessages_areCopied_andWhatTheOtherStoreHad_isGone() {
        fill(
                from,
                batch -> {
                    for (int i = 0; i < 1_500; i++) {
                        batch.retain(batch.message(message("r/" + i, "new")));
                    }
                });
        fill(
                to,
                batch -> {
                    batch.putSession(session(3, "old"));
                    batch.retain(batch.message(message("r/1", "old")));
                    batch.retain(batch.message(message("gone", "old")));
                });

        assertThat(StoreCopy.run(from, to)).isEqualTo(new StoreCopy.Copied(0, 0, 1_500));

        assertThat(retainedOf(to)).hasSize(1_500).contains("r/1=new").doesNotContain("gone=old");
        assertThat(retainedOf(from)).hasSize(1_500);
        try (Shards shards = Shards.own(to)) {
            shards.owners()
                    .get(0)
                    .view()
                    .sessions(
                            left -> {
                                throw new AssertionError("left: " + left);
                            });
        }
    }

    @Test
    void clear_removesEverything() {
        fill(
                from,
                batch -> {
                    batch.putSession(session(3, "a"));
                    batch.mark(4, mark(3, 1, "$share/a/b"));
                    batch.retain(batch.message(message("r", "1")));
                });

        StoreCopy.clear(from);
        try (Shards shards = Shards.own(from)) {
            shards.owners()
                    .get(0)
                    .view()
                    .marks(
                            (slot, left) -> {
                                throw new AssertionError("left: " + left);
                            });
        }

        assertThat(StoreCopy.run(from, to)).isEqualTo(new StoreCopy.Copied(0, 0, 0));
    }
}

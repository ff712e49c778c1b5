package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.busbar.api.broker.SessionView;
import io.busbar.api.broker.spi.PublishInterceptor;
import io.busbar.api.broker.spi.PublishVerdict;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.Delivery;
import io.busbar.api.storage.DeliveryMark;
import io.busbar.api.storage.Durability;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.ShardView;
import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.StoreBatch;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.storage.HeldStore;
import io.busbar.testkit.time.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each session gets what the store has of it, and nothing of another one. */
class SessionRestoreTest extends BrokerFixture {
    private static final Delivery ONCE =
            new Delivery(Qos.AT_LEAST_ONCE, false, Delivery.NO_IDENTIFIERS, null);

    SessionRestoreTest() {
        store = HeldStore.visible(new MemoryStore(), Integer.MAX_VALUE);
    }

    /** Tests start it when the store is filled. */
    @BeforeEach
    @Override
    void startBroker() {}

    private StoreBatch batch;

    private void session(long number, String clientId) {
        batch.putSession(
                new SessionRecord(
                        number, clientId, "", "", 0xFFFF_FFFFL, 1, 1_800_000_000_000L, null, 0));
    }

    private void subscribe(long number, String filter) {
        batch.putSubscription(
                number, new SubscriptionRecord(filter, Qos.AT_LEAST_ONCE, false, false, 0, 0));
    }

    private void queue(long number, int messages) {
        Message message =
                new Message(
                        TopicName.of("t"),
                        new byte[10],
                        Qos.AT_LEAST_ONCE,
                        false,
                        MessageProperties.NONE,
                        Publisher.SERVER,
                        1_800_000_000_000L);
        for (int i = 1; i <= messages; i++) {
            batch.enqueue(number, i, batch.message(message), ONCE, 0);
        }
    }

    private SessionView view(String clientId) {
        return broker.clients().session(clientId).orElseThrow();
    }

    @Test
    void restore_givesEachSessionItsOwn() throws Exception {
        ShardOwner owner = store.own(0).toCompletableFuture().get();
        batch = owner.newBatch();
        subscribe(1, "of/nobody");
        queue(2, 7); // of nobody
        session(3, "without a queue");
        subscribe(3, "a");
        session(5, "with a queue");
        subscribe(5, "a");
        subscribe(5, "b/#");
        queue(5, 4);
        queue(6, 3); // of nobody
        session(8, "without a subscription");
        queue(8, 2);
        queue(9, 5); // of nobody
        owner.commit(batch, Durability.MEMORY).toCompletableFuture().get();

        super.startBroker();
        settle();

        assertThat(view("without a queue").subscriptions()).isEqualTo(1);
        assertThat(view("without a queue").queued()).isZero();
        assertThat(view("with a queue").subscriptions()).isEqualTo(2);
        assertThat(view("with a queue").queued()).isEqualTo(4);
        assertThat(view("without a subscription").subscriptions()).isZero();
        assertThat(view("without a subscription").queued()).isEqualTo(2);
        assertThat(broker.stats().sessions().total()).isEqualTo(3);
        assertThat(broker.stats().subscriptions().total()).isEqualTo(3);
    }

    /** A session whose client has gone long ago, with a will that is due. */
    private void dead(long number, String clientId, boolean retain, byte[] payload) {
        Message will =
                new Message(
                        TopicName.of("will"),
                        payload,
                        Qos.AT_LEAST_ONCE,
                        retain,
                        MessageProperties.NONE,
                        Publisher.SERVER,
                        1);
        batch.putSession(
                new SessionRecord(
                        number, clientId, "", "", 0xFFFF_FFFFL, 1, 1_700_000_000_000L, will, 1));
    }

    @Test
    void wills_thatAreDue_waitForWhoeverJudgesThem() throws Exception {
        ShardOwner owner = store.own(0).toCompletableFuture().get();
        batch = owner.newBatch();
        dead(1, "dead", false, bytes("gone"));
        owner.commit(batch, Durability.MEMORY).toCompletableFuture().get();
        ManualServer starting = new ManualServer();
        server = starting;
        super.startBroker();
        advance(5_000);
        ScriptedInterceptor judge =
                new ScriptedInterceptor(
                        message -> PublishVerdict.refuse(ReasonCode.NOT_AUTHORIZED, "no"));
        broker.interception()
                .bind(
                        judge,
                        Map.of(
                                PublishInterceptor.TOPIC_FILTER,
                                "#",
                                PublishInterceptor.BLOCKING,
                                false));
        FakeLink watcher = subscriber("w", "will", Qos.AT_LEAST_ONCE);

        starting.up = true;
        advance(1_000);

        assertThat(judge.askedTexts()).containsExactly("gone");
        assertThat(watcher.texts()).isEmpty();
    }

    @Test
    void wills_thatAreDue_doNotWaitForEver() throws Exception {
        ShardOwner owner = store.own(0).toCompletableFuture().get();
        batch = owner.newBatch();
        dead(1, "dead", false, bytes("gone"));
        owner.commit(batch, Durability.MEMORY).toCompletableFuture().get();
        server = new ManualServer();
        super.startBroker();
        FakeLink watcher = subscriber("w", "will", Qos.AT_LEAST_ONCE);

        advance(9_000);
        assertThat(watcher.texts()).isEmpty();
        advance(3_000);

        assertThat(watcher.texts()).containsExactly("gone");
    }

    @Test
    void sessionThatHasExpired_isNotResumed_whileTheServerComesUp() throws Exception {
        ShardOwner owner = store.own(0).toCompletableFuture().get();
        batch = owner.newBatch();
        batch.putSession(new SessionRecord(1, "late", "", "", 4, 1, 1_700_000_000_000L, null, 0));
        owner.commit(batch, Durability.MEMORY).toCompletableFuture().get();
        server = new ManualServer();
        super.startBroker();

        FakeLink link = link();
        link.says(connect("late", false, 4));

        assertThat(link.next(ConnAck.class).sessionPresent()).isFalse();
    }

    @Test
    void timeWithoutAConnection_doesNotBeginAnew_withEachStart() throws Exception {
        ShardOwner owner = store.own(0).toCompletableFuture().get();
        batch = owner.newBatch();
        batch.putSession(new SessionRecord(1, "here", "", "", 4, 1, 0, null, 0));
        owner.commit(batch, Durability.MEMORY).toCompletableFuture().get();
        super.startBroker();
        settle();

        ShardView later = store.own(0).toCompletableFuture().get().view();

        List<Long> since = new ArrayList<>();
        later.sessions(record -> since.add(record.disconnectedAt()));
        assertThat(since).containsExactly(loops.clock().millis());
    }

    @Test
    void wills_findTheRetainedMessagesThatTheyReplace() throws Exception {
        HeldStore held = HeldStore.visible(new MemoryStore(), Integer.MAX_VALUE);
        store = held;
        ShardOwner owner = store.own(0).toCompletableFuture().get();
        batch = owner.newBatch();
        batch.retain(
                batch.message(
                        new Message(
                                TopicName.of("will"),
                                bytes("alive"),
                                Qos.AT_LEAST_ONCE,
                                true,
                                MessageProperties.NONE,
                                Publisher.SERVER,
                                1)));
        dead(1, "dead", true, new byte[0]);
        owner.commit(batch, Durability.MEMORY).toCompletableFuture().get();
        Thread starting = Thread.currentThread();
        held.beforeHeads(
                () -> {
                    Await.until(() -> starting.getState() == Thread.State.WAITING);
                    advance(1_000); // whatever has begun already happens before they are read
                });

        super.startBroker();
        advance(1_000);

        assertThat(broker.stats().messages().retained()).isZero();
    }

    private static void mark(StoreBatch into, long slot) {
        into.mark(slot, new DeliveryMark(0, 77, slot, 1, -7, new long[] {1}, List.of()));
    }

    @Test
    void marks_ofSessionsThatAreGone_areRemovedInPortions() throws Exception {
        int marks = 2_500;
        MemoryStore inner = new MemoryStore();
        HeldStore held = HeldStore.losing(inner);
        store = held;
        ShardOwner owner = inner.own(0).toCompletableFuture().get();
        batch = owner.newBatch();
        for (int slot = 1; slot <= marks; slot++) {
            mark(batch, slot);
        }
        owner.commit(batch, Durability.MEMORY).toCompletableFuture().get();
        held.hold(true);

        super.startBroker();

        List<Integer> left = new ArrayList<>();
        do {
            int[] count = new int[1];
            owner.view().marks((slot, mark) -> count[0]++);
            left.add(count[0]);
        } while (held.release());
        assertThat(left).containsExactly(2_500, 1_500, 500, 0);
    }

    @Test
    void startThatFails_leavesNoMemoryCounted() throws Exception {
        HeldStore held = HeldStore.visible(new MemoryStore(), Integer.MAX_VALUE);
        store = held;
        ShardOwner owner = store.own(0).toCompletableFuture().get();
        batch = owner.newBatch();
        session(1, "a");
        owner.commit(batch, Durability.MEMORY).toCompletableFuture().get();
        held.unreadable(true);

        assertThatExceptionOfType(StorageException.class).isThrownBy(this::newBroker);

        assertThat(memory.use(MemoryArea.HEAP).kinds()).isEmpty();
        assertThat(memory.use(MemoryArea.HEAP).usedBytes()).isZero();
        held.unreadable(false);
        super.startBroker();
        assertThat(view("a").subscriptions()).isZero();
    }

    @Test
    void startWithoutItsShards_leavesNoMemoryCounted() {
        HeldStore held = HeldStore.losing(new MemoryStore());
        store = held;
        held.owned(true);

        assertThatExceptionOfType(StorageException.class).isThrownBy(this::newBroker);

        assertThat(memory.use(MemoryArea.HEAP).kinds()).isEmpty();
        held.owned(false);
        super.startBroker();
    }
}

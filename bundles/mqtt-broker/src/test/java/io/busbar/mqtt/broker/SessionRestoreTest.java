package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.SessionView;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.Delivery;
import io.busbar.api.storage.Durability;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.StoreBatch;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.storage.HeldStore;
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
}

package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.explain.Fate;
import io.busbar.api.explain.Receiver;
import io.busbar.api.explain.Remark;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.storage.StorageException;
import io.busbar.mqtt.broker.limit.BrokerLimits;
import io.busbar.mqtt.broker.limit.DeliveryLimits;
import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.storage.HeldStore;
import org.junit.jupiter.api.Test;

/** What is said of clients whose messages are in a store. */
class ExplainStoreTest extends ExplainFixture {
    private final HeldStore held = HeldStore.losing(new MemoryStore(), 5);
    private boolean dropOldest;

    ExplainStoreTest() {
        store = held;
    }

    @Override
    BrokerLimits limits() {
        BrokerLimits usual = super.limits();
        DeliveryLimits deliveries = usual.deliveries();
        return new BrokerLimits(
                usual.packets(),
                usual.connects(),
                usual.sessions(),
                usual.topics(),
                usual.publishes(),
                new DeliveryLimits(
                        deliveries.maxInflight(),
                        deliveries.maxQueuedMessages(),
                        deliveries.maxQueuedBytes(),
                        dropOldest,
                        deliveries.maxBacklogBytes(),
                        deliveries.holdMillis(),
                        deliveries.consumerQueue(),
                        deliveries.stored()),
                usual.retained(),
                usual.providers());
    }

    private void restart() {
        held.crash();
        broker = newBroker();
        bindProviders();
        settle();
    }

    private void fill() {
        persistent("s", TOPIC, Qos.AT_LEAST_ONCE).lose();
        FakeLink publisher = client("p");
        for (int i = 1; i <= stored().maxMessages(); i++) {
            publisher.says(publish(TOPIC, "" + i, Qos.AT_LEAST_ONCE, i));
        }
        settle();
    }

    @Test
    void storeThatCannotWrite_keepsNothing() {
        persistent("s", TOPIC, Qos.AT_LEAST_ONCE).lose();
        held.fail(new StorageException(StorageException.Kind.FULL, "no space on the disk"));
        settle();

        Receiver receiver = receiver(message("p", Qos.AT_LEAST_ONCE), "s");

        assertThat(receiver.fate()).isEqualTo(Fate.NOT_STORED);
        assertThat(receiver.parameters().get("error")).contains("no space on the disk");
    }

    @Test
    void queueInTheStore_thatIsFull_takesNoMore() {
        fill();

        Receiver receiver = receiver(message("p", Qos.AT_LEAST_ONCE), "s");

        assertThat(receiver.fate()).isEqualTo(Fate.QUEUE_FULL);
        assertThat(receiver.parameters())
                .containsEntry("messages", "10")
                .containsEntry("maxMessages", "10");
    }

    @Test
    void queueThatIsFull_dropsItsOldest_ifTheServerIsToldSo() {
        dropOldest = true;
        restart();
        fill();

        Receiver receiver = receiver(message("p", Qos.AT_LEAST_ONCE), "s");

        assertThat(receiver.fate()).isEqualTo(Fate.KEPT);
        assertThat(remarks(receiver))
                .containsExactly(Remark.Code.OLDEST_DROPPED, Remark.Code.JUDGED_WHEN_BACK);
    }

    @Test
    void clientThatHasNotComeSinceTheStart_hasItKept_andIsJudgedWhenItComesBack() {
        persistent("s", TOPIC, Qos.AT_LEAST_ONCE).lose();
        restart();

        Receiver receiver = receiver(message("p", Qos.AT_LEAST_ONCE), "s");

        assertThat(receiver.fate()).isEqualTo(Fate.KEPT);
        assertThat(receiver.principalId()).isEqualTo("test:s");
        assertThat(receiver.ruling()).isNull();
        assertThat(remarks(receiver)).containsExactly(Remark.Code.JUDGED_WHEN_BACK);
    }

    @Test
    void clientThatHasComeBack_isJudgedAgain() {
        persistent("s", TOPIC, Qos.AT_LEAST_ONCE).lose();
        restart();
        connected(connect("s", false, 100));

        Receiver receiver = receiver(message("p", Qos.AT_LEAST_ONCE), "s");

        assertThat(receiver.fate()).isEqualTo(Fate.SENT);
        assertThat(receiver.ruling().allowed()).isTrue();
        assertThat(receiver.remarks()).isEmpty();
    }
}

package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.storage.BrokerStore;
import io.busbar.api.storage.Durability;
import io.busbar.api.storage.RetainedView;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.ShardView;
import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.StoreBatch;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.storage.memory.MemoryStore;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Nobody is acknowledged before the store says so. */
class SlowStoreTest extends BrokerFixture {
    private final ArrayDeque<CompletableFuture<Void>> commits = new ArrayDeque<>();
    private boolean slow;

    SlowStoreTest() {
        store = new SlowStore(new MemoryStore());
    }

    private FakeLink offlineSubscriber() {
        FakeLink subscriber = connected(connect("s", false, 100));
        subscriber.says(subscribe("kept", Qos.AT_LEAST_ONCE)).next(SubAck.class);
        subscriber.lose();
        return subscriber;
    }

    private void complete() {
        commits.poll().complete(null);
        simulation.settle();
    }

    @Test
    void qos1_owedToAKeptSession_isAcknowledgedWhenDurable() {
        offlineSubscriber();
        FakeLink publisher = client("p");
        slow = true;

        publisher.says(publish("kept", "x", Qos.AT_LEAST_ONCE, 1));
        assertThat(publisher.sent).isEmpty();
        complete();

        assertThat(publisher.next(PubAck.class).packetId()).isEqualTo(1);
    }

    @Test // [MQTT5-4.6.0-2]
    void acknowledgements_keepTheOrderOfArrival() {
        offlineSubscriber();
        FakeLink publisher = client("p");
        slow = true;

        publisher.says(publish("kept", "x", Qos.AT_LEAST_ONCE, 1));
        publisher.says(publish("nobody", "x", Qos.AT_LEAST_ONCE, 2));
        assertThat(publisher.sent).isEmpty();
        complete();

        assertThat(publisher.next(PubAck.class).packetId()).isEqualTo(1);
        assertThat(publisher.next(PubAck.class).packetId()).isEqualTo(2);
    }

    @Test
    void qos1_acrossLoops_isAcknowledgedWhenDurable() {
        offlineSubscriber();
        FakeLink publisher = connected(linkOnOtherLoop(), connect("p", true, 0));
        slow = true;

        publisher.says(publish("kept", "x", Qos.AT_LEAST_ONCE, 1));
        assertThat(publisher.sent).isEmpty();
        complete();

        assertThat(publisher.next(PubAck.class).packetId()).isEqualTo(1);
    }

    @Test
    void qos1_toPassingSessionsOnly_doesNotWaitForTheStore() {
        FakeLink subscriber = subscriber("s", "t", Qos.AT_LEAST_ONCE);
        FakeLink publisher = client("p");
        slow = true;

        publisher.says(publish("t", "x", Qos.AT_LEAST_ONCE, 1));

        publisher.next(PubAck.class);
        assertThat(subscriber.texts()).containsExactly("x");
        assertThat(commits).isEmpty();
    }

    @Test
    void failure_ofTheStore_isToldToThePublisher() {
        offlineSubscriber();
        FakeLink publisher = client("p");
        slow = true;

        publisher.says(publish("kept", "x", Qos.AT_LEAST_ONCE, 1));
        commits.poll().completeExceptionally(new StorageException("disk full"));
        simulation.settle();

        assertThat(publisher.next(PubAck.class).reasonCode())
                .isEqualTo(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
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

    private final class SlowStore implements BrokerStore {
        private final BrokerStore inner;

        SlowStore(BrokerStore inner) {
            this.inner = inner;
        }

        @Override
        public String name() {
            return "slow";
        }

        @Override
        public Durability strongest() {
            return Durability.SAFE;
        }

        @Override
        public int shards() {
            return 1;
        }

        @Override
        public int shardOf(String clientId) {
            return 0;
        }

        @Override
        public CompletionStage<ShardOwner> own(int shard) {
            return inner.own(shard).thenApply(SlowOwner::new);
        }

        @Override
        public RetainedView retained() {
            return inner.retained();
        }
    }

    private final class SlowOwner implements ShardOwner {
        private final ShardOwner inner;

        SlowOwner(ShardOwner inner) {
            this.inner = inner;
        }

        @Override
        public int shard() {
            return 0;
        }

        @Override
        public long epoch() {
            return inner.epoch();
        }

        @Override
        public boolean isFenced() {
            return inner.isFenced();
        }

        @Override
        public StoreBatch newBatch() {
            return inner.newBatch();
        }

        @Override
        public CompletionStage<Void> commit(StoreBatch batch, Durability durability) {
            CompletionStage<Void> done = inner.commit(batch, durability);
            if (!slow) {
                return done;
            }
            CompletableFuture<Void> later = new CompletableFuture<>();
            commits.add(later);
            return later;
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void onWritable(Runnable action) {
            action.run();
        }

        @Override
        public ShardView view() {
            return inner.view();
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}

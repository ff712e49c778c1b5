package io.busbar.mqtt.broker.loop;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.storage.BrokerStore;
import io.busbar.api.storage.Durability;
import io.busbar.api.storage.RetainedView;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.StorageException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class ShardsTest {

    /** Lets nobody have a shard. */
    private record Refusing(Exception why) implements BrokerStore {
        @Override
        public String name() {
            return "refusing";
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
        public int shardOf(String name) {
            return 0;
        }

        @Override
        public CompletionStage<ShardOwner> own(int shard) {
            return CompletableFuture.failedFuture(why);
        }

        @Override
        public boolean readsAtOnce() {
            return true;
        }

        @Override
        public RetainedView retained() {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void storeThatCannotBeUsed_saysWhy() {
        StorageException full = new StorageException("the disk is full: free some space");

        assertThatThrownBy(() -> Shards.own(new Refusing(full))).isSameAs(full);
        assertThatThrownBy(() -> Shards.own(new Refusing(new IllegalStateException("broken"))))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("broker store refusing cannot be used")
                .hasMessageContaining("broken");
    }
}

package io.busbar.mqtt.broker.retained;

import static io.busbar.mqtt.broker.Proxies.proxy;
import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.BrokerStore;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.TopicKey;
import io.busbar.memory.ProcessMemory;
import io.busbar.mqtt.broker.ManualEventLoop;
import io.busbar.mqtt.broker.limit.RetainedLimits;
import io.busbar.mqtt.broker.loop.Loops;
import io.busbar.mqtt.broker.loop.Shards;
import io.busbar.mqtt.broker.memory.BrokerMemory;
import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.time.ManualLoops;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Publishers wait for what is not written, and for nothing else. */
class LateWriterTest {
    private static final int MOST = 64 << 10;

    private final ManualLoops loops = new ManualLoops(Instant.ofEpochSecond(1_800_000_000));
    private final ProcessMemory memory = new ProcessMemory(1 << 30, 1 << 30, Clock.systemUTC());
    private final BrokerMemory accounts = new BrokerMemory(memory);
    private final Shards shards = Shards.own(asked(new MemoryStore()));
    private final Loops all =
            new Loops(
                    List.of(new ManualEventLoop(loops, -1)),
                    shards,
                    accounts,
                    loops.clock(),
                    loops.clock()::nanos,
                    1_000);
    private final LateWriter late =
            new LateWriter(
                    all,
                    shards,
                    new RetainedLimits(100, 1 << 20, 250, MOST, 1 << 20),
                    accounts,
                    (loop, pending) -> {});

    /** What happens while somebody asks whether the store can write. */
    private Runnable meanwhile = () -> {};

    @AfterEach
    void close() {
        shards.close();
        accounts.close();
        memory.close();
    }

    private BrokerStore asked(BrokerStore store) {
        return proxy(
                BrokerStore.class,
                (method, arguments) -> {
                    Object result = method.invoke(store, arguments);
                    return method.getName().equals("own")
                            ? ((CompletionStage<?>) result)
                                    .thenApply(owner -> asked((ShardOwner) owner))
                            : result;
                });
    }

    private ShardOwner asked(ShardOwner owner) {
        return proxy(
                ShardOwner.class,
                (method, arguments) -> {
                    if (method.getName().equals("trouble")) {
                        meanwhile.run();
                    }
                    return method.invoke(owner, arguments);
                });
    }

    private boolean isHolding() {
        return all.store().publishers().isHolding();
    }

    private static Pending pending() {
        TopicName topic = TopicName.of("t");
        return new Pending(TopicKey.of(topic), topic, 1);
    }

    @Test
    void publishers_waitUntilItIsWritten() {
        Pending pending = pending();
        late.costs(pending, MOST);

        assertThat(late.hasRoom(null, 1, false)).isTrue();
        assertThat(isHolding()).isTrue();

        late.done(pending);
        late.wrote();
        assertThat(isHolding()).isFalse();
    }

    @Test
    void publishers_doNotWaitForWhatIsWrittenMeanwhile() {
        Pending pending = pending();
        late.costs(pending, MOST);
        meanwhile =
                () -> {
                    meanwhile = () -> {};
                    late.done(pending);
                    late.wrote();
                };

        assertThat(late.hasRoom(null, 1, false)).isTrue();

        assertThat(isHolding()).isFalse();
    }
}

package io.busbar.mqtt.broker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.memory.MemoryArea;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.StoreBatch;
import io.busbar.memory.ProcessMemory;
import io.busbar.mqtt.broker.ManualEventLoop;
import io.busbar.mqtt.broker.memory.BrokerMemory;
import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.storage.HeldStore;
import io.busbar.testkit.time.ManualLoops;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one turn of a loop may gather, and in which order those go on who had to wait. */
class FullTurnTest {
    private static final int MEMORY = 16 << 20;

    /** Of what is on its way to the store: a sixteenth. */
    private static final int MOST = 1 << 20;

    private final ManualLoops manual = new ManualLoops(Instant.EPOCH);
    private final ManualEventLoop events = new ManualEventLoop(manual, 0);
    private final ProcessMemory memory = new ProcessMemory(MEMORY, MEMORY, Clock.systemUTC());
    private final HeldStore store = HeldStore.losing(new MemoryStore());
    private final Loops loops =
            new Loops(
                    List.of(events),
                    Shards.own(store),
                    new BrokerMemory(memory),
                    manual.clock(),
                    manual.clock()::nanos,
                    1_000);
    private final Loop loop = loops.home();
    private final List<String> done = new ArrayList<>();

    @AfterEach
    void close() {
        memory.close();
    }

    private void gather(int bytes) {
        StoreBatch batch = loop.batch("t");
        Message message =
                new Message(
                        TopicName.of("t"),
                        new byte[bytes],
                        Qos.AT_LEAST_ONCE,
                        true,
                        MessageProperties.NONE,
                        Publisher.SERVER,
                        0);
        batch.retain(loop.numberOf(batch, message));
    }

    /** Somebody waits for the turn who has a message. */
    private void await(int messageBytes) {
        loop.await(
                new Durable() {
                    @Override
                    public void durable(@Nullable Throwable failure) {}

                    @Override
                    public int bytes() {
                        return messageBytes;
                    }
                });
    }

    private long counted() {
        return memory.use(MemoryArea.HEAP)
                .kinds()
                .getOrDefault("messages that are being stored", -1L);
    }

    private boolean holds() {
        return loops.store().holds(true, 0);
    }

    @Test
    void turnThatGathersMuch_holdsPublishersBeforeItEnds() {
        store.hold(true);
        events.run(
                () -> {
                    gather(MOST / 2);
                    assertThat(holds()).isFalse();
                    gather(MOST / 2 + 1);
                    assertThat(holds()).isTrue();
                    assertThat(counted()).isGreaterThan(MOST);
                    await(MOST + 1);
                });
        manual.settle();
        assertThat(holds()).isTrue();

        while (store.release()) {
            manual.settle();
        }
        assertThat(holds()).isFalse();
        assertThat(counted()).isZero();
    }

    @Test
    void turnThatIsWrittenAtOnce_leavesNothingCounted() {
        events.run(() -> gather(2 * MOST));
        manual.settle();

        assertThat(holds()).isFalse();
        assertThat(counted()).isZero();
    }

    @Test
    void turnThatCannotBeCommitted_leavesNothingCounted() {
        events.run(
                () -> {
                    gather(2 * MOST);
                    store.broken(true);
                });
        manual.settle();

        assertThat(holds()).isFalse();
        assertThat(counted()).isZero();
    }

    @Test
    void whoWaitsForRoom_goesOnWhenHalfIsWritten() {
        store.hold(true);
        events.run(
                () -> {
                    assertThat(loop.waitForRoom(() -> done.add("at once"))).isFalse();
                    gather(MOST + 1);
                    assertThat(loop.waitForRoom(() -> done.add("later"))).isTrue();
                    await(MOST + 1);
                });
        manual.settle();
        assertThat(done).isEmpty();

        while (store.release()) {
            manual.settle();
        }
        assertThat(done).containsExactly("later");
    }

    @Test
    void thoseWhoWaited_goOnOneAfterTheOther() {
        events.run(
                () -> {
                    for (String each : List.of("a", "b", "c")) {
                        loop.letGoOn(
                                () -> {
                                    done.add(each);
                                    loop.execute(() -> done.add(each + " sends"));
                                });
                    }
                });
        manual.settle();

        assertThat(done).containsExactly("a", "a sends", "b", "b sends", "c", "c sends");
    }

    @Test
    void oneThatFails_doesNotKeepTheNextFromGoingOn() {
        events.run(
                () -> {
                    loop.letGoOn(
                            () -> {
                                throw new IllegalStateException("made to fail");
                            });
                    loop.letGoOn(() -> done.add("next"));
                });
        manual.settle();

        assertThat(done).containsExactly("next");
    }
}

package io.busbar.mqtt.broker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.memory.MemoryArea;
import io.busbar.memory.ProcessMemory;
import io.busbar.mqtt.broker.memory.BrokerMemory;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OnTheWayTest {
    private static final int MEMORY = 16 << 20;

    /** A sixteenth of it. */
    private static final int MOST = 1 << 20;

    private final ProcessMemory memory = new ProcessMemory(MEMORY, MEMORY, Clock.systemUTC());
    private final StoreCongestion congestion = new StoreCongestion();
    private final OnTheWay onTheWay = new OnTheWay(new BrokerMemory(memory), congestion);

    @AfterEach
    void close() {
        memory.close();
    }

    private boolean holdsThoseWhoPublishMuch() {
        return congestion.holds(true, 0);
    }

    @Test
    void whatIsOnItsWay_isCountedUntilItArrives() {
        onTheWay.add(1_000);
        assertThat(memory.use(MemoryArea.HEAP).kinds())
                .containsEntry("messages that are being stored", 1_000L);

        onTheWay.remove(1_000);
        assertThat(memory.use(MemoryArea.HEAP).kinds())
                .containsEntry("messages that are being stored", 0L);
    }

    @Test
    void tooMuch_holdsPublishers_untilHalfOfItHasArrived() {
        onTheWay.add(MOST);
        assertThat(holdsThoseWhoPublishMuch()).isFalse();

        onTheWay.add(1);
        assertThat(holdsThoseWhoPublishMuch()).isTrue();
        onTheWay.remove(MOST / 2);
        assertThat(holdsThoseWhoPublishMuch()).as("more than half is left").isTrue();
        onTheWay.remove(1);
        assertThat(holdsThoseWhoPublishMuch()).isFalse();
    }

    @Test
    void whatCannotBeWritten_isCounted_andHoldsNobody() {
        onTheWay.add(2 * MOST);
        onTheWay.fail(2 * MOST);

        assertThat(holdsThoseWhoPublishMuch()).isFalse();
        assertThat(memory.use(MemoryArea.HEAP).kinds())
                .containsEntry("messages that are being stored", 2L * MOST);
        onTheWay.forget(2 * MOST);
        assertThat(memory.use(MemoryArea.HEAP).kinds())
                .containsEntry("messages that are being stored", 0L);
    }

    @Test
    void manyThreads_leaveNobodyHeld() throws InterruptedException {
        AtomicInteger held = new AtomicInteger();
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] =
                    new Thread(
                            () -> {
                                for (int n = 0; n < 20_000; n++) {
                                    onTheWay.add(MOST / 3);
                                    held.addAndGet(holdsThoseWhoPublishMuch() ? 1 : 0);
                                    onTheWay.remove(MOST / 3);
                                }
                            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(holdsThoseWhoPublishMuch()).isFalse();
    }
}

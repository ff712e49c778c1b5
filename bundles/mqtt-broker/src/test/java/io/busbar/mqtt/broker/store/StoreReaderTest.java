package io.busbar.mqtt.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.storage.StorageException;
import io.busbar.memory.ProcessMemory;
import io.busbar.mqtt.broker.loop.HomeLoop;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.loop.Loops;
import io.busbar.mqtt.broker.loop.Shards;
import io.busbar.mqtt.broker.loop.Ticker;
import io.busbar.mqtt.broker.memory.BrokerMemory;
import io.busbar.storage.memory.MemoryStore;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoreReaderTest {
    private final HomeLoop home = new HomeLoop();
    private final ProcessMemory budget = new ProcessMemory(1 << 20, 1 << 20, Clock.systemUTC());
    private final Loop loop =
            new Loops(
                            List.of(home),
                            Shards.own(new MemoryStore()),
                            new BrokerMemory(budget),
                            Clock.systemUTC(),
                            Ticker.SYSTEM,
                            1_000)
                    .home();
    private final StoreReader reader = new StoreReader();

    /** What the loop is told. */
    private record Told(Object result, Throwable failure, boolean inLoop) {}

    @AfterEach
    void close() {
        reader.close();
        home.close();
        budget.close();
    }

    private Told read(Callable<Object> read) throws Exception {
        CompletableFuture<Told> told = new CompletableFuture<>();
        reader.read(
                loop,
                read,
                (result, failure) -> told.complete(new Told(result, failure, loop.inLoop())));
        return told.get(5, TimeUnit.SECONDS);
    }

    @Test
    void whatIsRead_onAThreadThatMayWait_isToldOnTheLoop() throws Exception {
        Told told = read(loop::inLoop);

        assertThat(told).isEqualTo(new Told(false, null, true));
    }

    @Test
    void readThatFails_isTold_andTheNextIsDone() throws Exception {
        StorageException broken = new StorageException("the disk is gone");

        Told told =
                read(
                        () -> {
                            throw broken;
                        });

        assertThat(told).isEqualTo(new Told(null, broken, true));
        assertThat(read(() -> "next").result()).isEqualTo("next");
    }

    @Test
    void readThatComesTooLate_isTold() throws Exception {
        reader.close();

        Told told = read(() -> "late");

        assertThat(told.result()).isNull();
        assertThat(((StorageException) told.failure()).kind())
                .isEqualTo(StorageException.Kind.GONE);
    }
}

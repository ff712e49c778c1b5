package io.busbar.mqtt.broker;

import static io.busbar.mqtt.broker.Proxies.proxy;
import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.storage.BrokerStore;
import io.busbar.api.storage.ShardOwner;
import io.busbar.mqtt.broker.config.BrokerConfig;
import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.config.Configs;
import io.busbar.testkit.time.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which store the broker gets, and the end of a move that is under way. */
class StoreSwitchTest {
    private final AtomicReference<Thread> mover = new AtomicReference<>();
    private final AtomicReference<Thread> stopping = new AtomicReference<>();
    private volatile boolean aliveAfterStop = true;

    /** The store that has the state; letting go of it takes until somebody waits for that. */
    private BrokerStore slow() {
        MemoryStore inner = new MemoryStore();
        return proxy(
                BrokerStore.class,
                (method, arguments) ->
                        switch (method.getName()) {
                            case "name" -> "slow";
                            case "own" -> inner.own(0).thenApply(this::slow);
                            default -> method.invoke(inner, arguments);
                        });
    }

    private ShardOwner slow(ShardOwner owner) {
        return proxy(
                ShardOwner.class,
                (method, arguments) -> {
                    if (method.getName().equals("close")) {
                        Await.until(() -> isWaiting(stopping.get()));
                    }
                    return method.invoke(owner, arguments);
                });
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.WAITING
                || thread.getState() == Thread.State.TERMINATED;
    }

    /** The store that the state is to be in, which nobody gets. */
    private BrokerStore taken() {
        MemoryStore inner = new MemoryStore();
        return proxy(
                BrokerStore.class,
                (method, arguments) -> {
                    switch (method.getName()) {
                        case "name":
                            return "taken";
                        case "own":
                            mover.set(Thread.currentThread());
                            return (CompletionStage<?>) new CompletableFuture<>();
                        default:
                            return method.invoke(inner, arguments);
                    }
                });
    }

    @Test
    void stop_waitsForTheEndOfAMove(@TempDir Path data) throws Exception {
        Files.writeString(data.resolve("broker.store"), "slow");
        FakeBundleContext framework = new FakeBundleContext(data);
        StoreSwitch it =
                new StoreSwitch(
                        Configs.of(BrokerConfig.class, "store", "taken"), framework.context());
        it.bindStore(slow());
        it.bindStore(taken());
        Await.until(() -> mover.get() != null);
        Thread stop =
                new Thread(
                        () -> {
                            it.stop();
                            aliveAfterStop = mover.get().isAlive();
                        });
        stopping.set(stop);

        stop.start();
        stop.join();

        assertThat(aliveAfterStop).isFalse();
        assertThat(framework.services).isEmpty();
        assertThat(data.resolve("broker.store")).hasContent("slow");
    }
}

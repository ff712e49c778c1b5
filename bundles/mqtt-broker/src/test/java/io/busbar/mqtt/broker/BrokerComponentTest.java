package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.busbar.api.memory.MemoryArea;
import io.busbar.memory.ProcessMemory;
import io.busbar.mqtt.broker.config.BrokerConfig;
import io.busbar.mqtt.broker.store.ChosenStore;
import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.config.Configs;
import io.busbar.testkit.time.Await;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A component that does not start leaves nothing behind. */
class BrokerComponentTest {
    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(each -> each.getName().equals("busbar-broker"))
                .collect(Collectors.toSet());
    }

    @Test
    void startLevelThatCannotBeRead_leavesNoThreadsAndNoMemory(@TempDir Path data) {
        Set<Thread> before = threads();
        ProcessMemory memory = new ProcessMemory(1 << 30, 1 << 30, Clock.systemUTC());

        assertThatExceptionOfType(NullPointerException.class)
                .isThrownBy(
                        () ->
                                new BrokerComponent(
                                        Configs.of(BrokerConfig.class),
                                        new FakeBundleContext(data).context(),
                                        new ChosenStore(new MemoryStore()),
                                        memory));

        Await.until(() -> before.containsAll(threads()));
        assertThat(memory.use(MemoryArea.HEAP).kinds()).isEmpty();
        memory.close();
    }
}

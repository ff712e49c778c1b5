package io.busbar.mqtt.broker.retained;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.memory.ProcessMemory;
import java.time.Clock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Of messages that do not all fit, the latest are kept. */
class RecentTest {
    private static final int MANY = 4_000;

    private final ProcessMemory memory = new ProcessMemory(1 << 20, 1 << 20, Clock.systemUTC());
    private final MemoryAccount account = memory.open(MemoryArea.HEAP, "recent", 20, null);

    @AfterEach
    void close() {
        memory.close();
    }

    private static Message message(int number, int bytes) {
        return new Message(
                TopicName.of("t/" + number),
                new byte[bytes],
                Qos.AT_LEAST_ONCE,
                true,
                MessageProperties.NONE,
                Publisher.SERVER,
                1);
    }

    private static int kept(Recent recent, int from, int to) {
        return (int)
                IntStream.range(from, to)
                        .filter(i -> recent.get(TopicName.of("t/" + i)) != null)
                        .count();
    }

    @Test
    void fullAccount_keepsTheLatest() {
        Recent recent = new Recent(account, Long.MAX_VALUE);

        for (int i = 0; i < MANY; i++) {
            recent.put(message(i, 100));
        }

        int kept = kept(recent, 0, MANY);
        assertThat(kept).isBetween(100, MANY - 100);
        assertThat(kept(recent, MANY - kept, MANY)).isEqualTo(kept);
    }

    @Test
    void fullBound_keepsTheLatest() {
        Recent recent = new Recent(account, 50_000);

        for (int i = 0; i < MANY; i++) {
            recent.put(message(i, 100));
        }

        int kept = kept(recent, 0, MANY);
        assertThat(kept).isBetween(50, 400);
        assertThat(kept(recent, MANY - kept, MANY)).isEqualTo(kept);
        assertThat(account.bytes()).isBetween(40_000L, 50_000L);
    }

    @Test
    void messageThatIsReplacedByALargerOne_takesTheRoomOfOthers() {
        Recent recent = new Recent(account, Long.MAX_VALUE);
        for (int i = 0; i < MANY; i++) {
            recent.put(message(i, 100));
        }

        recent.put(message(MANY - 1, 10_000));
        recent.clear();

        assertThat(account.bytes()).isZero();
    }
}

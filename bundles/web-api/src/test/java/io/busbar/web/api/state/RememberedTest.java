package io.busbar.web.api.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.memory.ProcessMemory;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What may be forgotten is: by number, by bytes, and when memory is short. */
class RememberedTest {
    private final ProcessMemory memory = new ProcessMemory(8 << 20, 0, Clock.systemUTC());
    private final MemoryAccount account = memory.open(MemoryArea.HEAP, "console", 100, null);

    @AfterEach
    void stop() {
        memory.close();
    }

    @Test
    void topicBeyondTheNumber_costsTheOneThatWasUsedLongestAgo() {
        LiveIds ids = new LiveIds(account, 3);
        int first = ids.idOf("a");
        int second = ids.idOf("b");
        ids.idOf("c");
        ids.idOf("a");

        ids.idOf("d");

        assertThat(ids.topicOf(second)).isEmpty();
        assertThat(ids.topicOf(first)).contains("a");
        assertThat(ids.idOf("b")).isNotEqualTo(second);
        assertThat(account.bytes()).isBetween(600L, 800L);
    }

    @Test
    void longNames_areBoundedInBytes_andWhatGoesIsGivenBack() {
        Remembered<Integer> remembered = new Remembered<>(1000, 1 << 20, account, id -> 16);

        for (int i = 0; i < 100; i++) {
            remembered.put(i + "x".repeat(60_000), i);
        }

        assertThat(remembered.size()).isEqualTo(8);
        assertThat(account.bytes()).isLessThan(1 << 20);
        for (int i = 0; i < 100; i++) {
            remembered.remove(i + "x".repeat(60_000));
        }
        assertThat(account.bytes()).isZero();
    }

    @Test
    void memoryThatIsShort_costsOldEntries() {
        Remembered<Integer> remembered = new Remembered<>(1000, 1 << 20, account, id -> 16);
        for (int i = 0; i < 10; i++) {
            remembered.put("name" + i, i);
        }
        memory.open(MemoryArea.HEAP, "others", 100, null).add(8 << 20);

        remembered.put("new", 1);

        assertThat(remembered.size()).isEqualTo(9);
        assertThat(remembered.get("name0")).isNull();
        assertThat(remembered.get("new")).isEqualTo(1);
    }
}

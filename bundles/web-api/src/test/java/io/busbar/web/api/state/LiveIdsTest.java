package io.busbar.web.api.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.memory.MemoryArea;
import io.busbar.memory.ProcessMemory;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveIdsTest {
    private final ProcessMemory memory = new ProcessMemory(256 << 20, 0, Clock.systemUTC());

    @AfterEach
    void stop() {
        memory.close();
    }

    @Test
    void topics_thatComeAndGo_areForgotten_thoseThatAreShownAreNot() {
        LiveIds ids = new LiveIds(memory.open(MemoryArea.HEAP, "console", 100, null));
        int watched = ids.idOf("watched");
        int gone = ids.idOf("gone");

        for (int i = 0; i < LiveIds.MAX_TOPICS; i++) {
            ids.idOf("t" + i);
            assertThat(ids.idOf("watched")).isEqualTo(watched);
        }

        assertThat(ids.topicOf(watched)).contains("watched");
        assertThat(ids.topicOf(gone)).isEmpty();
        assertThat(ids.idOf("gone")).isGreaterThan(LiveIds.MAX_TOPICS);
    }
}

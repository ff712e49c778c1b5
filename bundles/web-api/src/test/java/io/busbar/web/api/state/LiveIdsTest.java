package io.busbar.web.api.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LiveIdsTest {
    @Test
    void topics_thatComeAndGo_areForgotten_thoseThatAreShownAreNot() {
        LiveIds ids = new LiveIds();
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

package io.busbar.itests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RetainedHistoryTest {
    private final RetainedHistory history = new RetainedHistory("r/1");
    private long number;

    @Test
    void neverSet_nothingIsThere() {
        assertThat(history.judge(RetainedHistory.NONE)).isEmpty();
        assertThat(history.judge("a")).isPresent();
    }

    @Test
    void lastAcknowledged_isThere() {
        acknowledged("a");
        acknowledged("b");

        assertThat(history.judge("b")).isEmpty();
        assertThat(history.judge("a")).as("stale").isPresent();
        assertThat(history.judge(RetainedHistory.NONE)).as("lost").isPresent();
    }

    @Test
    void laterOnesThatAreNotAcknowledged_mayBeThere() {
        acknowledged("a");
        sent("b");
        sent("c");

        assertThat(history.judge("a")).isEmpty();
        assertThat(history.judge("b")).isEmpty();
        assertThat(history.judge("c")).isEmpty();
        assertThat(history.judge("d")).isPresent();
    }

    @Test
    void removed_isGone() {
        acknowledged("a");
        acknowledged(RetainedHistory.NONE);

        assertThat(history.judge(RetainedHistory.NONE)).isEmpty();
        assertThat(history.judge("a")).as("stale").isPresent();
    }

    @Test
    void removedWithoutAcknowledgement_mayBeThereOrNot() {
        acknowledged("a");
        sent(RetainedHistory.NONE);

        assertThat(history.judge(RetainedHistory.NONE)).isEmpty();
        assertThat(history.judge("a")).isEmpty();
    }

    @Test
    void neverSent_isNotThere() {
        history.change(new Publication(new Publication.Id("w", 1), "r/1", 1), "a");

        assertThat(history.judge("a")).isPresent();
    }

    private Publication sent(String value) {
        Publication publication = new Publication(new Publication.Id("w", ++number), "r/1", 1);
        history.change(publication, value);
        publication.sent(number);
        return publication;
    }

    private void acknowledged(String value) {
        sent(value).completed(number);
    }
}

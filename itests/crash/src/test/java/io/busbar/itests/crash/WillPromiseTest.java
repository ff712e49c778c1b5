package io.busbar.itests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WillPromiseTest {
    private static final long SECOND = 1_000_000_000;
    private static final Publication.Id ID = new Publication.Id("w", 1);

    private final Uptime uptime = new Uptime();
    private final WillPromise will = new WillPromise(ID, "w/1", 2 * SECOND, 10 * SECOND);

    WillPromiseTest() {
        uptime.begins(0);
        will.accepted();
    }

    @Test
    void publishedAfterItsDelay_isRight() {
        will.closed(20 * SECOND);

        assertThat(will.judge(at(22 * SECOND), uptime, 60 * SECOND)).isEmpty();
    }

    @Test
    void publishedBeforeItsDelay_isWrong() {
        will.closed(20 * SECOND);

        assertThat(will.judge(at(21 * SECOND), uptime, 60 * SECOND)).isPresent();
    }

    @Test
    void publishedWhileConnected_isWrong() {
        assertThat(will.judge(at(21 * SECOND), uptime, 60 * SECOND)).isPresent();
    }

    @Test
    void publishedTwice_isWrong() {
        will.closed(20 * SECOND);

        assertThat(will.judge(at(22 * SECOND, 23 * SECOND), uptime, 60 * SECOND)).isPresent();
    }

    @Test
    void publishedAgain_isRightOnlyIfTheServerWasKilledBeforeItCouldForget() {
        will.closed(20 * SECOND);
        uptime.ends(25 * SECOND);
        uptime.begins(30 * SECOND);

        assertThat(will.judge(again(24_500_000_000L), uptime, 60 * SECOND)).isEmpty();
        assertThat(will.judge(again(23 * SECOND), uptime, 60 * SECOND)).isPresent();
    }

    @Test
    void publishedAgain_afterItWasRedelivered_isRight() {
        will.closed(20 * SECOND);

        List<Receipt> receipts =
                List.of(
                        new Receipt("watch", ID, "w/1", 2, true, 2, 1, 31 * SECOND),
                        new Receipt("watch", ID, "w/1", 2, false, 2, 1, 32 * SECOND));

        assertThat(will.judge(receipts, uptime, 60 * SECOND)).isEmpty();
    }

    private static List<Receipt> again(long first) {
        return List.of(
                new Receipt("watch", ID, "w/1", 2, false, 1, 0, first),
                new Receipt("watch", ID, "w/1", 2, false, 2, 1, 31 * SECOND));
    }

    @Test
    void notPublished_isWrongOnceItIsLate() {
        will.closed(20 * SECOND);

        assertThat(will.judge(at(), uptime, 23 * SECOND)).isEmpty();
        assertThat(will.judge(at(), uptime, 30 * SECOND)).isPresent();
    }

    @Test
    void notPublishedBecauseTheClientCameBack_isRight() {
        will.closed(20 * SECOND);
        will.returning(21 * SECOND);
        will.returned(21 * SECOND);

        assertThat(will.judge(at(), uptime, 60 * SECOND)).isEmpty();
    }

    @Test
    void publishedThoughTheClientCameBack_isWrong() {
        will.closed(20 * SECOND);
        will.returning(21 * SECOND);
        will.returned(21 * SECOND);

        assertThat(will.judge(at(23 * SECOND), uptime, 60 * SECOND)).isPresent();
    }

    @Test
    void publishedAfterDisconnect_isWrong() {
        will.withdrawn();
        will.closed(20 * SECOND);

        assertThat(will.judge(at(23 * SECOND), uptime, 60 * SECOND)).isPresent();
    }

    @Test
    void publishedAfterDisconnect_theServerWasKilledBeforeItCouldStoreThat_isAllowed() {
        will.withdrawn();
        will.closed(20 * SECOND);
        uptime.ends(20 * SECOND);
        uptime.begins(24 * SECOND);

        assertThat(will.judge(at(26 * SECOND), uptime, 60 * SECOND)).isEmpty();
    }

    @Test
    void connectedWhenTheServerWasKilled_isPublishedAfterTheNextStart() {
        uptime.ends(20 * SECOND);
        will.closed(20 * SECOND);
        uptime.begins(30 * SECOND);

        assertThat(will.judge(at(), uptime, 33 * SECOND)).isEmpty();
        assertThat(will.judge(at(), uptime, 40 * SECOND)).isPresent();
        assertThat(will.judge(at(32 * SECOND), uptime, 60 * SECOND)).isEmpty();
    }

    @Test
    void connectWasNotAnswered_nothingHasToCome() {
        WillPromise unanswered = new WillPromise(ID, "w/1", SECOND, 10 * SECOND);

        assertThat(unanswered.judge(at(), uptime, 60 * SECOND)).isEmpty();
        assertThat(unanswered.judge(at(12 * SECOND), uptime, 60 * SECOND)).isEmpty();
        assertThat(unanswered.judge(at(10 * SECOND), uptime, 60 * SECOND)).isPresent();
    }

    private static List<Receipt> at(long... times) {
        return java.util.Arrays.stream(times)
                .mapToObj(at -> new Receipt("watch", ID, "w/1", 2, false, 1, 0, at))
                .toList();
    }
}

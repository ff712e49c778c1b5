package io.busbar.auth.passwords;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.testkit.time.Await;
import io.busbar.testkit.time.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final String DONE = "done";
    private static final String NO_TURN = "no turn";

    private final ManualClock clock = new ManualClock(Instant.EPOCH);
    private final CountDownLatch held = new CountDownLatch(1);
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private final Turns turns = new Turns(clock, new Bounds(2, 3, 10));

    @AfterEach
    void stop() {
        held.countDown();
        turns.close();
    }

    @Test
    void jobs_runAFewAtOnce() throws Exception {
        holdBoth();
        CompletableFuture<String> third = take();
        CompletableFuture<String> fourth = take();
        assertThat(turns.waiting()).isEqualTo(2);

        held.countDown();

        assertThat(third.get(15, TimeUnit.SECONDS)).isEqualTo(DONE);
        assertThat(fourth.get(15, TimeUnit.SECONDS)).isEqualTo(DONE);
        assertThat(mostAtOnce).hasValue(2);
        assertThat(turns.waiting()).isZero();
    }

    @Test
    void take_whenTooManyWait_isToldAtOnce() {
        holdBoth();
        for (int i = 0; i < 3; i++) {
            assertThat(take()).isNotDone();
        }

        assertThat(take()).isCompletedWithValue(NO_TURN);
        assertThat(turns.waiting()).isEqualTo(3);
    }

    @Test
    void take_thatWaitsTooLong_isNotRunAnyMore() throws Exception {
        holdBoth();
        CompletableFuture<String> late = take();
        clock.advance(Duration.ofSeconds(5));
        CompletableFuture<String> inTime = take();
        clock.advance(Duration.ofSeconds(6));

        held.countDown();

        assertThat(late.get(15, TimeUnit.SECONDS)).isEqualTo(NO_TURN);
        assertThat(inTime.get(15, TimeUnit.SECONDS)).isEqualTo(DONE);
    }

    @Test
    void close_leavesNobodyWaiting() {
        holdBoth();
        CompletableFuture<String> waiting = take();

        turns.close();

        assertThat(waiting).isCompletedWithValue(NO_TURN);
        assertThat(take()).isCompletedWithValue(NO_TURN);
    }

    @Test
    void job_thatFails_failsItsOwnAnswerOnly() throws Exception {
        CompletableFuture<String> failing =
                turns.take(
                                () -> {
                                    throw new IllegalArgumentException("no hash");
                                },
                                () -> NO_TURN)
                        .toCompletableFuture();

        assertThatThrownBy(failing::join).hasCauseInstanceOf(IllegalArgumentException.class);
        held.countDown();
        assertThat(take().get(15, TimeUnit.SECONDS)).isEqualTo(DONE);
    }

    @Test
    void change_countsFromThenOn() throws Exception {
        holdBoth();
        CompletableFuture<String> third = take();

        turns.change(new Bounds(3, 1, 10));

        Await.until(() -> running.get() == 3);
        assertThat(take()).isNotDone();
        assertThat(take()).isCompletedWithValue(NO_TURN);
        turns.change(new Bounds(1, 1, 10));
        held.countDown();
        assertThat(third.get(15, TimeUnit.SECONDS)).isEqualTo(DONE);
    }

    private void holdBoth() {
        take();
        take();
        Await.until(() -> running.get() == 2);
    }

    private CompletableFuture<String> take() {
        return turns.take(this::job, () -> NO_TURN).toCompletableFuture();
    }

    private String job() {
        mostAtOnce.accumulateAndGet(running.incrementAndGet(), Math::max);
        try {
            held.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        running.decrementAndGet();
        return DONE;
    }
}

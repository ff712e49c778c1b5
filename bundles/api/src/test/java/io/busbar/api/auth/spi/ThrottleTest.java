package io.busbar.api.auth.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private static final int LONGEST = 60;

    private final AtomicLong millis = new AtomicLong(1_000_000);
    private final Throttle throttle =
            new Throttle(() -> Instant.ofEpochMilli(millis.get()), 3, LONGEST, 100);

    @Test
    void attempt_afterTheFreeOnes_waitsTwiceAsLongEveryTime() {
        for (int i = 1; i <= 3; i++) {
            assertThat(throttle.attempt("a")).isZero();
            assertThat(throttle.left("a")).isEqualTo(3 - i);
        }

        for (int wait = 1; wait <= 32; wait *= 2) {
            assertThat(throttle.attempt("a")).isEqualTo(wait);
            pass(wait);
            assertThat(throttle.attempt("a")).isZero();
        }
        assertThat(throttle.secondsToWait("a")).isEqualTo(LONGEST);
    }

    @Test
    void key_isShortAndOfTheBlockOfAnAddress() throws Exception {
        InetAddress one = InetAddress.getByName("fd00::1");
        String longName = "n".repeat(65_535);

        assertThat(Throttle.key(one, "a"))
                .isEqualTo(Throttle.key(InetAddress.getByName("fd00::2:3"), "a"))
                .isNotEqualTo(Throttle.key(InetAddress.getByName("fd00:1::1"), "a"))
                .isNotEqualTo(Throttle.key(one, "b"));
        assertThat(Throttle.key(one, longName))
                .hasSizeLessThan(100)
                .isNotEqualTo(Throttle.key(one, longName + "n"));
    }

    @Test
    void attempt_whileItMustWait_makesTheWaitNoLonger() {
        for (int i = 0; i < 3; i++) {
            throttle.attempt("a");
        }
        millis.addAndGet(1);
        for (int i = 0; i < 10; i++) {
            assertThat(throttle.attempt("a")).isEqualTo(1);
        }

        millis.addAndGet(999);

        assertThat(throttle.secondsToWait("a")).isZero();
    }

    @Test
    void attempt_underAnotherKeyOrAfterOneThatWasRight_isFree() {
        for (int i = 0; i < 3; i++) {
            throttle.attempt("a");
        }

        assertThat(throttle.attempt("b")).isZero();
        throttle.forget("a");
        assertThat(throttle.left("a")).isEqualTo(3);
        assertThat(throttle.attempt("a")).isZero();
    }

    @Test
    void attempts_areForgottenAfterAQuarterOfAnHour() {
        for (int i = 0; i < 3; i++) {
            throttle.attempt("a");
        }

        pass(15 * 60 + 1);

        assertThat(throttle.attempt("a")).isZero();
        assertThat(throttle.left("a")).isEqualTo(2);
    }

    @Test
    void throttle_isBounded() {
        for (int i = 0; i < 1_000; i++) {
            String key = "key " + i;
            for (int attempts = 0; attempts < 3; attempts++) {
                throttle.attempt(key);
            }
        }

        assertThat(throttle.size()).isEqualTo(100);
        assertThat(throttle.secondsToWait("key 999")).isEqualTo(1);
        assertThat(throttle.secondsToWait("key 0")).isZero();
    }

    private void pass(int seconds) {
        millis.addAndGet(seconds * 1000L);
    }
}

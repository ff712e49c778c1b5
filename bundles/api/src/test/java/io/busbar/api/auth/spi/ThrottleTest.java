package io.busbar.api.auth.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.auth.spi.Throttle.Attempt;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private static final int LONGEST = 60;
    private static final int PER_ORIGIN = 30;

    /** 15 minutes for 30. */
    private static final int SECONDS_EACH = 30;

    private final AtomicLong millis = new AtomicLong(1_000_000);
    private final Throttle throttle =
            new Throttle(() -> Instant.ofEpochMilli(millis.get()), 3, PER_ORIGIN, LONGEST, 100);

    @Test
    void name_afterTheFreeFailures_waitsTwiceAsLongEveryTime() {
        Attempt attempt = throttle.attempt("here", "a");
        for (int i = 1; i <= 3; i++) {
            assertThat(attempt.failed()).isZero();
            assertThat(attempt.left()).isEqualTo(3 - i);
        }

        for (int wait = 1; wait <= 32; wait *= 2) {
            assertThat(attempt.failed()).isEqualTo(wait);
            pass(wait);
            assertThat(attempt.mustWait()).isFalse();
            assertThat(attempt.failed()).isZero();
        }
        assertThat(attempt.secondsToWait()).isEqualTo(LONGEST);
    }

    @Test
    void failed_whileItMustWait_makesTheWaitNoLonger() {
        Attempt attempt = fail("here", "a", 3);
        millis.addAndGet(1);
        for (int i = 0; i < 10; i++) {
            assertThat(attempt.failed()).isEqualTo(1);
        }

        millis.addAndGet(999);

        assertThat(attempt.mustWait()).isFalse();
    }

    @Test
    void name_ofAnotherOriginOrAnotherOneOrAfterTheRightPassword_isFree() {
        Attempt attempt = fail("here", "a", 3);

        assertThat(throttle.attempt("here", "b").mustWait()).isFalse();
        assertThat(throttle.attempt("there", "a").mustWait()).isFalse();
        attempt.succeeded();
        assertThat(attempt.mustWait()).isFalse();
        assertThat(attempt.left()).isEqualTo(3);
    }

    @Test
    void failures_areForgottenAfterAQuarterOfAnHour() {
        Attempt attempt = fail("here", "a", 3);

        pass(15 * 60 + 1);

        assertThat(attempt.failed()).isZero();
        assertThat(attempt.left()).isEqualTo(2);
    }

    /** One password for thousands of names. */
    @Test
    void origin_afterItsFailuresOfAnyName_waitsForTheNextOne() {
        for (int i = 0; i < PER_ORIGIN; i++) {
            assertThat(throttle.attempt("here", "name " + i).failed()).isZero();
        }

        Attempt next = throttle.attempt("here", "next");
        assertThat(next.left()).isZero();
        assertThat(next.secondsToWait()).isEqualTo(SECONDS_EACH);
        assertThat(next.failed()).isEqualTo(SECONDS_EACH);
        assertThat(throttle.attempt("there", "next").mustWait()).isFalse();

        pass(SECONDS_EACH);
        assertThat(next.failed()).isZero();
        assertThat(next.secondsToWait()).isEqualTo(SECONDS_EACH);
        pass(15 * 60);
        assertThat(next.left()).isEqualTo(3);
    }

    /** A whole plant behind one proxy. */
    @Test
    void origin_ofManyRightPasswords_neverWaits() {
        for (int i = 0; i < 10 * PER_ORIGIN; i++) {
            throttle.attempt("here", "device " + i).succeeded();
        }

        assertThat(throttle.attempt("here", "next").mustWait()).isFalse();
    }

    @Test
    void origin_thatMustWait_doesNotKeepOutNamesThatWereRightFromThere() {
        throttle.attempt("here", "device").succeeded();
        useUp("here");

        Attempt known = throttle.attempt("here", "device");
        assertThat(known.mustWait()).isFalse();
        assertThat(throttle.attempt("here", "other").mustWait()).isTrue();

        // Told what others are told, and bounded by its own failures.
        assertThat(known.failed()).isEqualTo(SECONDS_EACH);
        known.failed();
        known.failed();
        assertThat(known.secondsToWait()).isEqualTo(1);
    }

    /** Or one account would buy guesses at those of others. */
    @Test
    void origin_hasNothingBackForARightPassword() {
        useUp("here");

        throttle.attempt("here", "mine").succeeded();

        assertThat(throttle.attempt("here", "others").mustWait()).isTrue();
    }

    @Test
    void origin_isTheBlockOfAnAddress() throws UnknownHostException {
        failAt("fd00::1", "a");

        assertThat(leftAt("fd00::2:3", "a")).isEqualTo(2);
        assertThat(leftAt("fd00:1::1", "a")).isEqualTo(3);
        assertThat(leftAt("fd00::1", "b")).isEqualTo(3);
        failAt("10.0.0.1", "a");
        assertThat(leftAt("10.0.0.1", "a")).isEqualTo(2);
        assertThat(leftAt("10.0.0.2", "a")).isEqualTo(3);
    }

    @Test
    void longNames_areToldApart() {
        String name = "n".repeat(65_535);
        fail("here", name, 1);

        assertThat(throttle.attempt("here", name).left()).isEqualTo(2);
        assertThat(throttle.attempt("here", name + "n").left()).isEqualTo(3);
    }

    @Test
    void throttle_isBounded() {
        for (int i = 0; i < 1_000; i++) {
            fail("origin" + i, "name", 3);
            throttle.attempt("origin" + i, "good").succeeded();
        }

        assertThat(throttle.size()).isEqualTo(100);
        assertThat(throttle.attempt("origin999", "name").secondsToWait()).isEqualTo(1);
        assertThat(throttle.attempt("origin0", "name").mustWait()).isFalse();
    }

    private Attempt fail(String origin, String name, int times) {
        Attempt attempt = throttle.attempt(origin, name);
        for (int i = 0; i < times; i++) {
            attempt.failed();
        }
        return attempt;
    }

    private void useUp(String origin) {
        for (int i = 0; i < PER_ORIGIN; i++) {
            throttle.attempt(origin, "guess " + i).failed();
        }
    }

    private void failAt(String address, String name) throws UnknownHostException {
        throttle.attempt(InetAddress.getByName(address), name).failed();
    }

    private int leftAt(String address, String name) throws UnknownHostException {
        return throttle.attempt(InetAddress.getByName(address), name).left();
    }

    private void pass(int seconds) {
        millis.addAndGet(seconds * 1000L);
    }
}

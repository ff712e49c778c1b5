package io.busbar.testkit.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {
    private static final Duration SHORT = Duration.ofMillis(20);

    @Test
    void exception_meansNotYet_andIsToldAtTheEnd() {
        AtomicInteger looks = new AtomicInteger();

        Await.until(
                () -> {
                    if (looks.incrementAndGet() < 3) {
                        throw new IOException("refused (test)");
                    }
                    return true;
                });

        assertThat(looks).hasValue(3);
        assertThatThrownBy(
                        () ->
                                Await.until(
                                        "a server",
                                        SHORT,
                                        () -> {
                                            throw new IOException("refused (test)");
                                        }))
                .isInstanceOf(AssertionError.class)
                .hasMessage("not within 20 ms: a server")
                .hasRootCauseMessage("refused (test)");
    }

    @Test
    void assertionError_endsTheWaiting() {
        assertThatThrownBy(
                        () ->
                                Await.until(
                                        () -> {
                                            throw new AssertionError("it has ended (test)");
                                        }))
                .hasMessage("it has ended (test)");
    }

    @Test
    void within_saysWhetherItCameTrue() {
        assertThat(Await.within(SHORT, () -> true)).isTrue();
        assertThat(Await.within(SHORT, () -> false)).isFalse();
    }
}

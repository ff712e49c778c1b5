package io.busbar.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private final Clock time = new Clock();
    private final Deadline deadline = new Deadline(Duration.ofSeconds(60), waited -> {}, time);

    /** Each pause is a tenth of a second, of which the process works a part. */
    private static final class Clock implements Deadline.Time {
        long nanos = Long.MAX_VALUE - 1_000;
        long cpu;
        double busy;

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public long cpuNanos() {
            return cpu;
        }

        @Override
        public void pause() {
            nanos += 100_000_000;
            cpu += (long) (100_000_000 * busy);
        }

        Duration since(long start) {
            return Duration.ofNanos(nanos - start);
        }
    }

    @Test
    void process_thatWaits_isGivenUpAfterTheTimeout() {
        long start = time.nanos;

        assertThatThrownBy(() -> deadline.await(() -> false, "the console"))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("gave up waiting for the console after 60 s");

        assertThat(time.since(start)).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void process_thatWorks_isNotGivenUp() throws Exception {
        time.busy = 0.2;
        long start = time.nanos;

        deadline.await(() -> time.since(start).toSeconds() >= 600, "the listeners");

        time.busy = 0;
        assertThatThrownBy(() -> deadline.await(() -> false, "the console"))
                .hasMessageContaining("gave up waiting for the console after 660 s");
    }

    @Test
    void process_thatWorksForEver_isGivenUp() {
        time.busy = 2;

        assertThatThrownBy(() -> deadline.await(() -> false, "the console"))
                .hasMessageContaining("gave up waiting for the console after 1200 s");
    }

    @Test
    void obstacle_endsItAtOnce() {
        Deadline blocked =
                new Deadline(
                        Duration.ofSeconds(60),
                        waited -> {
                            throw new CannotStartException("port in use");
                        },
                        time);

        assertThatThrownBy(() -> blocked.await(() -> false, "the console"))
                .hasMessage("port in use");
    }
}

package io.busbar.testkit.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualLoopsTest {
    private static final Instant START = Instant.parse("2026-11-23T08:00:00.123456789Z");

    private final ManualLoops loops = new ManualLoops(START);
    private final ManualLoop one = loops.loop();
    private final ManualLoop two = loops.loop();
    private final List<String> ran = new ArrayList<>();

    private void runs(String what) {
        ran.add(what + " at " + Duration.between(START, loops.clock().instant()).toMillis());
    }

    @Test
    void task_runsOnItsLoop_whenTheLoopsSettle() {
        one.execute(() -> runs(one.inLoop() + " " + two.inLoop()));
        assertThat(ran).isEmpty();

        assertThat(loops.settle()).isTrue();

        assertThat(ran).containsExactly("true false at 0");
        assertThat(loops.settle()).isFalse();
    }

    @Test
    void timers_runAtTheirMoment_inTheOrderOfTime() {
        one.schedule(() -> runs("second"), 20);
        two.schedule(() -> one.execute(() -> runs("first")), 10);
        one.schedule(() -> runs("later"), 31);

        loops.advance(Duration.ofMillis(30));

        assertThat(ran).containsExactly("first at 10", "second at 20");
        assertThat(loops.clock().instant()).isEqualTo(START.plusMillis(30));
        assertThat(one.timers()).isEqualTo(1);
    }

    @Test
    void timer_thatIsCancelled_doesNotRun() {
        Runnable cancel = one.schedule(() -> runs("never"), 10);

        cancel.run();
        loops.advance(Duration.ofMillis(30));

        assertThat(ran).isEmpty();
    }

    @Test
    void task_thatNeverEnds_fails() {
        class Again implements Runnable {
            @Override
            public void run() {
                one.execute(this);
            }
        }

        one.execute(new Again());

        assertThatThrownBy(loops::settle).isInstanceOf(AssertionError.class);
    }
}

package io.busbar.mqtt.broker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.memory.ProcessMemory;
import io.busbar.mqtt.broker.link.EventLoop;
import io.busbar.mqtt.broker.memory.BrokerMemory;
import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.time.ManualLoop;
import io.busbar.testkit.time.ManualLoops;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackgroundTest {
    private final ManualLoops manual = new ManualLoops(Instant.EPOCH);
    private final ManualLoop turning = manual.loop();
    private final Background background =
            new Loops(
                            List.of(new Events()),
                            Shards.own(new MemoryStore()),
                            new BrokerMemory(
                                    new ProcessMemory(1 << 20, 1 << 20, Clock.systemUTC())),
                            manual.clock(),
                            manual.clock()::nanos,
                            1_000)
                    .home()
                    .background();
    private final List<String> done = new ArrayList<>();

    private final class Events implements EventLoop {
        @Override
        public int index() {
            return 0;
        }

        @Override
        public boolean inLoop() {
            return turning.inLoop();
        }

        @Override
        public void execute(Runnable action) {
            turning.execute(action);
        }

        @Override
        public void executeNextTurn(Runnable action) {
            turning.execute(action);
        }

        @Override
        public Timer schedule(Runnable action, long delayMillis) {
            return turning.schedule(action, delayMillis)::run;
        }
    }

    /** Work of so many steps that notes how many it took at a time. */
    private Background.Work work(String name, int steps) {
        int[] left = {steps};
        return allowance -> {
            int taken = Math.min(left[0], allowance.left());
            allowance.spend(taken);
            left[0] -= taken;
            done.add(name + taken);
            return left[0] > 0;
        };
    }

    private int takenInTurn() {
        done.clear();
        manual.turn(turning);
        return done.stream().mapToInt(each -> Integer.parseInt(each.substring(1))).sum();
    }

    @Test
    void littleWork_isDoneAtOnce() {
        assertThat(background.begin(work("a", 100))).isTrue();

        assertThat(done).containsExactly("a100");
    }

    @Test
    void muchWork_isDoneInPortions_roundRobin() {
        assertThat(background.begin(work("a", 3 * Background.PORTION))).isFalse();
        assertThat(background.begin(work("b", 2 * Background.PORTION))).isFalse();
        assertThat(done).containsExactly("a2048");

        manual.settle();

        assertThat(done).containsExactly("a2048", "a2048", "b2048", "a2048", "b2048");
    }

    @Test
    void oneTurn_takesNoMoreThanItsSteps_whateverWaits() {
        for (int i = 0; i < 20; i++) {
            background.later(work("w", 3 * Background.PORTION));
        }
        for (int i = 0; i < 15; i++) {
            assertThat(takenInTurn()).isEqualTo(Background.TURN);
        }
        assertThat(takenInTurn()).isZero();
    }

    @Test
    void littleWork_waitsForItsTurn_whileOthersWait() {
        background.later(work("a", 100 * Background.PORTION));

        assertThat(background.begin(work("b", 1))).isFalse();
        manual.turn(turning);

        assertThat(done).startsWith("a2048", "b1", "a2048");
    }

    @Test
    void littleWork_againAndAgain_isLeftForLater_whenTheTurnIsUsedUp() {
        int atOnce = 0;
        while (background.begin(work("a", 16))) {
            atOnce++;
        }
        assertThat(atOnce).isEqualTo(Background.TURN / 16);

        manual.settle();

        assertThat(background.begin(work("a", 16))).isTrue();
    }

    @Test
    void workThatFails_isToldOnce_andTheOthersGoOn() {
        background.later(
                new Background.Work() {
                    @Override
                    public boolean goOn(Background.Allowance allowance) {
                        throw new IllegalStateException("test");
                    }

                    @Override
                    public void failed() {
                        done.add("failed");
                    }
                });
        background.later(work("b", 1));

        manual.settle();

        assertThat(done).containsExactly("failed", "b1");
    }

    private Background.Work of(String identity, Background.Work work) {
        return new Background.Work() {
            @Override
            public boolean goOn(Background.Allowance allowance) {
                return work.goOn(allowance);
            }

            @Override
            public Object identity() {
                return identity;
            }
        };
    }

    @Test
    void identityWithManyConnections_getsAsMuchAsOneWithOne() {
        for (int i = 0; i < 100; i++) {
            background.later(of("many", work("m", 10 * Background.PORTION)));
        }
        background.later(of("one", work("o", 4 * Background.PORTION)));

        takenInTurn();
        assertThat(done).containsExactly("m2048", "o2048", "m2048", "o2048");
        takenInTurn();
        assertThat(done).containsExactly("m2048", "o2048", "m2048", "o2048");
        takenInTurn();
        assertThat(done).hasSize(4).containsOnly("m2048");
    }

    @Test
    void connectionsOfOneIdentity_areServedInTurn() {
        for (String name : List.of("a", "b", "c")) {
            background.later(of("same", work(name, 2 * Background.PORTION)));
        }

        manual.settle();

        assertThat(done).containsExactly("a2048", "b2048", "c2048", "a2048", "b2048", "c2048");
    }
}

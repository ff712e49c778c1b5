package io.busbar.mqtt.broker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final Deadlines deadlines = new Deadlines();
    private final List<String> called = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    private Deadlines.Deadline deadline(String name) {
        return deadlines.of(now -> called.add(name + "@" + now));
    }

    private void at(long now) {
        assertThat(deadlines.fire(now, Integer.MAX_VALUE, failures::add)).isFalse();
    }

    @Test
    void moreThanOneTurnCalls_areLeftForTheNext() {
        for (int i = 0; i < 5; i++) {
            deadline("d" + i).set(i);
        }

        assertThat(deadlines.fire(10, 2, failures::add)).isTrue();
        assertThat(called).hasSize(2);
        assertThat(deadlines.fire(10, 3, failures::add)).isFalse();
        assertThat(called).hasSize(5).doesNotHaveDuplicates();
    }

    @Test
    void due_isCalledOnce_afterItsMoment() {
        deadline("a").set(100);

        at(100);
        assertThat(called).isEmpty();
        at(101);
        at(102);

        assertThat(called).containsExactly("a@101");
    }

    @Test
    void set_moves_atLatest_onlyForward() {
        Deadlines.Deadline moved = deadline("moved");
        moved.set(100);
        moved.set(200);
        moved.atLatest(300);
        at(150);
        assertThat(called).isEmpty();

        moved.atLatest(120);
        at(150);

        assertThat(called).containsExactly("moved@150");
    }

    @Test
    void cleared_isNotCalled_theOthersAre() {
        List<Deadlines.Deadline> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Deadlines.Deadline each = deadline("d" + i);
            each.set(i);
            all.add(each);
        }
        for (int i = 0; i < 40; i += 2) {
            all.get(i).clear();
            all.get(i).clear();
        }

        at(31);

        assertThat(called).hasSize(15).contains("d1@31", "d29@31").doesNotContain("d30@31");
        at(40);
        assertThat(called).hasSize(20);
    }

    @Test
    void due_setsItAgain_andClearsOthers_whileItIsCalled() {
        List<Deadlines.Deadline> others = new ArrayList<>();
        Deadlines.Deadline[] self = new Deadlines.Deadline[1];
        self[0] =
                deadlines.of(
                        now -> {
                            called.add("self@" + now);
                            others.forEach(Deadlines.Deadline::clear);
                            self[0].set(now + 10);
                        });
        others.add(deadline("low"));
        others.add(deadline("late"));
        others.get(0).set(1_000);
        others.get(1).set(2_000);
        self[0].set(5);

        at(6);
        at(16);
        at(17);
        at(3_000);

        assertThat(called).containsExactly("self@6", "self@17", "self@3000");
    }

    @Test
    void due_fails_theOthersAreCalled() {
        deadline("a").set(1);
        deadlines
                .of(
                        now -> {
                            throw new IllegalStateException("test");
                        })
                .set(1);
        deadline("b").set(1);

        at(2);

        assertThat(called).containsExactlyInAnyOrder("a@2", "b@2");
        assertThat(failures).hasSize(1);
    }

    @Test
    void clock_turnsOver() {
        deadline("a").set(Long.MIN_VALUE + 5);

        at(Long.MAX_VALUE);
        assertThat(called).isEmpty();
        at(Long.MIN_VALUE + 6);

        assertThat(called).hasSize(1);
    }
}

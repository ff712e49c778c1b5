package io.busbar.mqtt.broker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CongestionTest {
    private final Congestion congestion = new Congestion();
    private final List<String> released = new ArrayList<>();

    private Congestion.Held publisher(String name) {
        return () -> released.add(name);
    }

    @Test
    void nobodyWaits_whileThereIsNone() {
        assertThat(congestion.hold(publisher("a"))).isFalse();
        assertThat(congestion.holdAgain(publisher("a"))).isFalse();
        assertThat(released).isEmpty();
    }

    @Test
    void whoWasReleasedAndWaitsAgain_comesBeforeAllOthers() {
        congestion.begin();
        congestion.hold(publisher("newcomer"));
        congestion.holdAgain(publisher("first of before"));
        congestion.holdAgain(publisher("second of before"));

        congestion.end();

        assertThat(released).containsExactly("first of before", "second of before", "newcomer");
    }
}

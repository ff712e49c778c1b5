package io.busbar.mqtt.broker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StoreCongestionTest {
    private static final int PAYLOAD = 100;

    private final StoreCongestion congestion = new StoreCongestion();

    private int sentUntilHeld() {
        for (int sent = 0; sent < 1_000; sent++) {
            if (congestion.holds(false, PAYLOAD)) {
                return sent;
            }
        }
        return Integer.MAX_VALUE;
    }

    @Test
    void storeThatKeepsUp_holdsNobody() {
        assertThat(congestion.holds(true, PAYLOAD)).isFalse();
        assertThat(sentUntilHeld()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void whoPublishesMuch_isHeldAtOnce_othersAfterAWhile() {
        congestion.fill(64 << 10);

        assertThat(congestion.holds(true, PAYLOAD)).isTrue();
        assertThat(sentUntilHeld()).isBetween(50, 200);
        assertThat(congestion.holds(false, PAYLOAD)).isTrue();

        congestion.drain();
        assertThat(congestion.holds(false, PAYLOAD)).isFalse();
    }

    @Test
    void twoReasons_holdUntilBothAreOver_withTheSmallerAllowance() {
        congestion.fill(64 << 10);
        assertThat(congestion.fallBehind(4 << 20)).isTrue();
        assertThat(congestion.fallBehind(4 << 20)).as("once more").isFalse();

        assertThat(sentUntilHeld()).isBetween(50, 200);
        congestion.drain();
        assertThat(congestion.holds(true, PAYLOAD)).isTrue();
        congestion.catchUp();
        assertThat(congestion.holds(true, PAYLOAD)).isFalse();

        congestion.fill(64 << 10);
        assertThat(sentUntilHeld()).as("anew").isBetween(50, 200);
    }

    @Test
    void publisherThatWaits_goesOnWhenItIsOver() {
        boolean[] released = new boolean[1];
        congestion.fill(0);
        assertThat(congestion.publishers().hold(() -> released[0] = true)).isTrue();

        congestion.drain();

        assertThat(released[0]).isTrue();
        assertThat(congestion.publishers().hold(() -> {})).isFalse();
    }
}

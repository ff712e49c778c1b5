package io.busbar.mqtt.broker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.mqtt.broker.loop.StoreCongestion.Reason;
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
        congestion.begin(Reason.RETAINED, 64 << 10);

        assertThat(congestion.holds(true, PAYLOAD)).isTrue();
        assertThat(sentUntilHeld()).isBetween(50, 200);
        assertThat(congestion.holds(false, PAYLOAD)).isTrue();

        congestion.end(Reason.RETAINED);
        assertThat(congestion.holds(false, PAYLOAD)).isFalse();
    }

    @Test
    void twoReasons_holdUntilBothAreOver_withTheSmallerAllowance() {
        congestion.begin(Reason.RETAINED, 64 << 10);
        assertThat(congestion.begin(Reason.STORE, 4 << 20)).isTrue();
        assertThat(congestion.begin(Reason.STORE, 4 << 20)).as("once more").isFalse();

        assertThat(sentUntilHeld()).isBetween(50, 200);
        congestion.end(Reason.RETAINED);
        assertThat(congestion.holds(true, PAYLOAD)).isTrue();
        congestion.end(Reason.STORE);
        assertThat(congestion.holds(true, PAYLOAD)).isFalse();

        congestion.begin(Reason.RETAINED, 64 << 10);
        assertThat(sentUntilHeld()).as("anew").isBetween(50, 200);
    }

    @Test
    void publisherThatWaits_goesOnWhenItIsOver() {
        boolean[] released = new boolean[1];
        congestion.begin(Reason.RETAINED, 0);
        assertThat(congestion.publishers().hold(() -> released[0] = true)).isTrue();

        congestion.end(Reason.RETAINED);

        assertThat(released[0]).isTrue();
        assertThat(congestion.publishers().hold(() -> {})).isFalse();
    }
}

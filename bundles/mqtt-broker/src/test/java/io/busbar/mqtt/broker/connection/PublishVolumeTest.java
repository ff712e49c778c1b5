package io.busbar.mqtt.broker.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PublishVolumeTest {
    private static final long START = 5_000_000;

    private final PublishVolume volume = new PublishVolume();

    private long stoppedMillis;

    private void count(long atMillis, int messages, int size) {
        for (int i = 0; i < messages; i++) {
            volume.count(START + atMillis, size, stoppedMillis);
        }
    }

    /** Else it would be held on because it was held, and fall back further and further. */
    @Test
    void messages_ofTheTimeThatItWasHeld_areNotMuch() {
        count(0, 20, 600);
        stoppedMillis += 10_000;

        count(10_100, 200, 600);
        assertThat(volume.isLarge()).isFalse();
        count(10_900, 20, 600);
        assertThat(volume.isLarge()).isFalse();
    }

    /** It was held again before all was read. */
    @Test
    void whatWasSentWhileItWasHeld_mayComeInSeveralSeconds_butOnlyOnce() {
        count(0, 20, 1);
        stoppedMillis += 10_000;
        count(10_100, 500, 1);
        assertThat(volume.isLarge()).isFalse();
        count(11_100, 500, 1);
        assertThat(volume.isLarge()).isFalse();
        count(12_100, 400, 1);
        assertThat(volume.isLarge()).isTrue();
    }

    @Test
    void whoPublishesMuch_isOwedNothingForBeingHeld() {
        count(0, 101, 1);
        stoppedMillis += 10_000;

        count(10_100, 101, 1);

        assertThat(volume.isLarge()).isTrue();
    }

    @Test
    void messages_moreThanAHundredInASecond_areMuch() {
        count(0, 50, 1);
        count(999, 50, 1);
        assertThat(volume.isLarge()).isFalse();

        count(999, 1, 1);

        assertThat(volume.isLarge()).isTrue();
    }

    @Test
    void bytes_moreThan64KiBInASecond_areMuch() {
        count(0, 2, 32 << 10);
        assertThat(volume.isLarge()).isFalse();

        count(500, 1, 1);

        assertThat(volume.isLarge()).isTrue();
    }

    /** Each second by itself: what trickles never adds up. */
    @Test
    void aHundredASecond_forALongTime_isNotMuch() {
        for (int second = 0; second < 100; second++) {
            count(second * 1_000L, 100, 100);

            assertThat(volume.isLarge()).isFalse();
        }
    }

    /** Else one that floods would be let in free of charge at the beginning of each second. */
    @Test
    void much_inOneSecond_isMuchInTheNextOneToo() {
        count(0, 101, 1);

        count(1_000, 1, 1);
        assertThat(volume.isLarge()).isTrue();
        count(1_999, 1, 1);
        assertThat(volume.isLarge()).isTrue();

        count(2_000, 1, 1);
        assertThat(volume.isLarge()).isFalse();
    }

    @Test
    void much_beforeAPause_isForgotten() {
        count(0, 101, 1);

        count(2_000, 1, 1);

        assertThat(volume.isLarge()).isFalse();
    }

    @Test
    void bytes_ofOneHugeMessage_areMuchUntilTheSecondAfterNext() {
        count(0, 1, 100 << 20);
        assertThat(volume.isLarge()).isTrue();
        count(1_500, 1, 10);
        assertThat(volume.isLarge()).isTrue();
        count(2_500, 1, 10);
        assertThat(volume.isLarge()).isFalse();
    }
}

package io.busbar.mqtt.broker.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PublishVolumeTest {
    private static final long START = 5_000_000;

    private final PublishVolume volume = new PublishVolume();

    private void count(long atMillis, int messages, int size) {
        for (int i = 0; i < messages; i++) {
            volume.count(START + atMillis, size);
        }
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

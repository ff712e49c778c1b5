package io.busbar.itests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UptimeTest {
    private final Uptime uptime = new Uptime();

    UptimeTest() {
        uptime.begins(100);
        uptime.ends(200);
        uptime.begins(300);
        uptime.ends(305);
        uptime.begins(400);
    }

    @Test
    void noticed_longBeforeKill_atOnce() {
        assertThat(uptime.noticed(150, 20)).isEqualTo(150);
    }

    @Test
    void noticed_shortlyBeforeKill_afterTheNextStartThatLasts() {
        assertThat(uptime.noticed(190, 20)).isEqualTo(400);
    }

    @Test
    void livedSince_countsOneLife() {
        assertThat(uptime.livedSince(150, 50, 1_000)).isTrue();
        assertThat(uptime.livedSince(151, 50, 410)).isFalse();
        assertThat(uptime.livedSince(151, 50, 450)).isTrue();
    }

    @Test
    void ends_whileNotListening_changesNothing() {
        uptime.ends(500);
        uptime.ends(600);

        assertThat(uptime.lastEnd()).isEqualTo(500);
    }
}

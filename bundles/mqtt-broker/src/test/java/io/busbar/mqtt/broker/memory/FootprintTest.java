package io.busbar.mqtt.broker.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FootprintTest {
    @Test
    void filterThatIsLong_countsTwice_asItsLevelsHaveTextsOfTheirOwn() {
        String level = "x".repeat(60_000);

        assertThat(Footprint.subscription("a/" + level, true)).isBetween(120_000, 122_000);
        assertThat(Footprint.subscription("a/x", true)).isLessThan(200);
    }
}

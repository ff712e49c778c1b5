package io.busbar.mqtt.broker.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.mqtt.UserProperty;
import java.util.List;
import org.junit.jupiter.api.Test;

class FootprintTest {
    @Test
    void filterThatIsLong_countsTwice_asItsLevelsHaveTextsOfTheirOwn() {
        String level = "x".repeat(60_000);

        assertThat(Footprint.subscription("a/" + level, true)).isBetween(120_000, 122_000);
        assertThat(Footprint.subscription("a/x", true)).isLessThan(200);
    }

    private static int propertyOf(String value) {
        return Footprint.message(
                new Message(
                        TopicName.of("t"),
                        new byte[5],
                        Qos.AT_MOST_ONCE,
                        false,
                        new MessageProperties(
                                MessageProperties.ABSENT,
                                MessageProperties.ABSENT,
                                null,
                                null,
                                new byte[7],
                                List.of(new UserProperty("k", value))),
                        Publisher.SERVER,
                        0));
    }

    @Test
    void property_takesAByteForACharacter_ifAllAreAscii() {
        assertThat(propertyOf("v".repeat(100_000)) - propertyOf("v")).isEqualTo(99_999);
        assertThat(propertyOf("\u2713".repeat(100_000)) - propertyOf("\u2713"))
                .isEqualTo(2 * 99_999);
    }
}

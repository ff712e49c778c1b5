package io.busbar.mqtt.broker.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.broker.delivery.Routed;
import org.junit.jupiter.api.Test;

class OwedMessagesTest {
    private final OwedMessages owed = new OwedMessages();
    private long sequence;

    private Owed identified() {
        Message message =
                new Message(
                        TopicName.of("t"),
                        new byte[1],
                        Qos.EXACTLY_ONCE,
                        false,
                        MessageProperties.NONE,
                        Publisher.SERVER,
                        0);
        Owed next =
                new Owed(
                        new Routed(message, null, 0),
                        Qos.EXACTLY_ONCE,
                        false,
                        new int[0],
                        null,
                        sequence++,
                        false);
        owed.add(next);
        owed.identify(next);
        return next;
    }

    @Test // [MQTT5-2.2.1-4] [MQTT311-2.3.1-4]
    void identify_neverGivesAnIdentifierThatIsInUse_norZero() {
        for (int i = 0; i < 100; i++) {
            owed.remove(identified());
        }
        Owed held = identified();

        for (int i = 0; i < 2 * 65_535; i++) {
            Owed passing = identified();
            assertThat(passing.packetId).isBetween(1, 65_535).isNotEqualTo(held.packetId);
            owed.remove(passing);
        }

        assertThat(owed.byId(held.packetId)).isSameAs(held);
    }

    @Test // [MQTT5-2.2.1-4]
    void hasIdentifier_notIfAllAreInUse_andAgainWhenOneIsNot() {
        Owed first = identified();
        for (int i = 1; i < 65_535; i++) {
            assertThat(owed.hasIdentifier()).isTrue();
            identified();
        }

        assertThat(owed.hasIdentifier()).isFalse();
        owed.remove(first);
        assertThat(owed.hasIdentifier()).isTrue();
        assertThat(identified().packetId).isEqualTo(first.packetId);
    }
}

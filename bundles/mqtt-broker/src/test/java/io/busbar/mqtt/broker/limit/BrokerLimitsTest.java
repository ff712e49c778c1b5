package io.busbar.mqtt.broker.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.busbar.mqtt.broker.config.BrokerConfig;
import io.busbar.testkit.config.Configs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokerLimitsTest {
    @Test
    void defaults_areWithinTheirBounds() {
        BrokerLimits limits = BrokerLimits.of(Configs.of(BrokerConfig.class));

        assertThat(limits.packets().maxSizeBytes()).isEqualTo(4_194_304);
        assertThat(limits.deliveries().maxQueuedMessages()).isEqualTo(10_000);
        assertThat(limits.publishes().rate().isLimited()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "max_packet_size, 1023, max.packet.size: 1023 (expected: 1024..268435460)",
        "connect_timeout_ms, 99, connect.timeout.ms: 99 (expected: 100..600000)",
        "max_sessions, 0, max.sessions: 0 (expected: 1..2147483647)",
        "max_topic_levels, 65537, max.topic.levels: 65537 (expected: 1..65536)",
        "receive_maximum, 0, receive.maximum: 0 (expected: 1..65535)",
        "hold_ms, 60001, hold.ms: 60001 (expected: 0..60000)",
        "max_retained_messages, -1, max.retained.messages: -1 (expected: 0..2147483647)",
        "max_publishes_per_second, -1, max.publishes.per.second: -1 (expected: 0..1000000000)"
    })
    void value_outOfItsBounds_isRefusedWithItsKey(String key, int value, String message) {
        BrokerConfig config = Configs.of(BrokerConfig.class, key, value);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> BrokerLimits.of(config))
                .withMessage(message);
    }
}

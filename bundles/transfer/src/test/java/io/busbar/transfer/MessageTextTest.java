package io.busbar.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class MessageTextTest {
    private static final long NOW = Instant.parse("2026-11-23T08:16:00Z").toEpochMilli();

    private static long receivedAt(String moment) {
        Line line =
                Line.read(
                        "{\"type\":\"retained\",\"message\":{\"topic\":\"t\",\"payload\":\"MQ==\","
                                + "\"qos\":1,\"retain\":true,\"receivedAt\":\""
                                + moment
                                + "\"}}");
        return ((Line.Retained) line).message().message(NOW).receivedAt();
    }

    @Test
    void message_thatCameAfterNow_cameNow() {
        assertThat(receivedAt("9999-12-31T23:59:59Z")).isEqualTo(NOW);
        assertThat(receivedAt("2026-11-23T08:15:59Z")).isEqualTo(NOW - 1000);
    }
}

package io.busbar.mqtt.broker.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.audit.Actor;
import io.busbar.api.broker.DropCause;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.Who;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.mqtt.ReasonCode;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventLogTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void line_saysWhatAndWhy() {
        assertThat(EventLog.line(new ClientEvent.Dropped(NOW, "c", DropCause.QUEUE_FULL, 3)))
                .isEqualTo("Messages dropped (clientId=c, cause=QUEUE_FULL, count=3)");
    }

    @Test
    void line_saysWhoWantedIt() {
        Actor ada = Actor.user("ada\n", "192.0.2.7");

        assertThat(
                        EventLog.line(
                                new ClientEvent.SessionEnded(
                                        NOW, "c", ClientEvent.SessionEnd.ADMINISTRATOR, ada)))
                .isEqualTo(
                        "Session ended (clientId=c, cause=ADMINISTRATOR, by=USER ada? from"
                                + " 192.0.2.7)");
    }

    @Test
    void line_ofNamesWithLineBreaks_isOneLine() {
        Rejection rejection =
                new Rejection(
                        1,
                        Rejection.Kind.CONNECT,
                        Rejection.Cause.UNKNOWN_USER,
                        ReasonCode.NOT_AUTHORIZED,
                        Who.at("192.0.2.1:5", "tcp")
                                .named("evil\r\n2026-01-01 INFO all is well", "u\u2028\u0085"),
                        Rejection.What.of(""),
                        Rejection.Times.once(NOW));

        assertThat(EventLog.line(new ClientEvent.Refused(NOW, rejection)))
                .isEqualTo(
                        "Refused (kind=CONNECT, cause=UNKNOWN_USER, clientId=evil??2026-01-01 INFO"
                                + " all is well, user=u??, address=192.0.2.1:5, count=1)");
    }
}

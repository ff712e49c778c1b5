package io.busbar.web.api.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.Principal;
import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.Transport;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.memory.ProcessMemory;
import io.busbar.web.api.config.Settings;
import io.busbar.web.api.state.ConnectionHistory.Connection;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is remembered of connections, and how much of it. */
class ConnectionHistoryTest {
    private static final Instant T0 = Instant.parse("2026-03-01T12:00:00Z");

    private final ProcessMemory memory = new ProcessMemory(8 << 20, 0, Clock.systemUTC());
    private final MemoryAccount account = memory.open(MemoryArea.HEAP, "console", 100, null);
    private final ConnectionHistory history =
            new ConnectionHistory(new Settings.History(3, 2, 1 << 20), account);

    @AfterEach
    void stop() {
        memory.close();
    }

    @Test
    void connection_isOneEntry_fromItsBeginToItsEnd() {
        history.onEvent(new ClientEvent.Connected(T0, client("a", 0, 0), true));
        assertThat(history.of("a")).singleElement().returns(null, Connection::end);

        history.onEvent(gone("a", 0, 60, ClientEvent.Cause.KEEP_ALIVE_TIMEOUT));

        Connection it = history.of("a").get(0);
        assertThat(history.of("a")).hasSize(1);
        assertThat(it.sessionPresent()).isTrue();
        assertThat(it.client().messagesIn()).isEqualTo(7);
        assertThat(it.end().at()).isEqualTo(T0.plusSeconds(60));
        assertThat(it.end().cause()).isEqualTo(ClientEvent.Cause.KEEP_ALIVE_TIMEOUT);
        assertThat(it.end().by()).isEqualTo("ada");
        assertThat(history.lastEnded("a")).contains(it);
    }

    @Test
    void clientWithoutASession_isStillThere() {
        history.onEvent(new ClientEvent.Connected(T0, client("a", 0, 0), false));
        history.onEvent(gone("a", 0, 1, ClientEvent.Cause.CONNECTION_LOST));
        history.onEvent(
                new ClientEvent.SessionEnded(T0, "a", ClientEvent.SessionEnd.CONNECTION, null));

        assertThat(history.list()).hasSize(1);
    }

    @Test
    void takeOver_endsTheConnectionThatItIsAbout_inWhicheverOrderItIsTold() {
        history.onEvent(new ClientEvent.Connected(T0, client("a", 0, 0), false));
        history.onEvent(new ClientEvent.Connected(T0, client("a", 5, 0), true));
        history.onEvent(gone("a", 0, 5, ClientEvent.Cause.TAKEN_OVER));

        assertThat(history.of("a")).filteredOn(each -> each.end() == null).hasSize(1);
        assertThat(history.lastEnded("a").orElseThrow().client().connectedAt()).isEqualTo(T0);
    }

    @Test
    void connectionWhoseBeginWasNotSeen_isKnownByItsEnd() {
        history.onEvent(gone("a", 0, 60, ClientEvent.Cause.CLIENT));

        assertThat(history.of("a"))
                .singleElement()
                .returns(null, Connection::sessionPresent)
                .returns(T0, each -> each.client().connectedAt());
    }

    @Test
    void beyondTheBounds_theOldestGo_andAreCounted() {
        for (int second = 0; second < 3; second++) {
            history.onEvent(new ClientEvent.Connected(T0, client("a", second, 0), false));
        }
        assertThat(history.of("a"))
                .extracting(each -> each.client().connectedAt())
                .containsExactly(T0.plusSeconds(1), T0.plusSeconds(2));
        assertThat(history.forgotten()).isEqualTo(1);

        for (String other : List.of("b", "c", "d")) {
            history.onEvent(new ClientEvent.Connected(T0, client(other, 0, 0), false));
        }
        assertThat(history.of("a")).isEmpty();
        assertThat(history.list()).hasSize(3);
        assertThat(history.forgotten()).isEqualTo(3);
        assertThat(account.bytes()).isBetween(3 * 700L, 3 * 1000L);
    }

    private static ClientEvent gone(
            String clientId, long connected, long at, ClientEvent.Cause cause) {
        return new ClientEvent.Disconnected(
                T0.plusSeconds(at),
                client(clientId, connected, 7),
                cause,
                ReasonCode.KEEP_ALIVE_TIMEOUT,
                null,
                Actor.user("ada", "10.0.0.7"));
    }

    private static ClientView client(String clientId, long connected, long messagesIn) {
        return new ClientView(
                clientId,
                new Principal("c1", "credentials", "user", "Line 1", List.of(), 0),
                "10.0.0.1:50000",
                "tcp",
                Transport.TCP,
                ProtocolVersion.MQTT_5_0,
                60,
                true,
                0,
                1,
                messagesIn,
                0,
                0,
                0,
                0,
                0,
                T0.plusSeconds(connected),
                T0.plusSeconds(connected));
    }
}

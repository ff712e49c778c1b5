package io.busbar.web.api.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.auth.Principal;
import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.Clients;
import io.busbar.api.broker.SessionView;
import io.busbar.api.broker.Transport;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.memory.ProcessMemory;
import io.busbar.testkit.time.ManualClock;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients sent, received and had to wait for, over time. */
class ClientTrafficTest {
    private static final Instant T0 = Instant.parse("2026-03-01T12:00:00Z");

    private final ManualClock clock = new ManualClock(T0.plusSeconds(100));
    private final ProcessMemory memory = new ProcessMemory(64 << 20, 0, Clock.systemUTC());
    private final MemoryAccount account = memory.open(MemoryArea.HEAP, "console", 100, null);
    private final ClientTraffic traffic = new ClientTraffic(clock, account);

    private final Map<String, Long> sessions = new LinkedHashMap<>();
    private final Map<String, ClientView> online = new HashMap<>();
    private final Clients clients =
            (Clients)
                    Proxy.newProxyInstance(
                            Clients.class.getClassLoader(),
                            new Class<?>[] {Clients.class},
                            (proxy, method, arguments) -> answer(method.getName(), arguments));

    @AfterEach
    void stop() {
        memory.close();
    }

    @SuppressWarnings("unchecked")
    private Object answer(String method, Object[] arguments) {
        switch (method) {
            case "eachSession" -> {
                Consumer<SessionView> each = (Consumer<SessionView>) arguments[0];
                List.copyOf(sessions.keySet()).forEach(id -> each.accept(session(id)));
                return null;
            }
            case "session" -> {
                return Optional.of((String) arguments[0])
                        .filter(sessions::containsKey)
                        .map(this::session);
            }
            case "get" -> {
                return Optional.ofNullable(online.get(arguments[0]));
            }
            default -> throw new UnsupportedOperationException(method);
        }
    }

    private SessionView session(String clientId) {
        boolean connected = online.containsKey(clientId);
        return new SessionView(
                clientId,
                "c1",
                "u1",
                false,
                connected,
                1,
                sessions.get(clientId),
                0,
                3600,
                T0,
                connected ? null : T0,
                null);
    }

    private void connected(String clientId, Instant since, long in, long out) {
        online.put(
                clientId,
                new ClientView(
                        clientId,
                        new Principal("c1", "credentials", "u1", "Line 1", List.of(), 0),
                        "10.0.0.7:41000",
                        "tcp",
                        Transport.TCP,
                        ProtocolVersion.MQTT_5_0,
                        60,
                        false,
                        3600,
                        1,
                        in,
                        out,
                        0,
                        0,
                        0,
                        0,
                        since,
                        since));
    }

    private void sample() {
        traffic.sample(clients);
        clock.advance(Duration.ofSeconds(100));
    }

    @Test
    void points_areRatesSinceThePointBefore_andGapsWhereNobodyWasConnected() {
        sessions.put("a", 0L);
        connected("a", T0, 1000, 0);
        sample();
        connected("a", T0, 1500, 200);
        sample();
        online.clear();
        sessions.put("a", 42L);
        sample();
        connected("a", T0.plusSeconds(350), 100, 0);
        sessions.put("a", 7L);
        sample();

        ClientTraffic.Points points = traffic.of("a");

        assertThat(points.at()).isEqualTo(T0.plusSeconds(400));
        assertThat(points.in()).containsExactly(10, 5, Float.NaN, 2);
        assertThat(points.out()).containsExactly(0, 2, Float.NaN, 0);
        assertThat(points.queued()).containsExactly(0, 0, 42, 7);
    }

    @Test
    void anHour_isRemembered_andNoMore() {
        sessions.put("a", 0L);
        for (int i = 0; i < ClientTraffic.POINTS + 5; i++) {
            sessions.put("a", (long) i);
            sample();
        }

        long[] queued = traffic.of("a").queued();

        assertThat(queued).hasSize(ClientTraffic.POINTS);
        assertThat(queued[0]).isEqualTo(5);
        assertThat(queued[queued.length - 1]).isEqualTo(ClientTraffic.POINTS + 4);
    }

    @Test
    void sessionsThatEnd_giveTheirMemoryBack_andTooManyAreLeftOut() {
        for (int i = 0; i <= ClientTraffic.MAX_CLIENTS; i++) {
            sessions.put("c" + i, 0L);
        }
        sample();
        assertThat(traffic.of("c0")).isNotNull();
        assertThat(traffic.of("c" + ClientTraffic.MAX_CLIENTS)).isNull();
        assertThat(account.bytes()).isPositive();

        sessions.clear();
        sample();

        assertThat(traffic.of("c0")).isNull();
        assertThat(account.bytes()).isZero();
    }
}

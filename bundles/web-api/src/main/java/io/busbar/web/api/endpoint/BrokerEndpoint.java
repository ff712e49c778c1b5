package io.busbar.web.api.endpoint;

import io.busbar.api.accounts.Role;
import io.busbar.api.broker.Broker;
import io.busbar.api.broker.BrokerInfo;
import io.busbar.api.broker.ListenerView;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.backend.Version;
import io.busbar.web.api.config.Settings;
import io.busbar.web.api.view.EndpointList;
import io.busbar.web.api.view.StatsShapes;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code /broker}: facts about the running server, the addresses for clients, and the broker's
 * figures.
 */
public final class BrokerEndpoint {
    private final Backend services;
    private final EndpointList endpoints;
    private final StatsShapes stats;
    private final Supplier<Settings> settings;
    private final Clock clock;
    private final Instant startedAt;

    public BrokerEndpoint(
            Backend services,
            EndpointList endpoints,
            StatsShapes stats,
            Supplier<Settings> settings,
            Clock clock) {
        this.services = services;
        this.endpoints = endpoints;
        this.stats = stats;
        this.settings = settings;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    public void addTo(Router router) {
        router.add("GET", "/broker", Role.VIEWER, this::info)
                .add("GET", "/broker/listeners", Role.VIEWER, this::listeners)
                .add(
                        "GET",
                        "/broker/stats",
                        Role.VIEWER,
                        request -> Answer.ok(stats.withHistory()));
    }

    private Answer info(Request request) {
        Optional<BrokerInfo> broker = services.findBroker().map(Broker::info);
        Instant since = broker.map(BrokerInfo::startedAt).orElse(startedAt);
        boolean listening =
                services.findListeners().stream()
                        .flatMap(l -> l.list().stream())
                        .anyMatch(l -> l.state() == ListenerView.State.LISTENING);
        return Answer.ok(
                new JsonShape()
                        .put("product", "Busbar")
                        .put("version", Version.of(services))
                        .put("serverName", settings.get().serverName())
                        .put(
                                "state",
                                broker.isEmpty() ? "STOPPED" : listening ? "RUNNING" : "STARTING")
                        .put("startedAt", since)
                        .put(
                                "uptimeSeconds",
                                Math.max(0, Duration.between(since, clock.instant()).toSeconds()))
                        .put(
                                "protocols",
                                JsonShape.texts(
                                        Arrays.stream(ProtocolVersion.values())
                                                .map(ProtocolVersion::text)
                                                .toList()))
                        .put("anonymous", services.anonymousAllowed())
                        .put("store", broker.map(BrokerInfo::store).orElse(null))
                        .put(
                                "endpoints",
                                JsonShape.array(
                                        endpoints.all(request), EndpointList.Endpoint::toJson))
                        .build());
    }

    private Answer listeners(Request request) {
        return Answer.ok(
                new JsonShape()
                        .put(
                                "items",
                                JsonShape.array(
                                        services.listeners().list(),
                                        listener ->
                                                new JsonShape()
                                                        .put("name", listener.name())
                                                        .put(
                                                                "scheme",
                                                                listener.transport().scheme())
                                                        .put("bindAddress", listener.host())
                                                        .put("port", listener.port())
                                                        .put("proxyProtocol", listener.proxied())
                                                        .put("state", EndpointList.state(listener))
                                                        .put(
                                                                "error",
                                                                listener.state()
                                                                                == ListenerView
                                                                                        .State
                                                                                        .FAILED
                                                                        ? listener.detail()
                                                                        : null)
                                                        .put("connections", listener.connections())
                                                        .build()))
                        .build());
    }
}

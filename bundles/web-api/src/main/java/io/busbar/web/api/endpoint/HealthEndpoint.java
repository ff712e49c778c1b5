package io.busbar.web.api.endpoint;

import com.google.gson.JsonArray;
import io.busbar.api.broker.Broker;
import io.busbar.api.broker.ListenerView;
import io.busbar.api.broker.ProviderView;
import io.busbar.api.health.Finding;
import io.busbar.api.health.spi.HealthCheck;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryBudget;
import io.busbar.api.memory.MemoryShortage;
import io.busbar.api.memory.MemoryUse;
import io.busbar.api.uns.Namespace;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Handler;
import io.busbar.web.http.Request;
import io.busbar.web.http.Route;
import io.busbar.web.http.Router;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /health}: for programs that start and monitor the server; reveals nothing else. */
public final class HealthEndpoint {
    private static final String UP = "UP";
    private static final String DOWN = "DOWN";
    private static final int MOST_FINDINGS = 100;
    private static final Logger LOG = LoggerFactory.getLogger(HealthEndpoint.class);

    /** So long after somebody was refused memory, somebody should look. */
    private static final Duration SHORT_FOR = Duration.ofMinutes(5);

    private static final int KINDS_NAMED = 3;

    private final Backend services;
    private final MemoryBudget memory;
    private final Clock clock;

    public HealthEndpoint(Backend services, MemoryBudget memory, Clock clock) {
        this.services = services;
        this.memory = memory;
        this.clock = clock;
    }

    public void addTo(Router router) {
        router.add(route("/health/live", HealthEndpoint::live))
                .add(route("/health/ready", this::ready));
    }

    private static Route route(String path, Handler handler) {
        return Route.open("GET", path, handler).alsoBeforeSetup().alsoWhenBusy();
    }

    private static Answer live(Request request) {
        return Answer.ok(new JsonShape().put("status", UP).build());
    }

    private Answer ready(Request request) {
        List<Check> checks = new ArrayList<>();
        checks.add(
                check(
                        "broker",
                        services.findBroker().isPresent(),
                        "start the bundle io.busbar.mqtt.broker"));
        checks.add(
                check(
                        "storage",
                        services.findDocuments().isPresent(),
                        "no document store: start the bundle io.busbar.storage.sqlite"));
        checks.add(
                check(
                        "accounts",
                        services.findAccounts().isPresent(),
                        "start the bundle io.busbar.auth.users"));
        checks.add(
                check(
                        "credentials",
                        services.findCredentials().isPresent(),
                        "start the bundle io.busbar.auth.credentials"));
        checks.add(
                check(
                        "namespace",
                        services.findNamespace().isPresent(),
                        "start the bundle io.busbar.uns.registry"));
        List<ListenerView> listeners =
                services.findListeners().map(l -> l.list()).orElse(List.of());
        boolean listening =
                listeners.stream().anyMatch(l -> l.state() == ListenerView.State.LISTENING);
        checks.add(
                check(
                        "listeners",
                        listening,
                        "no MQTT listener is open: see" + " etc/io.busbar.mqtt.listener-*.cfg"));
        for (ListenerView listener : listeners) {
            checks.add(
                    new Check(
                            "listener " + listener.name(),
                            listener.state() != ListenerView.State.FAILED,
                            listener.detail()));
        }
        Stream.concat(
                        services.findBroker().map(Broker::providers).stream(),
                        services.findNamespace().map(Namespace::providers).stream())
                .flatMap(List::stream)
                .filter(HealthEndpoint::isTold)
                .map(HealthEndpoint::check)
                .forEach(checks::add);
        checks.add(memoryCheck());
        addFindings(checks);
        boolean up = checks.stream().noneMatch(Check::down);
        JsonArray array =
                JsonShape.array(
                        checks,
                        check -> {
                            JsonShape shape =
                                    new JsonShape()
                                            .put("name", check.name())
                                            .put("status", check.status());
                            if (!check.status().equals(UP) && !check.detail().isEmpty()) {
                                shape.put("detail", check.detail());
                            }
                            return shape.build();
                        });
        Answer answer =
                Answer.json(
                        up ? 200 : 503,
                        new JsonShape().put("status", up ? UP : DOWN).put("checks", array).build());
        return up ? answer : answer.header("Retry-After", "1");
    }

    private void addFindings(List<Check> checks) {
        for (HealthCheck health : services.healthChecks()) {
            List<Finding> findings;
            try {
                findings = health.findings();
            } catch (RuntimeException | LinkageError e) {
                LOG.warn("A health check failed ({})", health.getClass().getName(), e);
                findings =
                        List.of(
                                Finding.degraded(
                                        "health",
                                        health.getClass().getName() + " failed: see the log"));
            }
            for (Finding finding : findings.subList(0, Math.min(MOST_FINDINGS, findings.size()))) {
                // What is wrong takes the place of what seemed to be well.
                checks.removeIf(c -> c.name().equals(finding.subject()) && c.status().equals(UP));
                checks.add(
                        new Check(finding.subject(), finding.severity().name(), finding.detail()));
            }
        }
    }

    /** Names no clients: who asks is not known here. */
    private Check memoryCheck() {
        Instant since = clock.instant().minus(SHORT_FOR);
        Set<MemoryArea> areas = EnumSet.noneOf(MemoryArea.class);
        for (MemoryShortage shortage : memory.shortages()) {
            if (shortage.latest().isAfter(since)) {
                areas.add(shortage.area());
            }
        }
        List<String> details = new ArrayList<>();
        for (MemoryArea area : MemoryArea.values()) {
            MemoryUse use = memory.use(area);
            if (use.isShort() || areas.contains(area)) {
                details.add(detail(area, use));
            }
        }
        return details.isEmpty()
                ? new Check("memory", true, "")
                : new Check(
                        "memory",
                        Finding.Severity.DEGRADED.name(),
                        String.join("; ", details)
                                + ". GET /api/v1/memory and edge:memory name who was refused.");
    }

    private static String detail(MemoryArea area, MemoryUse use) {
        String largest =
                use.kinds().entrySet().stream()
                        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                        .limit(KINDS_NAMED)
                        .map(kind -> kind.getKey() + " " + (kind.getValue() >> 20) + " MiB")
                        .collect(Collectors.joining(", "));
        return (area == MemoryArea.HEAP ? "heap" : "direct memory")
                + (use.isShort() ? " is short: " : " was short: ")
                + (use.usedBytes() >> 20)
                + " of "
                + (use.maximumBytes() >> 20)
                + " MiB in use, most of it by "
                + largest;
    }

    private static Check check(String name, boolean up, String whatToDo) {
        return new Check(name, up, whatToDo);
    }

    /** Interceptors always; who lets clients in is told only if something is wrong. */
    private static boolean isTold(ProviderView provider) {
        return provider.kind().equals("interceptor")
                || provider.state() != ProviderView.State.ASKED;
    }

    private static Check check(ProviderView provider) {
        String name = provider.kind() + " " + provider.name();
        return provider.state() == ProviderView.State.LATE
                        || provider.state() == ProviderView.State.RESTS
                ? new Check(name, Finding.Severity.DEGRADED.name(), provider.detail())
                : new Check(name, provider.state() == ProviderView.State.ASKED, provider.detail());
    }

    private record Check(String name, String status, String detail) {
        Check(String name, boolean up, String detail) {
            this(name, up ? UP : DOWN, detail);
        }

        boolean down() {
            return status.equals(DOWN);
        }
    }
}

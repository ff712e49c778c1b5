package io.busbar.web.api.view;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.busbar.api.auth.CredentialService;
import io.busbar.api.broker.Broker;
import io.busbar.api.broker.BrokerStats;
import io.busbar.api.broker.Rejection;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.NamespaceStats;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.state.StatsSampler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Current figures and those of the last five minutes, in the form of the API. A service that is not
 * running counts as 0. Thread-safe.
 */
public final class StatsShapes {
    private final Backend services;
    private final StatsSampler sampler;
    private final Clock clock;

    public StatsShapes(Backend services, StatsSampler sampler, Clock clock) {
        this.services = services;
        this.sampler = sampler;
        this.clock = clock;
    }

    /** The API's Stats. */
    public JsonObject now() {
        Instant at = clock.instant();
        BrokerStats broker = services.findBroker().map(Broker::stats).orElse(BrokerStats.NONE);
        NamespaceStats namespace =
                services.findNamespace()
                        .map(Namespace::stats)
                        .orElse(new NamespaceStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
        List<Rejection> rejections = services.findRejections().map(r -> r.list()).orElse(List.of());
        List<StatsSampler.Point> history = sampler.history();
        long before = history.isEmpty() ? broker.connections().online() : history.get(0).online();
        Runtime runtime = Runtime.getRuntime();
        StatsSampler.Rates rates = sampler.rates();
        return new JsonShape()
                .put("at", at)
                .put("online", broker.connections().online())
                .put("onlineDelta", broker.connections().online() - before)
                .put("messagesInPerSecond", rounded(rates.in()))
                .put("messagesOutPerSecond", rounded(rates.out()))
                .put("messagesIn", broker.traffic().publishes().received())
                .put("messagesOut", broker.traffic().publishes().sent())
                .put("bytesIn", broker.traffic().bytes().received())
                .put("bytesOut", broker.traffic().bytes().sent())
                .put("sessions", broker.sessions().total())
                .put("subscriptions", broker.subscriptions().total())
                .put("retained", broker.messages().retained())
                .put(
                        "credentials",
                        services.findCredentials().map(CredentialService::count).orElse(0))
                .put("rejections", rejections.size())
                .put(
                        "rejectionsLastHour",
                        rejections.stream()
                                .filter(
                                        r ->
                                                r.times()
                                                        .last()
                                                        .isAfter(at.minus(Duration.ofHours(1))))
                                .count())
                .put("topics", namespace.topics())
                .put("nodes", namespace.paths() + namespace.topics())
                .put("nodesMaximum", namespace.maxNodes())
                .put("nodesRefused", namespace.nodesRefused())
                .put("unmodeledTopics", namespace.unmodeled())
                .put("unmodeledNotKept", namespace.unmodeledDropped())
                .put("recentPayloadsForgotten", namespace.recentForgotten())
                .put("lateMessages", namespace.late())
                .put("violations", namespace.violations())
                .put("violatingTopics", namespace.violatingTopics())
                .put("heapUsedBytes", runtime.totalMemory() - runtime.freeMemory())
                .put("heapMaxBytes", runtime.maxMemory())
                .put("storeBytes", broker.store().diskBytes())
                .build();
    }

    /** The API's BrokerStats: the figures of the moment and the history. */
    public JsonObject withHistory() {
        List<StatsSampler.Point> points = sampler.history();
        JsonObject stats = now();
        stats.add(
                "history",
                new JsonShape()
                        .put("stepSeconds", StatsSampler.STEP_SECONDS)
                        .put(
                                "until",
                                points.isEmpty()
                                        ? clock.instant()
                                        : points.get(points.size() - 1).at())
                        .put("online", series(points, StatsSampler.Point::online))
                        .put("messagesInPerSecond", series(points, p -> p.rates().in()))
                        .put("messagesOutPerSecond", series(points, p -> p.rates().out()))
                        .build());
        return stats;
    }

    private static JsonArray series(
            List<StatsSampler.Point> points, ToDoubleFunction<StatsSampler.Point> value) {
        JsonArray array = new JsonArray(points.size());
        points.forEach(point -> array.add(rounded(value.applyAsDouble(point))));
        return array;
    }

    /** Two digits after the point are enough for a rate. */
    static double rounded(double rate) {
        return Math.round(rate * 100) / 100.0;
    }
}

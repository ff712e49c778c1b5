package io.busbar.web.api.live;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.busbar.api.broker.Broker;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.TopicValue;
import io.busbar.json.Json;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.state.LiveIds;
import io.busbar.web.api.state.NamespaceRevision;
import io.busbar.web.api.view.ClientRows;
import io.busbar.web.api.view.CredentialShapes;
import io.busbar.web.api.view.RejectionShapes;
import io.busbar.web.api.view.StatsShapes;
import io.busbar.web.api.view.ValueShapes;
import io.busbar.web.http.Problem;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Converts the changes that are marked on a stream to events with the current values. */
public final class LiveEvents {
    private final Clock clock;
    private final Backend services;
    private final NamespaceRevision revision;
    private final LiveIds liveIds;
    private final StatsShapes stats;
    private final ClientRows clients;
    private final CredentialShapes credentials;
    private final RejectionShapes rejections;
    private final ValueShapes values;

    public LiveEvents(
            Clock clock,
            Backend services,
            NamespaceRevision revision,
            LiveIds liveIds,
            StatsShapes stats,
            ClientRows clients,
            CredentialShapes credentials,
            RejectionShapes rejections,
            ValueShapes values) {
        this.clock = clock;
        this.services = services;
        this.revision = revision;
        this.liveIds = liveIds;
        this.stats = stats;
        this.clients = clients;
        this.credentials = credentials;
        this.rejections = rejections;
        this.values = values;
    }

    /** The value of a topic; empty while there is no namespace. */
    Optional<TopicValue> value(String topic) {
        return services.findNamespace().flatMap(namespace -> namespace.value(topic));
    }

    String hello(String streamId, boolean resumed, int intervalMillis, int heartbeatSeconds) {
        return text(
                new JsonShape()
                        .put("streamId", streamId)
                        .put("resumed", resumed)
                        .put("intervalMillis", intervalMillis)
                        .put("heartbeatSeconds", heartbeatSeconds)
                        .put("serverTime", clock.instant())
                        .build());
    }

    String lost(long dropped) {
        return text(new JsonShape().put("dropped", dropped).build());
    }

    /**
     * Adds an event for everything that is marked, and takes the marks away.
     *
     * @return whether values are among it
     */
    boolean collect(LiveStream stream) {
        if (stream.stats.getAndSet(false)) {
            stream.add("stats", text(stats.now()));
        }
        try {
            collectClients(stream);
            collectCredentials(stream);
            collectRejections(stream);
            collectNamespace(stream);
            return collectValues(stream);
        } catch (Problem gone) {
            // A service has gone in this moment; the reader shall look again, and will be told
            // there what is missing.
            stream.add("lost", lost(1));
            return false;
        }
    }

    private void collectClients(LiveStream stream) {
        Set<String> ids = take(stream.clients);
        boolean reload = stream.reloadClients.getAndSet(false);
        if (ids.isEmpty() && !reload) {
            return;
        }
        JsonArray changed = new JsonArray();
        JsonArray gone = new JsonArray();
        if (!reload) {
            for (String id : ids) {
                clients.find(id)
                        .ifPresentOrElse(row -> changed.add(row.toJson()), () -> gone.add(id));
            }
        }
        stream.add(
                "clients",
                text(
                        new JsonShape()
                                .put(
                                        "online",
                                        services.findBroker()
                                                .map(Broker::stats)
                                                .map(s -> s.connections().online())
                                                .orElse(0L))
                                .put("changed", changed)
                                .put("gone", gone)
                                .put("reload", reload)
                                .build()));
    }

    private void collectCredentials(LiveStream stream) {
        Set<String> ids = take(stream.credentials);
        boolean reload = stream.reloadCredentials.getAndSet(false);
        if (ids.isEmpty() && !reload) {
            return;
        }
        JsonArray changed = new JsonArray();
        JsonArray deleted = new JsonArray();
        if (!reload) {
            for (String id : ids) {
                credentials
                        .find(id)
                        .ifPresentOrElse(row -> changed.add(row.toJson()), () -> deleted.add(id));
            }
        }
        stream.add(
                "credentials",
                text(
                        new JsonShape()
                                .put("changed", changed)
                                .put("deleted", deleted)
                                .put("reload", reload)
                                .build()));
    }

    private void collectRejections(LiveStream stream) {
        boolean reload = stream.reloadRejections.getAndSet(false);
        JsonArray changed = new JsonArray();
        for (Long id : List.copyOf(stream.rejections.keySet())) {
            var rejection = stream.rejections.remove(id);
            if (rejection != null && !reload) {
                changed.add(rejections.toJson(rejection));
            }
        }
        if (changed.isEmpty() && !reload) {
            return;
        }
        stream.add(
                "rejections",
                text(
                        new JsonShape()
                                .put("changed", changed)
                                .put(
                                        "total",
                                        services.findRejections()
                                                .map(r -> r.list().size())
                                                .orElse(0))
                                .put("reload", reload)
                                .build()));
    }

    private void collectNamespace(LiveStream stream) {
        Set<String> paths = take(stream.paths);
        boolean reload = stream.reloadNamespace.getAndSet(false);
        boolean unmodeled = stream.unmodeled.getAndSet(false);
        if (paths.isEmpty() && !reload && !unmodeled) {
            return;
        }
        Namespace namespace = services.namespace();
        Set<String> parents = new TreeSet<>();
        Set<String> nodes = new HashSet<>();
        for (String path : paths) {
            int slash = path.lastIndexOf('/');
            parents.add(slash < 0 ? "" : path.substring(0, slash));
            Optional<Node> node = namespace.byPath(path);
            node.ifPresent(n -> nodes.add(n.id().toString()));
            node.filter(n -> n.type() == io.busbar.api.uns.NodeType.PATH)
                    .ifPresent(n -> parents.add(path));
        }
        stream.add(
                "namespace",
                text(
                        new JsonShape()
                                .put("revision", revision.get())
                                .put("parents", JsonShape.texts(parents))
                                .put("nodes", JsonShape.texts(nodes))
                                .put("unmodeled", namespace.stats().unmodeled())
                                .put(
                                        "unmodeledRevision",
                                        Long.toString(
                                                namespace
                                                        .unmodeledChanges(Long.MAX_VALUE)
                                                        .revision()))
                                .put("reload", reload)
                                .build()));
    }

    private boolean collectValues(LiveStream stream) {
        int dropped = stream.droppedTopics.getAndSet(0);
        if (dropped > 0) {
            stream.add("lost", lost(dropped));
        }
        Map<String, TopicValue> changed = stream.takeTopics();
        if (changed.isEmpty()) {
            return false;
        }
        if (stream.filter != null) {
            changed.values().forEach(value -> stream.add("value", text(values.toJson(value))));
            return true;
        }
        JsonArray rows = new JsonArray();
        JsonObject detail = null;
        for (TopicValue value : changed.values()) {
            Integer id = stream.watched.get(value.topic());
            if (id != null) {
                rows.add(values.live(id, value));
            }
            if (value.topic().equals(stream.detail)) {
                detail = values.toJson(value);
                if (id == null) {
                    rows.add(values.live(liveIds.idOf(value.topic()), value));
                }
            }
        }
        if (rows.isEmpty() && detail == null) {
            return false;
        }
        JsonShape shape = new JsonShape().put("values", rows);
        if (detail != null) {
            shape.put("detail", detail);
        }
        stream.add("values", text(shape.build()));
        return true;
    }

    private static Set<String> take(Set<String> marks) {
        Set<String> taken = new TreeSet<>();
        for (String mark : List.copyOf(marks)) {
            if (marks.remove(mark)) {
                taken.add(mark);
            }
        }
        return taken;
    }

    private static String text(JsonObject json) {
        return Json.write(json);
    }
}

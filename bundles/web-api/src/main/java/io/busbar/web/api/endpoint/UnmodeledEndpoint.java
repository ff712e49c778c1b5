package io.busbar.web.api.endpoint;

import com.google.gson.JsonObject;
import io.busbar.api.accounts.Role;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.uns.BranchConversion;
import io.busbar.api.uns.ConversionReport;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NameProblem;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.NamespaceStats;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.NodeLabels;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnmodeledBranch;
import io.busbar.api.uns.UnmodeledChanges;
import io.busbar.api.uns.UnmodeledCluster;
import io.busbar.api.uns.UnmodeledLevel;
import io.busbar.api.uns.UnmodeledTopic;
import io.busbar.json.FieldError;
import io.busbar.json.JsonFields;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.view.NodeShapes;
import io.busbar.web.api.view.Reasons;
import io.busbar.web.api.view.ValueShapes;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Problem;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import io.busbar.web.http.RowOrder.Column;
import io.busbar.web.http.RowPage;
import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@code /namespace/unmodeled}: topics that have received messages but have no node. */
public final class UnmodeledEndpoint {
    private static final Map<String, Column<UnmodeledTopic>> SORTS =
            Map.of(
                    "topic", Column.text(UnmodeledTopic::topic),
                    "lastSeenAt", Column.time(UnmodeledTopic::lastSeenAt),
                    "messages", Column.number(UnmodeledTopic::messages));

    /** What a cursor begins with; the name of a level follows. */
    private static final String CURSOR = "after:";

    /** Later than all changes. */
    private static final long NOW = Long.MAX_VALUE;

    /** Most branches whose changes are asked for at once, and most levels that are told. */
    private static final int MAX_BRANCHES = 500;

    private static final int MAX_CHANGED = 500;

    /** Most topics that a report of a conversion lists, those with problems first. */
    private static final int MAX_REPORTED = 1_000;

    private final Backend services;
    private final ValueShapes values;
    private final NodeShapes nodes;

    public UnmodeledEndpoint(Backend services, ValueShapes values, NodeShapes nodes) {
        this.services = services;
        this.values = values;
        this.nodes = nodes;
    }

    public void addTo(Router router) {
        router.add("GET", "/namespace/unmodeled", Role.VIEWER, this::list)
                .add("GET", "/namespace/unmodeled/tree", Role.VIEWER, this::tree)
                .add("GET", "/namespace/unmodeled/clusters", Role.VIEWER, this::clusters)
                .add("POST", "/namespace/unmodeled/changes", Role.VIEWER, this::changes)
                .add("POST", "/namespace/unmodeled/convert", Role.ENGINEER, this::convert)
                .add(
                        "POST",
                        "/namespace/unmodeled/convert-branch",
                        Role.ENGINEER,
                        this::convertBranch);
    }

    private Answer list(Request request) {
        String q = request.query("q").map(Sorting::folded).orElse("");
        Namespace namespace = services.namespace();
        RowPage<UnmodeledTopic> page =
                new RowPage<>(
                        request,
                        Sorting.of(
                                request,
                                SORTS,
                                "-lastSeenAt",
                                each -> false,
                                UnmodeledTopic::topic));
        for (UnmodeledTopic each : namespace.unmodeledTopics()) {
            if (q.isEmpty() || Sorting.folded(each.topic()).contains(q)) {
                page.add(each);
            }
        }
        // The values, whose payloads have to be read, only of the page.
        return Answer.ok(
                page.toJson(
                        each ->
                                values.unmodeled(
                                        each, namespace.value(each.topic()).orElse(null))));
    }

    private Answer tree(Request request) {
        String under = request.query("under").orElse("");
        if (!under.isEmpty() && !under.endsWith("/")) {
            throw Problem.validation(
                    FieldError.parameter(
                            "under",
                            "pattern",
                            "under: '" + under + "' (expected: levels with a '/' after each)"));
        }
        Namespace namespace = services.namespace();
        // Before the branch: what changes meanwhile is told again.
        long revision = namespace.unmodeledChanges(NOW).revision();
        UnmodeledBranch branch =
                namespace.unmodeledBranch(
                        under, after(request), request.queryInteger("limit", 1, 500, 200));
        List<UnmodeledLevel> levels = branch.levels();
        NamespaceStats stats = namespace.stats();
        return Answer.ok(
                new JsonShape()
                        .put("under", under)
                        .put("levels", JsonShape.array(levels, each -> level(namespace, each)))
                        .put(
                                "nextCursor",
                                branch.more()
                                        ? CURSOR + levels.get(levels.size() - 1).name()
                                        : null)
                        .put("topics", stats.unmodeled())
                        .put("notKept", stats.unmodeledDropped())
                        .put("revision", Long.toString(revision))
                        .build());
    }

    /** Topics that look alike, those of the most topics first. */
    private Answer clusters(Request request) {
        Namespace namespace = services.namespace();
        return Answer.ok(
                new JsonShape()
                        .put(
                                "items",
                                JsonShape.array(
                                        namespace.unmodeledClusters(
                                                request.queryInteger("limit", 1, 200, 100)),
                                        UnmodeledEndpoint::cluster))
                        .put("topics", namespace.stats().unmodeled())
                        .build());
    }

    private static JsonObject cluster(UnmodeledCluster cluster) {
        return new JsonShape()
                .put("format", cluster.format().name())
                .put("fields", JsonShape.texts(cluster.fields()))
                .put("moreFields", cluster.moreFields())
                .put("topics", cluster.topics())
                .put("publishers", JsonShape.texts(cluster.publishers()))
                .put(
                        "branches",
                        JsonShape.array(
                                cluster.branches(),
                                each ->
                                        new JsonShape()
                                                .put("path", each.path())
                                                .put("topics", each.topics())
                                                .build()))
                .put("examples", JsonShape.texts(cluster.examples()))
                .build();
    }

    /** The levels of some branches below which topics came or went. */
    private Answer changes(Request request) throws IOException {
        JsonFields body = request.body();
        long since = revision(body);
        List<String> branches = body.optTexts("under", MAX_BRANCHES, 65_535);
        body.finish();
        Namespace namespace = services.namespace();
        UnmodeledChanges changes = namespace.unmodeledChanges(since);
        Set<ChangedLevel> changed = new LinkedHashSet<>();
        for (String under : branches == null ? List.<String>of() : branches) {
            for (String topic : changes.topics()) {
                if (topic.startsWith(under)) {
                    int slash = topic.indexOf('/', under.length());
                    int end = slash < 0 ? topic.length() : slash;
                    changed.add(new ChangedLevel(under, topic.substring(under.length(), end)));
                }
            }
        }
        boolean complete = changes.complete() && changed.size() <= MAX_CHANGED;
        NamespaceStats stats = namespace.stats();
        return Answer.ok(
                new JsonShape()
                        .put("revision", Long.toString(changes.revision()))
                        .put("complete", complete)
                        .put(
                                "levels",
                                JsonShape.array(
                                        complete ? List.copyOf(changed) : List.<ChangedLevel>of(),
                                        each -> changed(namespace, each)))
                        .put("topics", stats.unmodeled())
                        .put("notKept", stats.unmodeledDropped())
                        .build());
    }

    private static long revision(JsonFields body) {
        String text = body.text("since", 1, 20);
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            body.error("since", "pattern", "since: not one of ours (expected: revision)");
            return 0;
        }
    }

    /** A level below which something came or went. */
    private record ChangedLevel(String under, String name) {}

    private JsonObject changed(Namespace namespace, ChangedLevel changed) {
        return new JsonShape()
                .put("under", changed.under())
                .put("name", changed.name())
                .put(
                        "level",
                        namespace
                                .unmodeledLevel(changed.under(), changed.name())
                                .map(each -> level(namespace, each))
                                .orElse(null))
                .build();
    }

    /** The name of the last level of the page before; it may be empty. */
    private static @Nullable String after(Request request) {
        String cursor = request.query("cursor").orElse(null);
        if (cursor == null) {
            return null;
        }
        if (!cursor.startsWith(CURSOR)) {
            throw Problem.validation(
                    FieldError.parameter(
                            "cursor",
                            "pattern",
                            "cursor: not one of ours (expected: nextCursor of the page before)"));
        }
        return cursor.substring(CURSOR.length());
    }

    private JsonObject level(Namespace namespace, UnmodeledLevel level) {
        UnmodeledTopic topic = level.topic();
        return new JsonShape()
                .put("name", level.name())
                .put("path", level.path())
                .put("topics", level.topics())
                .put("branch", level.isBranch())
                .put(
                        "topic",
                        topic == null
                                ? null
                                : values.unmodeled(
                                        topic, namespace.value(topic.topic()).orElse(null)))
                .build();
    }

    private Answer convert(Request request) throws IOException {
        JsonFields body = request.body();
        String topic = body.text("topic", 1, 65_535);
        TopicType topicType = body.choice("topicType", TopicType.class);
        Model model = ModelBody.opt(body, services.namespace().templates());
        PayloadFormat format = ModelBody.optFormat(body, services.namespace().formats());
        String displayName = body.optText("displayName", 0, 128);
        String description = body.optText("description", 0, 1000);
        String path = path(body, topic);
        body.finish();
        Namespace namespace = services.namespace();
        Model wanted = model != null ? model : namespace.proposeFor(topic).model();
        Node node =
                namespace.convert(
                        topic,
                        path,
                        topicType == null ? TopicType.METRIC : topicType,
                        wanted,
                        request.actor());
        boolean more =
                format != null && !format.equals(node.payload().format())
                        || displayName != null && !displayName.isEmpty()
                        || description != null && !description.isEmpty();
        if (more) {
            NodeChange change =
                    new NodeChange(
                            null,
                            old ->
                                    new NodeLabels(
                                            displayName == null ? old.displayName() : displayName,
                                            description == null ? old.description() : description,
                                            old.labels(),
                                            old.extendProperties(),
                                            old.isa95Level()),
                            old -> format == null ? old : old.withFormat(format),
                            UnaryOperator.identity());
            node = namespace.update(node.id(), node.revision(), change, request.actor());
        }
        return Answer.created(nodes.toJson(node), "/api/v1/namespace/nodes/" + node.id())
                .etag(node.revision());
    }

    private Answer convertBranch(Request request) throws IOException {
        JsonFields body = request.body();
        String branch = body.text("branch", 0, 65_535);
        String path = body.text("path", 1, 1024);
        TopicType topicType = body.optChoice("topicType", TopicType.class);
        boolean dryRun = Boolean.TRUE.equals(body.optBoolean("dryRun"));
        body.finish();
        ConversionReport report =
                services.namespace()
                        .convert(
                                new BranchConversion(
                                        branch,
                                        path,
                                        topicType == null ? TopicType.METRIC : topicType),
                                dryRun,
                                request.actor());
        return Answer.ok(
                new JsonShape()
                        .put("dryRun", dryRun)
                        .put("topics", report.topics().size())
                        .put("problems", report.problems())
                        .put("skipped", report.skipped())
                        .put("nodes", report.nodes())
                        .put(
                                "items",
                                JsonShape.array(
                                        problemsFirst(report.topics()),
                                        UnmodeledEndpoint::converted))
                        .build());
    }

    private static List<ConversionReport.Row> problemsFirst(List<ConversionReport.Row> rows) {
        return rows.stream()
                .sorted(Comparator.comparingInt(UnmodeledEndpoint::order))
                .limit(MAX_REPORTED)
                .toList();
    }

    private static int order(ConversionReport.Row row) {
        return row.problem() != null ? 0 : row.skipped() != null ? 1 : 2;
    }

    private static JsonObject converted(ConversionReport.Row row) {
        return new JsonShape()
                .put("topic", row.topic())
                .put("path", row.path())
                .put("fields", row.fields())
                .put("problem", row.problem())
                .put("skipped", row.skipped())
                .put("why", Reasons.toJson(row.reason()))
                .build();
    }

    /** The path of the node, which is the topic itself if the body names no other. */
    private String path(JsonFields body, String topic) {
        String path = body.optText("path", 1, 1024);
        String problem = topic.isEmpty() ? null : TopicName.problemOf(topic);
        if (problem != null) {
            body.error(
                    "topic",
                    "pattern",
                    "topic " + problem,
                    Reasons.parameters(Reason.of(Reason.Code.TOPIC, "found", topic)));
            return topic;
        }
        NameProblem wrong = services.namespace().pathProblem(path == null ? topic : path);
        if (wrong != null && path != null) {
            body.error("path", "pattern", "path " + wrong.text(), Reasons.parameters(wrong));
        } else if (wrong != null && !topic.isEmpty()) {
            body.error(
                    "path",
                    "required",
                    "path is missing (expected: a path for the node, because the topic "
                            + wrong.text()
                            + "; it stays the topic)",
                    Reasons.parameters(wrong));
        }
        return path == null ? topic : path;
    }
}

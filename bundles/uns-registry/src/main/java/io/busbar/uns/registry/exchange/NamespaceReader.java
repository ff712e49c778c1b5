package io.busbar.uns.registry.exchange;

import static com.google.gson.stream.JsonToken.BEGIN_ARRAY;
import static com.google.gson.stream.JsonToken.BEGIN_OBJECT;
import static com.google.gson.stream.JsonToken.NULL;
import static com.google.gson.stream.JsonToken.STRING;
import static io.busbar.uns.registry.exchange.LooseJson.bool;
import static io.busbar.uns.registry.exchange.LooseJson.constant;
import static io.busbar.uns.registry.exchange.LooseJson.integer;
import static io.busbar.uns.registry.exchange.LooseJson.list;
import static io.busbar.uns.registry.exchange.LooseJson.text;
import static io.busbar.uns.registry.exchange.LooseJson.textMap;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.uns.IgnoreRule;
import io.busbar.api.uns.ImportProblem;
import io.busbar.api.uns.ImportResult;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NamespaceFullException;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeLabels;
import io.busbar.api.uns.NodePayload;
import io.busbar.api.uns.NodePolicy;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.Reasoned;
import io.busbar.api.uns.RefusedException;
import io.busbar.api.uns.TextSource;
import io.busbar.api.uns.TopicPolicy;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.ValidationMode;
import io.busbar.json.JsonException;
import io.busbar.json.JsonStream;
import io.busbar.uns.registry.document.Interner;
import io.busbar.uns.registry.ignore.IgnorePlan;
import io.busbar.uns.registry.payload.JsonText;
import io.busbar.uns.registry.template.TemplatePlan;
import io.busbar.uns.registry.tree.NodePlan;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads documents in Tier0's two formats and plans the nodes to create, one node at a time. What
 * Tier0 says and Busbar does not keep is noted. Any other unknown key is an error: if a misspelt
 * limit were passed over, nobody would notice. Confined to one thread.
 */
public final class NamespaceReader {
    private final Supplier<NodePlan> plans;
    private final Supplier<IgnorePlan> ignorePlans;
    private final Supplier<TemplatePlan> templatePlans;
    private final Function<String, PayloadFormat> formats;
    private final Predicate<String> skipped;
    private final boolean yielding;
    private final Interner interner = new Interner();
    private NodePlan plan;
    private IgnorePlan ignorePlan;
    private TemplatePlan templatePlan;
    private final NotKept notKept = new NotKept();
    private final TemplateReader templates;
    private final ModelReader models;

    /** The labels that the document lists, and those that a node has. */
    private final Set<String> listedLabels = new LinkedHashSet<>();

    private final Set<String> usedLabels = new HashSet<>();
    private boolean allTemplatesKnown;

    /** The templates were read before the nodes, which come first in the document. */
    private boolean templatesAhead;

    private boolean reordered;

    /** Nodes that are there and in the document, so that one that is in it twice is noticed. */
    private Set<Node> unchanged = Set.of();

    private final List<ImportProblem> problems = new ArrayList<>();
    private long moreProblems;

    private NamespaceReader(
            Supplier<NodePlan> plans,
            Supplier<IgnorePlan> ignorePlans,
            Supplier<TemplatePlan> templatePlans,
            Function<String, PayloadFormat> formats,
            Predicate<String> skipped,
            boolean yielding) {
        this.plans = plans;
        this.plan = plans.get();
        this.ignorePlans = ignorePlans;
        this.ignorePlan = ignorePlans.get();
        this.templatePlans = templatePlans;
        this.templatePlan = templatePlans.get();
        this.templates = new TemplateReader(templatePlan);
        this.models = new ModelReader(notKept, templates);
        this.formats = formats;
        this.skipped = skipped;
        this.yielding = yielding;
    }

    /**
     * Reads into a plan for a person who wants it done.
     *
     * @param plans makes an empty plan
     * @param ignorePlans makes an empty plan of rules that ignore topics
     * @param templatePlans makes an empty plan of templates
     * @param formats the payload formats that can be read; others are errors
     */
    public static NamespaceReader forPerson(
            Supplier<NodePlan> plans,
            Supplier<IgnorePlan> ignorePlans,
            Supplier<TemplatePlan> templatePlans,
            List<PayloadFormat> formats) {
        return new NamespaceReader(
                plans,
                ignorePlans,
                templatePlans,
                name -> known(name, formats),
                path -> false,
                false);
    }

    /**
     * Reads into a plan for the declarative start, which yields to what people have done. Payload
     * formats may be ones whose reader starts later.
     *
     * @param plans makes an empty plan
     * @param ignorePlans makes an empty plan of rules that ignore topics; none is planned, because
     *     a rule that people took back would come again with each start
     * @param templatePlans makes an empty plan of templates; those are planned that a new node pins
     * @param deleted paths that are not made if they do not exist, nor anything below them
     */
    public static NamespaceReader forStart(
            Supplier<NodePlan> plans,
            Supplier<IgnorePlan> ignorePlans,
            Supplier<TemplatePlan> templatePlans,
            Predicate<String> deleted) {
        return new NamespaceReader(
                plans,
                ignorePlans,
                templatePlans,
                name -> new PayloadFormat(name.toUpperCase(Locale.ROOT)),
                deleted,
                true);
    }

    private static PayloadFormat known(String name, List<PayloadFormat> formats) {
        for (PayloadFormat each : formats) {
            if (each.name().equalsIgnoreCase(name)) {
                return each;
            }
        }
        throw LooseJson.notOneOf(
                "payloadFormat",
                name,
                String.join(", ", formats.stream().map(PayloadFormat::name).toList()));
    }

    /** What is planned; may only be carried out if the result has no problems. */
    public NodePlan plan() {
        return plan;
    }

    /** Which rules that ignore topics are planned; under the same condition. */
    public IgnorePlan ignorePlan() {
        return ignorePlan;
    }

    /** Which templates and versions of templates are planned; under the same condition. */
    public TemplatePlan templatePlan() {
        return templatePlan;
    }

    /**
     * Reads a document.
     *
     * @throws IOException if it cannot be read
     */
    public ImportResult read(TextSource document) throws IOException {
        PaddedSource padded = new PaddedSource(document);
        TextSource source = padded;
        boolean malformed = false;
        for (boolean again = true; again; ) {
            again = false;
            plan = plans.get();
            ignorePlan = ignorePlans.get();
            templatePlan = templatePlans.get();
            templates.begin(templatePlan);
            unchanged = Collections.newSetFromMap(new IdentityHashMap<>());
            problems.clear();
            moreProblems = 0;
            notKept.clear();
            try (Reader text = source.open()) {
                JsonStream.read(text, this::root);
            } catch (JsonException e) {
                problems.clear();
                moreProblems = 0;
                problems.add(problem(e));
                malformed = true;
            } catch (NamespaceFullException e) {
                problem("", "", 0, e);
            } catch (TemplatesLaterException e) {
                readTemplates(source);
                again = true;
            } catch (ChildrenNotLastException e) {
                TextSource ordered = ChildrenLast.of(source);
                if (ordered == null) {
                    problems.clear();
                    moreProblems = 0;
                    problem(
                            e.place.pointer(),
                            e.path,
                            e.line,
                            ChildrenLast.TOO_LARGE,
                            Reason.of(Reason.Code.CHILDREN_NOT_LAST));
                } else {
                    source = ordered;
                    reordered = true;
                    again = true;
                }
            }
        }
        if (!malformed) {
            padded.passedOver()
                    .forEach(
                            (code, each) ->
                                    notKept.note(
                                            "", "", 0, "passed over: " + each, Reason.of(code)));
        }
        return new ImportResult(
                problems.isEmpty() ? plan.created().size() : 0,
                unchanged.size(),
                problems.isEmpty() ? templatePlan.versions() : 0,
                problems.isEmpty() ? ignorePlan.planned().size() : 0,
                problems,
                moreProblems,
                malformed,
                notKept.notes(),
                notKept.more());
    }

    private static ImportProblem problem(JsonException e) {
        return new ImportProblem(
                "",
                "",
                0,
                e.getMessage(),
                Reason.of(
                        Reason.Code.NO_JSON,
                        "line",
                        String.valueOf(e.line()),
                        "column",
                        String.valueOf(e.column())));
    }

    /** The templates of a document that has them after the nodes that use them. */
    private void readTemplates(TextSource source) throws IOException {
        try (Reader text = source.open()) {
            JsonStream.read(
                    text,
                    in -> {
                        in.beginObject();
                        while (in.hasNext()) {
                            String key = in.name();
                            if (isTemplates(key) && in.peek() == BEGIN_ARRAY) {
                                templates(in, key);
                            } else {
                                in.skip();
                            }
                        }
                        in.endObject();
                        return templates;
                    });
        }
        allTemplatesKnown = true;
        templatesAhead = true;
    }

    private static boolean isTemplates(String key) {
        return key.equals("Template") || key.equals("templates");
    }

    private void templates(JsonStream in, String key) throws IOException {
        in.beginArray();
        for (int i = 0; in.hasNext(); i++) {
            templates.template(in.value(), "/" + key + "/" + i);
        }
        in.endArray();
    }

    /** Which labels there are in Tier0. Busbar knows those that a node has. */
    private void labels(JsonStream in, String key) throws IOException {
        JsonObject list = new JsonObject();
        list.add(key, in.value());
        try {
            listedLabels.addAll(list(list, key));
        } catch (IllegalArgumentException e) {
            problem("/" + key, "", 0, e);
        }
    }

    /** Filters of topics without a model that are to be ignored. */
    private void ignored(JsonStream in) throws IOException {
        if (yielding) {
            notKept.note(
                    "/ignored",
                    "",
                    0,
                    "not kept: rules that ignore topics, at a start",
                    Reason.of(Reason.Code.RULES_NOT_KEPT));
            in.skip();
            return;
        }
        if (in.peek() != BEGIN_ARRAY) {
            problem(
                    "/ignored",
                    "",
                    0,
                    "no array (expected: an array of topic filters)",
                    Reason.of(Reason.Code.NO_LIST));
            in.skip();
            return;
        }
        in.beginArray();
        List<String> beyond = new ArrayList<>();
        for (int i = 0; in.hasNext(); i++) {
            int line = reordered ? 0 : in.line();
            boolean text = in.peek() == STRING;
            JsonElement filter = in.value();
            if (!text) {
                problem(
                        "/ignored/" + i,
                        "",
                        line,
                        "no text (expected: a topic filter)",
                        Reason.of(Reason.Code.NO_TEXT));
                continue;
            }
            try {
                if (!ignorePlan.add(filter.getAsString())) {
                    beyond.add(filter.getAsString());
                }
            } catch (IllegalArgumentException e) {
                problem("/ignored/" + i, "", line, e);
            }
        }
        in.endArray();
        if (!beyond.isEmpty()) {
            notKept.note(
                    "/ignored",
                    "",
                    0,
                    "not kept: "
                            + beyond.size()
                            + " of the rules that ignore topics, because there are at most "
                            + IgnoreRule.MAX_RULES
                            + ": "
                            + JsonText.clip(String.join(", ", beyond)),
                    Reason.of(
                            Reason.Code.FULL,
                            "at",
                            "ignored",
                            "max",
                            String.valueOf(IgnoreRule.MAX_RULES)));
        }
    }

    private void noteUnused() {
        templates.end(!yielding, notKept, (pointer, e) -> problem(pointer, "", 0, e));
        listedLabels.removeAll(usedLabels);
        if (!listedLabels.isEmpty()) {
            notKept.note(
                    "",
                    "",
                    0,
                    "not kept: labels that no node has: "
                            + JsonText.clip(String.join(", ", listedLabels)),
                    Reason.of(
                            Reason.Code.LABELS_NOT_KEPT,
                            "found",
                            JsonText.clip(String.join(", ", listedLabels))));
        }
    }

    private NodePlan root(JsonStream in) throws IOException {
        if (in.peek() != BEGIN_OBJECT) {
            problem(
                    "",
                    "",
                    0,
                    "is no object (expected: {\"namespace\":[…]} or {\"UNS\":[…]})",
                    Reason.of(Reason.Code.NO_OBJECT));
            in.skip();
            return plan;
        }
        Set<String> seen = new HashSet<>();
        in.beginObject();
        while (in.hasNext()) {
            String key = in.name();
            if (!seen.add(key)) {
                throw in.failure("name \"" + JsonText.clip(key) + "\" stands twice in one object");
            }
            switch (key) {
                case "namespace", "UNS" -> children(in, "", null, new Place(null, key, -1));
                case "Template", "templates" -> {
                    if (in.peek() != BEGIN_ARRAY) {
                        problem("/" + key, "", 0, "no array", Reason.of(Reason.Code.NO_LIST));
                        in.skip();
                    } else if (templatesAhead) {
                        in.skip();
                    } else {
                        templates(in, key);
                        allTemplatesKnown = true;
                    }
                }
                case "Label", "labels" -> labels(in, key);
                case "ignored" -> ignored(in);
                case "notes" -> {
                    notKept.note(
                            "/notes",
                            "",
                            0,
                            "not kept: a remark on the whole document",
                            Reason.of(Reason.Code.REMARK_NOT_KEPT));
                    in.skip();
                }
                default -> {
                    problem(
                            "",
                            "",
                            0,
                            "unknown key '"
                                    + JsonText.clip(key)
                                    + "' (expected: labels, templates, ignored and namespace, or"
                                    + " Label, Template and UNS)",
                            Reason.of(Reason.Code.UNKNOWN_KEY, "found", JsonText.clip(key)));
                    in.skip();
                }
            }
        }
        in.endObject();
        if (!seen.contains("namespace") && !seen.contains("UNS")) {
            problem(
                    "",
                    "",
                    0,
                    "neither 'namespace' nor 'UNS' in it",
                    Reason.of(Reason.Code.NO_NAMESPACE));
        }
        noteUnused();
        return plan;
    }

    private void children(JsonStream in, String parentPath, @Nullable TopicType folder, Place place)
            throws IOException {
        if (in.peek() != BEGIN_ARRAY) {
            problem(
                    place.pointer(),
                    "",
                    0,
                    "no array (expected: an array of nodes)",
                    Reason.of(Reason.Code.NO_LIST));
            in.skip();
            return;
        }
        in.beginArray();
        for (int i = 0; in.hasNext(); i++) {
            Place here = new Place(place, "", i);
            if (in.peek() == BEGIN_OBJECT) {
                node(in, parentPath, folder, here);
            } else {
                problem(
                        here.pointer(),
                        "",
                        0,
                        "no object (expected: a node)",
                        Reason.of(Reason.Code.NO_OBJECT));
                in.skip();
            }
        }
        in.endArray();
    }

    private void node(JsonStream in, String parentPath, @Nullable TopicType folder, Place place)
            throws IOException {
        int line = reordered ? 0 : in.line();
        JsonObject json = new JsonObject();
        boolean hasChildren = false;
        in.beginObject();
        while (in.hasNext()) {
            String key = in.name();
            if (json.has(key)) {
                throw in.failure("name \"" + JsonText.clip(key) + "\" stands twice in one object");
            }
            if (hasChildren) {
                throw new ChildrenNotLastException(place, parentPath, line);
            }
            if (key.equals("children") && in.peek() != NULL) {
                hasChildren = true;
                json.add(key, JsonNull.INSTANCE);
                Branch branch = plan(json, parentPath, folder, place, line);
                if (branch == null) {
                    in.skip();
                } else {
                    children(in, branch.path(), branch.folder(), new Place(place, key, -1));
                }
            } else {
                json.add(key, in.value());
            }
        }
        in.endObject();
        if (!hasChildren) {
            plan(json, parentPath, folder, place, line);
        }
    }

    /** Where the children of a node go, and the type that the topics among them have. */
    private record Branch(String path, @Nullable TopicType folder) {}

    /** Plans a node, if it is not there; null if nothing below it is made. */
    private @Nullable Branch plan(
            JsonObject json, String parentPath, @Nullable TopicType folder, Place place, int line) {
        String path = parentPath;
        try {
            notKept.begin();
            NodeKeys.check(json, notKept);
            String name = text(json, "name");
            if (name == null) {
                throw new RefusedException("name: missing", Reason.Code.MISSING, "at", "name");
            }
            path = NodePlan.join(parentPath, name);
            NodeType type = nodeType(json);
            Node there = plan.existing(path);
            if (there == null ? plan.at(path) != null : unchanged.contains(there)) {
                throw new RefusedException(
                        "name: a node of this path is in the document twice",
                        Reason.Code.NODE_TWICE);
            }
            TopicType topicType = topicType(json, type, name, folder);
            if (there != null && there.type() != type && yielding) {
                unchanged.add(there);
                return null;
            }
            if (there != null && there.type() != type) {
                throw new RefusedException(
                        "type: " + type + " (a " + there.type() + " of this path exists)",
                        Reason.Code.OTHER_TYPE,
                        "type",
                        there.type().name());
            }
            NewNode wanted = newNode(json, parentPath, name, type, topicType);
            if (there != null) {
                unchanged.add(there);
            } else if (skipped.test(path)) {
                return null;
            } else {
                plan.add(wanted);
                templates.needed(wanted.payload().model());
                notKept.end(place.pointer(), path, line);
            }
            return new Branch(path, type == NodeType.PATH ? topicType : null);
        } catch (IllegalArgumentException | ConflictException e) {
            problem(place.pointer(), path, line, e);
            return null;
        }
    }

    private NewNode newNode(
            JsonObject json,
            String parentPath,
            String name,
            NodeType type,
            @Nullable TopicType topicType) {
        return new NewNode(
                parentPath,
                type,
                interner.one(name),
                text(json, "alias"),
                interner.labels(
                        new NodeLabels(
                                text(json, "displayName"),
                                text(json, "description"),
                                labels(json),
                                textMap(json, "extendProperties"),
                                text(json, "isa95Level"))),
                payload(json, type, topicType),
                interner.one(policy(json)));
    }

    /** What the node does not say is as in the node above. */
    private static NodePolicy policy(JsonObject json) {
        return new NodePolicy(
                constant(ValidationMode.class, json, "validation", null),
                bool(json, "enableHistory"),
                integer(json, "staleAfterSeconds"),
                bool(json, "writable"),
                text(json, "timeZone"),
                constant(TopicPolicy.class, json, "topicPolicy", null),
                integer(json, "maxPayloadBytes"),
                integer(json, "maxMessagesPerSecond"),
                bool(json, "closeOnReject"));
    }

    private NodePayload payload(JsonObject json, NodeType type, @Nullable TopicType topicType) {
        String format = text(json, "payloadFormat");
        NodePayload payload =
                new NodePayload(
                        topicType,
                        format == null || format.isEmpty()
                                ? PayloadFormat.JSON
                                : formats.apply(format),
                        type == NodeType.TOPIC
                                ? model(json, topicType)
                                : ModelReader.noModel(json));
        String wireTopic = text(json, "wireTopic");
        NodePayload shared = interner.one(payload);
        return wireTopic == null ? shared : shared.withWireTopic(wireTopic);
    }

    /** Tier0 calls them labels or, before, label. */
    private List<String> labels(JsonObject json) {
        List<String> labels = new ArrayList<>(list(json, "labels"));
        list(json, "label").stream().filter(each -> !labels.contains(each)).forEach(labels::add);
        usedLabels.addAll(labels);
        return labels;
    }

    private static NodeType nodeType(JsonObject json) {
        String type = text(json, "type");
        if (type == null) {
            if (json.has("children") && !json.has("fields")) {
                return NodeType.PATH;
            }
            throw new RefusedException(
                    "type: missing (expected: PATH or TOPIC)",
                    Reason.Code.MISSING,
                    "at",
                    "type",
                    "expected",
                    "PATH, TOPIC");
        }
        return switch (type.toUpperCase(Locale.ROOT)) {
            case "PATH", "FOLDER" -> NodeType.PATH;
            case "TOPIC", "FILE" -> NodeType.TOPIC;
            default ->
                    throw new RefusedException(
                            "type: '" + JsonText.clip(type) + "' (expected: PATH or TOPIC)",
                            Reason.Code.NOT_ONE_OF,
                            "at",
                            "type",
                            "found",
                            JsonText.clip(type),
                            "expected",
                            "PATH, TOPIC");
        };
    }

    private static @Nullable TopicType topicType(
            JsonObject json, NodeType type, String name, @Nullable TopicType folder) {
        TopicType given = constant(TopicType.class, json, "topicType", null);
        if (given != null) {
            return given;
        }
        return type == NodeType.TOPIC ? folder : NodePlan.typeOfFolder(name);
    }

    private Model model(JsonObject json, @Nullable TopicType topicType) {
        if (!allTemplatesKnown && templates.lacks(json)) {
            throw new TemplatesLaterException();
        }
        return models.model(json, topicType);
    }

    private void problem(String pointer, String path, int line, RuntimeException e) {
        Reason reason = e instanceof Reasoned refused ? refused.reason() : null;
        problem(pointer, path, line, e.getMessage(), reason);
    }

    private void problem(
            String pointer,
            String path,
            int line,
            @Nullable String message,
            @Nullable Reason reason) {
        if (problems.size() == ImportResult.MAX_PROBLEMS) {
            moreProblems++;
        } else {
            problems.add(new ImportProblem(pointer, path, line, String.valueOf(message), reason));
        }
    }

    /**
     * A place in the document, made to text only if something is wrong there.
     *
     * @param key a member of an object, or empty
     * @param index an element of an array, or -1
     */
    private record Place(@Nullable Place parent, String key, int index) {
        String pointer() {
            return (parent == null ? "" : parent.pointer()) + "/" + (index < 0 ? key : index);
        }
    }

    /** A topic names a template that was not met yet. */
    private static final class TemplatesLaterException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TemplatesLaterException() {
            super(null, null, false, false);
        }
    }

    /** A node has keys after its children, which have been planned without them. */
    private static final class ChildrenNotLastException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Place place;
        private final String path;
        private final int line;

        ChildrenNotLastException(Place place, String path, int line) {
            super(null, null, false, false);
            this.place = place;
            this.path = path;
            this.line = line;
        }
    }
}

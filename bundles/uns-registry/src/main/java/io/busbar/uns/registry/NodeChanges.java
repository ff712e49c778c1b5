package io.busbar.uns.registry;

import io.busbar.api.audit.Actor;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.Documents;
import io.busbar.api.uns.ConversionReport;
import io.busbar.api.uns.ImportResult;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NamespaceFullException;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.NodeMove;
import io.busbar.api.uns.NodeName;
import io.busbar.api.uns.NodePayload;
import io.busbar.api.uns.NodeStamp;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.Reasoned;
import io.busbar.api.uns.RecycledNode;
import io.busbar.api.uns.RefusedException;
import io.busbar.api.uns.TakenException;
import io.busbar.api.uns.TextSource;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.uns.registry.document.NodeDocuments;
import io.busbar.uns.registry.exchange.NamespaceReader;
import io.busbar.uns.registry.ignore.IgnoreRules;
import io.busbar.uns.registry.payload.JsonText;
import io.busbar.uns.registry.payload.Readers;
import io.busbar.uns.registry.recycle.RecycledNodes;
import io.busbar.uns.registry.template.TemplatePlan;
import io.busbar.uns.registry.template.TemplateStore;
import io.busbar.uns.registry.tree.BranchMove;
import io.busbar.uns.registry.tree.NodeMemory;
import io.busbar.uns.registry.tree.NodePlan;
import io.busbar.uns.registry.tree.NodeRules;
import io.busbar.uns.registry.tree.NodeTree;
import io.busbar.uns.registry.tree.UuidV7;
import io.busbar.uns.registry.value.LiveValues;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Changes the nodes, one change at a time: it is checked, written to the documents, shown in the
 * tree and to the values, and told, in this order. One that fails on the way has changed nothing.
 */
final class NodeChanges {
    /** What a node takes of the memory at least. */
    private static final long LEAST_BYTES = 256;

    private final NodeTree tree;
    private final NodeMemory memory;
    private final NodeDocuments documents;
    private final LiveValues live;
    private final Readers readers;
    private final IgnoreRules ignored;
    private final TemplateStore templates;
    private final RecycledNodes recycled;
    private final Clock clock;
    private final UuidV7 ids;
    private final Consumer<String> changed;
    private final long maxNodes;
    private final LongAdder refused = new LongAdder();

    /** Paths that people have deleted or renamed away. */
    private final Set<String> deleted;

    /**
     * Loads the nodes into a tree.
     *
     * @param memory of the tree; whether there is room for more
     * @param readers the formats that a node may have
     * @param ignored which topics without a model are ignored, for imports
     * @param templates that nodes may pin
     * @param recycled takes in what is deleted
     * @param maxNodes how many nodes there may be; those that are there already stay
     * @param changed hears of each change: the path at or below which it is
     */
    NodeChanges(
            NodeTree tree,
            NodeMemory memory,
            Documents documents,
            LiveValues live,
            Readers readers,
            IgnoreRules ignored,
            TemplateStore templates,
            RecycledNodes recycled,
            Clock clock,
            long maxNodes,
            Consumer<String> changed) {
        this.maxNodes = maxNodes;
        this.tree = tree;
        this.memory = memory;
        this.documents = new NodeDocuments(documents);
        this.live = live;
        this.readers = readers;
        this.ignored = ignored;
        this.templates = templates;
        this.recycled = recycled;
        this.clock = clock;
        this.ids = new UuidV7(clock);
        this.changed = changed;
        this.deleted = new HashSet<>(this.documents.deletedPaths());
        memory.addDeleted(deleted);
        tree.add(this.documents.load(templates.shelf()::loaded)).forEach(live::bind);
    }

    /** Runs something while no node changes. */
    synchronized void undisturbed(Runnable task) {
        task.run();
    }

    /** The same for something that has a result. */
    synchronized <T> T undisturbed(Supplier<T> task) {
        return task.get();
    }

    /** Tells that something has changed at or below a path. */
    void tell(String path) {
        changed.accept(path);
    }

    long maxNodes() {
        return maxNodes;
    }

    /** How often something was refused because there would have been too many nodes. */
    long refused() {
        return refused.sum();
    }

    private NodePlan plan(Actor actor) {
        return new NodePlan(tree, maxNodes, refused::increment, ids, now(), actor);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    synchronized Node create(NewNode wanted, Actor actor) {
        NodePlan plan = plan(actor);
        NewNode placed = wanted;
        if (wanted.type() == NodeType.TOPIC) {
            TopicType topicType = wanted.payload().topicType();
            if (topicType == null) {
                throw NodeRules.noTopicType();
            }
            placed = wanted.withParentPath(plan.folderFor(wanted.parentPath(), topicType));
        }
        readable(wanted.payload().format());
        plan.add(placed.withPayload(checked(placed.payload())));
        return carryOut(plan, actor);
    }

    /** A payload whose model has the fields of the template that it pins. */
    private NodePayload checked(NodePayload payload) {
        Model model = templates.shelf().checked(payload.model());
        return model == payload.model() ? payload : payload.withModel(model);
    }

    private void readable(PayloadFormat format) {
        List<PayloadFormat> readable = readers.readable();
        if (!readable.contains(format)) {
            String expected =
                    String.join(", ", readable.stream().map(PayloadFormat::name).toList());
            throw new RefusedException(
                    "payloadFormat: '" + format + "' (expected: " + expected + ")",
                    Reason.Code.NOT_ONE_OF,
                    "at",
                    "payloadFormat",
                    "found",
                    format.name(),
                    "expected",
                    expected);
        }
    }

    /** Writes and shows what is planned; returns the last of it, which is what was asked for. */
    private Node carryOut(NodePlan plan, Actor actor) {
        List<Node> written = plan.written();
        carryOut(plan, List.of(), written.get(0).path(), actor, () -> {});
        return written.get(written.size() - 1);
    }

    /**
     * The same.
     *
     * @param others what is written with it
     * @param where the path at or below which all of it is
     * @param first is shown before the nodes are
     */
    private void carryOut(
            NodePlan plan, List<DocumentChange> others, String where, Actor actor, Runnable first) {
        List<Node> written = plan.done();
        requireRoom(plan, actor);
        documents.write(written, plan.replaced(), others);
        first.run();
        tree.add(plan.created()).forEach(live::bind);
        for (Node each : plan.turned()) {
            tree.replace(List.of(each)).forEach(turned -> live.bind(turned.after()));
        }
        changed.accept(where);
    }

    private void requireRoom(NodePlan plan, Actor actor) {
        memory.requireRoom(plan.replaced(), plan.written(), List.of(), actor.name());
    }

    synchronized Node update(UUID id, long expectedRevision, NodeChange change, Actor actor) {
        Node before = existing(id, expectedRevision);
        Node after = change.applyTo(before).withStamp(before.stamp().updated(now(), actor));
        if (!after.payload().model().equals(before.payload().model())) {
            after = after.withPayload(checked(after.payload()));
        }
        NodeRules.check(before, after);
        NodeRules.checkTopicType(before, after);
        if (!after.payload().format().equals(before.payload().format())) {
            readable(after.payload().format());
        }
        if (!after.path().equals(before.path())) {
            return carryOut(BranchMove.of(tree, after, this::isNode, false), plan(actor), actor);
        }
        requireFree(after, after.topic());
        memory.requireRoom(List.of(before), List.of(after), List.of(), actor.name());
        Node written = documents.save(before, after);
        tree.replace(List.of(written)).forEach(each -> rebind(before, each.after()));
        if (!before.policy().equals(written.policy())) {
            live.applyPolicies(tree.subtree(id));
        }
        changed.accept(written.path());
        return written;
    }

    /** Throws if the values of another node come on a topic that a node shall have. */
    private void requireFree(Node node, String topic) {
        Node other = node.type() == NodeType.TOPIC ? tree.byTopic(topic) : null;
        if (other != null && !other.id().equals(node.id())) {
            throw NodePlan.taken(topic, other);
        }
    }

    /** Puts the topic of a node under its model, and no more the one that it had. */
    private void rebind(Node before, Node after) {
        if (before.type() == NodeType.TOPIC && !before.topic().equals(after.topic())) {
            live.unbind(before.topic());
        }
        live.bind(after);
    }

    private boolean isNode(String path) {
        return tree.byPath(path) != null;
    }

    synchronized Node move(UUID id, long expectedRevision, NodeMove move, Actor actor) {
        Node before = existing(id, expectedRevision);
        NodePlan plan = plan(actor);
        String name = move.name() == null ? before.name() : move.name();
        if (!name.equals(before.name())) {
            checkName(name);
        }
        String parentPath =
                move.parentPath().equals(above(before.path()))
                        ? move.parentPath() // Whatever folder it is in.
                        : folderFor(before, move.parentPath(), plan);
        String path = NodePlan.join(parentPath, name);
        if (path.equals(before.path())) {
            return before;
        }
        requireOutside(before, path);
        Node parent = plan.levelAbove(path);
        Node after =
                before.withIdentity(
                                before.identity()
                                        .withPlace(parent == null ? null : parent.id(), path))
                        .withStamp(before.stamp().updated(now(), actor));
        NodeRules.check(before, after);
        return carryOut(
                BranchMove.of(tree, after, level -> plan.at(level) != null, move.keepTopics()),
                plan,
                actor);
    }

    /** Where a node goes that people want below a path. */
    private static String folderFor(Node node, String parentPath, NodePlan plan) {
        TopicType topicType = node.payload().topicType();
        return node.type() == NodeType.TOPIC && topicType != null
                ? plan.folderFor(parentPath, topicType)
                : parentPath;
    }

    private static void checkName(@Nullable String name) {
        if (name != null) {
            NodeRules.checkName(name);
        }
    }

    private static void requireOutside(Node node, String path) {
        if (path.startsWith(node.path() + "/")) {
            throw BranchMove.belowItself(node);
        }
    }

    /**
     * Writes and shows a move; returns the node that moves.
     *
     * @param plan the nodes above it that have to be made
     */
    private Node carryOut(BranchMove move, NodePlan plan, Actor actor) {
        List<Node> created = plan.created();
        List<String> gone = newlyGone(move.before());
        List<Node> written = new ArrayList<>(created);
        written.addAll(move.written());
        List<Node> coming = new ArrayList<>(created);
        coming.addAll(move.after());
        memory.requireRoom(move.before(), coming, gone, actor.name());
        documents.write(
                written, move.replaced(), NodeDocuments.gone(gone, ids.next(), now(), actor));
        remember(gone);
        tree.add(plan.done()).forEach(live::bind);
        List<NodeTree.Moved> moved = tree.replace(move.after());
        moved.forEach(each -> rebind(each.before(), each.after()));
        NodeTree.Moved root = moved.get(0);
        String from = above(root.before().path());
        String to = above(created.isEmpty() ? root.after().path() : created.get(0).path());
        changed.accept(to);
        if (!from.equals(to)) {
            changed.accept(from);
        }
        return root.after();
    }

    private static String above(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    private void remember(List<String> gone) {
        deleted.addAll(gone);
        memory.addDeleted(gone);
    }

    synchronized Node copy(UUID id, String parentPath, String name, Actor actor) {
        Node from = existing(id, 0);
        checkName(name);
        NodePlan plan = plan(actor);
        String where =
                parentPath.equals(above(from.path()))
                        ? parentPath
                        : folderFor(from, parentPath, plan);
        String path = NodePlan.join(where, name);
        requireOutside(from, path);
        Node copy = null;
        for (Node each : tree.subtree(id)) {
            String there = path + each.path().substring(from.path().length());
            Node made =
                    plan.add(
                            new NewNode(
                                    above(there),
                                    each.type(),
                                    there.substring(there.lastIndexOf('/') + 1),
                                    null,
                                    each.labels(),
                                    each.payload().withWireTopic(null),
                                    each.policy()));
            copy = copy == null ? made : copy;
        }
        carryOut(plan, List.of(), plan.created().get(0).path(), actor, () -> {});
        return existing(Objects.requireNonNull(copy).id(), 0);
    }

    /** The paths of nodes that go, but for those of which it is written already. */
    private List<String> newlyGone(List<Node> going) {
        return going.stream().map(Node::path).filter(path -> !deleted.contains(path)).toList();
    }

    /**
     * A node.
     *
     * @param expectedRevision 0 = whatever there is
     */
    Node existing(UUID id, long expectedRevision) {
        Node node = tree.get(id);
        if (node == null) {
            throw new NoSuchElementException("id: " + id + " (no such node)");
        }
        if (expectedRevision != 0 && expectedRevision != node.revision()) {
            throw new ConflictException(
                    "revision: "
                            + expectedRevision
                            + " (the current one is "
                            + node.revision()
                            + ", changed by "
                            + node.stamp().updatedBy()
                            + ")");
        }
        return node;
    }

    /**
     * Deletes a node and all below it.
     *
     * @param forGood whether it does not come into the recycle bin
     */
    synchronized void delete(UUID id, long expectedRevision, boolean forGood, Actor actor) {
        Node node = existing(id, expectedRevision);
        List<Node> going = tree.subtree(id);
        RecycledNodes.Addition kept =
                forGood ? RecycledNodes.Addition.NONE : recycled.plan(going, now(), actor);
        List<String> gone = newlyGone(going);
        documents.delete(
                going,
                Stream.concat(
                        NodeDocuments.gone(gone, ids.next(), now(), actor).stream(),
                        kept.changes()));
        recycled.done(kept);
        remember(gone);
        tree.remove(id);
        going.stream()
                .filter(each -> each.type() == NodeType.TOPIC)
                .forEach(each -> live.unbind(each.topic()));
        changed.accept(node.path());
    }

    /**
     * Restores a deleted node with all that was below it.
     *
     * @param parentPath null = where it was
     * @param name null = as it was
     */
    synchronized Node restore(
            UUID id, @Nullable String parentPath, @Nullable String name, Actor actor) {
        RecycledNode entry = recycled.get(id);
        checkName(name);
        if (tree.size() + entry.nodes() > maxNodes) {
            refused.increment();
            throw new NamespaceFullException(maxNodes);
        }
        memory.requireRoom(entry.nodes() * LEAST_BYTES, actor.name()); // Before they are read.
        List<Node> branch = recycled.read(id);
        Node root = branch.get(0);
        NodePlan plan = plan(actor);
        String where = above(entry.path());
        String parent =
                parentPath == null || parentPath.equals(where)
                        ? where
                        : folderFor(root, parentPath, plan);
        String path = NodePlan.join(parent, name == null ? root.name() : name);
        for (Node each : branch) {
            String there = path + each.path().substring(root.name().length());
            // Without the template that it pins, a topic would ask for less than it did.
            Node whole = each.withPayload(checked(each.payload()));
            plan.restore(whole, there, path.equals(entry.path()) ? "" : path);
        }
        carryOut(
                plan,
                recycled.removal(id),
                above(plan.created().get(0).path()),
                actor,
                () -> recycled.removed(id));
        return existing(id, 0);
    }

    /** Takes deleted nodes out of the recycle bin for good, and says which. */
    synchronized List<RecycledNode> forget(Predicate<RecycledNode> which) {
        return recycled.remove(which);
    }

    synchronized ImportResult importJson(TextSource document, boolean dryRun, Actor actor)
            throws IOException {
        return carryOut(
                NamespaceReader.forPerson(
                        () -> plan(actor),
                        ignored::plan,
                        () -> templatePlan(actor),
                        readers.readable()),
                document,
                dryRun,
                actor);
    }

    synchronized ImportResult ensure(TextSource document, boolean dryRun, Actor actor)
            throws IOException {
        return carryOut(
                NamespaceReader.forStart(
                        () -> plan(actor),
                        ignored::plan,
                        () -> templatePlan(actor),
                        deleted::contains),
                document,
                dryRun,
                actor);
    }

    private TemplatePlan templatePlan(Actor actor) {
        return new TemplatePlan(templates.shelf(), ids, now(), actor);
    }

    private ImportResult carryOut(
            NamespaceReader reader, TextSource document, boolean dryRun, Actor actor)
            throws IOException {
        ImportResult result = reader.read(document);
        boolean some = result.created() > 0 || result.ignoreRules() > 0 || result.templates() > 0;
        if (!result.problems().isEmpty() || !some) {
            return result;
        }
        List<TemplatePlan.Change> more = reader.templatePlan().changes();
        templates.requireRoom(more, actor);
        if (dryRun) {
            requireRoom(reader.plan(), actor);
        } else {
            ignored.carryOut(
                    reader.ignorePlan(),
                    actor,
                    rules ->
                            carryOut(
                                    reader.plan(),
                                    joined(rules, TemplateStore.documents(more)),
                                    "",
                                    actor,
                                    () -> templates.show(more)));
            if (result.ignoreRules() > 0) {
                live.forgetIgnored();
            }
        }
        return result;
    }

    private static List<DocumentChange> joined(
            List<DocumentChange> some, List<DocumentChange> others) {
        List<DocumentChange> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }

    /**
     * Writes other versions of nodes in one commit; their places stay the same.
     *
     * @param before as they are now, in the order of {@code after}
     */
    synchronized void replace(List<Node> before, List<Node> after, Actor actor) {
        Instant now = now();
        List<Node> written = new ArrayList<>(after.size());
        for (Node each : after) {
            NodeStamp stamp = each.stamp().updated(now, actor);
            written.add(each.withStamp(stamp.withRevision(each.revision() + 1)));
        }
        memory.requireRoom(before, written, List.of(), actor.name());
        documents.write(written, before, List.of());
        tree.replace(written).forEach(moved -> live.bind(moved.after()));
        tell("");
    }

    synchronized Node convert(
            String topic, String path, TopicType topicType, Model model, Actor actor) {
        if (!live.isUnmodeled(topic)) {
            Node other = tree.byTopic(topic);
            if (other != null) {
                throw new TakenException(
                        "topic: '" + topic + "' is modelled already",
                        Reason.Code.MODELED,
                        "node",
                        other.path());
            }
            throw new NoSuchElementException(
                    "topic: '" + JsonText.clip(topic) + "' (nothing came under it)");
        }
        PayloadFormat format = live.value(topic).map(TopicValue::format).orElse(PayloadFormat.JSON);
        NodePayload payload = new NodePayload(topicType, format, templates.shelf().checked(model));
        if (!path.equals(topic)) {
            payload = payload.withWireTopic(topic);
        }
        NodeRules.checkPath(path, level -> tree.byPath(level) != null);
        int slash = path.lastIndexOf('/');
        NodePlan plan = plan(actor);
        plan.addOrTurn(
                NewNode.topic(
                                slash < 0 ? "" : path.substring(0, slash),
                                path.substring(slash + 1),
                                topicType,
                                model)
                        .withPayload(payload));
        return carryOut(plan, actor);
    }

    /**
     * Makes the nodes of topics that have none, all of them or, if one cannot be made, none. Paths
     * in their places become topics. What somebody has modelled in the meantime is left as it is.
     *
     * @param dryRun true = make none, only say what would happen
     */
    synchronized ConversionReport convert(
            List<BranchConverter.Conversion> wanted, boolean dryRun, Actor actor) {
        NodePlan plan = plan(actor);
        List<ConversionReport.Row> rows = new ArrayList<>(wanted.size());
        boolean possible = true;
        for (BranchConverter.Conversion each : wanted) {
            String problem = null;
            Reason reason = noMoreUnmodelled(each.topic());
            String skipped = reason == null ? null : skipped(reason);
            try {
                if (skipped == null) {
                    plan.addOrTurn(each.node());
                }
            } catch (IllegalArgumentException | ConflictException e) {
                problem = e.getMessage();
                reason = e instanceof Reasoned refused ? refused.reason() : null;
                possible = false;
            }
            int fields = each.node().payload().model().fields().size();
            rows.add(
                    new ConversionReport.Row(
                            each.topic(), each.path(), fields, problem, skipped, reason));
        }
        int nodes = possible ? plan.written().size() : 0;
        if (dryRun && nodes > 0) {
            requireRoom(plan, actor);
        } else if (nodes > 0) {
            carryOut(plan, List.of(), "", actor, () -> {});
        }
        return new ConversionReport(rows, nodes);
    }

    /** Throws unless a topic can be the path of a node that is not there and never was. */
    synchronized void requireNew(String topic) {
        String problem = NodeName.pathProblemOf(topic);
        if (problem == null && tree.byPath(topic) != null) {
            problem = "is that of a node";
        } else if (problem == null && deleted.contains(topic)) {
            problem = "is that of a node that somebody has deleted";
        }
        if (problem != null) {
            throw new IllegalArgumentException("path: '" + JsonText.clip(topic) + "' " + problem);
        }
    }

    /** Why a topic that had no node is not to be modelled any more; null if it still is. */
    private @Nullable Reason noMoreUnmodelled(String topic) {
        if (live.isUnmodeled(topic)) {
            return null;
        }
        Node node = tree.byTopic(topic);
        return node == null
                ? Reason.of(Reason.Code.FORGOTTEN)
                : Reason.of(Reason.Code.MODELED, "node", node.path());
    }

    private static String skipped(Reason reason) {
        return reason.code() == Reason.Code.FORGOTTEN
                ? "the topic was forgotten meanwhile"
                : "the topic is that of the node '"
                        + reason.parameters().get("node")
                        + "' meanwhile";
    }
}

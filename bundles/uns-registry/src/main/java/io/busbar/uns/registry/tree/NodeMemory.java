package io.busbar.uns.registry.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryBudget;
import io.busbar.api.memory.MemoryShortException;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeIdentity;
import io.busbar.api.uns.NodeLabels;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.Template;
import io.busbar.api.uns.TemplateVersion;
import io.busbar.uns.registry.footprint.Footprint;
import io.busbar.uns.registry.search.NodeText;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The memory that nodes take: in the tree, and what is prepared for their values. What is on disk
 * is always loaded, but what is new needs room. Confined to who changes the nodes.
 */
public final class NodeMemory implements AutoCloseable {
    /** The node, its parts, its place in the tree and in three tables that are half full. */
    private static final int NODE =
            32 + 40 + 32 + 24 + 40 + 24 + 40 + 8 + 3 * 3 * Footprint.REFERENCE;

    /** Its state among the values. */
    private static final int TOPIC = 136 + 24 + Footprint.HASH_ENTRY;

    private static final int LABELS = 32;
    private static final int LIST = 24 + Footprint.ARRAY;

    /** The object, how many nodes have it, and where it is found. */
    private static final int MODEL = 24 + 24 + Footprint.HASH_ENTRY + 3 * Footprint.REFERENCE;

    private static final int FIELD = 80 + Footprint.REFERENCE;

    /** A compiled model with its table, where it is found, and where the text of its fields is. */
    private static final int COMPILED_MODEL = 64 + 2 * Footprint.ARRAY + 24 + 100 + 24;

    /** A compiled field with its checks, and its share of the table. */
    private static final int COMPILED_FIELD = 56 + 24 + 56 + 24 + 16 + 2 * Footprint.REFERENCE;

    /** A template and its facts, and where it is found: by its id, name and alias. */
    private static final int TEMPLATE = 40 + 24 + 40 + 24 + 3 * Footprint.HASH_ENTRY;

    /** A version, its number and its model. */
    private static final int VERSION = 32 + 24 + 24 + 24 + Footprint.REFERENCE;

    private static final int SOURCE_STEP = 32 + LIST + 24;

    private static final int NUMBER = 40;

    /** A compiled pattern: some objects, and an object for each character. */
    private static final int PATTERN = 300;

    private static final int PATTERN_CHARACTER = 32;

    /** In percent. */
    private static final int PART = 70;

    private final MemoryBudget memory;
    private final MemoryAccount account;

    /** What all nodes take, and what of it is in the account: at most {@link #part}. */
    private long bytes;

    private long counted;
    private long part;

    /** Their models, each of which is counted once. */
    private final NodeModels models = new NodeModels();

    public NodeMemory(MemoryBudget memory) {
        this.memory = memory;
        this.part = partNow();
        this.account = memory.open(MemoryArea.HEAP, "nodes", PART, null);
    }

    private long partNow() {
        return memory.use(MemoryArea.HEAP).maximumBytes() / 100 * PART;
    }

    /**
     * Counts bytes of nodes. What was loaded beyond the part of the nodes is not counted: it must
     * not take the part of the clients.
     */
    private void count(long more) {
        bytes += more;
        long now = Math.min(bytes, part);
        account.add(now - counted);
        counted = now;
    }

    /**
     * Counts a node.
     *
     * @return the same with the objects that other nodes have; only this one may be kept
     */
    Node add(Node node) {
        Node shared = models.shared(node);
        count(of(shared));
        Model model = shared.payload().model();
        if (model != Model.ANY && models.add(model)) {
            count(of(model));
        }
        return shared;
    }

    /** A node that {@link #add} returned is no more. */
    void remove(Node node) {
        count(-of(node));
        Model model = node.payload().model();
        if (model != Model.ANY && models.remove(model)) {
            count(-of(model));
        }
    }

    /**
     * The text of the fields of a node that is counted, for searches; one object for all nodes with
     * an equal model.
     */
    String fieldsOf(Node node) {
        return models.fields(node.payload().model());
    }

    /** Counts templates. */
    public void add(Collection<Template> templates) {
        templates.forEach(each -> count(of(each)));
    }

    /** A template that was counted is no more, or another is in its place. */
    public void remove(Template template) {
        count(-of(template));
    }

    /**
     * Whether there is room for templates.
     *
     * @param before those in whose place others come
     * @param after those that come
     * @param who wants it
     * @throws MemoryShortException if not
     */
    public void requireRoom(Collection<Template> before, Collection<Template> after, String who) {
        long more =
                after.stream().mapToLong(NodeMemory::of).sum()
                        - before.stream().mapToLong(NodeMemory::of).sum();
        if (more > 0) {
            requireRoom(more, who);
        }
    }

    /** What a template takes; topics that pin it share its fields, and are counted with theirs. */
    private static long of(Template template) {
        long bytes =
                TEMPLATE
                        + Footprint.of(template.name())
                        + Footprint.of(template.alias())
                        + Footprint.of(template.facts().description())
                        + of(template.facts().labels());
        for (TemplateVersion each : template.versions()) {
            bytes += VERSION + LIST + Footprint.of(each.note());
            for (Field field : each.model().fields()) {
                bytes += of(field);
            }
        }
        return bytes;
    }

    /** Counts paths of which it is remembered that people have deleted them. */
    public void addDeleted(Collection<String> paths) {
        count(ofDeleted(paths));
    }

    private static long ofDeleted(Collection<String> paths) {
        long bytes = 0;
        for (String path : paths) {
            bytes += Footprint.of(path) + Footprint.HASH_ENTRY;
        }
        return bytes;
    }

    /**
     * Whether there is room for a change of nodes.
     *
     * @param before those that go, or in whose place others come
     * @param after those that come
     * @param deleted paths of which it is to be remembered that people have deleted them
     * @param who wants it
     * @throws MemoryShortException if not
     */
    public void requireRoom(
            Collection<Node> before,
            Collection<Node> after,
            Collection<String> deleted,
            String who) {
        Map<Model, Integer> objects = new IdentityHashMap<>();
        long more = ofDeleted(deleted);
        for (Node node : after) {
            more += of(node);
            objects.merge(node.payload().model(), 1, Integer::sum);
        }
        for (Node node : before) {
            more -= of(node);
            objects.merge(node.payload().model(), -1, Integer::sum);
        }
        Map<Model, Integer> users = new HashMap<>();
        objects.forEach((model, change) -> users.merge(model, change, Integer::sum));
        for (Map.Entry<Model, Integer> each : users.entrySet()) {
            int now = models.nodes(each.getKey());
            int then = now + each.getValue();
            if (now == 0 != (then == 0)) {
                more += now == 0 ? of(each.getKey()) : -of(each.getKey());
            }
        }
        if (more > 0) {
            requireRoom(more, who);
        }
    }

    /** The same for so many bytes more. */
    public void requireRoom(long more, String who) {
        part = partNow();
        if (bytes + more > part || !account.hasRoom(MemoryAccount.COMMON, more)) {
            account.refused(who, bytes);
            throw new MemoryShortException(
                    "The memory of the server is short: there is no room for "
                            + (more + 1023 >> 10)
                            + " KiB more of nodes, which take "
                            + (bytes >> 20)
                            + " MiB.");
        }
    }

    private static long of(Node node) {
        NodeIdentity identity = node.identity();
        long bytes =
                NODE
                        + Footprint.of(identity.name())
                        + Footprint.of(identity.path())
                        + Footprint.of(identity.alias())
                        + ofText(node)
                        + (node.type() == NodeType.TOPIC ? TOPIC : 0);
        String wireTopic = node.payload().wireTopic();
        if (wireTopic != null) {
            bytes += Footprint.of(wireTopic) + Footprint.HASH_ENTRY;
        }
        NodeLabels labels = node.labels();
        if (!labels.equals(NodeLabels.NONE)) {
            bytes +=
                    LABELS
                            + Footprint.of(labels.displayName())
                            + Footprint.of(labels.description())
                            + of(labels.labels())
                            + Footprint.of(labels.isa95Level());
            for (Map.Entry<String, String> each : labels.extendProperties().entrySet()) {
                bytes +=
                        4 * Footprint.REFERENCE
                                + Footprint.of(each.getKey())
                                + Footprint.of(each.getValue());
            }
        }
        return bytes;
    }

    private static long ofText(Node node) {
        String text = NodeText.of(node);
        return text.equals(node.name()) ? 0 : Footprint.of(text);
    }

    /** What a model takes, however many nodes have it: with the compiled one and its text. */
    private static long of(Model model) {
        if (model.fields().isEmpty()) {
            return model.equals(Model.ANY) ? 0 : MODEL;
        }
        long bytes = MODEL + LIST + COMPILED_MODEL + Footprint.of(NodeText.of(model));
        for (Field field : model.fields()) {
            bytes += of(field) + ofCompiled(field);
        }
        return bytes;
    }

    private static long of(Field field) {
        return FIELD
                + Footprint.of(field.name())
                + Footprint.of(field.source())
                + Footprint.of(field.unit())
                + Footprint.of(field.displayName())
                + Footprint.of(field.description())
                + Footprint.of(field.pattern())
                + of(field.allowed())
                + of(field.min())
                + of(field.max());
    }

    private static long ofCompiled(Field field) {
        return COMPILED_FIELD
                + Footprint.array(field.name().getBytes(UTF_8).length)
                + (long) field.allowed().size() * Footprint.HASH_ENTRY
                + ofSource(field.source())
                + ofPattern(field.pattern());
    }

    private static long of(List<String> texts) {
        long bytes = texts.isEmpty() ? 0 : LIST;
        for (String text : texts) {
            bytes += Footprint.REFERENCE + Footprint.of(text);
        }
        return bytes;
    }

    private static long of(@Nullable Number bound) {
        return bound == null ? 0 : NUMBER;
    }

    /** A place for each step of a path, which may be as short as two characters. */
    private static long ofSource(@Nullable String source) {
        return source == null ? 0 : (long) (1 + source.length() / 8) * SOURCE_STEP;
    }

    private static long ofPattern(@Nullable String pattern) {
        return pattern == null ? 0 : PATTERN + (long) pattern.length() * PATTERN_CHARACTER;
    }

    /** Gives back everything. */
    @Override
    public void close() {
        account.close();
    }
}

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
import io.busbar.uns.registry.footprint.Footprint;
import io.busbar.uns.registry.search.NodeText;
import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    /** The object, and how many nodes have it. */
    private static final int MODEL = 24 + 24;

    private static final int FIELD = 80 + Footprint.REFERENCE;

    /** A compiled model with its table, where it is found, and where the text of its fields is. */
    private static final int COMPILED_MODEL = 64 + 2 * Footprint.ARRAY + 24 + 100 + 24;

    /** A compiled field with its checks, and its share of the table. */
    private static final int COMPILED_FIELD = 56 + 24 + 56 + 24 + 16 + 2 * Footprint.REFERENCE;

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

    /** Counts a node. */
    void add(Node node) {
        count(of(node));
        Model model = node.payload().model();
        if (model != Model.ANY) {
            count(of(models.add(model), model));
        }
    }

    /** A node is no more. */
    void remove(Node node) {
        count(-of(node));
        Model model = node.payload().model();
        if (model != Model.ANY) {
            count(-of(models.remove(model), model));
        }
    }

    private static long of(NodeModels.Change change, Model model) {
        return switch (change) {
            case NONE -> 0;
            case OBJECT -> of(model);
            case KIND -> of(model) + ofKind(model);
        };
    }

    /**
     * The text of the fields of a node that is counted, for searches; one object for all nodes with
     * an equal model.
     */
    String fieldsOf(Node node) {
        return models.fields(node.payload().model());
    }

    /** Counts a path of which it is remembered that people have deleted it. */
    public void addDeleted(Collection<String> paths) {
        for (String path : paths) {
            count(Footprint.of(path) + Footprint.HASH_ENTRY);
        }
    }

    /**
     * Whether there is room for new nodes.
     *
     * @param who wants to make them
     * @throws MemoryShortException if not
     */
    public void requireRoom(Collection<Node> nodes, String who) {
        Map<Model, Boolean> fresh = new IdentityHashMap<>();
        Set<Model> distinct = new HashSet<>();
        long more = 0;
        for (Node node : nodes) {
            more += of(node);
            Model model = node.payload().model();
            if (model != Model.ANY && !models.has(model) && fresh.put(model, true) == null) {
                more += of(model);
                if (!models.hasEqual(model) && distinct.add(model)) {
                    more += ofKind(model);
                }
            }
        }
        requireRoom(more, who);
    }

    /**
     * Whether there is room for another version of a node.
     *
     * @throws MemoryShortException if not
     */
    public void requireRoom(Node before, Node after, String who) {
        long more = ofAll(after) - ofAll(before);
        if (more > 0) {
            requireRoom(more, who);
        }
    }

    private static long ofAll(Node node) {
        Model model = node.payload().model();
        return of(node) + of(model) + ofKind(model);
    }

    private void requireRoom(long more, String who) {
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
        if (labels != NodeLabels.NONE) {
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

    private static long of(Model model) {
        if (model.fields().isEmpty()) {
            return model == Model.ANY ? 0 : MODEL;
        }
        long bytes = MODEL + LIST;
        for (Field field : model.fields()) {
            bytes +=
                    FIELD
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
        return bytes;
    }

    /** What all equal models need once: the compiled one, and the text of the fields. */
    private static long ofKind(Model model) {
        if (model.fields().isEmpty()) {
            return 0;
        }
        long bytes = COMPILED_MODEL + Footprint.of(NodeText.of(model));
        for (Field field : model.fields()) {
            bytes +=
                    COMPILED_FIELD
                            + Footprint.array(field.name().getBytes(UTF_8).length)
                            + (long) field.allowed().size() * Footprint.HASH_ENTRY
                            + ofSource(field.source())
                            + ofPattern(field.pattern());
        }
        return bytes;
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

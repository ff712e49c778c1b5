package io.busbar.uns.registry.recycle;

import io.busbar.api.audit.Actor;
import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.Documents;
import io.busbar.api.storage.StorageException;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RecycledNode;
import io.busbar.api.uns.RefusedException;
import io.busbar.json.JsonMapper;
import io.busbar.uns.registry.document.NodeParcels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is in the recycle bin, in the document store: for each deleted node a head, which is in
 * memory as well, and the nodes in parcels, which are not. Whoever changes nodes asks for the
 * changes of the documents, writes them together with its own, and says then that it is done; only
 * one at a time. Readers never wait.
 */
public final class RecycledNodes {
    /** How many deletions are remembered, however small they are. */
    static final int MAX_ENTRIES = 1_000;

    private static final String HEADS = "uns_recycled";
    private static final String PARCELS = "uns_recycled_nodes";
    private static final Logger LOG = LoggerFactory.getLogger(RecycledNodes.class);
    private static final JsonMapper MAPPER = JsonMapper.builder().tolerateUnknownKeys().build();

    private final Documents documents;
    private final RecycleLimits limits;
    private final UnaryOperator<Model> templates;

    /** The latest first. */
    private volatile List<Entry> entries;

    /** A head as it is stored. */
    private record Head(
            NodeType type,
            String path,
            int nodes,
            int topics,
            int parcels,
            Instant deletedAt,
            String deletedBy) {}

    /** A head, and how many parcels it has. */
    private record Entry(RecycledNode node, int parcels) {
        Stream<DocumentChange> removal() {
            return Stream.concat(
                    Stream.of(DocumentChange.delete(HEADS, node.id().toString())),
                    IntStream.range(0, parcels)
                            .mapToObj(i -> DocumentChange.delete(PARCELS, key(node.id(), i))));
        }

        Stream<DocumentChange> puts(List<List<Node>> pieces) {
            Head head =
                    new Head(
                            node.type(),
                            node.path(),
                            node.nodes(),
                            node.topics(),
                            parcels,
                            node.deletedAt(),
                            node.deletedBy());
            return Stream.concat(
                    Stream.of(DocumentChange.put(HEADS, node.id().toString(), MAPPER.write(head))),
                    IntStream.range(0, parcels)
                            .mapToObj(
                                    i ->
                                            DocumentChange.put(
                                                    PARCELS,
                                                    key(node.id(), i),
                                                    NodeParcels.write(pieces.get(i)))));
        }
    }

    /** What comes into the bin, and what leaves it for that. */
    public static final class Addition {
        /** Of what is not kept. */
        public static final Addition NONE = new Addition(null, List.of(), List.of());

        private final @Nullable Entry entry;
        private final List<List<Node>> pieces;
        private final List<Entry> leaving;

        private Addition(@Nullable Entry entry, List<List<Node>> pieces, List<Entry> leaving) {
            this.entry = entry;
            this.pieces = pieces;
            this.leaving = leaving;
        }

        /** The changes of documents, made one by one as they are asked for. */
        public Stream<DocumentChange> changes() {
            Stream<DocumentChange> out = leaving.stream().flatMap(Entry::removal);
            return entry == null ? out : Stream.concat(out, entry.puts(pieces));
        }
    }

    /**
     * Loads the heads; those that cannot be read stay where they are and are named in the log.
     *
     * @param templates puts the fields of the template that a model pins before its own
     */
    public RecycledNodes(
            Documents documents, RecycleLimits limits, UnaryOperator<Model> templates) {
        this.templates = templates;
        this.documents = documents;
        this.limits = limits;
        List<Entry> loaded = new ArrayList<>();
        documents.scan(HEADS, document -> load(document, loaded));
        this.entries = sorted(loaded);
    }

    private void load(Document document, List<Entry> into) {
        try {
            UUID id = UUID.fromString(document.key());
            Head head = MAPPER.read(document.json(), Head.class);
            RecycledNode node =
                    new RecycledNode(
                            id,
                            head.type(),
                            head.path(),
                            head.nodes(),
                            head.topics(),
                            head.deletedAt(),
                            head.deletedBy(),
                            head.deletedAt().plus(lifetime()));
            into.add(new Entry(node, head.parcels()));
        } catch (IllegalArgumentException e) {
            LOG.warn(
                    "Namespace: a deleted node cannot be read and is not shown; its document is"
                            + " kept (collection={}, key={})",
                    document.collection(),
                    document.key(),
                    e);
        }
    }

    private Duration lifetime() {
        return Duration.ofDays(limits.days());
    }

    private static List<Entry> sorted(List<Entry> unsorted) {
        return unsorted.stream()
                .sorted(
                        Comparator.comparing((Entry each) -> each.node().deletedAt())
                                .thenComparing(each -> each.node().id())
                                .reversed())
                .toList();
    }

    public RecycleLimits limits() {
        return limits;
    }

    /** What is in the bin, the latest deletion first. */
    public List<RecycledNode> list() {
        return entries.stream().map(Entry::node).toList();
    }

    /**
     * What is in it of a node.
     *
     * @throws NoSuchElementException if there is none
     */
    public RecycledNode get(UUID id) {
        return entry(id).node();
    }

    private Entry entry(UUID id) {
        return entries.stream()
                .filter(each -> each.node().id().equals(id))
                .findFirst()
                .orElseThrow(
                        () ->
                                new NoSuchElementException(
                                        "id: " + id + " (not in the recycle bin)"));
    }

    /**
     * Plans to take a branch in.
     *
     * @param branch parents first
     * @throws IllegalArgumentException if it is larger than the bin
     */
    public Addition plan(List<Node> branch, Instant now, Actor actor) {
        if (limits.nodes() == 0) {
            return Addition.NONE;
        }
        if (branch.size() > limits.nodes()) {
            throw new RefusedException(
                    "recycleBin: "
                            + branch.size()
                            + " nodes (expected: at most "
                            + limits.nodes()
                            + ", which the recycle bin holds; delete them for good, or in parts)",
                    Reason.Code.BIN_TOO_SMALL,
                    "found",
                    String.valueOf(branch.size()),
                    "max",
                    String.valueOf(limits.nodes()));
        }
        Node root = branch.get(0);
        int topics = (int) branch.stream().filter(each -> each.type() == NodeType.TOPIC).count();
        RecycledNode node =
                new RecycledNode(
                        root.id(),
                        root.type(),
                        root.path(),
                        branch.size(),
                        topics,
                        now,
                        actor.name(),
                        now.plus(lifetime()));
        List<List<Node>> pieces = NodeParcels.cut(branch);
        return new Addition(new Entry(node, pieces.size()), pieces, leaving(branch.size()));
    }

    /** The oldest that make room for so many nodes. */
    private List<Entry> leaving(int nodes) {
        List<Entry> leaving = new ArrayList<>();
        long sum = nodes;
        int kept = 1;
        for (Entry each : entries) {
            sum += each.node().nodes();
            if (sum > limits.nodes() || ++kept > MAX_ENTRIES) {
                leaving.add(each);
            }
        }
        return leaving;
    }

    /** It is written. */
    public void done(Addition addition) {
        List<Entry> now = new ArrayList<>(entries);
        now.removeAll(addition.leaving);
        if (addition.entry != null) {
            now.add(addition.entry);
        }
        entries = sorted(now);
    }

    /** The changes that take a node out. */
    public List<DocumentChange> removal(UUID id) {
        return entry(id).removal().toList();
    }

    /** It is out. */
    public void removed(UUID id) {
        entries = entries.stream().filter(each -> !each.node().id().equals(id)).toList();
    }

    /** Takes some out for good, and says which. */
    public List<RecycledNode> remove(Predicate<RecycledNode> which) {
        List<Entry> leaving = entries.stream().filter(each -> which.test(each.node())).toList();
        if (!leaving.isEmpty()) {
            documents.commit(leaving.stream().flatMap(Entry::removal).toList());
            entries = entries.stream().filter(each -> !leaving.contains(each)).toList();
        }
        return leaving.stream().map(Entry::node).toList();
    }

    /** Whether the time of a node is over. */
    public static boolean isExpired(RecycledNode node, Instant now) {
        return !now.isBefore(node.until());
    }

    /**
     * The nodes of a branch, parents first; their paths begin with the name of the first.
     *
     * @throws StorageException if they cannot be read
     */
    public List<Node> read(UUID id) {
        Entry entry = entry(id);
        NodeParcels.Reading reading = new NodeParcels.Reading(templates);
        for (int i = 0; i < entry.parcels(); i++) {
            String key = key(id, i);
            Document document =
                    documents
                            .get(PARCELS, key)
                            .orElseThrow(() -> new StorageException(unreadable(entry, key)));
            try {
                reading.add(document.json());
            } catch (IllegalArgumentException e) {
                throw new StorageException(unreadable(entry, key), e);
            }
        }
        if (reading.nodes().size() != entry.node().nodes()) {
            throw new StorageException(unreadable(entry, key(id, 0)));
        }
        return reading.nodes();
    }

    private static String unreadable(Entry entry, String key) {
        return "'"
                + entry.node().path()
                + "' cannot be restored: its document cannot be read (collection="
                + PARCELS
                + ", key="
                + key
                + ")";
    }

    private static String key(UUID id, int parcel) {
        return String.format(Locale.ROOT, "%s.%06d", id, parcel);
    }
}

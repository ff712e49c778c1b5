package io.busbar.uns.registry.tree;

import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The nodes in memory, found by id, path, alias and parent. Thread-safe: many threads may read at
 * the same time; during a change, which happens in memory only, readers wait.
 */
public final class NodeTree {
    private static final Comparator<Item> ORDER =
            Comparator.comparing((Item item) -> item.node.type())
                    .thenComparing(item -> item.node.name(), String.CASE_INSENSITIVE_ORDER)
                    .thenComparing(item -> item.node.name());

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final Map<UUID, Item> byId = new HashMap<>();
    private final Map<String, Item> byPath = new HashMap<>();
    private final Map<String, Item> byAlias = new HashMap<>();
    private final TreeSet<Item> roots = new TreeSet<>(ORDER);
    private long topics;

    private static final class Item {
        final @Nullable Item parent;
        final TreeSet<Item> children = new TreeSet<>(ORDER);
        Node node;
        long topics;

        Item(@Nullable Item parent, Node node) {
            this.parent = parent;
            this.node = node;
        }
    }

    /** A node whose path has changed because a node was renamed. */
    public record Moved(Node before, Node after) {}

    public @Nullable Node get(UUID id) {
        lock.readLock().lock();
        try {
            return node(byId.get(id));
        } finally {
            lock.readLock().unlock();
        }
    }

    public @Nullable Node byPath(String path) {
        lock.readLock().lock();
        try {
            return node(byPath.get(path));
        } finally {
            lock.readLock().unlock();
        }
    }

    public @Nullable Node byAlias(String alias) {
        lock.readLock().lock();
        try {
            return node(byAlias.get(alias));
        } finally {
            lock.readLock().unlock();
        }
    }

    public List<Node> children(@Nullable UUID parentId) {
        lock.readLock().lock();
        try {
            TreeSet<Item> items = roots;
            if (parentId != null) {
                Item parent = byId.get(parentId);
                if (parent == null) {
                    return List.of();
                }
                items = parent.children;
            }
            List<Node> nodes = new ArrayList<>(items.size());
            for (Item item : items) {
                nodes.add(item.node);
            }
            return nodes;
        } finally {
            lock.readLock().unlock();
        }
    }

    public long topicsBelow(UUID id) {
        lock.readLock().lock();
        try {
            Item item = byId.get(id);
            return item == null ? 0 : item.topics;
        } finally {
            lock.readLock().unlock();
        }
    }

    public long topics() {
        lock.readLock().lock();
        try {
            return topics;
        } finally {
            lock.readLock().unlock();
        }
    }

    public long size() {
        lock.readLock().lock();
        try {
            return byId.size();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The node and all below it, parents first. */
    public List<Node> subtree(UUID id) {
        lock.readLock().lock();
        try {
            List<Node> nodes = new ArrayList<>();
            Item item = byId.get(id);
            if (item != null) {
                collect(item, nodes);
            }
            return nodes;
        } finally {
            lock.readLock().unlock();
        }
    }

    private static void collect(Item item, List<Node> into) {
        into.add(item.node);
        for (Item child : item.children) {
            collect(child, into);
        }
    }

    public List<Node> search(String text, int limit) {
        String wanted = text.strip().toLowerCase(Locale.ROOT);
        if (wanted.isEmpty() || limit <= 0) {
            return List.of();
        }
        record Hit(int rank, Node node) {}
        List<Hit> hits = new ArrayList<>();
        lock.readLock().lock();
        try {
            for (Item item : byId.values()) {
                int rank = rank(item.node, wanted);
                if (rank >= 0) {
                    hits.add(new Hit(rank, item.node));
                }
            }
        } finally {
            lock.readLock().unlock();
        }
        hits.sort(
                Comparator.comparingInt(Hit::rank)
                        .thenComparingInt(hit -> hit.node().path().length())
                        .thenComparing(hit -> hit.node().path()));
        return hits.stream().limit(limit).map(Hit::node).toList();
    }

    /** How well a node fits: 0 = best, -1 = not at all. */
    private static int rank(Node node, String wanted) {
        String name = node.name().toLowerCase(Locale.ROOT);
        if (name.equals(wanted)) {
            return 0;
        }
        if (name.startsWith(wanted)) {
            return 1;
        }
        if (name.contains(wanted)) {
            return 2;
        }
        if (holds(node.labels().displayName(), wanted) || holds(node.identity().alias(), wanted)) {
            return 3;
        }
        if (node.labels().labels().stream().anyMatch(label -> holds(label, wanted))
                || node.payload().model().fields().stream()
                        .anyMatch(field -> holds(field.name(), wanted))) {
            return 4;
        }
        return holds(node.path(), wanted) ? 5 : holds(node.labels().description(), wanted) ? 6 : -1;
    }

    private static boolean holds(@Nullable String text, String wanted) {
        return text != null && text.toLowerCase(Locale.ROOT).contains(wanted);
    }

    /** Adds nodes, parents before their children. */
    public void add(List<Node> nodes) {
        lock.writeLock().lock();
        try {
            for (Node node : nodes) {
                Item parent =
                        node.identity().parentId() == null
                                ? null
                                : byId.get(node.identity().parentId());
                Item item = new Item(parent, node);
                byId.put(node.id(), item);
                byPath.put(node.path(), item);
                byAlias.put(node.identity().alias(), item);
                siblings(item).add(item);
                if (node.type() == NodeType.TOPIC) {
                    countTopics(item, 1);
                }
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /**
     * Puts another version of a node in its place; a new name moves all below. Returns what has
     * another path now, the node itself first, or nothing.
     */
    public List<Moved> replace(Node node) {
        lock.writeLock().lock();
        try {
            Item item = byId.get(node.id());
            Node before = item.node;
            siblings(item).remove(item);
            item.node = node;
            siblings(item).add(item);
            if (before.type() != node.type()) {
                countTopics(item, node.type() == NodeType.TOPIC ? 1 : -1);
            }
            List<Moved> moved = new ArrayList<>();
            if (!before.path().equals(node.path())) {
                byPath.remove(before.path());
                byPath.put(node.path(), item);
                moved.add(new Moved(before, node));
                movePaths(item, moved);
            }
            return moved;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void movePaths(Item parent, List<Moved> moved) {
        for (Item child : parent.children) {
            Node before = child.node;
            Node after =
                    before.withIdentity(
                            before.identity().withPath(parent.node.path() + "/" + before.name()));
            byPath.remove(before.path());
            child.node = after;
            byPath.put(after.path(), child);
            moved.add(new Moved(before, after));
            movePaths(child, moved);
        }
    }

    /** Takes a node out, and all below it. */
    public void remove(UUID id) {
        lock.writeLock().lock();
        try {
            Item item = byId.get(id);
            if (item == null) {
                return;
            }
            siblings(item).remove(item);
            countTopics(item, -item.topics);
            List<Node> gone = new ArrayList<>();
            collect(item, gone);
            for (Node node : gone) {
                byId.remove(node.id());
                byPath.remove(node.path());
                byAlias.remove(node.identity().alias());
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void countTopics(Item item, long change) {
        topics += change;
        for (Item at = item; at != null; at = at.parent) {
            at.topics += change;
        }
    }

    private TreeSet<Item> siblings(Item item) {
        return item.parent == null ? roots : item.parent.children;
    }

    private static @Nullable Node node(@Nullable Item item) {
        return item == null ? null : item.node;
    }
}

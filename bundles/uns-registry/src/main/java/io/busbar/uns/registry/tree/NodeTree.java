package io.busbar.uns.registry.tree;

import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
    private final Siblings roots = new Siblings();
    private long topics;

    private static final class Item {
        final @Nullable Item parent;
        Node node;

        /** Null as long as there are none, as below nearly all topics. */
        @Nullable Siblings children;

        int topics;

        Item(@Nullable Item parent, Node node) {
            this.parent = parent;
            this.node = node;
        }
    }

    /** The children of one node in their order; a list, because most of them only ever grow. */
    private static final class Siblings {
        private final ArrayList<Item> items = new ArrayList<>(1);

        int indexOf(Item item) {
            return Collections.binarySearch(items, item, ORDER);
        }

        void add(Item item) {
            items.add(-1 - indexOf(item), item);
        }

        void remove(Item item) {
            items.remove(indexOf(item));
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
        return children(parentId, 0, Integer.MAX_VALUE);
    }

    /**
     * Some of the children of a node.
     *
     * @param from the index of the first
     * @param limit how many at most
     */
    public List<Node> children(@Nullable UUID parentId, int from, int limit) {
        lock.readLock().lock();
        try {
            Siblings children = childrenOf(parentId);
            if (children == null || from >= children.items.size()) {
                return List.of();
            }
            int to = (int) Math.min((long) from + limit, children.items.size());
            List<Node> nodes = new ArrayList<>(to - from);
            for (Item item : children.items.subList(from, to)) {
                nodes.add(item.node);
            }
            return nodes;
        } finally {
            lock.readLock().unlock();
        }
    }

    /** How many children a node has. */
    public int childCount(@Nullable UUID parentId) {
        lock.readLock().lock();
        try {
            Siblings children = childrenOf(parentId);
            return children == null ? 0 : children.items.size();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The place of a node among its siblings, from 0; -1 if there is no such node. */
    public int indexOf(UUID id) {
        lock.readLock().lock();
        try {
            Item item = byId.get(id);
            return item == null ? -1 : siblings(item).indexOf(item);
        } finally {
            lock.readLock().unlock();
        }
    }

    private @Nullable Siblings childrenOf(@Nullable UUID parentId) {
        if (parentId == null) {
            return roots;
        }
        Item parent = byId.get(parentId);
        return parent == null ? null : parent.children;
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
        if (item.children != null) {
            for (Item child : item.children.items) {
                collect(child, into);
            }
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
            // Sorted once at the end: each in its place would move all siblings after it.
            Set<Siblings> unsorted = nodes.size() > 1 ? new HashSet<>() : Set.of();
            for (Node node : nodes) {
                Item parent =
                        node.identity().parentId() == null
                                ? null
                                : byId.get(node.identity().parentId());
                Item item = new Item(parent, node);
                byId.put(node.id(), item);
                byPath.put(node.path(), item);
                byAlias.put(node.identity().alias(), item);
                Siblings siblings = siblings(item);
                if (nodes.size() == 1) {
                    siblings.add(item);
                } else {
                    siblings.items.add(item);
                    unsorted.add(siblings);
                }
                if (node.type() == NodeType.TOPIC) {
                    countTopics(item, 1);
                }
            }
            unsorted.forEach(each -> each.items.sort(ORDER));
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
        if (parent.children == null) {
            return;
        }
        for (Item child : parent.children.items) {
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

    private void countTopics(Item item, int change) {
        topics += change;
        for (Item at = item; at != null; at = at.parent) {
            at.topics += change;
        }
    }

    private Siblings siblings(Item item) {
        Item parent = item.parent;
        if (parent == null) {
            return roots;
        }
        Siblings children = parent.children;
        if (children == null) {
            children = new Siblings();
            parent.children = children;
        }
        return children;
    }

    private static @Nullable Node node(@Nullable Item item) {
        return item == null ? null : item.node;
    }
}

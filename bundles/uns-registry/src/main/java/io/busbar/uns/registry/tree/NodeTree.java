package io.busbar.uns.registry.tree;

import io.busbar.api.uns.EffectivePolicy;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodePolicy;
import io.busbar.api.uns.NodeType;
import io.busbar.uns.registry.policy.Inheritance;
import io.busbar.uns.registry.search.NodeText;
import io.busbar.uns.registry.search.NodeVisitor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private final NodeIndex<UUID, Item> byId = new NodeIndex<>(item -> item.node.id());
    private final NodeIndex<String, Item> byPath = new NodeIndex<>(item -> item.node.path());
    private final NodeIndex<String, Item> byAlias =
            new NodeIndex<>(item -> item.node.identity().alias());

    /** Of the nodes that have one. */
    private final Map<String, Item> byWireTopic = new HashMap<>();

    /** The nodes that say a policy themselves. */
    private final Map<UUID, Node> saying = new HashMap<>();

    private final Siblings roots = new Siblings();
    private final NodeMemory memory;
    private final EffectivePolicy outermost;
    private long topics;

    /**
     * Starts without nodes.
     *
     * @param memory counts them
     */
    public NodeTree(NodeMemory memory) {
        this(memory, EffectivePolicy.DEFAULT);
    }

    /**
     * Starts without nodes.
     *
     * @param memory counts them
     * @param outermost what holds where no node says anything
     */
    public NodeTree(NodeMemory memory, EffectivePolicy outermost) {
        this.memory = memory;
        this.outermost = outermost;
    }

    private static final class Item {
        @Nullable Item parent;
        Node node;

        /** The {@link NodeText} of the node, and that of its fields. */
        String text;

        String fields;

        /** Null as long as there are none, as below nearly all topics. */
        @Nullable Siblings children;

        int topics;

        Item(@Nullable Item parent, Node node, String fields) {
            this.parent = parent;
            this.node = node;
            this.text = NodeText.of(node);
            this.fields = fields;
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

    /** A node in the place of which there is another version. */
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

    /** The TOPIC node whose values come on an MQTT topic. */
    public @Nullable Node byTopic(String topic) {
        lock.readLock().lock();
        try {
            Item wired = byWireTopic.get(topic);
            Node node = node(wired == null ? byPath.get(topic) : wired);
            return node != null && node.type() == NodeType.TOPIC && node.topic().equals(topic)
                    ? node
                    : null;
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The nodes with a wire topic. */
    public List<Node> withWireTopic() {
        lock.readLock().lock();
        try {
            return byWireTopic.values().stream().map(item -> item.node).toList();
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

    /** The nodes that say a policy themselves. */
    public List<Node> saying() {
        lock.readLock().lock();
        try {
            return List.copyOf(saying.values());
        } finally {
            lock.readLock().unlock();
        }
    }

    private void listen(Node node) {
        if (!node.policy().equals(NodePolicy.INHERITED)) {
            saying.put(node.id(), node);
        } else {
            saying.remove(node.id());
        }
    }

    /** The policies that hold for a node; if there is no such node, what holds without one. */
    public EffectivePolicy policyOf(UUID id) {
        lock.readLock().lock();
        try {
            return policyOf(byId.get(id));
        } finally {
            lock.readLock().unlock();
        }
    }

    /**
     * What holds for a topic without a node: what holds for the nearest node above it, or where
     * there is none.
     */
    public EffectivePolicy policyAbove(String topic) {
        lock.readLock().lock();
        try {
            Item item = null;
            for (int end = topic.lastIndexOf('/');
                    item == null && end > 0;
                    end = topic.lastIndexOf('/', end - 1)) {
                item = byPath.get(topic.substring(0, end));
            }
            return policyOf(item);
        } finally {
            lock.readLock().unlock();
        }
    }

    private EffectivePolicy policyOf(@Nullable Item item) {
        return item == null ? outermost : Inheritance.below(policyOf(item.parent), item.node);
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

    /**
     * A node and all below it, with the nodes above it before, from the root; empty if there is no
     * such node.
     *
     * @param id null = all nodes
     */
    public List<Node> withParents(@Nullable UUID id) {
        lock.readLock().lock();
        try {
            if (id == null) {
                List<Node> all = new ArrayList<>(byId.size());
                roots.items.forEach(root -> collect(root, all));
                return all;
            }
            List<Node> nodes = new ArrayList<>();
            Item item = byId.get(id);
            for (Item at = item == null ? null : item.parent; at != null; at = at.parent) {
                nodes.add(0, at.node);
            }
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

    /** Shows all nodes in their order, each before those below it; changes wait meanwhile. */
    public void visit(NodeVisitor visitor) {
        lock.readLock().lock();
        try {
            visit(roots, visitor, 0);
        } finally {
            lock.readLock().unlock();
        }
    }

    private static void visit(Siblings siblings, NodeVisitor visitor, int above) {
        for (Item item : siblings.items) {
            int own = visitor.visit(item.node, item.text, item.fields, above);
            if (item.children != null) {
                visit(item.children, visitor, own);
            }
        }
    }

    /**
     * Adds nodes, parents before their children.
     *
     * @return the nodes in the same order as they are in the tree, where what is equal is shared
     */
    public List<Node> add(List<Node> nodes) {
        lock.writeLock().lock();
        try {
            List<Node> added = new ArrayList<>(nodes.size());
            // Sorted once at the end: each in its place would move all siblings after it.
            Set<Siblings> unsorted = nodes.size() > 1 ? new HashSet<>() : Set.of();
            for (Node each : nodes) {
                Node node = memory.add(each);
                added.add(node);
                Item parent =
                        node.identity().parentId() == null
                                ? null
                                : byId.get(node.identity().parentId());
                Item item = new Item(parent, node, memory.fieldsOf(node));
                byId.put(item);
                byPath.put(item);
                byAlias.put(item);
                wire(item);
                listen(node);
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
            return added;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /**
     * Puts other versions of nodes in their places; with another name or parent, also the place is
     * another. Returns them as they are in the tree, where what is equal is shared.
     *
     * @param versions parents before their children; where one has another path, all below it have
     *     to be there as well
     */
    public List<Moved> replace(List<Node> versions) {
        lock.writeLock().lock();
        try {
            List<Moved> moved = new ArrayList<>(versions.size());
            for (Node version : versions) {
                moved.add(replaceOne(version));
            }
            return moved;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private Moved replaceOne(Node version) {
        Item item = byId.get(version.id());
        Node before = item.node;
        UUID parentId = version.identity().parentId();
        boolean elsewhere = !Objects.equals(parentId, before.identity().parentId());
        boolean sorted =
                !elsewhere
                        && version.type() == before.type()
                        && version.name().equals(before.name());
        if (!sorted) {
            siblings(item).remove(item);
        }
        byPath.remove(before.path());
        unwire(before);
        // In this order, so that a model that stays is always in use and the text of it stays.
        Node node = memory.add(version);
        memory.remove(before);
        item.node = node;
        item.text = NodeText.of(node);
        item.fields = memory.fieldsOf(node);
        byPath.put(item);
        wire(item);
        listen(node);
        if (before.type() != node.type()) {
            countTopics(item, node.type() == NodeType.TOPIC ? 1 : -1);
        }
        if (elsewhere) {
            int topicsThere = item.topics;
            countTopics(item, -topicsThere);
            item.parent = parentId == null ? null : byId.get(parentId);
            countTopics(item, topicsThere);
        }
        if (!sorted) {
            siblings(item).add(item);
        }
        return new Moved(before, node);
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
                memory.remove(node);
                byId.remove(node.id());
                byPath.remove(node.path());
                unwire(node);
                saying.remove(node.id());
                byAlias.remove(node.identity().alias());
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void wire(Item item) {
        String wireTopic = item.node.payload().wireTopic();
        if (wireTopic != null) {
            byWireTopic.put(wireTopic, item);
        }
    }

    private void unwire(Node node) {
        String wireTopic = node.payload().wireTopic();
        if (wireTopic != null) {
            byWireTopic.remove(wireTopic);
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

package io.busbar.mqtt.broker.topic;

import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Share;
import io.busbar.mqtt.broker.delivery.Subscriber;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * All subscriptions, in a tree of the levels of their filters; finds those that match a topic.
 *
 * <p>Any thread may search without locks; changes are made one at a time. A change becomes visible
 * as a whole. {@link #version} increases after each change, so a cached result of {@link #match}
 * can be checked for being up to date.
 *
 * <p>A search goes down level by level and keeps the set of nodes that still match, so neither
 * depth nor wildcards cause recursion. The maps of children stay fast even if clients choose names
 * whose hashes collide.
 */
public final class SubscriptionTree {
    private final ShareStrategy strategy;
    private final Node root = new Node(null, "");
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicInteger shared = new AtomicInteger();
    private volatile long version = 1;

    /** One level of filters. Written under the tree's lock, read by all. */
    private static final class Node {
        private final @Nullable Node parent;
        private final String level;
        private volatile @Nullable ConcurrentHashMap<String, Node> children;
        private volatile @Nullable Node plus;

        /** Of the filter that ends here, and of the one that goes on with "#"; or null. */
        private volatile @Nullable Members ending;

        private volatile @Nullable Members rest;

        private volatile ShareGroup[] sharedEnding = NO_GROUPS;
        private volatile ShareGroup[] sharedRest = NO_GROUPS;

        private static final ShareGroup[] NO_GROUPS = {};

        Node(@Nullable Node parent, String level) {
            this.parent = parent;
            this.level = level;
        }

        boolean isEmpty() {
            ConcurrentHashMap<String, Node> map = children;
            return ending == null
                    && rest == null
                    && sharedEnding.length == 0
                    && sharedRest.length == 0
                    && plus == null
                    && (map == null || map.isEmpty());
        }
    }

    /** An empty tree, whose Shared Subscriptions follow the strategy. */
    public SubscriptionTree(ShareStrategy strategy) {
        this.strategy = strategy;
    }

    /** Grows with every change, after it. */
    public long version() {
        return version;
    }

    /** How many subscriptions there are, shared ones included. */
    public int size() {
        return size.get();
    }

    /** How many of them are shared. */
    public int sharedSize() {
        return shared.get();
    }

    /**
     * Adds a subscription or replaces the subscriber's one with the same filter, without a moment
     * in which neither is there [MQTT5-3.8.4-3].
     *
     * @return whether it is new
     */
    public synchronized boolean add(Subscription subscription) {
        TopicFilter filter = subscription.filter();
        List<String> levels = filter.levels();
        boolean rest = isRest(filter);
        Node node = root;
        int end = rest ? levels.size() - 1 : levels.size();
        for (int i = 0; i < end; i++) {
            String level = levels.get(i);
            if (level.equals("+")) {
                Node plus = node.plus;
                if (plus == null) {
                    plus = new Node(node, level);
                    node.plus = plus;
                }
                node = plus;
            } else {
                ConcurrentHashMap<String, Node> children = node.children;
                if (children == null) {
                    children = new ConcurrentHashMap<>(2);
                    node.children = children;
                }
                Node child = children.get(level);
                if (child == null) {
                    child = new Node(node, level);
                    children.put(level, child);
                }
                node = child;
            }
        }
        boolean isNew;
        String share = filter.shareName();
        if (share == null) {
            Members members = rest ? node.rest : node.ending;
            if (members == null) {
                members = new Members();
            }
            isNew = members.put(subscription.toMatch(null));
            if (rest) {
                node.rest = members;
            } else {
                node.ending = members;
            }
        } else {
            ShareGroup[] groups = rest ? node.sharedRest : node.sharedEnding;
            ShareGroup group = groupOf(groups, share);
            if (group == null) {
                group = new ShareGroup(filter, strategy);
                groups = Arrays.copyOf(groups, groups.length + 1);
                groups[groups.length - 1] = group;
                if (rest) {
                    node.sharedRest = groups;
                } else {
                    node.sharedEnding = groups;
                }
            }
            isNew = group.add(subscription);
            if (isNew) {
                shared.incrementAndGet();
            }
        }
        if (isNew) {
            size.incrementAndGet();
        }
        changed();
        return isNew;
    }

    /** Removes the subscriber's subscription of a filter; false if there was none. */
    public synchronized boolean remove(TopicFilter filter, Subscriber subscriber) {
        Node node = find(filter);
        if (node == null) {
            return false;
        }
        boolean rest = isRest(filter);
        String share = filter.shareName();
        if (share == null) {
            Members members = rest ? node.rest : node.ending;
            if (members == null || members.remove(subscriber) < 0) {
                return false;
            }
            if (members.isEmpty()) {
                if (rest) {
                    node.rest = null;
                } else {
                    node.ending = null;
                }
            }
        } else {
            ShareGroup[] groups = rest ? node.sharedRest : node.sharedEnding;
            ShareGroup group = groupOf(groups, share);
            if (group == null || !group.remove(subscriber)) {
                return false;
            }
            if (group.isEmpty()) {
                List<ShareGroup> left = new ArrayList<>(Arrays.asList(groups));
                left.remove(group);
                ShareGroup[] less = left.toArray(Node.NO_GROUPS);
                if (rest) {
                    node.sharedRest = less;
                } else {
                    node.sharedEnding = less;
                }
            }
            shared.decrementAndGet();
        }
        size.decrementAndGet();
        prune(node);
        changed();
        return true;
    }

    /** The Shared Subscription of a filter, or null if it has no members. */
    public synchronized @Nullable Share share(TopicFilter filter) {
        Node node = find(filter);
        String share = filter.shareName();
        return node == null || share == null
                ? null
                : groupOf(isRest(filter) ? node.sharedRest : node.sharedEnding, share);
    }

    private static boolean isRest(TopicFilter filter) {
        List<String> levels = filter.levels();
        return levels.get(levels.size() - 1).equals("#");
    }

    private @Nullable Node find(TopicFilter filter) {
        List<String> levels = filter.levels();
        Node node = root;
        int end = isRest(filter) ? levels.size() - 1 : levels.size();
        for (int i = 0; i < end && node != null; i++) {
            String level = levels.get(i);
            ConcurrentHashMap<String, Node> children = node.children;
            node = level.equals("+") ? node.plus : children == null ? null : children.get(level);
        }
        return node;
    }

    private static void prune(Node from) {
        Node node = from;
        for (Node parent; (parent = node.parent) != null && node.isEmpty(); node = parent) {
            if (node.level.equals("+")) {
                parent.plus = null;
            } else {
                ConcurrentHashMap<String, Node> children = parent.children;
                if (children != null) {
                    children.remove(node.level);
                    if (children.isEmpty()) {
                        parent.children = null;
                    }
                }
            }
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only under the lock
    private void changed() {
        version++;
    }

    private static @Nullable ShareGroup groupOf(ShareGroup[] groups, String name) {
        for (ShareGroup group : groups) {
            if (group.name().equals(name)) {
                return group;
            }
        }
        return null;
    }

    /** Finds who gets the messages of a topic. */
    public Matches match(TopicName topic) {
        long before = version;
        String name = topic.value();
        List<Match[][]> found = new ArrayList<>(2);
        List<Share> shares = new ArrayList<>(0);
        List<Node> nodes = new ArrayList<>();
        List<Node> next = new ArrayList<>();
        nodes.add(root);
        int start = 0;
        // A leading wildcard does not match a topic that begins with '$' [MQTT5-4.7.2-1].
        boolean wildcards = !topic.isSystem();
        while (start <= name.length() && !nodes.isEmpty()) {
            int slash = name.indexOf('/', start);
            int end = slash < 0 ? name.length() : slash;
            String level = name.substring(start, end);
            next.clear();
            for (int i = 0; i < nodes.size(); i++) {
                Node node = nodes.get(i);
                if (wildcards) {
                    collect(node.rest, node.sharedRest, found, shares);
                    Node plus = node.plus;
                    if (plus != null) {
                        next.add(plus);
                    }
                }
                ConcurrentHashMap<String, Node> children = node.children;
                Node child = children == null ? null : children.get(level);
                if (child != null) {
                    next.add(child);
                }
            }
            wildcards = true;
            List<Node> done = nodes;
            nodes = next;
            next = done;
            start = end + 1;
        }
        if (start > name.length()) {
            for (int i = 0; i < nodes.size(); i++) {
                Node node = nodes.get(i);
                collect(node.ending, node.sharedEnding, found, shares);
                // "sport/tennis/#" also matches "sport/tennis" [MQTT5-4.7.1-2].
                collect(node.rest, node.sharedRest, found, shares);
            }
        }
        return new Matches(
                before,
                Merging.of(found),
                shares.isEmpty() ? Matches.NO_SHARES : shares.toArray(Matches.NO_SHARES));
    }

    private static void collect(
            @Nullable Members members,
            ShareGroup[] groups,
            List<Match[][]> found,
            List<Share> shares) {
        Match[][] chunks = members == null ? Members.NONE : members.chunks();
        if (chunks.length > 0) {
            found.add(chunks);
        }
        for (ShareGroup group : groups) {
            shares.add(group);
        }
    }
}

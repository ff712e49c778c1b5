package io.busbar.mqtt.broker.topic;

import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Share;
import io.busbar.mqtt.broker.delivery.Subscriber;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
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
    private static final Subscription[] NONE = {};

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

        /** Of the filter that ends here. */
        private volatile Subscription[] ending = NONE;

        /** Of the filter that goes on with "#". */
        private volatile Subscription[] rest = NONE;

        private volatile ShareGroup[] sharedEnding = NO_GROUPS;
        private volatile ShareGroup[] sharedRest = NO_GROUPS;

        private static final ShareGroup[] NO_GROUPS = {};

        Node(@Nullable Node parent, String level) {
            this.parent = parent;
            this.level = level;
        }

        boolean isEmpty() {
            ConcurrentHashMap<String, Node> map = children;
            return ending.length == 0
                    && rest.length == 0
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
            Subscription[] old = rest ? node.rest : node.ending;
            int at = indexOf(old, subscription.subscriber());
            isNew = at < 0;
            Subscription[] more = Arrays.copyOf(old, isNew ? old.length + 1 : old.length);
            more[isNew ? old.length : at] = subscription;
            if (rest) {
                node.rest = more;
            } else {
                node.ending = more;
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
            Subscription[] old = rest ? node.rest : node.ending;
            int at = indexOf(old, subscriber);
            if (at < 0) {
                return false;
            }
            Subscription[] less = old.length == 1 ? NONE : Arrays.copyOf(old, old.length - 1);
            if (at < less.length) {
                less[at] = old[old.length - 1];
            }
            if (rest) {
                node.rest = less;
            } else {
                node.ending = less;
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

    private static int indexOf(Subscription[] subscriptions, Subscriber subscriber) {
        for (int i = 0; i < subscriptions.length; i++) {
            if (subscriptions[i].subscriber() == subscriber) {
                return i;
            }
        }
        return -1;
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
        List<Subscription> found = new ArrayList<>();
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
                targetsOf(found),
                shares.isEmpty() ? Matches.NO_SHARES : shares.toArray(Matches.NO_SHARES));
    }

    private static void collect(
            Subscription[] subscriptions,
            ShareGroup[] groups,
            List<Subscription> found,
            List<Share> shares) {
        for (Subscription subscription : subscriptions) {
            found.add(subscription);
        }
        for (ShareGroup group : groups) {
            shares.add(group);
        }
    }

    private static Match[] targetsOf(List<Subscription> found) {
        int n = found.size();
        if (n == 0) {
            return Matches.NO_TARGETS;
        }
        if (n == 1) {
            return new Match[] {matchOf(found, found.get(0).subscriber())};
        }
        Map<Subscriber, List<Subscription>> bySubscriber = new IdentityHashMap<>(n);
        List<Subscriber> order = new ArrayList<>(n);
        for (Subscription subscription : found) {
            List<Subscription> theirs = bySubscriber.get(subscription.subscriber());
            if (theirs == null) {
                theirs = new ArrayList<>(1);
                bySubscriber.put(subscription.subscriber(), theirs);
                order.add(subscription.subscriber());
            }
            theirs.add(subscription);
        }
        Match[] targets = new Match[order.size()];
        for (int i = 0; i < targets.length; i++) {
            Subscriber subscriber = order.get(i);
            targets[i] = matchOf(bySubscriber.get(subscriber), subscriber);
        }
        return targets;
    }

    /**
     * One delivery for all overlapping subscriptions of a subscriber: the highest QoS, every
     * identifier [MQTT5-3.3.4-2] [MQTT5-3.3.4-3] [MQTT5-3.3.4-4].
     */
    private static Match matchOf(List<Subscription> subscriptions, Subscriber subscriber) {
        boolean noLocal = false;
        for (Subscription subscription : subscriptions) {
            noLocal |= subscription.noLocal();
        }
        Match own = noLocal ? merge(subscriptions, subscriber, true, false, null) : null;
        return merge(subscriptions, subscriber, false, noLocal, own);
    }

    private static @Nullable Match merge(
            List<Subscription> subscriptions,
            Subscriber subscriber,
            boolean onlyLocal,
            boolean noLocal,
            @Nullable Match own) {
        Qos qos = null;
        boolean retainAsPublished = false;
        int[] identifiers = Match.NO_IDENTIFIERS;
        for (Subscription subscription : subscriptions) {
            if (onlyLocal && subscription.noLocal()) {
                continue;
            }
            qos = qos == null || qos.compareTo(subscription.qos()) < 0 ? subscription.qos() : qos;
            retainAsPublished |= subscription.retainAsPublished();
            if (subscription.identifier() != 0) {
                identifiers = Arrays.copyOf(identifiers, identifiers.length + 1);
                identifiers[identifiers.length - 1] = subscription.identifier();
            }
        }
        return qos == null
                ? null
                : new Match(subscriber, qos, retainAsPublished, identifiers, noLocal, own, null);
    }
}

package io.busbar.mqtt.broker.topic;

import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Share;
import io.busbar.mqtt.broker.delivery.Subscriber;
import java.util.ArrayList;
import java.util.List;
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
 * depth nor wildcards cause recursion.
 */
public final class SubscriptionTree {
    /** What filters of Shared Subscriptions begin with, before the name. */
    static final String SHARE = "$share/";

    private final ShareStrategy strategy;
    private final FilterNode root = new FilterNode("", 0, 0);
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicInteger shared = new AtomicInteger();
    private volatile long version = 1;

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
        String filter = subscription.text();
        FilterNode node = root;
        Cursor at = new Cursor(filter);
        while (at.next()) {
            FilterNode next = at.below(node);
            if (next == null) {
                next = new FilterNode(filter, at.from, at.to);
                if (at.isPlus()) {
                    node.plus(next);
                } else {
                    node.add(next);
                }
            }
            node = next;
        }
        boolean isNew;
        String share = at.shareName();
        if (share == null) {
            isNew = node.put(at.rest, subscription);
        } else {
            ShareGroup group = node.group(at.rest, share);
            boolean isNewGroup = group == null;
            if (group == null) {
                group = new ShareGroup(filter, share, strategy);
            }
            isNew = group.add(subscription);
            if (isNewGroup) {
                node.add(at.rest, group);
            }
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
    public synchronized boolean remove(String filter, Subscriber subscriber) {
        List<FilterNode> way = new ArrayList<>();
        FilterNode node = root;
        Cursor at = new Cursor(filter);
        while (at.next()) {
            way.add(node);
            node = at.below(node);
            if (node == null) {
                return false;
            }
        }
        String share = at.shareName();
        if (share == null) {
            if (!node.remove(at.rest, subscriber)) {
                return false;
            }
        } else {
            ShareGroup group = node.group(at.rest, share);
            if (group == null || !group.remove(subscriber)) {
                return false;
            }
            if (group.isEmpty()) {
                node.remove(at.rest, group);
            }
            shared.decrementAndGet();
        }
        size.decrementAndGet();
        for (int i = way.size() - 1; i >= 0 && node.isEmpty(); i--) {
            FilterNode parent = way.get(i);
            if (parent.plus() == node) {
                parent.plus(null);
            } else {
                parent.remove(node);
            }
            node = parent;
        }
        changed();
        return true;
    }

    /** The Shared Subscription of a filter, or null if it has no members. */
    public synchronized @Nullable Share share(String filter) {
        FilterNode node = root;
        Cursor at = new Cursor(filter);
        while (node != null && at.next()) {
            node = at.below(node);
        }
        String share = at.shareName();
        return node == null || share == null ? null : node.group(at.rest, share);
    }

    /** Goes through the levels of a filter, but for a "#" at its end. */
    private static final class Cursor {
        private final String filter;
        private final int shareEnd;
        int from;
        int to;

        /** Whether the filter ends with "#", and all else was gone through. */
        boolean rest;

        Cursor(String filter) {
            this.filter = filter;
            shareEnd = filter.startsWith(SHARE) ? filter.indexOf('/', SHARE.length()) : -1;
            to = shareEnd;
        }

        @Nullable String shareName() {
            return shareEnd < 0 ? null : filter.substring(SHARE.length(), shareEnd);
        }

        /** Goes on to the next level; false if there is none. */
        boolean next() {
            if (to == filter.length()) {
                return false;
            }
            from = to + 1;
            int slash = filter.indexOf('/', from);
            to = slash < 0 ? filter.length() : slash;
            rest = isOnly('#');
            return !rest;
        }

        private boolean isOnly(char wildcard) {
            return to - from == 1 && filter.charAt(from) == wildcard;
        }

        boolean isPlus() {
            return isOnly('+');
        }

        /** The node of this level below another, or null. */
        @Nullable FilterNode below(FilterNode node) {
            return isPlus() ? node.plus() : node.child(filter, from, to);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only under the lock
    private void changed() {
        version++;
    }

    /** Finds who gets the messages of a topic. */
    public Matches match(TopicName topic) {
        long before = version;
        String name = topic.value();
        List<Match[][]> found = new ArrayList<>(2);
        List<Share> shares = new ArrayList<>(0);
        List<FilterNode> nodes = new ArrayList<>();
        List<FilterNode> next = new ArrayList<>();
        nodes.add(root);
        int start = 0;
        // A leading wildcard does not match a topic that begins with '$' [MQTT5-4.7.2-1].
        boolean wildcards = !topic.isSystem();
        while (start <= name.length() && !nodes.isEmpty()) {
            int slash = name.indexOf('/', start);
            int end = slash < 0 ? name.length() : slash;
            next.clear();
            for (int i = 0; i < nodes.size(); i++) {
                FilterNode node = nodes.get(i);
                if (wildcards) {
                    collect(node, true, found, shares);
                    FilterNode plus = node.plus();
                    if (plus != null) {
                        next.add(plus);
                    }
                }
                FilterNode child = node.child(name, start, end);
                if (child != null) {
                    next.add(child);
                }
            }
            wildcards = true;
            List<FilterNode> done = nodes;
            nodes = next;
            next = done;
            start = end + 1;
        }
        if (start > name.length()) {
            for (int i = 0; i < nodes.size(); i++) {
                FilterNode node = nodes.get(i);
                collect(node, false, found, shares);
                // "sport/tennis/#" also matches "sport/tennis" [MQTT5-4.7.1-2].
                collect(node, true, found, shares);
            }
        }
        Match[][] targets = Merging.of(found);
        return new Matches(
                before,
                targets,
                found.size() == 1 ? Members.sizeOf(targets) : countOf(targets),
                shares.isEmpty() ? Matches.NO_SHARES : shares.toArray(Matches.NO_SHARES));
    }

    private static int countOf(Match[][] targets) {
        int count = 0;
        for (Match[] chunk : targets) {
            count += chunk.length;
        }
        return count;
    }

    private static void collect(
            FilterNode node, boolean ofRest, List<Match[][]> found, List<Share> shares) {
        Match[][] chunks = node.matches(ofRest);
        if (chunks.length > 0) {
            found.add(chunks);
        }
        for (ShareGroup group : node.groups(ofRest)) {
            shares.add(group);
        }
    }
}

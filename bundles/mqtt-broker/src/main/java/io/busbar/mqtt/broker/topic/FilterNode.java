package io.busbar.mqtt.broker.topic;

import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Subscriber;
import io.busbar.mqtt.broker.memory.Footprint;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One level of filters in the tree, in little memory, because there may be a million of them: what
 * there is one of is kept without a collection around it. Written under the tree's lock, read by
 * all.
 */
final class FilterNode {
    private static final int BITS = 16;

    // The name of the level is a part of a filter, so that most need no text of their own: a filter
    // has at most 65,535 characters.
    private final String text;
    private final int span;

    /** Nothing, the only child, or {@link Children}. */
    private volatile @Nullable Object children;

    private volatile @Nullable FilterNode plus;

    /** Of the filter that ends here: nothing, the only match, or {@link Members}. */
    private volatile @Nullable Object ending;

    /** Of the filter that goes on with "#". */
    private volatile @Nullable Object rest;

    private volatile @Nullable Groups groups;

    /** The Shared Subscriptions of both filters. */
    private record Groups(ShareGroup[] ending, ShareGroup[] rest) {}

    static final ShareGroup[] NO_GROUPS = {};

    /** Makes one whose name is a part of a filter. */
    FilterNode(String filter, int from, int to) {
        if (filter.length() <= Footprint.MAX_SHARED_TEXT) {
            text = filter;
            span = from << BITS | to;
        } else {
            text = filter.substring(from, to);
            span = to - from;
        }
    }

    private int from() {
        return span >>> BITS;
    }

    private int to() {
        return span & (1 << BITS) - 1;
    }

    /** Whether its name is this part of a text. */
    boolean isNamed(String other, int from, int to) {
        int begin = from();
        int length = to() - begin;
        return length == to - from && text.regionMatches(begin, other, from, length);
    }

    int hash() {
        return Children.hash(text, from(), to());
    }

    boolean isEmpty() {
        return ending == null && rest == null && groups == null && plus == null && children == null;
    }

    // ---- the next levels

    @Nullable FilterNode plus() {
        return plus;
    }

    void plus(@Nullable FilterNode node) {
        plus = node;
    }

    /** The child with this part of a text as its name, or null. */
    @Nullable FilterNode child(String name, int from, int to) {
        Object known = children;
        if (known instanceof FilterNode only) {
            return only.isNamed(name, from, to) ? only : null;
        }
        return known == null ? null : ((Children) known).get(name, from, to);
    }

    void add(FilterNode child) {
        Object known = children;
        if (known == null) {
            children = child;
        } else if (known instanceof FilterNode only) {
            children = new Children(only, child);
        } else {
            ((Children) known).add(child);
        }
    }

    void remove(FilterNode child) {
        if (children instanceof Children many) {
            many.remove(child);
            FilterNode only = many.only();
            if (only != null) {
                children = only;
            }
        } else {
            children = null;
        }
    }

    // ---- who subscribed

    /** The matches of the filter that ends here, or goes on with "#"; in chunks. */
    Match[][] matches(boolean ofRest) {
        Object known = ofRest ? rest : ending;
        if (known instanceof Members members) {
            return members.chunks();
        }
        return known == null ? Members.NONE : new Match[][] {{(Match) known}};
    }

    /**
     * Adds a match, or replaces that of the same subscriber.
     *
     * @return whether it is new
     */
    boolean put(boolean ofRest, Match match) {
        Object known = ofRest ? rest : ending;
        if (known instanceof Members members) {
            return members.put(match);
        }
        if (known == null || ((Match) known).subscriber() == match.subscriber()) {
            set(ofRest, match);
            return known == null;
        }
        Members members = new Members();
        members.put((Match) known);
        members.put(match);
        set(ofRest, members);
        return true;
    }

    /** Removes the match of a subscriber; false if there is none. */
    boolean remove(boolean ofRest, Subscriber subscriber) {
        Object known = ofRest ? rest : ending;
        if (known instanceof Members members) {
            if (members.remove(subscriber) < 0) {
                return false;
            }
            if (Members.sizeOf(members.chunks()) == 1) {
                set(ofRest, Members.at(members.chunks(), 0));
            }
            return true;
        }
        if (known == null || ((Match) known).subscriber() != subscriber) {
            return false;
        }
        set(ofRest, null);
        return true;
    }

    private void set(boolean ofRest, @Nullable Object matches) {
        if (ofRest) {
            rest = matches;
        } else {
            ending = matches;
        }
    }

    // ---- Shared Subscriptions

    ShareGroup[] groups(boolean ofRest) {
        Groups known = groups;
        return known == null ? NO_GROUPS : ofRest ? known.rest : known.ending;
    }

    /** The Shared Subscription with a name, or null. */
    @Nullable ShareGroup group(boolean ofRest, String name) {
        for (ShareGroup group : groups(ofRest)) {
            if (group.name().equals(name)) {
                return group;
            }
        }
        return null;
    }

    void add(boolean ofRest, ShareGroup group) {
        ShareGroup[] old = groups(ofRest);
        ShareGroup[] more = Arrays.copyOf(old, old.length + 1);
        more[old.length] = group;
        groups(ofRest, more);
    }

    void remove(boolean ofRest, ShareGroup group) {
        groups(
                ofRest,
                Arrays.stream(groups(ofRest))
                        .filter(each -> each != group)
                        .toArray(ShareGroup[]::new));
    }

    private void groups(boolean ofRest, ShareGroup[] changed) {
        ShareGroup[] other = groups(!ofRest);
        groups =
                changed.length == 0 && other.length == 0
                        ? null
                        : ofRest ? new Groups(other, changed) : new Groups(changed, other);
    }
}

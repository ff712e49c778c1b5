package io.busbar.auth.acl;

import io.busbar.api.auth.AclFilter;
import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.AclRule.Action;
import io.busbar.api.auth.AclRule.Effect;
import io.busbar.api.auth.spi.Permissions;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one client, with its names filled in and sorted by what they are asked for. Asking
 * whether a message may pass allocates nothing and costs one match per rule of the asked action.
 */
final class AclPermissions implements Permissions {
    private static final TopicFilter[] NO_FILTERS = new TopicFilter[0];

    private final TopicFilter[] publishAllow;
    private final TopicFilter[] publishDeny;
    private final TopicFilter[] receiveAllow;
    private final TopicFilter[] receiveDeny;

    private AclPermissions(
            List<TopicFilter> publishAllow,
            List<TopicFilter> publishDeny,
            List<TopicFilter> receiveAllow,
            List<TopicFilter> receiveDeny) {
        this.publishAllow = publishAllow.toArray(NO_FILTERS);
        this.publishDeny = publishDeny.toArray(NO_FILTERS);
        this.receiveAllow = receiveAllow.toArray(NO_FILTERS);
        this.receiveDeny = receiveDeny.toArray(NO_FILTERS);
    }

    static AclPermissions compile(List<AclRule> rules, String clientId, String username) {
        List<TopicFilter> publishAllow = new ArrayList<>();
        List<TopicFilter> publishDeny = new ArrayList<>();
        List<TopicFilter> receiveAllow = new ArrayList<>();
        List<TopicFilter> receiveDeny = new ArrayList<>();
        for (AclRule rule : rules) {
            TopicFilter filter = RuleFilter.fill(rule, clientId, username);
            if (filter == null) {
                continue;
            }
            boolean allow = rule.effect() == Effect.ALLOW;
            if (rule.action().covers(Action.PUBLISH)) {
                (allow ? publishAllow : publishDeny).add(filter);
            }
            if (rule.action().covers(Action.SUBSCRIBE)) {
                (allow ? receiveAllow : receiveDeny).add(filter);
            }
        }
        return new AclPermissions(publishAllow, publishDeny, receiveAllow, receiveDeny);
    }

    @Override
    public boolean mayPublish(TopicName topic) {
        String name = topic.value();
        return !topic.isSystem()
                && matchesAny(publishAllow, name)
                && !matchesAny(publishDeny, name);
    }

    @Override
    public boolean mayReceive(TopicName topic) {
        String name = topic.value();
        return matchesAny(receiveAllow, name) && !matchesAny(receiveDeny, name);
    }

    @Override
    public SubscribeDecision subscribe(TopicFilter asked) {
        if (!coversAny(receiveDeny, asked)) {
            if (coversAny(receiveAllow, asked)) {
                return overlapsAny(receiveDeny, asked)
                        ? SubscribeDecision.FILTERED
                        : SubscribeDecision.GRANTED;
            }
            if (overlapsAny(receiveAllow, asked)) {
                return SubscribeDecision.FILTERED;
            }
        }
        // Tools subscribe to $SYS/# on connecting and show an error if that is refused; what they
        // get is still judged message by message.
        return asked.levels().get(0).equals("$SYS")
                ? SubscribeDecision.FILTERED
                : SubscribeDecision.DENIED;
    }

    @Override
    public String reason(boolean publish, String topicOrFilter) {
        if (publish && topicOrFilter.startsWith("$")) {
            return "clients may not publish to topics that begin with $";
        }
        String action = publish ? "publish" : "subscribe";
        TopicFilter[] denials = publish ? publishDeny : receiveDeny;
        TopicFilter longest = null;
        if (TopicFilter.problemOf(topicOrFilter) == null) {
            TopicFilter asked = TopicFilter.of(topicOrFilter);
            for (TopicFilter denial : denials) {
                if (denial.covers(asked)
                        && (longest == null
                                || denial.value().length() > longest.value().length())) {
                    longest = denial;
                }
            }
        }
        return longest == null
                ? "no rule allows to " + action + " here"
                : "rule: deny " + action + " " + longest.value();
    }

    private static boolean matchesAny(TopicFilter[] filters, String topic) {
        for (TopicFilter filter : filters) {
            if (filter.matches(topic)) {
                return true;
            }
        }
        return false;
    }

    private static boolean coversAny(TopicFilter[] filters, TopicFilter asked) {
        for (TopicFilter filter : filters) {
            if (filter.covers(asked)) {
                return true;
            }
        }
        return false;
    }

    private static boolean overlapsAny(TopicFilter[] filters, TopicFilter asked) {
        for (TopicFilter filter : filters) {
            if (filter.overlaps(asked)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Fills the client's names into a rule's filter, so that no name can make it mean more than its
     * author wrote.
     */
    static final class RuleFilter {
        /** After a percent sign: it is nothing else. */
        private static final char PERCENT = AclFilter.PERCENT.charAt(1);

        private RuleFilter() {}

        /** Returns the filter, or null if the rule says nothing about this client. */
        static @Nullable TopicFilter fill(AclRule rule, String clientId, String username) {
            String[] levels = rule.filter().split("/", -1);
            for (int i = 0; i < levels.length; i++) {
                String filled = fill(levels[i], clientId, username, i == 0);
                if (filled == null) {
                    if (rule.effect() == Effect.ALLOW) {
                        return null;
                    }
                    // What cannot be written as a filter is denied as a whole: everything from this
                    // level down.
                    levels[i] = "#";
                    levels = java.util.Arrays.copyOf(levels, i + 1);
                    break;
                }
                levels[i] = filled;
            }
            String text = String.join("/", levels);
            if (TopicFilter.problemOf(text) != null) {
                return denyAll(rule);
            }
            // A name may also turn "$%u/group/#" into what subscribers of a share write.
            TopicFilter filter = TopicFilter.of(text);
            return filter.isShared() ? denyAll(rule) : filter;
        }

        /**
         * A filter that is none was refused at the door; should one come all the same, it must not
         * open anything.
         */
        private static @Nullable TopicFilter denyAll(AclRule rule) {
            return rule.effect() == Effect.DENY ? TopicFilter.of("#") : null;
        }

        /**
         * Returns the level with the names filled in, or null if a name does not fit into one
         * level.
         */
        private static @Nullable String fill(
                String level, String clientId, String username, boolean first) {
            if (level.indexOf('%') < 0) {
                return level;
            }
            StringBuilder filled = new StringBuilder();
            for (int i = 0; i < level.length(); i++) {
                char next = i + 1 < level.length() ? level.charAt(i + 1) : 0;
                if (level.charAt(i) == '%' && next == PERCENT) {
                    filled.append('%');
                    i++;
                } else if (level.charAt(i) == '%' && (next == 'c' || next == 'u')) {
                    String name = next == 'c' ? clientId : username;
                    if (!fitsIntoALevel(name)
                            || first && filled.isEmpty() && name.startsWith("$")) {
                        return null;
                    }
                    filled.append(name);
                    i++;
                } else {
                    filled.append(level.charAt(i));
                }
            }
            return filled.toString();
        }

        private static boolean fitsIntoALevel(String name) {
            return !name.isEmpty()
                    && name.indexOf('/') < 0
                    && name.indexOf('+') < 0
                    && name.indexOf('#') < 0;
        }
    }
}

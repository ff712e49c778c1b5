package io.busbar.uns.registry.gate;

import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodePolicy;
import io.busbar.api.uns.TopicPolicy;
import io.busbar.api.uns.ValidationMode;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which topics the gates ask for, and which of them may have no model. Made anew when the policies
 * of the tree change. Immutable.
 */
final class Plan {
    static final Plan NOTHING = of(List.of(), Map.of(), TopicPolicy.ALLOW);

    /** So many filters; beyond them the gates ask for everything and look themselves. */
    static final int MOST_FILTERS = 1_000;

    private static final List<String> EVERYTHING = List.of("#");

    private final Map<Lane, List<String>> filters;
    private final Map<String, Said> policies;

    /** The modes that nodes say, by their paths; empty if none says ANNOTATE. */
    private final Map<String, ValidationMode> modes;

    private final Said outermost;

    /**
     * What is said of topics that nobody modelled.
     *
     * @param path of the node that says it; null = no node does
     */
    record Said(TopicPolicy policy, @Nullable String path) {}

    private Plan(
            Map<Lane, List<String>> filters,
            Map<String, Said> policies,
            Map<String, ValidationMode> modes,
            Said outermost) {
        this.filters = filters;
        this.policies = policies;
        this.modes = modes.containsValue(ValidationMode.ANNOTATE) ? modes : Map.of();
        this.outermost = outermost;
    }

    /**
     * Makes the plan of a tree.
     *
     * @param saying the nodes that say a policy themselves
     * @param apart the topics to ask for by name, with what is asked of them
     * @param outermost what happens to topics without a model, where no node says it
     */
    static Plan of(Collection<Node> saying, Map<String, Guard> apart, TopicPolicy outermost) {
        Map<String, Said> policies = new HashMap<>();
        Map<String, ValidationMode> modes = new HashMap<>();
        for (Node node : saying) {
            TopicPolicy said = node.policy().topicPolicy();
            if (said != null) {
                policies.put(node.path(), new Said(said, node.path()));
            }
            ValidationMode mode = node.policy().validation();
            if (mode != null) {
                modes.put(node.path(), mode);
            }
        }
        Map<Lane, List<String>> filters = new HashMap<>();
        for (Lane lane : Lane.values()) {
            boolean all = lane == Lane.REFUSING && outermost == TopicPolicy.DENY;
            filters.put(lane, all ? EVERYTHING : filters(lane, saying, apart));
        }
        return new Plan(filters, policies, modes, new Said(outermost, null));
    }

    private static List<String> filters(
            Lane lane, Collection<Node> saying, Map<String, Guard> apart) {
        Set<String> filters = new TreeSet<>();
        for (Node node : saying) {
            if (concerns(lane, node.policy())) {
                // Topics may have nodes below as well; the filter is for the node itself, too.
                filters.add(node.path() + "/#");
            }
            if (filters.size() > MOST_FILTERS) {
                return EVERYTHING;
            }
        }
        for (Map.Entry<String, Guard> each : apart.entrySet()) {
            if (lane.isOf(each.getValue())) {
                filters.add(each.getKey());
            }
            if (filters.size() > MOST_FILTERS) {
                return EVERYTHING;
            }
        }
        return List.copyOf(filters);
    }

    private static boolean concerns(Lane lane, NodePolicy policy) {
        ValidationMode mode = policy.validation();
        boolean gated = mode != null && mode.isBeforeDelivery();
        Integer perSecond = policy.maxMessagesPerSecond();
        return switch (lane) {
            case PACING -> perSecond != null && perSecond > 0;
            case REFUSING ->
                    mode == ValidationMode.REJECT || policy.topicPolicy() == TopicPolicy.DENY;
            case TELLING -> gated && mode != ValidationMode.REJECT;
        };
    }

    /** The filters of the topics that a gate is asked about; none if it has nothing to do. */
    List<String> filters(Lane lane) {
        return filters.getOrDefault(lane, List.of());
    }

    /** Whether the same is said of topics without a model. */
    boolean saysAs(Plan other) {
        return policies.equals(other.policies);
    }

    /** What the nearest node above says of a topic without a model, or the outermost. */
    Said policyOf(String topic) {
        Said said = nearest(policies, topic);
        return said == null ? outermost : said;
    }

    /** Whether the nearest node above a topic without a model says ANNOTATE. */
    boolean annotates(String topic) {
        return nearest(modes, topic) == ValidationMode.ANNOTATE;
    }

    private static <T> @Nullable T nearest(Map<String, T> said, String topic) {
        if (said.isEmpty()) {
            return null;
        }
        for (int end = topic.length(); end > 0; end = topic.lastIndexOf('/', end - 1)) {
            T found = said.get(topic.substring(0, end));
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}

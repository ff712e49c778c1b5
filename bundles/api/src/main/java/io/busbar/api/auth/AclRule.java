package io.busbar.api.auth;

import java.util.List;
import java.util.Objects;

/**
 * One access rule: it allows or denies an action on the topics of a filter.
 *
 * <p>A rule applies if its action includes the requested one and its filter covers the topic.
 * Before that, {@code %c} and {@code %u} in the filter are replaced by Client Identifier and user
 * name, see {@link AclFilter}. Deny wins over allow. If several rules deny, the one with the
 * longest filter is named as the reason. What no rule allows is denied.
 *
 * @param effect whether the rule allows or denies
 * @param action what the rule is about
 * @param filter a topic filter; {@code %c} and {@code %u} may stand for a whole level or for part
 *     of one, and {@code %#} is a percent sign
 */
public record AclRule(Effect effect, Action action, String filter) {
    /** Whether a rule allows or denies. */
    public enum Effect {
        ALLOW,
        DENY
    }

    /** What a client wants to do. */
    public enum Action {
        PUBLISH,
        SUBSCRIBE,
        BOTH;

        /** Returns whether a rule with this action also applies to the other action. */
        public boolean covers(Action other) {
            return this == BOTH || this == other;
        }
    }

    public AclRule {
        Objects.requireNonNull(effect, "effect");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(filter, "filter");
    }

    /**
     * Allows to publish and subscribe everywhere except in {@code $}-topics, which {@code #} does
     * not match.
     */
    public static final AclRule ALLOW_ALL = new AclRule(Effect.ALLOW, Action.BOTH, "#");

    /** Allows to read the broker's own figures, e.g. for the statistics in MQTT Explorer. */
    public static final AclRule READ_BROKER_STATE =
            new AclRule(Effect.ALLOW, Action.SUBSCRIBE, "$SYS/broker/#");

    /**
     * The rules of a client that has no rules of its own: everything except {@code $}-topics, plus
     * reading {@code $SYS/broker/#}.
     */
    public static final List<AclRule> DEFAULT = List.of(ALLOW_ALL, READ_BROKER_STATE);

    /**
     * Whether rules allow to publish and subscribe to everything but {@code $}-topics, so that
     * whoever makes a credential with them should know it.
     */
    public static boolean allowEverything(List<AclRule> rules) {
        return rules.stream().noneMatch(rule -> rule.effect == Effect.DENY)
                && allows(rules, Action.PUBLISH)
                && allows(rules, Action.SUBSCRIBE);
    }

    private static boolean allows(List<AclRule> rules, Action action) {
        return rules.stream()
                .anyMatch(
                        rule -> rule.action.covers(action) && rule.filter.equals(ALLOW_ALL.filter));
    }
}

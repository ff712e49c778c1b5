package io.busbar.api.auth;

import java.util.List;
import java.util.Objects;

/**
 * One rule of access. A rule matches when its action covers the asked one and its filter, after
 * {@code %c} and {@code %u} were replaced by Client Identifier and user name, covers the topic.
 * Deny wins over allow; of several the longest filter is named as the reason. Whatever no rule
 * allows is denied.
 *
 * @param filter a topic filter; {@code %c} and {@code %u} stand for a whole level or a part of one
 */
public record AclRule(Effect effect, Action action, String filter) {
    /** What a rule does. */
    public enum Effect {
        ALLOW,
        DENY
    }

    /** What a rule is about. */
    public enum Action {
        PUBLISH,
        SUBSCRIBE,
        BOTH;

        /** Whether a rule about this action speaks about the other. */
        public boolean covers(Action other) {
            return this == BOTH || this == other;
        }
    }

    public AclRule {
        Objects.requireNonNull(effect, "effect");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(filter, "filter");
    }

    /** Publish and subscribe everywhere. */
    public static final AclRule ALLOW_ALL = new AclRule(Effect.ALLOW, Action.BOTH, "#");

    /** Read what the broker says about itself, which is what MQTT Explorer shows as statistics. */
    public static final AclRule READ_BROKER_STATE =
            new AclRule(Effect.ALLOW, Action.SUBSCRIBE, "$SYS/broker/#");

    /**
     * The rules of whoever has none of its own: everything but {@code $}-topics, and reading {@code
     * $SYS/broker/#}.
     */
    public static final List<AclRule> DEFAULT = List.of(ALLOW_ALL, READ_BROKER_STATE);
}

package io.busbar.api.auth;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether a client may publish to a topic, or receive from it, and what decides that: the answer to
 * people who ask why.
 *
 * @param allowed whether it may
 * @param rule the rule that decides, as it was written; null if none does, because what no rule
 *     allows is denied, or if whoever decides has no such rules
 * @param position the place of the rule among those of the client, from 1; 0 without a rule
 * @param detail the same in words, in English
 */
public record Ruling(boolean allowed, @Nullable AclRule rule, int position, String detail) {
    public Ruling {
        Objects.requireNonNull(detail, "detail");
    }

    /** One of a rule; the rule says it all. */
    public static Ruling by(AclRule rule, int position) {
        boolean allows = rule.effect() == AclRule.Effect.ALLOW;
        String words =
                (allows ? "allow " : "deny ")
                        + switch (rule.action()) {
                            case PUBLISH -> "publish ";
                            case SUBSCRIBE -> "subscribe ";
                            case BOTH -> "publish and subscribe ";
                        }
                        + rule.filter();
        return new Ruling(allows, rule, position, "rule " + position + ": " + words);
    }

    /** One without a rule. */
    public static Ruling without(boolean allowed, String detail) {
        return new Ruling(allowed, null, 0, detail);
    }
}

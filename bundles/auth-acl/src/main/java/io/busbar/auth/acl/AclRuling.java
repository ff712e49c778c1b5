package io.busbar.auth.acl;

import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.AclRule.Action;
import io.busbar.api.auth.AclRule.Effect;
import io.busbar.api.auth.Principal;
import io.busbar.api.auth.Ruling;
import io.busbar.api.auth.spi.Permissions;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import java.util.List;

/**
 * Finds the rule that decides. For people who ask, so it goes through the rules as they were
 * written; {@link AclPermissions}, which a client has all the time, keeps no more than it needs.
 */
final class AclRuling {
    private AclRuling() {}

    /** Of several that deny, or else of several that allow, the one with the longest filter. */
    static Ruling of(Principal principal, String clientId, Action action, TopicName topic) {
        boolean publish = action == Action.PUBLISH;
        Permissions rights =
                AclPermissions.compile(principal.acl(), clientId, principal.username());
        if (publish ? rights.mayPublish(topic) : rights.mayReceive(topic)) {
            return named(principal, clientId, action, topic, Effect.ALLOW, "");
        }
        String why = rights.reason(publish, topic.value());
        return publish && topic.isSystem()
                ? Ruling.without(false, why)
                : named(principal, clientId, action, topic, Effect.DENY, why);
    }

    private static Ruling named(
            Principal principal,
            String clientId,
            Action action,
            TopicName topic,
            Effect effect,
            String otherwise) {
        List<AclRule> rules = principal.acl();
        int longest = -1;
        int length = -1;
        for (int i = 0; i < rules.size(); i++) {
            AclRule rule = rules.get(i);
            TopicFilter filter =
                    AclPermissions.RuleFilter.fill(rule, clientId, principal.username());
            if (filter != null
                    && rule.effect() == effect
                    && rule.action().covers(action)
                    && filter.matches(topic)
                    && filter.value().length() > length) {
                longest = i;
                length = filter.value().length();
            }
        }
        return longest < 0
                ? Ruling.without(effect == Effect.ALLOW, otherwise)
                : Ruling.by(rules.get(longest), longest + 1);
    }
}

package io.busbar.api.explain;

import io.busbar.api.auth.AclRule;
import io.busbar.api.storage.SubscriptionRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an explanation takes as changed, though it is not.
 *
 * @param access other rules of an identity; null = as they are
 * @param subscription another subscription of a client; null = as they are
 */
public record WhatIf(@Nullable Access access, @Nullable Subscribing subscription) {
    /** Nothing: it is as it is. */
    public static final WhatIf NOTHING = new WhatIf(null, null);

    /**
     * An identity has other rules.
     *
     * @param principalId whose they are: {@link io.busbar.api.auth.Principal#id}
     * @param rules all that it would have
     */
    public record Access(String principalId, List<AclRule> rules) {
        public Access {
            rules = List.copyOf(rules);
        }
    }

    /**
     * A client subscribes to something else.
     *
     * @param added what it would subscribe to in addition, or instead of a subscription with the
     *     same filter; not a Shared Subscription; null = nothing
     * @param removed the filter of what it would not subscribe to any more; null = none
     */
    public record Subscribing(
            String clientId, @Nullable SubscriptionRecord added, @Nullable String removed) {}
}

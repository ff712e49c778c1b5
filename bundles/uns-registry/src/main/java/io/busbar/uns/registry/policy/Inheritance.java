package io.busbar.uns.registry.policy;

import io.busbar.api.uns.EffectivePolicy;
import io.busbar.api.uns.Inherited;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodePolicy;
import java.time.DateTimeException;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * How policies come down the tree. Each holds at the node that says it and below, as far as the
 * next node that says it otherwise; the policies do not depend on each other.
 */
public final class Inheritance {
    private Inheritance() {}

    /**
     * What holds for a node.
     *
     * @param above what holds for its parent; {@link EffectivePolicy#DEFAULT} for a root
     */
    public static EffectivePolicy below(EffectivePolicy above, Node node) {
        NodePolicy own = node.policy();
        if (own.equals(NodePolicy.INHERITED)) {
            return above;
        }
        String path = node.path();
        return new EffectivePolicy(
                nearest(own.validation(), path, above.validation()),
                nearest(own.enableHistory(), path, above.enableHistory()),
                nearest(own.staleAfterSeconds(), path, above.staleAfterSeconds()),
                nearest(own.writable(), path, above.writable()),
                nearest(own.timeZone(), path, above.timeZone()),
                nearest(own.topicPolicy(), path, above.topicPolicy()),
                nearest(own.maxPayloadBytes(), path, above.maxPayloadBytes()),
                nearest(own.maxMessagesPerSecond(), path, above.maxMessagesPerSecond()),
                nearest(own.closeOnReject(), path, above.closeOnReject()));
    }

    private static <T extends @Nullable Object> Inherited<T> nearest(
            @Nullable T own, String path, Inherited<T> above) {
        return own == null ? above : new Inherited<>(own, path);
    }

    /**
     * Where a node's sources are if their times do not say so; null if nobody knows. What is stored
     * may be a zone that only another Java knows.
     */
    public static @Nullable ZoneId zone(EffectivePolicy policy) {
        String name = policy.timeZone().value();
        try {
            return name == null ? null : ZoneId.of(name);
        } catch (DateTimeException ignored) {
            return null;
        }
    }
}

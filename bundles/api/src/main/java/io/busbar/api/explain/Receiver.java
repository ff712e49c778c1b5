package io.busbar.api.explain;

import io.busbar.api.auth.Ruling;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.storage.SubscriptionRecord;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client, and what becomes of a message for it.
 *
 * @param clientId its Client Identifier
 * @param principalId its identity; empty if it has no session
 * @param description the name of that identity for people; empty if not known
 * @param online whether it is connected
 * @param fate what becomes of the message
 * @param parameters of the fate, by the names that stand there
 * @param text the same in words, in English
 * @param remarks what else is to be said
 * @param qos the QoS with which it would get it; null if it does not
 * @param subscriptions its subscriptions that match; if none does, some of those it has
 * @param ruling what decides whether it may receive the topic; null if nobody was asked, because
 *     the client is away
 */
public record Receiver(
        String clientId,
        String principalId,
        String description,
        boolean online,
        Fate fate,
        Map<String, String> parameters,
        String text,
        List<Remark> remarks,
        @Nullable Qos qos,
        List<SubscriptionRecord> subscriptions,
        @Nullable Ruling ruling) {
    public Receiver {
        parameters = Map.copyOf(parameters);
        remarks = List.copyOf(remarks);
        subscriptions = List.copyOf(subscriptions);
    }
}

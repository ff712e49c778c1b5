package io.busbar.mqtt.broker.session;

import io.busbar.mqtt.broker.limit.DeliveryLimits;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.loop.PerLoop;
import io.busbar.mqtt.broker.loop.Shards;
import io.busbar.mqtt.broker.receipt.Marks;
import io.busbar.mqtt.broker.store.StoreReader;
import io.busbar.mqtt.broker.topic.SubscriptionTree;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * What all sessions share.
 *
 * @param reader reads what the store has; null if it answers at once
 * @param paged whether what waits for a session that outlives its connection is in the store alone
 *     but for the next few messages. Not if the store is in memory itself: there it would save
 *     nothing, and nobody would count it
 * @param moments when sessions lost their connection, and when they are due
 * @param drops counts what sessions did not get, for each loop
 * @param marks writes who has messages of QoS 2, for each loop
 */
record Common(
        SubscriptionTree tree,
        DeliveryLimits limits,
        Clock clock,
        Shards shards,
        @Nullable StoreReader reader,
        boolean paged,
        Moments moments,
        PerLoop<Drops> drops,
        PerLoop<Marks> marks) {

    /**
     * The number below all that can be used for a client, for its session or for its messages: no
     * owner of the store before this one has used a greater one.
     */
    long firstNumber(String clientId) {
        return Shards.firstNumber(shards.ownerOf(clientId));
    }

    Drops drops(Loop loop) {
        return drops.of(loop);
    }
}

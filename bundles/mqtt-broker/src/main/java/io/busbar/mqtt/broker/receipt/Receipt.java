package io.busbar.mqtt.broker.receipt;

import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.broker.loop.Durable;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A message of QoS 2 of a session that is kept, from its arrival until the publisher's shard has
 * its Packet Identifier. Confined to the loop of the publisher's session, except for methods that
 * say otherwise.
 */
public final class Receipt {
    private final int shard;
    private final long session;
    private final long number;
    private final int packetId;
    private final int digest;
    private volatile @Nullable Served served;
    private @Nullable Durable first;
    private @Nullable Durable again;
    private boolean routed;
    private @Nullable Throwable failure;
    private volatile boolean over;

    /**
     * Makes one.
     *
     * @param shard the shard of the publisher's session
     * @param session the number of the publisher's session
     * @param number its place among those of the session; greater than all before
     * @param served who has the message since before the server started, or null
     */
    public Receipt(
            int shard,
            long session,
            long number,
            int packetId,
            int digest,
            @Nullable Served served) {
        this.shard = shard;
        this.session = session;
        this.number = number;
        this.packetId = packetId;
        this.digest = digest;
        this.served = served;
    }

    /**
     * Tells a message, as it came, from others that may come with the same Packet Identifier; never
     * 0.
     */
    public static int digest(TopicName topic, byte[] payload, boolean retain) {
        CRC32C crc = new CRC32C();
        crc.update(topic.utf8());
        crc.update(retain ? 1 : 0);
        crc.update(payload);
        int digest = (int) crc.getValue();
        return digest == 0 ? 1 : digest;
    }

    int shard() {
        return shard;
    }

    long session() {
        return session;
    }

    /** {@link #digest(TopicName, byte[], boolean)} of its message; any thread. */
    public int digest() {
        return digest;
    }

    /** Its place among those of the session; any thread. */
    public long number() {
        return number;
    }

    /** The Packet Identifier it came with; any thread. */
    public int packetId() {
        return packetId;
    }

    /** Who must not get it again, or null; any thread. */
    public @Nullable Served served() {
        return served;
    }

    /** Whether everybody has it, or it has failed. */
    public boolean isRouted() {
        return routed;
    }

    /**
     * Everybody has it, or it has failed.
     *
     * @param why why it failed, or null
     */
    public void routed(@Nullable Throwable why) {
        routed = true;
        failure = why;
    }

    /** Why it failed, or null. */
    public @Nullable Throwable failure() {
        return failure;
    }

    /** Tells the connection that it came over when it is over. */
    public void await(Durable waiter) {
        first = waiter;
    }

    /** Tells the connection that it came over again, the last one, when it is over. */
    public void awaitAgain(Durable waiter) {
        again = waiter;
    }

    /**
     * Whether it was taken over durably or has failed, so that nothing has to be known of who has
     * it; any thread.
     */
    public boolean isOver() {
        return over;
    }

    /** It was taken over durably, or has failed; whoever waits is told. */
    public void end(@Nullable Throwable why) {
        failure = why;
        over = true;
        if (why == null) {
            served = null; // marks keep their receipts for a while
        }
        tell(first, why);
        tell(again, why);
        first = null;
        again = null;
    }

    private static void tell(@Nullable Durable waiter, @Nullable Throwable why) {
        if (waiter != null) {
            waiter.durable(why);
        }
    }
}

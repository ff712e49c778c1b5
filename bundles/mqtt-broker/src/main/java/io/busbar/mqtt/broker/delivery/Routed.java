package io.busbar.mqtt.broker.delivery;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.broker.loop.Durable;
import io.busbar.mqtt.broker.memory.Footprint;
import io.busbar.mqtt.broker.receipt.Receipt;
import io.busbar.mqtt.broker.receipt.Served;
import io.busbar.mqtt.codec.PublishImage;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A message while it is being delivered. It is encoded at most once for all subscribers that get it
 * in the same form. Its publisher gets the acknowledgement when the message is durably stored for
 * everybody who must get it. Shared by all event loops that it is handed to.
 */
public final class Routed implements Durable {
    private static final AtomicIntegerFieldUpdater<Routed> HOLDS =
            AtomicIntegerFieldUpdater.newUpdater(Routed.class, "holds");

    private final Message message;
    private final @Nullable Source source;
    private final int packetId;
    private final @Nullable Receipt receipt;

    // Images are immutable with final fields: two loops may race to encode, and either result is
    // right.
    private @Nullable PublishImage @Nullable [] images;

    private static final AtomicIntegerFieldUpdater<Routed> KEEPERS =
            AtomicIntegerFieldUpdater.newUpdater(Routed.class, "keepers");

    private volatile int holds;
    private volatile int keepers;

    private int footprint;
    private boolean counted;
    private volatile @Nullable Throwable failure;
    private ReasonCode reason = ReasonCode.SUCCESS;
    private @Nullable String why;

    /**
     * Makes one.
     *
     * @param source who published, or null if the server did
     * @param packetId of the PUBLISH, or 0
     */
    public Routed(Message message, @Nullable Source source, int packetId) {
        this(message, source, packetId, null);
    }

    /**
     * Makes one that has to come exactly once, even if the server ends meanwhile.
     *
     * @param receipt its receipt, or null
     */
    public Routed(
            Message message, @Nullable Source source, int packetId, @Nullable Receipt receipt) {
        this.message = message;
        this.source = source;
        this.packetId = packetId;
        this.receipt = receipt;
    }

    public Message message() {
        return message;
    }

    public @Nullable Source source() {
        return source;
    }

    /** The Packet Identifier it came with, or 0. */
    public int packetId() {
        return packetId;
    }

    /** Its receipt if it has to come exactly once even over a crash, else null. */
    public @Nullable Receipt receipt() {
        return receipt;
    }

    /** Who had it before the server started, and must not get it again; null if nobody. */
    public @Nullable Served served() {
        return receipt == null ? null : receipt.served();
    }

    /** What the publisher is told; confined to its loop. */
    public ReasonCode reason() {
        return reason;
    }

    public void reason(ReasonCode value) {
        reason = value;
    }

    /** The reason in words for the publisher, or null; confined to its loop. */
    public @Nullable String why() {
        return why;
    }

    public void reason(ReasonCode value, @Nullable String text) {
        reason = value;
        why = text;
    }

    /** The packet in one of its shapes. */
    public PublishImage image(boolean mqtt5, Qos qos, boolean retain) {
        int shape = (mqtt5 ? 6 : 0) + (qos.ordinal() << 1) + (retain ? 1 : 0);
        PublishImage[] all = images;
        if (all == null) {
            all = new PublishImage[12];
            images = all;
        }
        PublishImage known = all[shape];
        if (known == null) {
            known = encode(mqtt5, qos, retain);
            all[shape] = known;
        }
        return known;
    }

    private PublishImage encode(boolean mqtt5, Qos qos, boolean retain) {
        return PublishImage.of(
                mqtt5 ? ProtocolVersion.MQTT_5_0 : ProtocolVersion.MQTT_3_1_1,
                message,
                qos,
                retain);
    }

    /** Bytes that it takes, whoever keeps it: {@link Footprint#routed}. */
    public int footprint() {
        int known = footprint;
        if (known == 0) {
            known = Footprint.routed(message);
            footprint = known;
        }
        return known;
    }

    /**
     * Somebody keeps it for a while.
     *
     * @return the bytes to be counted: all of them for the first, none for others
     */
    public int keep() {
        return KEEPERS.getAndIncrement(this) == 0 ? footprint() : 0;
    }

    /** How many keep it now. */
    public int keepers() {
        return keepers;
    }

    /**
     * Gives back a {@link #keep}.
     *
     * @return the bytes that are free now
     */
    public int letGo() {
        return KEEPERS.decrementAndGet(this) == 0 ? footprint() : 0;
    }

    /** Delays the acknowledgement until one more {@link #release}. */
    public void hold() {
        HOLDS.incrementAndGet(this);
    }

    /** Whether nothing delays the acknowledgement. */
    public boolean isFree() {
        return holds == 0;
    }

    /** Gives back a {@link #hold}. */
    public void release() {
        if (HOLDS.decrementAndGet(this) == 0 && source != null) {
            source.acknowledge(this);
        }
    }

    @Override
    public void durable(@Nullable Throwable thrown) {
        if (thrown != null) {
            failed(thrown);
        }
        release();
    }

    /**
     * All of it, the first time: several loops may wait for it. Two that ask at once both count it.
     */
    @Override
    public int bytes() {
        if (counted) {
            return 0;
        }
        counted = true;
        return footprint();
    }

    /** Somebody who must get it does not, because it cannot be stored: its publisher is told. */
    public void failed(Throwable why) {
        failure = why;
    }

    /** Why it could not be stored, or null. */
    public @Nullable Throwable failure() {
        return failure;
    }
}

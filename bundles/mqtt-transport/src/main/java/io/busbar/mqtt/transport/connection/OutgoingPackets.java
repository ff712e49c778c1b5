package io.busbar.mqtt.transport.connection;

import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PacketEncoder;
import io.busbar.mqtt.codec.PacketType;
import io.busbar.mqtt.codec.PublishImage;
import io.busbar.mqtt.transport.loops.NettyLoop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes what one client is sent into its {@link OutgoingBuffer}, and has that flushed when the
 * loop's turn ends. Confined to the loop.
 */
final class OutgoingPackets implements NettyLoop.Output {
    private static final Logger LOG = LoggerFactory.getLogger(OutgoingPackets.class);

    /** Room for the fixed header and properties of an image beyond its own size. */
    private static final int SPARE = 64;

    private final Channel channel;
    private final NettyLoop loop;
    private final OutgoingBuffer outgoing;
    private final MemoryAccount backlogs;
    private final Runnable room;
    private final int answersLimit;

    private PacketEncoder encoder = PacketEncoder.of(ProtocolVersion.MQTT_3_1_1);
    private boolean dirty;
    private boolean answerPlanned;
    private boolean messagePlanned;
    private boolean ended;
    private int answers;

    /** What the socket had not taken at the last look, and whether the loop looks after it. */
    private volatile long counted;

    /** What of it is counted as this client's own. */
    private long own;

    /** What of the socket's queue is memory of payloads that others are sent as well. */
    private long shared;

    /** When it last took some. */
    private volatile long progressNanos;

    private boolean lookedAfter;
    private boolean waitsForMemory;

    /**
     * Makes one.
     *
     * @param backlogs counts what the socket has not taken
     * @param room is run when {@link #hasRoom} was false and would be true
     * @param answersLimit how many bytes of answers may wait for a client that is not writable
     */
    OutgoingPackets(
            Channel channel,
            NettyLoop loop,
            OutgoingBuffer outgoing,
            MemoryAccount backlogs,
            Runnable room,
            int answersLimit) {
        this.backlogs = backlogs;
        this.room = room;
        this.channel = channel;
        this.loop = loop;
        this.outgoing = outgoing;
        this.answersLimit = answersLimit;
    }

    /** What the client understands from here on. */
    void encoder(PacketEncoder changed) {
        encoder = changed;
    }

    /** Appends a packet; false if it is larger than the client takes, and not sent. */
    boolean send(Packet packet) {
        ByteBuf buffer = outgoing.room(SPARE);
        int before = buffer.writerIndex();
        boolean fits = encoder.encode(packet, buffer);
        if (!fits && packet.type() != PacketType.DISCONNECT) {
            return false;
        }
        if (!channel.isWritable()) {
            answers += buffer.writerIndex() - before;
        }
        written();
        if (!answerPlanned) {
            answerPlanned = true;
            loop.flushLater(this, NettyLoop.Reason.ANSWER);
        }
        return true;
    }

    /**
     * Whether too many answers wait. Messages to a slow client are the broker's to hold back or
     * drop, answers are not: who asks on and reads none of them is not read either, until it does.
     */
    boolean isCongested() {
        return answers > answersLimit;
    }

    /** The client takes data again. */
    void writable() {
        answers = 0;
    }

    void send(PublishImage image, int packetId, boolean dup) {
        image.write(outgoing.room(roomFor(image)), packetId, dup);
        payload(image);
        messageWritten();
    }

    void send(
            PublishImage image,
            int packetId,
            boolean dup,
            long expirySeconds,
            int topicAlias,
            boolean topicKnown,
            int[] subscriptionIdentifiers) {
        image.write(
                outgoing.room(roomFor(image) + 5 * subscriptionIdentifiers.length),
                packetId,
                dup,
                expirySeconds,
                topicAlias,
                topicKnown,
                subscriptionIdentifiers);
        payload(image);
        messageWritten();
    }

    private static int roomFor(PublishImage image) {
        return image.isLarge() ? SPARE : image.sizeBytes() + SPARE;
    }

    private void payload(PublishImage image) {
        if (!image.isLarge()) {
            return;
        }
        ByteBuf payload = image.sharedPayload();
        // TLS makes of it what is this client's own.
        if (payload.isDirect() && channel.pipeline().get(SslHandler.class) == null) {
            share(payload, image);
        } else {
            outgoing.append(payload, channel.voidPromise());
        }
    }

    /** The payload is counted once, whoever of those it is sent to takes it last. */
    private void share(ByteBuf payload, PublishImage image) {
        int size = payload.readableBytes();
        shared += size;
        backlogs.add(image.beginShare());
        outgoing.append(
                payload,
                channel.newPromise()
                        .addListener(
                                done -> {
                                    shared -= size;
                                    backlogs.add(-image.endShare());
                                }));
    }

    private void messageWritten() {
        written();
        if (!messagePlanned) {
            messagePlanned = true;
            loop.flushLater(this, NettyLoop.Reason.MESSAGE);
        }
    }

    private void written() {
        dirty = true;
        if (outgoing.flushEarly()) {
            count();
        }
    }

    /** The end of the loop's turn, or of a later one. */
    @Override
    public void flush(NettyLoop.Reason reason) {
        if (reason == NettyLoop.Reason.ANSWER) {
            answerPlanned = false;
        } else {
            messagePlanned = false;
        }
        if (ended || !dirty) {
            return;
        }
        dirty = false;
        try {
            outgoing.flush();
            count();
        } catch (RuntimeException e) {
            LOG.error("Writing failed, the connection is closed ({})", channel, e);
            channel.close();
        }
    }

    /** Counts what the socket has not taken: nothing, as long as the client keeps up. */
    private void count() {
        long waiting = ended ? 0 : outgoing.pendingBytes();
        if (waiting != counted) {
            if (waiting < counted || counted == 0) {
                progressNanos = System.nanoTime();
            }
            counted = waiting;
            if (waiting > 0 && !lookedAfter) {
                lookedAfter = true;
                loop.lookAfter(this);
            }
        }
        long mine = ended ? 0 : Math.max(0, waiting - shared);
        if (mine != own) {
            backlogs.add(mine - own);
            own = mine;
        }
    }

    @Override
    public boolean isBehind() {
        count();
        lookedAfter = counted > 0;
        return lookedAfter;
    }

    @Override
    public void looked() {
        if (waitsForMemory && hasRoom()) {
            waitsForMemory = false;
            room.run();
        }
    }

    /**
     * Whether there is memory for what the client does not take. If not, it is told when there is
     * again. Costs nothing for a client that keeps up.
     */
    boolean hasRoom() {
        if (counted == 0 || backlogs.hasRoom(counted, 0)) {
            return true;
        }
        // Until it is told: also if somebody else finds room before.
        waitsForMemory = true;
        return false;
    }

    /** For how long the socket has taken nothing of what waits; any thread. */
    long stalledNanos() {
        return counted == 0 ? 0 : System.nanoTime() - progressNanos;
    }

    /** Bytes that the socket has not taken yet. */
    long pendingBytes() {
        return outgoing.pendingBytes();
    }

    /** Hands everything to the socket's queue. */
    void pass() {
        outgoing.pass();
    }

    /** The connection is gone. */
    void end() {
        ended = true;
        outgoing.release();
        count();
    }
}

package io.busbar.mqtt.transport.connection;

import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.broker.link.ClientConnection;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.MalformedPacketException;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PacketDecoder;
import io.busbar.mqtt.transport.loops.NettyLoop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Takes packets out of what is read from one client and hands them to its {@link ClientConnection}.
 * Confined to the loop.
 *
 * <p>Reading stops for three reasons: the broker asked for it; the client does not read what it is
 * sent, so that answers pile up; the connection is being closed, which is for good.
 */
final class IncomingPackets {
    /** Who is told what becomes of the connection; on its loop. */
    interface Owner {
        /** The first packet came. */
        void connected(Connect connect);

        /** What came is no packet, or none that is allowed. */
        void refuse(MalformedPacketException e);

        /** The broker failed at what came. */
        void fail(RuntimeException e);
    }

    private final Owner owner;
    private final Channel channel;
    private final NettyLoop loop;
    private final PacketDecoder decoder;
    private final IncomingBuffer incoming;

    private @Nullable ClientConnection connection;
    private boolean connected;

    /** Whether packets came since the last that was told of the end of a read. */
    private boolean handedOver;

    /** Whether the broker was told of the packet that is incomplete. */
    private boolean incompleteTold;

    private boolean wanted = true;
    private boolean congested;
    private boolean resuming;
    private boolean stopped;

    IncomingPackets(
            Owner owner,
            Channel channel,
            NettyLoop loop,
            PacketDecoder decoder,
            IncomingBuffer incoming) {
        this.owner = owner;
        this.channel = channel;
        this.loop = loop;
        this.decoder = decoder;
        this.incoming = incoming;
    }

    /** From here on packets are handed over. */
    void start(ClientConnection to) {
        connection = to;
    }

    /** What CONNECT names as its version, even if it is wrong from there on; else null. */
    @Nullable ProtocolVersion version() {
        return decoder.version();
    }

    /** Whether CONNECT has come. */
    boolean isConnected() {
        return connected;
    }

    /** Bytes were read; releases them. */
    void read(ByteBuf in) {
        ClientConnection to = connection;
        if (stopped || to == null) {
            // Also: bytes behind the last packet, which nobody wants.
            in.release();
        } else {
            to.onReceived(in.readableBytes());
            take(in);
        }
        count();
    }

    private void take(ByteBuf in) {
        if (isPaused()) {
            incoming.add(in);
        } else if (incoming.isEmpty()) {
            handOver(in, false);
        } else {
            incoming.add(in);
            handOverWaiting();
        }
    }

    /** All that could be read was read: what was handed over may be committed. */
    void complete() {
        ClientConnection to = connection;
        if (to == null) {
            return;
        }
        try {
            if (handedOver) {
                handedOver = false;
                incompleteTold = false;
                to.onReadComplete();
            }
            boolean incomplete = isIncomplete();
            if (incomplete && !incompleteTold) {
                to.onIncomplete();
            }
            incompleteTold = incomplete;
        } catch (RuntimeException e) {
            owner.fail(e);
        }
    }

    /** Whether a packet has begun to arrive and is not complete. */
    boolean isIncomplete() {
        return !isPaused() && !incoming.isEmpty();
    }

    private boolean isPaused() {
        return !wanted || congested || resuming;
    }

    private void handOverWaiting() {
        ByteBuf in = incoming.take();
        if (in != null) {
            handOver(in, true);
        }
    }

    /**
     * Hands over all whole packets; owns the buffer.
     *
     * @param waited whether it is what waited, which may go on waiting as it is
     */
    private void handOver(ByteBuf in, boolean waited) {
        ClientConnection to = connection;
        try {
            while (to != null && !stopped && !isPaused()) {
                Packet packet = decoder.decode(in);
                if (packet == null) {
                    break;
                }
                if (!connected) {
                    connected = true;
                    incoming.connected();
                    owner.connected((Connect) packet);
                }
                handedOver = true;
                to.onPacket(packet);
            }
        } catch (MalformedPacketException e) {
            owner.refuse(e);
        } catch (RuntimeException e) {
            owner.fail(e);
        } finally {
            if (stopped || !in.isReadable()) {
                in.release();
            } else if (waited) {
                incoming.putBack(in);
            } else {
                incoming.add(in);
            }
        }
    }

    /** Who waits for more than all together may is closed. */
    private void count() {
        if (!incoming.count() && !stopped && !isPaused()) {
            owner.refuse(
                    new MalformedPacketException(
                            ReasonCode.QUOTA_EXCEEDED,
                            "too many large packets are incomplete at the same time"));
        }
    }

    /** Whether the broker wants packets. */
    void setWanted(boolean now) {
        if (wanted != now && !stopped) {
            wanted = now;
            pauseOrResume();
        }
    }

    /** Whether too many answers wait for the client. */
    void setCongested(boolean now) {
        if (congested != now && !stopped) {
            congested = now;
            pauseOrResume();
        }
    }

    /** Reading is on as long as nobody has a reason against it. */
    private void pauseOrResume() {
        if (!wanted || congested) {
            channel.config().setAutoRead(false);
        } else if (!resuming) {
            resuming = true;
            loop.execute(this::resume);
        }
    }

    /** What waited comes first, then the socket. */
    private void resume() {
        resuming = false;
        if (stopped || isPaused()) {
            return;
        }
        handOverWaiting();
        complete();
        count();
        if (!stopped && !isPaused()) {
            channel.config().setAutoRead(true);
        }
    }

    /** The connection ends: nothing more is handed over, and what waited is let go. */
    void stop() {
        stopped = true;
        incoming.release();
    }
}

package io.busbar.mqtt.transport.connection;

import io.busbar.api.broker.Transport;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.broker.link.ClientConnection;
import io.busbar.mqtt.broker.link.ClientLink;
import io.busbar.mqtt.broker.link.Connections;
import io.busbar.mqtt.broker.link.EventLoop;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.DecoderLimits;
import io.busbar.mqtt.codec.MalformedPacketException;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PacketDecoder;
import io.busbar.mqtt.codec.PacketEncoder;
import io.busbar.mqtt.codec.PublishImage;
import io.busbar.mqtt.transport.admission.Admission;
import io.busbar.mqtt.transport.loops.NettyLoop;
import io.busbar.mqtt.transport.proxy.ClientAddress;
import io.busbar.mqtt.transport.tls.ClientIdentity;
import io.busbar.mqtt.transport.websocket.WebSocketFrames;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection between one socket and the broker. Packets that {@link IncomingPackets} reads go
 * to the {@link ClientConnection}; packets that the broker sends are collected and written at the
 * end of the event loop's turn. It is the last handler of its Netty pipeline, after TLS and
 * WebSocket. Confined to its event loop, except for the getters.
 */
public final class SocketLink extends ChannelInboundHandlerAdapter
        implements ClientLink, IncomingPackets.Owner, OpenLinks.Link {
    private static final Logger LOG = LoggerFactory.getLogger(SocketLink.class);

    private final Channel channel;
    private final ConnectionSettings settings;
    private final Transport transport;
    private final NettyLoop loop;
    private final OpenLinks links;
    private final ConnectionSetup setup;
    private final IncomingPackets incoming;
    private final OutgoingPackets outgoing;

    private @Nullable ClientConnection connection;

    private boolean closing;
    private boolean closed;
    private @Nullable Throwable cause;

    /**
     * Made for a channel that gets it as its last handler.
     *
     * @param connections what the broker makes of it
     * @param loop that of the channel
     * @param links where it is from its beginning to its end
     * @param peer the other end; a proxy may say something else
     * @param seat its place, which it leaves at its end
     */
    public SocketLink(
            Channel channel,
            ConnectionSettings settings,
            Connections connections,
            NettyLoop loop,
            OpenLinks links,
            InetSocketAddress peer,
            Admission.Seat seat) {
        this.channel = channel;
        this.settings = settings;
        this.transport = settings.transport();
        this.loop = loop;
        this.links = links;
        this.setup = new ConnectionSetup(channel, connections, settings, peer, seat);
        this.outgoing =
                new OutgoingPackets(
                        channel,
                        loop,
                        new OutgoingBuffer(channel, this::sent),
                        connections.backlogs(),
                        this::room,
                        settings.sendBufferBytes());
        this.incoming =
                new IncomingPackets(
                        this,
                        channel,
                        loop,
                        PacketDecoder.ofServer(
                                new DecoderLimits(
                                        connections.maxConnectSizeBytes(),
                                        connections.maxPacketSizeBytes(),
                                        connections.maxUserProperties()),
                                loop.topics()),
                        new IncomingBuffer(channel.alloc(), loop.partialPackets()));
    }

    // ---- life ----

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        links.add(this);
        if (channel.isActive()) {
            begin();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        begin();
    }

    private void begin() {
        if (setup.begin() && transport == Transport.TCP && !settings.proxied()) {
            open();
        }
    }

    /** TLS and WebSocket begin with a handshake of their own. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (!handshake.isSuccess()) {
                cause = handshake.cause();
                ctx.close();
            } else if (transport == Transport.TLS) {
                open();
            }
        } else if (event == WebSocketFrames.OPEN) {
            open();
        } else if (event instanceof ClientAddress source) {
            comesFrom(source.address());
        } else {
            super.userEventTriggered(ctx, event);
        }
    }

    /** A proxy says whom it speaks for. */
    private void comesFrom(@Nullable InetSocketAddress source) {
        if (source != null) {
            setup.comesFrom(source);
        }
        if (!setup.isTurnedAway() && transport == Transport.TCP) {
            open();
        }
    }

    private void open() {
        if (connection == null && !closed && !setup.isTurnedAway()) {
            ClientConnection opened = setup.open(this);
            connection = opened;
            incoming.start(opened);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        gone();
    }

    /** Also where the pipeline ends before it ever began. */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        gone();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable e) {
        // Connection reset, no TLS, a bad WebSocket frame: what clients cause.
        LOG.debug(
                "Connection fails (listener={}, address={})",
                settings.listener(),
                remoteAddress(),
                e);
        if (cause == null) {
            cause = e;
        }
        ctx.close();
    }

    /** Tells the broker once, and lets all buffers go. */
    private void gone() {
        if (closed) {
            return;
        }
        closed = true;
        closing = true;
        incoming.stop();
        outgoing.end();
        ClientConnection gone = connection;
        if (gone != null) {
            try {
                gone.onClosed(cause);
            } catch (RuntimeException e) {
                LOG.error(
                        "Closing failed (listener={}, address={})",
                        settings.listener(),
                        remoteAddress(),
                        e);
            }
        }
        setup.leave();
        links.remove(this);
    }

    // ---- reading ----

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        incoming.read((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        incoming.complete();
    }

    @Override
    public void setReading(boolean reading) {
        incoming.setWanted(reading);
    }

    @Override
    public void connected(Connect connect) {
        outgoing.encoder(PacketEncoder.of(connect));
        setup.complete();
    }

    @Override
    public void refuse(MalformedPacketException e) {
        LOG.debug(
                "Packet is refused: {} (reason={}, listener={}, address={})",
                e.reason(),
                e.reasonCode(),
                settings.listener(),
                remoteAddress());
        ProtocolVersion version = incoming.version();
        if (version != null && !incoming.isConnected()) {
            outgoing.encoder(PacketEncoder.of(version));
        }
        ClientConnection to = connection;
        if (to != null) {
            try {
                to.onMalformed(version, e.reasonCode(), e.reason());
            } catch (RuntimeException failure) {
                fail(failure);
            }
        }
        close();
    }

    /** A defect of ours ends this connection and no other. */
    @Override
    public void fail(RuntimeException e) {
        LOG.error(
                "Packet could not be handled, the connection is closed (listener={}, address={})",
                settings.listener(),
                remoteAddress(),
                e);
        if (cause == null) {
            cause = e;
        }
        ClientConnection to = connection;
        if (to != null && !closing) {
            try {
                to.disconnect(ReasonCode.UNSPECIFIED_ERROR);
            } catch (RuntimeException second) {
                e.addSuppressed(second);
            }
        }
        close();
    }

    // ---- writing ----

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (closing || !channel.isWritable()) {
            return;
        }
        outgoing.writable();
        incoming.setCongested(false);
        tellWritable();
    }

    /** There is memory again for what the client does not take. */
    private void room() {
        if (isWritable()) {
            tellWritable();
        }
    }

    private void tellWritable() {
        ClientConnection to = connection;
        if (to != null) {
            try {
                to.onWritable();
            } catch (RuntimeException e) {
                fail(e);
            }
        }
    }

    @Override
    public void send(Packet packet) {
        if (closing) {
            return;
        }
        if (outgoing.send(packet)) {
            incoming.setCongested(outgoing.isCongested());
        } else {
            tooLarge(packet);
        }
    }

    /**
     * The client takes no packet as large as the answer it waits for [MQTT5-3.1.2-24]: without it,
     * and in particular without CONNACK, nothing can go on.
     */
    private void tooLarge(Packet packet) {
        LOG.debug(
                "{} is larger than the client takes, the connection is closed (listener={},"
                        + " address={})",
                packet.type(),
                settings.listener(),
                remoteAddress());
        close();
    }

    @Override
    public void send(PublishImage image, int packetId, boolean dup) {
        if (!closing) {
            outgoing.send(image, packetId, dup);
        }
    }

    @Override
    public void send(
            PublishImage image,
            int packetId,
            boolean dup,
            long expirySeconds,
            int topicAlias,
            boolean topicKnown,
            int[] subscriptionIdentifiers) {
        if (!closing) {
            outgoing.send(
                    image,
                    packetId,
                    dup,
                    expirySeconds,
                    topicAlias,
                    topicKnown,
                    subscriptionIdentifiers);
        }
    }

    /** Bytes went to the socket's queue. */
    private void sent(int bytes) {
        ClientConnection to = connection;
        if (to != null) {
            to.onSent(bytes);
        }
    }

    @Override
    public boolean isWritable() {
        return !closing && channel.isWritable() && outgoing.hasRoom();
    }

    @Override
    public boolean isIncomplete() {
        return incoming.isIncomplete();
    }

    @Override
    public long pendingBytes() {
        return outgoing.pendingBytes();
    }

    @Override
    public long stalledNanos() {
        return outgoing.stalledNanos();
    }

    // ---- closing ----

    @Override
    public void close() {
        if (closing) {
            return;
        }
        outgoing.pass();
        closing = true;
        setup.complete(); // its time for CONNECT does not matter any more
        incoming.stop();
        if (channel.isActive()) {
            LingeringClose.begin(channel, transport);
        } else {
            channel.close();
        }
    }

    @Override
    public void shutDown(ReasonCode reason) {
        loop.execute(
                () -> {
                    ClientConnection to = connection;
                    if (to == null) {
                        channel.close();
                    } else if (!closing) {
                        try {
                            to.disconnect(reason);
                        } catch (RuntimeException e) {
                            fail(e);
                        }
                        close();
                    }
                });
    }

    @Override
    public void abort() {
        loop.execute(() -> channel.close());
    }

    // ---- who and where ----

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return setup.address();
    }

    @Override
    public String listener() {
        return settings.listener();
    }

    @Override
    public Transport transport() {
        return transport;
    }

    @Override
    public @Nullable String certificateSubject() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        ClientIdentity identity = settings.identity();
        return tls == null || identity == null ? null : identity.of(tls.engine().getSession());
    }
}

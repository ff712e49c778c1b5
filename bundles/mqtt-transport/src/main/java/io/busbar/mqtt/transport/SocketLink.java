package io.busbar.mqtt.transport;

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
import io.busbar.mqtt.codec.PacketType;
import io.busbar.mqtt.codec.PublishImage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket: bytes into packets for the {@link ClientConnection}, and what it sends into one
 * outgoing buffer that is written once per loop turn. The last handler of its pipeline; TLS and
 * WebSocket, if any, come before it. Confined to its loop but for the getters.
 *
 * <p>Reading stops for three reasons: the broker asked for it; the client does not read what it is
 * sent, so that answers pile up; the link is being closed. Whatever was read and not handed over
 * waits in {@link #pending}, which is bounded by the largest packet and one read.
 */
final class SocketLink extends ChannelInboundHandlerAdapter implements ClientLink {
    private static final Logger LOG = LoggerFactory.getLogger(SocketLink.class);

    /**
     * The outgoing buffer starts with the size that the last one had, within these bounds; a fuller
     * one goes to the socket's queue.
     */
    private static final int MIN_CHUNK = 256;

    private static final int MAX_CHUNK = 32 << 10;

    /** Up to this size nobody cares how full a buffer is. */
    private static final int SMALL = 4 << 10;

    /** So much is handed to the socket before the turn ends. */
    private static final int EARLY_FLUSH = 128 << 10;

    /** Room for the fixed header and properties of an image beyond its own size. */
    private static final int SPARE = 64;

    /**
     * How long closing waits until what was sent is written, and then until the client closes its
     * side.
     */
    private static final int WRITE_OUT_MILLIS = 2_000;

    private static final int LINGER_MILLIS = 500;

    private final Listener listener;
    private final Connections connections;
    private final NettyLoop loop;
    private final PartialPackets partial;
    private final Transport transport;
    private final PacketDecoder decoder;
    private final ListenerSettings settings;
    private final Admission.Seat seat;
    private final int answersLimit;

    private @Nullable ChannelHandlerContext context;
    private InetSocketAddress remoteAddress = new InetSocketAddress(0);
    private @Nullable ClientConnection connection;
    private @Nullable PacketEncoder encoder;
    private boolean connected;
    private boolean refused;
    private @Nullable Future<?> connectTimeout;
    private @Nullable Throwable cause;

    private @Nullable ByteBuf pending;

    /** What of it counts among the packets of all connections that are not complete. */
    private int counted;

    private boolean wanted = true;
    private boolean congested;
    private boolean resuming;
    private boolean handedOver;
    private boolean closing;
    private boolean closed;

    private @Nullable ByteBuf out;
    private int chunkSize = MIN_CHUNK;
    private boolean dirty;
    private int unflushed;
    private int answers;

    private volatile long bytesIn;
    private volatile long bytesOut;

    SocketLink(
            Listener listener,
            Connections connections,
            NettyLoop loop,
            PartialPackets partial,
            ListenerSettings settings,
            Admission.Seat seat) {
        this.listener = listener;
        this.connections = connections;
        this.loop = loop;
        this.partial = partial;
        this.transport = settings.transport();
        this.settings = settings;
        this.seat = seat;
        this.answersLimit = listener.sendBufferBytes();
        this.decoder =
                PacketDecoder.ofServer(
                        new DecoderLimits(
                                connections.maxConnectSizeBytes(),
                                connections.maxPacketSizeBytes(),
                                connections.maxUserProperties()),
                        loop.topics());
    }

    private Channel channel() {
        return context().channel();
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("link: not in a pipeline");
        }
        return ctx;
    }

    // ---- life ----

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        if (ctx.channel().isActive()) {
            begin(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        begin(ctx);
    }

    private void begin(ChannelHandlerContext ctx) {
        if (connectTimeout != null) {
            return;
        }
        if (ctx.channel().remoteAddress() instanceof InetSocketAddress address) {
            remoteAddress = address;
        }
        connectTimeout =
                ctx.executor()
                        .schedule(
                                this::connectTimedOut,
                                connections.connectTimeoutMillis(),
                                TimeUnit.MILLISECONDS);
        if (transport == Transport.TCP && !settings.proxied()) {
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
        } else if (event instanceof ProxyHeader.Source source) {
            comesFrom(source.address());
        } else {
            super.userEventTriggered(ctx, event);
        }
    }

    /** A proxy says whom it speaks for. */
    private void comesFrom(InetSocketAddress source) {
        remoteAddress = source;
        if (!isTurnedAway() && transport == Transport.TCP) {
            open();
        }
    }

    /** Whether the limits have no place for it, nor for an answer that says so. */
    private boolean isTurnedAway() {
        seat.at(remoteAddress.getAddress());
        ReasonCode refusal = seat.refusal();
        if (refusal == null) {
            return false;
        }
        if (!refused) {
            refused = true;
            connections.refused(remoteAddress, listener.name(), refusal);
        }
        if (settings.tls() == null && seat.mayBeTold()) {
            return false;
        }
        context().close();
        return true;
    }

    private void open() {
        if (connection == null && !closed && !isTurnedAway()) {
            ReasonCode refusal = seat.refusal();
            connection = refusal == null ? connections.open(this) : new Refusal(this, refusal);
        }
    }

    private void connectTimedOut() {
        if (!connected && !closed) {
            LOG.debug(
                    "CONNECT did not come in time (listener={}, address={})",
                    listener.name(),
                    remoteAddress);
            context().close();
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
        LOG.debug("Connection fails (listener={}, address={})", listener.name(), remoteAddress, e);
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
        Future<?> timeout = connectTimeout;
        if (timeout != null) {
            timeout.cancel(false);
        }
        release();
        ClientConnection gone = connection;
        if (gone != null) {
            try {
                gone.onClosed(cause);
            } catch (RuntimeException e) {
                LOG.error(
                        "Closing failed (listener={}, address={})",
                        listener.name(),
                        remoteAddress,
                        e);
            }
        }
        seat.leave();
        listener.left(this);
    }

    private void release() {
        if (pending != null) {
            pending.release();
            pending = null;
        }
        count();
        if (out != null) {
            out.release();
            out = null;
        }
    }

    // ---- reading ----

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        long before = bytesIn;
        bytesIn = before + in.readableBytes();
        if (closing || connection == null) {
            // Also: bytes behind the last packet, which nobody wants.
            in.release();
        } else if (isPaused()) {
            keep(in);
        } else if (pending == null) {
            handOver(in, false);
        } else {
            keep(in);
            takePending();
        }
        count();
    }

    /** Counts what waits; who waits for more than all together may is closed. */
    private void count() {
        ByteBuf waiting = pending;
        if (waiting == null && counted == 0) {
            return;
        }
        int now = waiting == null || waiting.capacity() <= SMALL ? 0 : waiting.capacity();
        int more = now - counted;
        if (more == 0) {
            return;
        }
        counted = now;
        if (!partial.change(more) && !closing && !isPaused()) {
            refuse(
                    new MalformedPacketException(
                            ReasonCode.QUOTA_EXCEEDED,
                            "too many large packets are incomplete at the same time"));
            count();
        }
    }

    private boolean isPaused() {
        return !wanted || congested || resuming;
    }

    /** Adds the bytes to those that wait. */
    private void keep(ByteBuf in) {
        if (pending == null) {
            // The read buffer belongs to the loop: what stays is copied.
            pending = channel().alloc().directBuffer(Math.max(in.readableBytes(), MIN_CHUNK));
        } else if (pending.readerIndex() > pending.readableBytes()) {
            pending.discardReadBytes();
        }
        try {
            pending.writeBytes(in);
        } finally {
            in.release();
        }
    }

    private void takePending() {
        ByteBuf in = pending;
        pending = null;
        if (in != null) {
            handOver(in, true);
        }
    }

    /**
     * Hands over all whole packets; owns the buffer.
     *
     * @param kept whether it is the buffer of bytes that waited, which may go on waiting as it is
     */
    private void handOver(ByteBuf in, boolean kept) {
        ClientConnection to = connection;
        try {
            while (to != null && !closing && !isPaused()) {
                Packet packet = decoder.decode(in);
                if (packet == null) {
                    break;
                }
                if (!connected) {
                    connected((Connect) packet);
                }
                handedOver = true;
                to.onPacket(packet);
            }
        } catch (MalformedPacketException e) {
            refuse(e);
        } catch (RuntimeException e) {
            fail(e);
        } finally {
            if (!closing && in.isReadable()) {
                stay(in, kept);
            } else {
                in.release();
            }
        }
    }

    /** A buffer that is mostly empty is not kept for the little in it. */
    private void stay(ByteBuf in, boolean kept) {
        if (kept && (in.capacity() <= SMALL || in.capacity() <= in.readableBytes() * 4)) {
            pending = in;
        } else {
            keep(in);
        }
    }

    private void connected(Connect connect) {
        connected = true;
        encoder = PacketEncoder.of(connect);
        Future<?> timeout = connectTimeout;
        if (timeout != null) {
            timeout.cancel(false);
        }
    }

    private void refuse(MalformedPacketException e) {
        LOG.debug(
                "Packet is refused: {} (reason={}, listener={}, address={})",
                e.reason(),
                e.reasonCode(),
                listener.name(),
                remoteAddress);
        ClientConnection to = connection;
        if (to != null) {
            try {
                to.onMalformed(decoder.version(), e.reasonCode(), e.reason());
            } catch (RuntimeException failure) {
                fail(failure);
            }
        }
        close();
    }

    /** A defect of ours ends this connection and no other. */
    private void fail(RuntimeException e) {
        LOG.error(
                "Packet could not be handled, the connection is closed (listener={}, address={})",
                listener.name(),
                remoteAddress,
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

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        readComplete();
    }

    private void readComplete() {
        ClientConnection to = connection;
        if (handedOver && to != null) {
            handedOver = false;
            try {
                to.onReadComplete();
            } catch (RuntimeException e) {
                fail(e);
            }
        }
    }

    @Override
    public void setReading(boolean reading) {
        if (wanted == reading || closing) {
            return;
        }
        wanted = reading;
        reading();
    }

    /** Reading is on as long as nobody has a reason against it. */
    private void reading() {
        if (!wanted || congested) {
            channel().config().setAutoRead(false);
        } else if (!resuming) {
            resuming = true;
            loop.execute(this::resume);
        }
    }

    /** What waited comes first, then the socket. */
    private void resume() {
        resuming = false;
        if (closing || isPaused()) {
            return;
        }
        takePending();
        readComplete();
        count();
        if (!closing && !isPaused()) {
            channel().config().setAutoRead(true);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (closing || !ctx.channel().isWritable()) {
            return;
        }
        answers = 0;
        if (congested) {
            congested = false;
            reading();
        }
        ClientConnection to = connection;
        if (to != null) {
            try {
                to.onWritable();
            } catch (RuntimeException e) {
                fail(e);
            }
        }
    }

    // ---- writing ----

    @Override
    public void send(Packet packet) {
        if (closing) {
            return;
        }
        PacketEncoder to = encoder;
        if (to == null) {
            ProtocolVersion version = decoder.version();
            to = PacketEncoder.of(version == null ? ProtocolVersion.MQTT_3_1_1 : version);
        }
        ByteBuf buffer = room(SPARE);
        int before = buffer.writerIndex();
        boolean fits = to.encode(packet, buffer);
        if (!fits && packet.type() != PacketType.DISCONNECT) {
            tooLarge(packet);
            return;
        }
        if (!channel().isWritable()) {
            answered(buffer.writerIndex() - before);
        }
        written();
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
                listener.name(),
                remoteAddress);
        close();
    }

    @Override
    public void send(PublishImage image, int packetId, boolean dup) {
        if (closing) {
            return;
        }
        image.write(room(roomFor(image)), packetId, dup);
        payload(image);
        written();
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
        if (closing) {
            return;
        }
        image.write(
                room(roomFor(image) + 5 * subscriptionIdentifiers.length),
                packetId,
                dup,
                expirySeconds,
                topicAlias,
                topicKnown,
                subscriptionIdentifiers);
        payload(image);
        written();
    }

    private static int roomFor(PublishImage image) {
        return image.isLarge() ? SPARE : image.sizeBytes() + SPARE;
    }

    private void payload(PublishImage image) {
        if (image.isLarge()) {
            pass();
            ByteBuf payload = image.sharedPayload();
            sent(payload.readableBytes());
            context().write(payload, context().voidPromise());
        }
    }

    /**
     * The outgoing buffer with room for so many bytes; a fuller one goes to the socket's queue
     * first.
     */
    private ByteBuf room(int size) {
        ByteBuf buffer = out;
        if (buffer != null) {
            if (buffer.writableBytes() >= size && buffer.readableBytes() < MAX_CHUNK) {
                return buffer;
            }
            pass();
            chunkSize = Math.min(MAX_CHUNK, chunkSize * 4);
        }
        buffer = channel().alloc().directBuffer(Math.max(size, chunkSize));
        out = buffer;
        return buffer;
    }

    /** Hands the outgoing buffer to the socket's queue. */
    private void pass() {
        ByteBuf buffer = out;
        if (buffer == null) {
            return;
        }
        out = null;
        int size = buffer.readableBytes();
        if (size == 0) {
            buffer.release();
            return;
        }
        sent(size);
        context().write(buffer, context().voidPromise());
    }

    private void sent(int size) {
        unflushed += size;
        long before = bytesOut;
        bytesOut = before + size;
    }

    private void written() {
        if (unflushed >= EARLY_FLUSH) {
            unflushed = 0;
            context().flush();
        }
        if (!dirty) {
            dirty = true;
            loop.flushLater(this);
        }
    }

    /**
     * Messages to a slow client are the broker's to hold back or drop. Answers are not: who asks on
     * and reads none of them is not read either, until it does.
     */
    private void answered(int size) {
        answers += size;
        if (!congested && answers > answersLimit) {
            congested = true;
            reading();
        }
    }

    /** The end of the loop's turn. */
    void flush() {
        dirty = false;
        if (closed) {
            return;
        }
        ByteBuf buffer = out;
        if (buffer != null) {
            // The next one starts with about the room that this one took.
            int used = buffer.readableBytes();
            if (used * 4 < chunkSize) {
                chunkSize = Math.max(MIN_CHUNK, chunkSize / 2);
            }
            pass();
        }
        unflushed = 0;
        context().flush();
    }

    @Override
    public boolean isWritable() {
        return !closing && channel().isWritable();
    }

    @Override
    public long pendingBytes() {
        ByteBuf buffer = out;
        long waiting = buffer == null ? 0 : buffer.readableBytes();
        ChannelOutboundBuffer queue = channel().unsafe().outboundBuffer();
        return queue == null ? waiting : waiting + queue.totalPendingWriteBytes();
    }

    // ---- closing ----

    /**
     * Writes out, then closes. A TCP socket closed with unread input would answer with a reset,
     * which may take the last packet from the client: so its output ends first, and input is read
     * and dropped for a moment.
     */
    @Override
    public void close() {
        if (closing) {
            return;
        }
        ChannelHandlerContext ctx = context();
        pass();
        closing = true;
        if (pending != null) {
            pending.release();
            pending = null;
        }
        count();
        if (!ctx.channel().isActive()) {
            ctx.close();
            return;
        }
        ctx.channel().config().setAutoRead(true);
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> writtenOut(ctx));
        ctx.executor().schedule(this::closeNow, WRITE_OUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void writtenOut(ChannelHandlerContext ctx) {
        if (closed) {
            return;
        }
        if (transport == Transport.TCP && ctx.channel() instanceof DuplexChannel duplex) {
            ChannelFuture shutdown = duplex.shutdownOutput();
            shutdown.addListener(
                    done ->
                            ctx.executor()
                                    .schedule(
                                            this::closeNow, LINGER_MILLIS, TimeUnit.MILLISECONDS));
        } else {
            ctx.close();
        }
    }

    private void closeNow() {
        if (!closed) {
            context().channel().close();
        }
    }

    /** The listener ends: the client is told. Any thread. */
    void shutDown(ReasonCode reason) {
        loop.execute(
                () -> {
                    ClientConnection to = connection;
                    if (to == null) {
                        closeNow();
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

    /** The deadline is over. Any thread. */
    void abort() {
        loop.execute(this::closeNow);
    }

    // ---- who and where ----

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public String listener() {
        return listener.name();
    }

    @Override
    public Transport transport() {
        return transport;
    }

    @Override
    public @Nullable String certificateSubject() {
        SslHandler tls = channel().pipeline().get(SslHandler.class);
        Tls ours = settings.tls();
        return tls == null || ours == null ? null : ours.identity().of(tls.engine().getSession());
    }

    @Override
    public long bytesIn() {
        return bytesIn;
    }

    @Override
    public long bytesOut() {
        return bytesOut;
    }
}

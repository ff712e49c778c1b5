package io.busbar.itests.fuzz;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DuplexChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A socket without a network. What comes while nothing is read waits, and what goes out while the
 * client takes nothing waits as well.
 */
final class ManualChannel extends AbstractChannel implements DuplexChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false);

    private final ChannelConfig config = new DefaultChannelConfig(this);
    private final InetSocketAddress address;
    private final ByteBuf received;
    private final Deque<byte[]> arriving = new ArrayDeque<>();
    private boolean open = true;
    private boolean outputShutdown;
    private boolean taking = true;

    /**
     * Makes one.
     *
     * @param received gets what the client takes
     */
    ManualChannel(CountedBuffers buffers, int port, int sendBufferBytes, ByteBuf received) {
        super(null);
        this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.received = received;
        config.setAllocator(buffers);
        config.setWriteBufferWaterMark(
                new WriteBufferWaterMark(sendBufferBytes / 4, sendBufferBytes));
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return address;
    }

    /** Bytes arrive, in one read. */
    void arrive(byte[] bytes) {
        arriving.add(bytes);
        read0();
    }

    /** Hands on what has arrived, as far as it is wanted; on its loop. */
    void read0() {
        while (open && config.isAutoRead() && !arriving.isEmpty()) {
            ByteBuf in = config.getAllocator().directBuffer(64).writeBytes(arriving.poll());
            pipeline().fireChannelRead(in);
            pipeline().fireChannelReadComplete();
        }
    }

    /** Whether the client takes what it is sent; on its loop. */
    void taking(boolean now) {
        taking = now;
        if (now && open) {
            unsafe().flush();
        }
    }

    boolean isTaking() {
        return taking;
    }

    // ---- the socket

    @Override
    protected void doWrite(ChannelOutboundBuffer out) {
        while (taking && out.current() instanceof ByteBuf buffer) {
            received.writeBytes(buffer, buffer.readerIndex(), buffer.readableBytes());
            out.remove();
        }
    }

    @Override
    protected void doBeginRead() {
        if (!arriving.isEmpty()) {
            eventLoop().execute(this::read0);
        }
    }

    @Override
    protected void doClose() {
        open = false;
        arriving.clear();
    }

    @Override
    protected void doShutdownOutput() {
        outputShutdown = true;
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof ManualNettyLoop;
    }

    @Override
    protected SocketAddress localAddress0() {
        return address;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return address;
    }

    @Override
    protected void doBind(SocketAddress local) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new AbstractUnsafe() {
            @Override
            public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
                promise.setFailure(new UnsupportedOperationException());
            }
        };
    }

    // ---- its two directions

    @Override
    public boolean isOutputShutdown() {
        return outputShutdown || !open;
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        ((AbstractUnsafe) unsafe()).shutdownOutput(promise);
        return promise;
    }

    @Override
    public boolean isInputShutdown() {
        return !open;
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        return promise.setFailure(new UnsupportedOperationException());
    }

    @Override
    public boolean isShutdown() {
        return !open;
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        return close(promise);
    }
}

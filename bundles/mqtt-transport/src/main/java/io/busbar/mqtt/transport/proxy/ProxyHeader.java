package io.busbar.mqtt.transport.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header that a proxy sends before all other bytes: versions 1 (a line of text) and 2
 * (binary) of the PROXY protocol. Netty's decoder does the reading. This class closes the
 * connection as soon as the received bytes cannot become a header; Netty's decoder alone would wait
 * for more. An incomplete header is limited by the time-out for CONNECT. Extensions of the header
 * are ignored.
 */
public final class ProxyHeader extends HAProxyMessageDecoder {
    /** Version 1: what its longest line has, CR LF included. */
    private static final int MAX_LINE = 107;

    /** Version 2: addresses and what proxies add to them. */
    private static final int MAX_BINARY = 2_048;

    /** Netty's own part of {@link #MAX_BINARY}: the head and the largest addresses. */
    private static final int HEAD_AND_ADDRESSES = 16 + 216;

    private static final byte[] TEXT = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BINARY = {
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A
    };
    private static final int LENGTH_AT = 14;

    private ProxyHeader() {
        super(MAX_BINARY - HEAD_AND_ADDRESSES);
    }

    /**
     * Has the header read that begins a connection, which is then told as a {@link ClientAddress}
     * event. The handlers leave the pipeline when they are done.
     */
    public static void addTo(ChannelPipeline pipeline) {
        pipeline.addLast(new ProxyHeader(), new Told());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (message instanceof ByteBuf in && hasSign(in)) {
            ReferenceCountUtil.release(message);
            throw new HAProxyProtocolException("a number with a sign");
        }
        super.channelRead(ctx, message);
        if (!ctx.isRemoved() && !canBecomeHeader(internalBuffer())) {
            throw new HAProxyProtocolException("no PROXY header");
        }
    }

    /** Whether a line of text goes on with a plus: Netty takes it before a number. */
    private boolean hasSign(ByteBuf in) {
        ByteBuf before = internalBuffer();
        ByteBuf begin = before.isReadable() ? before : in;
        if (!begin.isReadable() || begin.getByte(begin.readerIndex()) != TEXT[0]) {
            return false;
        }
        int end = in.bytesBefore((byte) '\n');
        return in.bytesBefore(end < 0 ? in.readableBytes() : end, (byte) '+') >= 0;
    }

    /** Of what has come and is no whole header. */
    private static boolean canBecomeHeader(ByteBuf in) {
        if (!in.isReadable()) {
            return true;
        }
        int from = in.readerIndex();
        boolean text = in.getByte(from) == TEXT[0];
        byte[] begin = text ? TEXT : BINARY;
        for (int i = 0; i < Math.min(begin.length, in.readableBytes()); i++) {
            if (in.getByte(from + i) != begin[i]) {
                return false;
            }
        }
        if (text) {
            // With a CR before it the line would be whole.
            return in.readableBytes() < MAX_LINE && in.bytesBefore((byte) '\n') < 0;
        }
        int head = LENGTH_AT + Short.BYTES;
        return in.readableBytes() < head
                || head + in.getUnsignedShort(from + LENGTH_AT) <= MAX_BINARY;
    }

    /** Says it on. */
    private static final class Told extends SimpleChannelInboundHandler<HAProxyMessage> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, HAProxyMessage header) {
            // What had come before the connection ended is decoded after its end.
            if (ctx.channel().isActive()) {
                ctx.fireUserEventTriggered(new ClientAddress(source(header)));
                ctx.pipeline().remove(this);
            }
        }

        /** Null if the proxy speaks for itself, or of addresses that are not those of TCP. */
        private static @Nullable InetSocketAddress source(HAProxyMessage header) {
            HAProxyProxiedProtocol protocol = header.proxiedProtocol();
            return protocol == HAProxyProxiedProtocol.TCP4
                            || protocol == HAProxyProxiedProtocol.TCP6
                    ? new InetSocketAddress(
                            NetUtil.createInetAddressFromIpAddressString(header.sourceAddress()),
                            header.sourcePort())
                    : null;
        }
    }
}

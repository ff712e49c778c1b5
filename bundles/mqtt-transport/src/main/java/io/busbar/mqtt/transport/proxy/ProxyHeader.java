package io.busbar.mqtt.transport.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header that a proxy puts before all other bytes: versions 1 (a line of text) and 2 (binary)
 * of the PROXY protocol. Says who the client is as a {@link ClientAddress} event, and leaves the
 * pipeline. What is no header ends the connection; the time for it is part of that for CONNECT.
 */
public final class ProxyHeader extends ByteToMessageDecoder {
    /** Version 1: what its longest line has, CR LF included. */
    private static final int MAX_LINE = 107;

    /** Version 2: addresses and what proxies add to them. */
    private static final int MAX_BINARY = 2_048;

    private static final byte[] SIGNATURE = {
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A
    };
    private static final byte[] WORD = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final int HEAD = 16;

    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;

    private static final Pattern PORT = Pattern.compile("0|[1-9][0-9]{0,4}");

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
            throws Exception {
        byte[] begin = in.getByte(in.readerIndex()) == WORD[0] ? WORD : SIGNATURE;
        for (int i = 0; i < Math.min(begin.length, in.readableBytes()); i++) {
            if (in.getByte(in.readerIndex() + i) != begin[i]) {
                throw new CorruptedFrameException("no PROXY header");
            }
        }
        if (begin == WORD ? !isLineComplete(in) : !isBinaryComplete(in)) {
            return;
        }
        ctx.fireUserEventTriggered(new ClientAddress(begin == WORD ? line(in) : binary(in)));
        // What follows goes on to the next handler.
        ctx.pipeline().remove(this);
    }

    private static boolean isLineComplete(ByteBuf in) {
        int end = in.bytesBefore(Math.min(MAX_LINE, in.readableBytes()), (byte) '\n');
        if (end < 0 && in.readableBytes() >= MAX_LINE) {
            throw new CorruptedFrameException("PROXY line is too long");
        }
        return end >= 0;
    }

    /** {@code PROXY TCP4 source destination sourcePort destinationPort}; null if unknown. */
    private static @Nullable InetSocketAddress line(ByteBuf in) {
        int size = in.bytesBefore((byte) '\n') + 1;
        String line = in.readCharSequence(size, StandardCharsets.US_ASCII).toString();
        if (!line.endsWith("\r\n")) {
            throw new CorruptedFrameException("PROXY line without CR");
        }
        String[] words = line.substring(0, size - 2).split(" ", -1);
        if (words[1].equals("UNKNOWN")) {
            return null;
        }
        boolean four = words[1].equals("TCP4");
        if (words.length != 6 || !four && !words[1].equals("TCP6")) {
            throw new CorruptedFrameException("PROXY line");
        }
        address(words[3], four);
        port(words[5]);
        return new InetSocketAddress(address(words[2], four), port(words[4]));
    }

    private static InetAddress address(String text, boolean four) {
        InetAddress address =
                (four ? NetUtil.isValidIpV4Address(text) : NetUtil.isValidIpV6Address(text))
                        ? NetUtil.createInetAddressFromIpAddressString(text)
                        : null;
        if (address == null) {
            throw new CorruptedFrameException("PROXY address");
        }
        return address;
    }

    private static int port(String text) {
        int port = PORT.matcher(text).matches() ? Integer.parseInt(text) : -1;
        if (port < 0 || port > 65_535) {
            throw new CorruptedFrameException("PROXY port");
        }
        return port;
    }

    private static boolean isBinaryComplete(ByteBuf in) {
        if (in.readableBytes() < HEAD) {
            return false;
        }
        int size = HEAD + in.getUnsignedShort(in.readerIndex() + HEAD - 2);
        if (size > MAX_BINARY) {
            throw new CorruptedFrameException("PROXY header is too long");
        }
        return in.readableBytes() >= size;
    }

    /** Null if the proxy speaks for itself, or of addresses that are none of IP. */
    private static @Nullable InetSocketAddress binary(ByteBuf in) throws UnknownHostException {
        in.skipBytes(SIGNATURE.length);
        int command = in.readUnsignedByte();
        int family = in.readUnsignedByte();
        ByteBuf rest = in.readSlice(in.readUnsignedShort());
        if (command != LOCAL && command != PROXY) {
            throw new CorruptedFrameException("PROXY version or command");
        }
        if (command == LOCAL || family != TCP4 && family != TCP6) {
            return null;
        }
        int width = family == TCP4 ? 4 : 16;
        if (rest.readableBytes() < 2 * width + 4) {
            throw new CorruptedFrameException("PROXY addresses");
        }
        byte[] address = new byte[width];
        rest.readBytes(address).skipBytes(width);
        return new InetSocketAddress(InetAddress.getByAddress(address), rest.readUnsignedShort());
    }
}

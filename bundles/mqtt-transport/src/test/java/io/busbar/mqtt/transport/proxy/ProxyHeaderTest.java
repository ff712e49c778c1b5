package io.busbar.mqtt.transport.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The header alone, with no time that passes. */
class ProxyHeaderTest {
    private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final byte[] FOUR = {(byte) 192, 0, 2, 7, (byte) 198, 51, 100, 1, 22, 46, 7, 91};

    private final List<ClientAddress> told = new ArrayList<>();
    private final List<ByteBuf> given = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();

    ProxyHeaderTest() {
        ProxyHeader.addTo(channel.pipeline());
        channel.pipeline()
                .addLast(
                        new ChannelInboundHandlerAdapter() {
                            @Override
                            public void userEventTriggered(ChannelHandlerContext ctx, Object e) {
                                told.add((ClientAddress) e);
                            }

                            @Override
                            public void exceptionCaught(ChannelHandlerContext ctx, Throwable e) {
                                ctx.fireExceptionCaught(e);
                                ctx.close();
                            }
                        });
    }

    @AfterEach
    void allIsReleased() {
        channel.finishAndReleaseAll();
        assertThat(given).allMatch(buffer -> buffer.refCnt() == 0);
    }

    private void comes(byte[] bytes) {
        ByteBuf buffer = Unpooled.copiedBuffer(bytes);
        given.add(buffer);
        channel.writeInbound(buffer);
    }

    private static byte[] text(String line) {
        return line.getBytes(US_ASCII);
    }

    private static byte[] binary(int command, int family, int length, byte... rest) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(text(SIGNATURE));
        bytes.write(command);
        bytes.write(family);
        bytes.write(length >> 8);
        bytes.write(length);
        bytes.writeBytes(rest);
        return bytes.toByteArray();
    }

    private static byte[] binary(int command, int family, byte... rest) {
        return binary(command, family, rest.length, rest);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private String passedOn() {
        StringBuilder all = new StringBuilder();
        for (ByteBuf part; (part = channel.readInbound()) != null; part.release()) {
            all.append(new String(ByteBufUtil.getBytes(part), US_ASCII));
        }
        return all.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1_000})
    void header_inPieces_isTold_andWhatFollowsGoesOn(int size) {
        byte[] all = text("PROXY TCP4 192.0.2.7 198.51.100.1 5678 1883\r\nmore");
        for (int at = 0; at < all.length; at += size) {
            comes(Arrays.copyOfRange(all, at, Math.min(all.length, at + size)));
        }

        assertThat(told)
                .containsExactly(new ClientAddress(new InetSocketAddress("192.0.2.7", 5678)));
        assertThat(passedOn()).isEqualTo("more");
        assertThat(channel.pipeline().names()).hasSize(2); // the test's own, and the tail
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 10_000})
    void binaryHeader_withAdditions_isTold_andTheyAreDropped(int size) {
        byte[] tls = {0x20, 0, 9, 7, 0, 0, 0, 0, 0x21, 0, 1, '3'};
        byte[] name = {0x02, 0, 2, 'h', 'i'};
        byte[] all = join(binary(PROXY, 0x11, join(FOUR, tls, name)), text("more"));
        for (int at = 0; at < all.length; at += size) {
            comes(Arrays.copyOfRange(all, at, Math.min(all.length, at + size)));
        }

        assertThat(told)
                .containsExactly(new ClientAddress(new InetSocketAddress("192.0.2.7", 5678)));
        assertThat(passedOn()).isEqualTo("more");
    }

    static List<byte[]> withoutAddress() {
        return List.of(
                text("PROXY UNKNOWN\r\n"),
                text("PROXY UNKNOWN 2001:db8::7 2001:db8::1 5678 1883\r\n"),
                binary(LOCAL, 0x00),
                binary(LOCAL, 0x11, FOUR),
                binary(PROXY, 0x00, new byte[20]),
                binary(PROXY, 0x12, FOUR),
                binary(PROXY, 0x31, new byte[216]));
    }

    @ParameterizedTest
    @MethodSource("withoutAddress")
    void header_withoutAddressOfTcp_isOfTheProxyItself(byte[] header) {
        comes(header);

        assertThat(told).containsExactly(new ClientAddress(null));
        assertThat(channel.isOpen()).isTrue();
    }

    static List<byte[]> wrong() {
        return List.of(
                text("\u0010"),
                text("PROXX"),
                text("PROXY TCP4 192.0.2.7 198.51.100.1 5678 1883\n"),
                text("PROXY " + "x".repeat(101)),
                text("PROXY " + "x".repeat(200) + "\r\n"),
                text("PROXY TCP4 192.0.2.7 198.51.100.1 5678\r\n"),
                text("PROXY TCP4 192.0.2.777 198.51.100.1 5678 1883\r\n"),
                text("PROXY TCP4 2001:db8::7 2001:db8::1 5678 1883\r\n"),
                text("PROXY TCP6 192.0.2.7 198.51.100.1 5678 1883\r\n"),
                text("PROXY UDP4 192.0.2.7 198.51.100.1 5678 1883\r\n"),
                text("PROXY TCP4 192.0.2.7 198.51.100.1 65536 1883\r\n"),
                text("PROXY TCP4 192.0.2.7 198.51.100.1 +678 1883\r\n"),
                text("PROXY TCP4 192.0.2.7 198.51.100.1 -678 1883\r\n"),
                text("\r\n\r\n\1"),
                binary(0x31, 0x11, FOUR),
                binary(0x22, 0x11, FOUR),
                binary(PROXY, 0x11, new byte[4]),
                binary(PROXY, 0x21, FOUR),
                binary(PROXY, 0x31, new byte[100]),
                binary(PROXY, 0x11, 2_033),
                binary(PROXY, 0x11, join(FOUR, new byte[2_033 - FOUR.length])),
                binary(PROXY, 0x11, join(FOUR, new byte[] {0x02, 0, 9, 'x'})));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void header_isWrong_closesAtOnce(byte[] bytes) {
        assertThatThrownBy(() -> comes(bytes)).isInstanceOf(DecoderException.class);

        assertThat(channel.isOpen()).isFalse();
        assertThat(told).isEmpty();
    }

    @Test
    void header_isWrong_aGoodOneBehindItDoesNotHelp() {
        byte[] good = text("PROXY TCP4 192.0.2.7 198.51.100.1 5678 1883\r\n");
        assertThatThrownBy(() -> comes(join(text("PROXY TCP4 nobody\r\n"), good)))
                .isInstanceOf(DecoderException.class);

        assertThat(told).isEmpty();
    }

    @Test
    void header_ofTheLargestSize_isRead() {
        comes(binary(PROXY, 0x11, join(FOUR, new byte[2_032 - FOUR.length])));

        assertThat(told).hasSize(1);
    }

    @Test
    void connectionEnds_beforeTheHeaderDoes() {
        comes(text("PROXY TCP4 192.0.2.7"));

        assertThat(channel.finish()).isFalse();
        assertThat(told).isEmpty();
    }
}

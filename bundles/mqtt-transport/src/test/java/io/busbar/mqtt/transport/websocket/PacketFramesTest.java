package io.busbar.mqtt.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written through {@link WebSocketFrames}. */
class PacketFramesTest {
    private static final String PUBACK = "40020001";
    private static final String PINGRESP = "d000";

    private final EmbeddedChannel channel = new EmbeddedChannel(new WebSocketFrames());

    @AfterEach
    void finish() {
        channel.finishAndReleaseAll();
    }

    @Test
    void packets_gathered_haveAFrameEach_inOneBuffer() {
        assertThat(write(bytes(PUBACK + PINGRESP + PUBACK)))
                .containsExactly("8204" + PUBACK + "8202" + PINGRESP + "8204" + PUBACK);
    }

    /** Lengths of frames have to be written in the shortest form: RFC 6455, section 5.2. */
    @ParameterizedTest
    @CsvSource({
        "123, 307b, 827d",
        "124, 307c, 827e007e",
        "127, 307f, 827e0081",
        "128, 308001, 827e0083",
        "65531, 30fbff03, 827e ffff",
        "65532, 30fcff03, 827f 0000000000010000",
        "2097152, 3080808001, 827f 0000000000200005",
    })
    void packet_ofAnySize_hasOneFrame(int length, String fixedHeader, String frameHeader) {
        String packet = fixedHeader + "ab".repeat(length);

        assertThat(write(bytes(packet))).containsExactly(frameHeader.replace(" ", "") + packet);
    }

    @Test
    void payload_inABufferOfItsOwn_isInTheFrameOfItsPacketAndNotCopied() {
        ByteBuf payload = Unpooled.directBuffer().writeZero(20_000);

        // A PUBLISH of topic "a" behind a PUBACK.
        channel.write(bytes(PUBACK + "30a39c01" + "000161"));
        channel.writeAndFlush(payload);
        channel.writeAndFlush(bytes(PINGRESP));

        assertThat(hex(channel.readOutbound()))
                .isEqualTo("8204" + PUBACK + "827e4e27" + "30a39c01" + "000161");
        ByteBuf passed = channel.readOutbound();
        assertThat(passed).isSameAs(payload);
        passed.release();
        assertThat(hex(channel.readOutbound())).isEqualTo("8202" + PINGRESP);
    }

    @Test
    void buffers_areReleased() {
        ByteBuf packets = bytes(PUBACK + PINGRESP);

        write(packets);

        assertThat(packets.refCnt()).isZero();
    }

    private List<String> write(ByteBuf packets) {
        channel.writeAndFlush(packets);
        List<String> written = new ArrayList<>();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            written.add(hex(out));
        }
        return written;
    }

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
    }

    private static String hex(ByteBuf buffer) {
        try {
            return ByteBufUtil.hexDump(buffer);
        } finally {
            buffer.release();
        }
    }
}

package io.busbar.mqtt.transport.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.Transport;
import io.busbar.mqtt.transport.websocket.WebSocketFrames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LingeringCloseTest {
    private static final String DISCONNECT = "e0018b";
    private static final String CLOSE = "880203e8";

    private final EmbeddedChannel channel = new EmbeddedChannel(new WebSocketFrames());

    @AfterEach
    void finish() {
        channel.finishAndReleaseAll();
    }

    @Test
    void webSocket_withLastPacket_sendsItsCloseFrameLater() {
        channel.freezeTime();
        channel.write(Unpooled.wrappedBuffer(HexFormat.of().parseHex(DISCONNECT)));

        LingeringClose.begin(channel, Transport.WEBSOCKET);
        assertThat(written()).isEqualTo("8203" + DISCONNECT);
        assertThat(written()).isNull();
        assertThat(channel.isOpen()).isTrue();

        channel.advanceTimeBy(100, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();

        assertThat(written()).isEqualTo(CLOSE);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void webSocket_withNothingToSay_closesAtOnce() {
        LingeringClose.begin(channel, Transport.WEBSOCKET);

        assertThat(written()).isEqualTo(CLOSE);
        assertThat(channel.isOpen()).isFalse();
    }

    private @Nullable String written() {
        ByteBuf out = channel.readOutbound();
        while (out != null && !out.isReadable()) {
            // An empty buffer only asks to be told when all before it is written.
            out.release();
            out = channel.readOutbound();
        }
        if (out == null) {
            return null;
        }
        try {
            return ByteBufUtil.hexDump(out);
        } finally {
            out.release();
        }
    }
}

package io.busbar.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.mqtt.UserProperty;
import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client decodes from an image is the message, with what is the client's own. */
class PublishImageTest {
    private static final int[] NO_IDENTIFIERS = {};

    private record Shape(
            ProtocolVersion version, Qos qos, MessageProperties properties, int payload) {}

    static List<Shape> shapes() {
        MessageProperties all =
                new MessageProperties(
                        1,
                        60,
                        "text",
                        "reply",
                        new byte[] {1},
                        List.of(new UserProperty("k", "v"), new UserProperty("k", "w")));
        MessageProperties long_ =
                new MessageProperties(
                        -1,
                        -1,
                        "x".repeat(120),
                        null,
                        null,
                        List.of(
                                new UserProperty("ascii", "x".repeat(65_535)),
                                new UserProperty(
                                        "mixed", "x\u00e4\u2713\ud83d\ude00".repeat(300))));
        List<Shape> shapes = new ArrayList<>();
        for (ProtocolVersion version : ProtocolVersion.values()) {
            for (Qos qos : Qos.values()) {
                for (int payload : new int[] {0, 5, 110, 130, 16_000, 20_000}) {
                    shapes.add(new Shape(version, qos, MessageProperties.NONE, payload));
                    shapes.add(new Shape(version, qos, all, payload));
                    shapes.add(new Shape(version, qos, long_, payload));
                }
            }
        }
        return shapes;
    }

    private static PublishImage image(Shape shape, boolean retain) {
        byte[] payload = "é".repeat(shape.payload() / 2 + 1).getBytes(StandardCharsets.UTF_8);
        Message message =
                new Message(
                        TopicName.of("plant/line1/spéed"),
                        java.util.Arrays.copyOf(payload, shape.payload()),
                        Qos.EXACTLY_ONCE,
                        true,
                        shape.properties(),
                        Publisher.SERVER,
                        0);
        return PublishImage.of(shape.version(), message, shape.qos(), retain);
    }

    private static Publish decode(Shape shape, PublishImage image, ByteBuf out) {
        if (image.isLarge()) {
            ByteBuf shared = image.sharedPayload();
            out.writeBytes(shared);
            shared.release();
        }
        PacketDecoder decoder =
                PacketDecoder.ofClient(
                        shape.version(), DecoderLimits.DEFAULT, new TopicNameCache(16));
        Packet packet = decoder.decode(out);
        assertThat(out.isReadable()).isFalse();
        return (Publish) packet;
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void write_forOneSubscriber_patchesIdAndDup(Shape shape) {
        PublishImage image = image(shape, true);
        ByteBuf out = Unpooled.buffer();

        image.write(out, 0xABCD, true);

        Publish publish = decode(shape, image, out);
        boolean acknowledged = shape.qos() != Qos.AT_MOST_ONCE;
        assertThat(publish.packetId()).isEqualTo(acknowledged ? 0xABCD : 0);
        assertThat(publish.dup()).isEqualTo(acknowledged);
        assertThat(publish.retain()).isTrue();
        assertThat(publish.topic()).isEqualTo(TopicName.of("plant/line1/spéed"));
        assertThat(publish.payload()).hasSize(shape.payload());
        assertThat(publish.properties())
                .usingRecursiveComparison()
                .isEqualTo(shape.version().isMqtt5() ? shape.properties() : MessageProperties.NONE);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void write_withTheSubscribersOwn_addsOnlyThat(Shape shape) {
        PublishImage image = image(shape, false);
        int[] identifiers = {1, 300, 268_435_455};
        boolean v5 = shape.version().isMqtt5();
        ByteBuf first = Unpooled.buffer();
        ByteBuf second = Unpooled.buffer();

        image.write(first, 7, false, 42, 9, false, identifiers);
        image.write(second, 8, false, 41, 9, true, NO_IDENTIFIERS);

        int large = image.isLarge() ? shape.payload() : 0;
        assertThat(first.readableBytes() + large).isEqualTo(image.sizeBytes(9, false, identifiers));
        assertThat(second.readableBytes() + large)
                .isEqualTo(image.sizeBytes(9, true, NO_IDENTIFIERS));
        Publish announced = decode(shape, image, first);
        Publish repeated = decode(shape, image, second);
        assertThat(announced.topicAlias()).isEqualTo(v5 ? 9 : 0);
        assertThat(announced.subscriptionIdentifiers())
                .isEqualTo(v5 ? identifiers : NO_IDENTIFIERS);
        assertThat(announced.topic()).isEqualTo(TopicName.of("plant/line1/spéed"));
        assertThat(repeated.topic() == null).isEqualTo(v5);
        assertThat(repeated.payload()).hasSize(shape.payload());
        if (v5 && shape.properties().expires()) {
            assertThat(image.expires()).isTrue();
            assertThat(announced.properties().messageExpirySeconds()).isEqualTo(42);
            assertThat(repeated.properties().messageExpirySeconds()).isEqualTo(41);
            assertThat(announced.properties().userProperties()).hasSize(2);
        }
    }

    @Test
    void write_onlyExpiry_patchesIt() {
        Shape shape =
                new Shape(
                        ProtocolVersion.MQTT_5_0,
                        Qos.AT_LEAST_ONCE,
                        new MessageProperties(-1, 60, null, null, null, List.of()),
                        3);
        PublishImage image = image(shape, false);
        ByteBuf out = Unpooled.buffer();

        image.write(out, 7, false, 59, 0, false, NO_IDENTIFIERS);

        assertThat(out.readableBytes()).isEqualTo(image.sizeBytes());
        assertThat(decode(shape, image, out).properties().messageExpirySeconds()).isEqualTo(59);
    }

    @Test
    void sharedPayload_afterAllHaveSentIt_isNotSomebodyElsesBuffer() {
        byte[] payload = new byte[20_000];
        java.util.Arrays.fill(payload, (byte) 'p');
        Message message =
                new Message(
                        TopicName.of("t"),
                        payload,
                        Qos.AT_LEAST_ONCE,
                        false,
                        MessageProperties.NONE,
                        Publisher.SERVER,
                        0);
        PublishImage image =
                PublishImage.of(ProtocolVersion.MQTT_5_0, message, Qos.AT_LEAST_ONCE, false);
        image.sharedPayload().release();
        ByteBuf second = image.sharedPayload();
        ByteBuf third = image.sharedPayload();
        assertThat(second.memoryAddress()).isEqualTo(third.memoryAddress());
        second.release();
        assertThat(third.refCnt()).isEqualTo(1);
        third.release();

        for (ByteBufAllocator allocator :
                List.of(PooledByteBufAllocator.DEFAULT, new AdaptiveByteBufAllocator())) {
            ByteBuf others = allocator.directBuffer(20_000, 20_000).writeZero(20_000);
            ByteBuf late = image.sharedPayload();
            assertThat(late.readableBytes()).isEqualTo(20_000);
            assertThat(late.getByte(10_000)).isEqualTo((byte) 'p');
            late.release();
            others.release();
        }
    }
}

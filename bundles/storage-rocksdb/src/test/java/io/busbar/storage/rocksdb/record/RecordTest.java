package io.busbar.storage.rocksdb.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.mqtt.UserProperty;
import io.busbar.api.storage.Delivery;
import io.busbar.api.storage.DeliveryMark;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.StoreBatch.OutboundState;
import io.busbar.api.storage.SubscriptionRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every field comes back, and damaged bytes are refused. */
class RecordTest {
    private static final Publisher PUBLISHER =
            new Publisher("cred:1", "Pr\u00e4sse 1", "press-1", "[2001:db8::1]:4711");
    private static final MessageProperties PROPERTIES =
            new MessageProperties(
                    1,
                    0xFFFF_FFFFL,
                    "text/plain; \u2713",
                    "reply/to",
                    new byte[] {0, -1},
                    List.of(
                            new UserProperty("a", "1"),
                            new UserProperty("a", ""),
                            new UserProperty("long", "x".repeat(1_000)),
                            new UserProperty("mixed", "x\u00e4\u2713".repeat(1_000))));

    private static byte[] sealed(Consumer<ByteSink> write) {
        ByteSink sink = new ByteSink(1);
        write.accept(sink);
        return sink.toBytes();
    }

    private static Message message(MessageProperties properties, Publisher publisher, Qos qos) {
        return new Message(
                TopicName.of("plant/\u00e4/x"),
                "payload".getBytes(StandardCharsets.UTF_8),
                qos,
                qos == Qos.EXACTLY_ONCE,
                properties,
                publisher,
                1_800_000_000_123L);
    }

    private static void assertComesBack(Message message) {
        byte[] value =
                sealed(
                        sink -> {
                            ByteSink body = new ByteSink(1);
                            MessageRecord.writeWithTopic(body, message);
                            Values.writeBody(sink, body);
                        });
        assertThat(Values.readBody(value)).usingRecursiveComparison().isEqualTo(message);
        byte[] retained = sealed(sink -> Values.writeRetained(sink, message));
        assertThat(Values.readRetained(retained, message.topic()))
                .usingRecursiveComparison()
                .isEqualTo(message);
        RetainedHead head = new RetainedHead();
        head.read(Arrays.copyOf(retained, 2 * retained.length), retained.length);
        assertThat(head.principalId()).isEqualTo(message.publisher().principalId());
        assertThat(head.payloadBytes()).isEqualTo(message.payload().length);
        assertThat(head.expiresAt()).isEqualTo(message.expiresAt());
    }

    @ParameterizedTest
    @EnumSource
    void message_comesBack(Qos qos) {
        assertComesBack(message(PROPERTIES, PUBLISHER, qos));
        assertComesBack(message(MessageProperties.NONE, Publisher.SERVER, qos));
        assertComesBack(message(PROPERTIES, new Publisher("", "", "", null), qos));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void message_withOneProperty_comesBack(int which) {
        int none = MessageProperties.ABSENT;
        MessageProperties one =
                switch (which) {
                    case 0 -> new MessageProperties(0, none, null, null, null, List.of());
                    case 1 -> new MessageProperties(none, 0, null, null, null, List.of());
                    case 2 -> new MessageProperties(none, none, "", null, null, List.of());
                    case 3 -> new MessageProperties(none, none, null, "r", null, List.of());
                    case 4 -> new MessageProperties(none, none, null, null, new byte[0], List.of());
                    default ->
                            new MessageProperties(
                                    none,
                                    none,
                                    null,
                                    null,
                                    null,
                                    List.of(new UserProperty("", "v")));
                };
        assertComesBack(message(one, PUBLISHER, Qos.AT_LEAST_ONCE));
    }

    @Test
    void entry_withItsMessage_comesBack() {
        Message message = message(PROPERTIES, PUBLISHER, Qos.AT_LEAST_ONCE);
        Delivery delivery =
                new Delivery(Qos.EXACTLY_ONCE, true, new int[] {1, 268_435_455}, "$share/g/t");
        byte[] value =
                sealed(
                        sink -> {
                            ByteSink body = new ByteSink(1);
                            MessageRecord.writeWithTopic(body, message);
                            Entry.write(sink, 1_000_000, delivery, 65_535, body);
                        });

        Entry entry = Entry.read(value);

        assertThat(entry)
                .usingRecursiveComparison()
                .isEqualTo(new Entry(1_000_000, delivery, 65_535, message, 0));
        assertThat(Entry.sizeBytes(Arrays.copyOf(value, Entry.HEAD_BYTES))).isEqualTo(1_000_000);
    }

    @Test
    void entry_whoseMessageIsElsewhere_comesBack() {
        Delivery plain = new Delivery(Qos.AT_MOST_ONCE, false, Delivery.NO_IDENTIFIERS, null);
        byte[] value = sealed(sink -> Entry.write(sink, 0, plain, 0, Long.MAX_VALUE - 1));

        assertThat(Entry.read(value))
                .usingRecursiveComparison()
                .isEqualTo(new Entry(0, plain, 0, null, Long.MAX_VALUE - 1));
    }

    @Test
    void session_comesBack_withAndWithoutWill() {
        Message will = message(PROPERTIES, PUBLISHER, Qos.EXACTLY_ONCE);
        for (SessionRecord session :
                List.of(
                        new SessionRecord(
                                5, "\u00fc", "cred:1", "user", 0xFFFF_FFFFL, 7, 8, will, 9),
                        new SessionRecord(6, "c", "", "", 0, 0, 0, null, 0))) {
            byte[] value = sealed(sink -> Values.writeSession(sink, session));

            assertThat(Values.readSession(value, session.session()))
                    .usingRecursiveComparison()
                    .isEqualTo(session);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void subscription_comesBack(int number) {
        SubscriptionRecord subscription =
                new SubscriptionRecord(
                        "$share/g/a/#",
                        Qos.of(number),
                        number == 0,
                        number == 1,
                        number,
                        268_435_455 * number / 2);
        byte[] value = sealed(sink -> Values.writeSubscription(sink, subscription));

        assertThat(Values.readSubscription(value, "$share/g/a/#")).isEqualTo(subscription);
    }

    @ParameterizedTest
    @EnumSource
    void outboundState_comesBack(OutboundState state) {
        byte[] value = sealed(sink -> Values.writeOutbound(sink, 65_535, state));

        assertThat(Values.readOutbound(value)).isEqualTo(new Values.Outbound(65_535, state));
    }

    @Test
    void holdersAndNumbers_comeBack() {
        long[] holders = {1, 2, 1L << 62, 0, 99, 99};
        byte[] value = sealed(sink -> Values.writeHolders(sink, holders, 4));

        assertThat(Values.readHolders(value)).containsExactly(1, 2, 1L << 62, 0);
        assertThat(Values.readNumber(Values.number(1L << 40))).isEqualTo(1L << 40);
    }

    @Test
    void mark_comesBack() {
        for (DeliveryMark mark :
                List.of(
                        new DeliveryMark(0, 0, 0, 0, 0, new long[0], List.of()),
                        new DeliveryMark(
                                7,
                                Long.MAX_VALUE,
                                1L << 62,
                                65_535,
                                -1,
                                new long[] {5, 1L << 62, 0, Long.MAX_VALUE, 1},
                                List.of("$share/g/\u00e4", "$share/h/#")))) {
            byte[] value = sealed(sink -> Values.writeMark(sink, mark));

            assertThat(Values.readMark(value)).usingRecursiveComparison().isEqualTo(mark);
        }
    }

    @Test
    void keysOfMarks_areBehindAllSessions() {
        byte[] mark = Keys.mark(1, 5);

        assertThat(Arrays.compareUnsigned(Keys.session(1, Long.MAX_VALUE, 3), mark)).isNegative();
        assertThat(Arrays.compareUnsigned(mark, Keys.session(2, 0))).isNegative();
        assertThat(Arrays.compareUnsigned(Keys.firstMark(1), mark)).isNegative();
        assertThat(Keys.kindOf(mark)).isEqualTo(Keys.MARK);
        assertThat(Keys.slotOf(mark)).isEqualTo(5);
    }

    @Test
    void damagedBytes_areRefused_wherever() {
        byte[] value =
                sealed(
                        sink -> {
                            ByteSink body = new ByteSink(1);
                            MessageRecord.writeWithTopic(
                                    body, message(PROPERTIES, PUBLISHER, Qos.AT_LEAST_ONCE));
                            Values.writeBody(sink, body);
                        });
        for (int i = 0; i < value.length; i++) {
            byte[] damaged = value.clone();
            damaged[i] ^= 0x10;
            assertThatThrownBy(() -> Values.readBody(damaged))
                    .as("byte %d", i)
                    .isInstanceOf(DamagedRecordException.class);
            byte[] cut = Arrays.copyOf(value, i);
            assertThatThrownBy(() -> Values.readBody(cut))
                    .isInstanceOf(DamagedRecordException.class);
        }
    }

    @Test
    void nonsenseWithARightChecksum_isRefused() {
        byte[] otherFormat =
                sealed(
                        sink -> {
                            sink.u8(99);
                            sink.seal();
                        });
        byte[] tooLong =
                sealed(
                        sink -> {
                            sink.u8(1);
                            sink.varint(Integer.MAX_VALUE);
                            sink.seal();
                        });
        byte[] noTopic =
                sealed(
                        sink -> {
                            sink.u8(1);
                            sink.text("a/#");
                            sink.bytes(new byte[20]);
                            sink.seal();
                        });

        assertThatThrownBy(() -> Values.readNumber(otherFormat)).hasMessageContaining("99");
        assertThatThrownBy(() -> Values.readBody(tooLong))
                .isInstanceOf(DamagedRecordException.class);
        assertThatThrownBy(() -> Values.readBody(noTopic))
                .isInstanceOf(DamagedRecordException.class);
    }

    @Test
    void keys_sortAsNumbersDo_andEndBeforeTheNext() {
        byte[] low = Keys.queue(1, 255, 1, Keys.ENTRY);
        byte[] high = Keys.queue(1, 256, 0, Keys.ENTRY);

        assertThat(Arrays.compareUnsigned(low, high)).isNegative();
        assertThat(Keys.shardOf(low)).isEqualTo(1);
        assertThat(Keys.sessionOf(low)).isEqualTo(255);
        assertThat(Keys.sequenceOf(low)).isEqualTo(1);
        assertThat(Keys.queueKindOf(low)).isEqualTo(Keys.ENTRY);
        assertThat(Arrays.compareUnsigned(low, Keys.after(Keys.session(1, 255)))).isNegative();
        assertThat(Arrays.compareUnsigned(Keys.after(Keys.session(1, 255)), high)).isNegative();
        assertThat(Keys.after(new byte[] {1, -1})).isEqualTo(new byte[] {2});
        assertThat(Keys.after(new byte[] {-1})).isEmpty();
    }
}

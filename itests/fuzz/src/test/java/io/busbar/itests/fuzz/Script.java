package io.busbar.itests.fuzz;

import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.codec.Auth;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PacketEncoder;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubComp;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.ReasonDetails;
import io.busbar.mqtt.codec.RetainHandling;
import io.busbar.mqtt.codec.Subscribe;
import io.busbar.mqtt.codec.Unsubscribe;
import io.busbar.mqtt.codec.Will;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes inputs of {@link ConnectionFuzz}. */
final class Script {
    private final ByteArrayOutputStream input = new ByteArrayOutputStream();
    private final ProtocolVersion[] versions = new ProtocolVersion[3];

    private Script(int setup) {
        Arrays.fill(versions, ProtocolVersion.MQTT_5_0);
        input.write(setup);
    }

    static Script with(int setup) {
        return new Script(setup);
    }

    byte[] input() {
        return input.toByteArray();
    }

    private Script mark(int step) {
        input.write(ConnectionFuzz.MARK);
        input.write(step);
        return this;
    }

    private void escaped(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            input.write(bytes[i]);
            if ((bytes[i] & 0xFF) == ConnectionFuzz.MARK) {
                input.write(bytes[i]);
            }
        }
    }

    /** Bytes as they are. */
    Script bytes(int client, int pieces, byte[] bytes) {
        mark(ConnectionFuzz.BYTES | pieces << 3 | client);
        escaped(bytes, 0);
        return this;
    }

    /** A packet, with so many steps of padding. */
    Script says(int client, int padding, Packet packet) {
        return packet(client, padding << 3, packet);
    }

    /** A packet without its last byte. */
    Script begins(int client, int padding, Packet packet) {
        return packet(client, padding << 3 | ConnectionFuzz.INCOMPLETE, packet);
    }

    private Script packet(int client, int options, Packet packet) {
        if (packet instanceof Connect connect) {
            versions[client] = connect.version();
        }
        ByteBuf out = Unpooled.buffer();
        PacketEncoder.of(versions[client]).encode(packet, out);
        byte[] bytes = ByteBufUtil.getBytes(out);
        int lengthAt = 1;
        while (bytes[lengthAt] < 0) {
            lengthAt++;
        }
        mark(ConnectionFuzz.PACKET | options | client);
        bytes[lengthAt] = bytes[0];
        escaped(bytes, lengthAt);
        return this;
    }

    Script says(int client, Packet... packets) {
        for (Packet packet : packets) {
            says(client, 0, packet);
        }
        return this;
    }

    Script network(int client, int what) {
        return mark(ConnectionFuzz.NETWORK | what << 3 | client);
    }

    Script server(int what) {
        return mark(ConnectionFuzz.SERVER | what);
    }

    /** Time passes; see the table there. */
    Script time(int which) {
        return server(ConnectionFuzz.SERVER_TIME + which);
    }

    // ---- packets

    static Connect connect(ProtocolVersion version, String id, boolean clean) {
        return connect(version, id, clean, null, null, ConnectProperties.NONE);
    }

    static Connect connect(
            ProtocolVersion version,
            String id,
            boolean clean,
            @Nullable Will will,
            @Nullable String user,
            ConnectProperties properties) {
        return new Connect(version, clean, 0, id, will, user, null, properties);
    }

    static ConnectProperties properties(
            long expiry, int receiveMaximum, int packetSize, int aliases, @Nullable String method) {
        return new ConnectProperties(
                expiry,
                receiveMaximum,
                packetSize,
                aliases,
                true,
                true,
                List.of(),
                method,
                method == null ? null : new byte[] {'c'});
    }

    static Will will(String topic, Qos qos, boolean retain, long delay) {
        return new Will(
                TopicName.of(topic), new byte[] {'w'}, qos, retain, delay, MessageProperties.NONE);
    }

    static Subscribe subscribe(String filter, Qos qos) {
        return new Subscribe(
                1, 0, List.of(), List.of(new Subscribe.Entry(TopicFilter.of(filter), qos)));
    }

    static Subscribe subscribeAll(int identifier, String... filters) {
        List<Subscribe.Entry> entries = new ArrayList<>();
        for (String filter : filters) {
            entries.add(
                    new Subscribe.Entry(
                            TopicFilter.of(filter),
                            Qos.EXACTLY_ONCE,
                            false,
                            true,
                            RetainHandling.SEND));
        }
        return new Subscribe(2, identifier, List.of(), entries);
    }

    static Publish publish(String topic, Qos qos, int packetId, boolean retain) {
        return Publish.of(
                TopicName.of(topic),
                "hello".getBytes(StandardCharsets.UTF_8),
                qos,
                retain,
                packetId);
    }

    static Publish aliased(@Nullable String topic, int alias, Qos qos, int packetId, long expiry) {
        return new Publish(
                false,
                qos,
                false,
                packetId,
                topic == null ? null : TopicName.of(topic),
                alias,
                new MessageProperties(1, expiry, "text", "answer", new byte[] {1}, List.of()),
                new int[0],
                new byte[] {'x'});
    }

    static Auth auth(ReasonCode reason, String data) {
        return new Auth(reason, "m", data.getBytes(StandardCharsets.US_ASCII), ReasonDetails.NONE);
    }

    // ---- what the seeds do

    /** Short ones about each thing that the broker can do. */
    static List<byte[]> all() {
        List<byte[]> all = new ArrayList<>();
        for (int setup :
                new int[] {
                    0,
                    ConnectionFuzz.ONE_LOOP,
                    ConnectionFuzz.LITTLE_OFFERED,
                    ConnectionFuzz.HELD_STORE,
                    ConnectionFuzz.HELD_STORE | ConnectionFuzz.ONE_LOOP
                }) {
            for (ProtocolVersion version : ProtocolVersion.values()) {
                all.add(messages(setup, version));
                all.add(keptSession(setup, version));
                all.add(takeOver(setup, version));
                all.add(slowClient(setup, version));
                all.add(wills(setup, version));
            }
            all.add(incomplete(setup));
            all.add(limits(setup));
            all.add(aliases(setup));
            all.add(authentication(setup));
            all.add(shared(setup));
            all.add(users(setup));
        }
        return all;
    }

    private static byte[] messages(int setup, ProtocolVersion version) {
        return with(setup)
                .says(0, connect(version, "a", true), subscribe("t/#", Qos.EXACTLY_ONCE))
                .says(1, connect(version, "b", true), subscribe("t/1", Qos.AT_LEAST_ONCE))
                .says(1, publish("t/1", Qos.AT_MOST_ONCE, 0, false))
                .says(1, publish("t/1", Qos.AT_LEAST_ONCE, 1, true))
                .says(1, publish("t/1", Qos.EXACTLY_ONCE, 2, false))
                .says(1, new PubRel(2, ReasonCode.SUCCESS))
                .network(0, ConnectionFuzz.NETWORK_ACKNOWLEDGE)
                .network(0, ConnectionFuzz.NETWORK_ACKNOWLEDGE)
                .says(1, new PubAck(1, ReasonCode.SUCCESS))
                .says(0, subscribe("t/+", Qos.AT_LEAST_ONCE), PingReq.INSTANCE)
                .says(0, new Unsubscribe(3, List.of(), List.of(TopicFilter.of("t/#"))))
                .says(1, publish("t/1", Qos.AT_MOST_ONCE, 0, true))
                .says(1, Disconnect.NORMAL)
                .input();
    }

    private static byte[] keptSession(int setup, ProtocolVersion version) {
        Connect kept =
                connect(
                        version,
                        "k",
                        false,
                        null,
                        null,
                        version.isMqtt5()
                                ? properties(2, 2, Packet.MAXIMUM_SIZE_BYTES, 0, null)
                                : ConnectProperties.NONE);
        return with(setup)
                .says(0, kept, subscribe("q", Qos.EXACTLY_ONCE))
                .server(ConnectionFuzz.SERVER_RELEASE_ONE)
                .network(0, ConnectionFuzz.NETWORK_LOSE)
                .says(1, connect(version, "p", true))
                .says(1, publish("q", Qos.AT_LEAST_ONCE, 1, false))
                .says(1, publish("q", Qos.EXACTLY_ONCE, 2, false))
                .server(ConnectionFuzz.SERVER_RELEASE_ONE)
                .says(1, new PubRel(2, ReasonCode.SUCCESS))
                .says(1, publish("q", Qos.EXACTLY_ONCE, 3, false))
                .says(0, kept)
                .server(ConnectionFuzz.SERVER_RELEASE)
                .network(0, ConnectionFuzz.NETWORK_ACKNOWLEDGE_ONE)
                .says(0, new PubRec(2, ReasonCode.SUCCESS))
                .network(0, ConnectionFuzz.NETWORK_LOSE)
                .says(2, kept)
                .network(2, ConnectionFuzz.NETWORK_ACKNOWLEDGE)
                .says(2, new PubComp(2, ReasonCode.SUCCESS))
                .network(2, ConnectionFuzz.NETWORK_LOSE)
                .time(5)
                .input();
    }

    private static byte[] takeOver(int setup, ProtocolVersion version) {
        Connect kept =
                connect(
                        version,
                        "k",
                        false,
                        null,
                        null,
                        version.isMqtt5()
                                ? properties(3, 9, Packet.MAXIMUM_SIZE_BYTES, 0, null)
                                : ConnectProperties.NONE);
        return with(setup)
                .says(0, kept, subscribe("q", Qos.AT_LEAST_ONCE))
                .says(1, kept)
                .says(2, connect(version, "p", true), publish("q", Qos.AT_LEAST_ONCE, 1, false))
                .server(ConnectionFuzz.SERVER_RELEASE)
                .says(0, kept)
                .server(ConnectionFuzz.SERVER_TURN)
                .says(2, publish("q", Qos.AT_LEAST_ONCE, 2, false))
                .says(1, connect(version, "k", true))
                .server(ConnectionFuzz.SERVER_DISCONNECT_AND_END)
                .input();
    }

    private static byte[] slowClient(int setup, ProtocolVersion version) {
        Script script =
                with(setup)
                        .says(0, connect(version, "s", true), subscribe("t", Qos.AT_LEAST_ONCE))
                        .network(0, ConnectionFuzz.NETWORK_TAKE_NOTHING)
                        .says(1, connect(version, "p", true));
        for (int i = 1; i < 8; i++) {
            script.says(1, i == 4 ? 2 : 1, publish("t", Qos.AT_LEAST_ONCE, i, false));
            script.says(1, 1, publish("t", Qos.AT_MOST_ONCE, 0, false));
        }
        return script.time(2)
                .network(0, ConnectionFuzz.NETWORK_TAKE)
                .network(0, ConnectionFuzz.NETWORK_ACKNOWLEDGE)
                .time(3)
                .network(0, ConnectionFuzz.NETWORK_ACKNOWLEDGE)
                .input();
    }

    private static byte[] wills(int setup, ProtocolVersion version) {
        Will will = will("w", Qos.AT_LEAST_ONCE, true, version.isMqtt5() ? 1 : 0);
        ConnectProperties properties =
                version.isMqtt5()
                        ? properties(2, 9, Packet.MAXIMUM_SIZE_BYTES, 0, null)
                        : ConnectProperties.NONE;
        return with(setup)
                .says(1, connect(version, "o", true), subscribe("w", Qos.AT_LEAST_ONCE))
                .says(0, connect(version, "w", true, will, null, properties))
                .network(0, ConnectionFuzz.NETWORK_LOSE)
                .time(4)
                .says(0, connect(version, "w", false, will, null, properties))
                .says(0, Disconnect.NORMAL)
                .says(0, connect(version, "w", true, will, null, properties))
                .says(2, connect(version, "w", true))
                .time(1)
                .input();
    }

    private static byte[] incomplete(int setup) {
        Script script = with(setup);
        for (ProtocolVersion version : ProtocolVersion.values()) {
            int client = version.ordinal();
            script.says(client, connect(version, "i" + client, true))
                    .begins(client, 2, publish("t", Qos.AT_LEAST_ONCE, 1, false));
        }
        return script.bytes(0, 0, new byte[1])
                .network(1, ConnectionFuzz.NETWORK_LOSE)
                .says(1, connect(ProtocolVersion.MQTT_5_0, "i", true))
                .begins(1, 0, subscribe("t", Qos.AT_LEAST_ONCE))
                .begins(2, 0, connect(ProtocolVersion.MQTT_5_0, "j", true))
                .time(5)
                .input();
    }

    private static byte[] limits(int setup) {
        ProtocolVersion version = ProtocolVersion.MQTT_5_0;
        Script script =
                with(setup)
                        .says(
                                0,
                                connect(
                                        version,
                                        "a",
                                        true,
                                        null,
                                        null,
                                        properties(0, 1, 60, 1, null)))
                        .says(
                                0,
                                subscribeAll(
                                        5, "1", "2", "3", "4", "5", "6", "n", "a/b/c/d/e/f/g/h/i"))
                        .says(1, connect(version, "", true));
        for (int i = 1; i < 7; i++) {
            script.says(1, publish("" + i, Qos.EXACTLY_ONCE, i, true));
        }
        return script.says(1, connect(version, "again", true))
                .says(1, connect(version, "c", true))
                .says(1, 3, publish("x", Qos.AT_MOST_ONCE, 0, false))
                .says(1, connect(version, "c", true))
                .says(1, publish("n", Qos.AT_LEAST_ONCE, 1, false))
                .says(1, publish("s", Qos.AT_LEAST_ONCE, 2, false))
                .input();
    }

    private static byte[] aliases(int setup) {
        ProtocolVersion version = ProtocolVersion.MQTT_5_0;
        return with(setup)
                .says(0, connect(version, "a", true, null, null, properties(1, 9, 4096, 2, null)))
                .says(0, subscribeAll(9, "#", "x/+", "x/1"))
                .says(1, connect(version, "b", true))
                .says(1, aliased("x/1", 1, Qos.AT_LEAST_ONCE, 1, 2))
                .says(1, aliased(null, 1, Qos.AT_MOST_ONCE, 0, 1))
                .says(1, aliased("x/2", 2, Qos.AT_MOST_ONCE, 0, MessageProperties.ABSENT))
                .says(1, aliased(null, 2, Qos.EXACTLY_ONCE, 2, 1))
                .time(4)
                .says(1, aliased("x/3", 3, Qos.AT_MOST_ONCE, 0, 0))
                .says(1, aliased(null, 4, Qos.AT_MOST_ONCE, 0, 0))
                .input();
    }

    private static byte[] authentication(int setup) {
        ProtocolVersion version = ProtocolVersion.MQTT_5_0;
        ConnectProperties method = properties(1, 9, 4096, 0, "m");
        return with(setup)
                .says(0, connect(version, "a", true, null, null, method))
                .says(0, auth(ReasonCode.CONTINUE_AUTHENTICATION, "c"))
                .says(0, auth(ReasonCode.CONTINUE_AUTHENTICATION, "y"))
                .says(0, auth(ReasonCode.REAUTHENTICATE, "c"))
                .says(0, PingReq.INSTANCE)
                .says(0, auth(ReasonCode.CONTINUE_AUTHENTICATION, "w"))
                .time(1)
                .says(0, auth(ReasonCode.REAUTHENTICATE, "n"))
                .says(1, connect(version, "b", true, null, null, method))
                .says(1, PingReq.INSTANCE)
                .says(1, connect(version, "b", true, null, null, method))
                .time(5)
                .input();
    }

    private static byte[] shared(int setup) {
        ProtocolVersion version = ProtocolVersion.MQTT_5_0;
        ConnectProperties kept = properties(2, 1, 4096, 0, null);
        return with(setup)
                .says(0, connect(version, "a", true, null, null, kept))
                .says(0, subscribeAll(0, "$share/g/t"))
                .says(1, connect(version, "b", true), subscribe("$share/g/t", Qos.AT_LEAST_ONCE))
                .says(2, connect(version, "c", true))
                .says(2, publish("t", Qos.AT_LEAST_ONCE, 1, false))
                .says(2, publish("t", Qos.AT_LEAST_ONCE, 2, false))
                .says(2, publish("t", Qos.AT_LEAST_ONCE, 3, false))
                .network(0, ConnectionFuzz.NETWORK_LOSE)
                .says(2, publish("t", Qos.EXACTLY_ONCE, 4, false))
                .network(1, ConnectionFuzz.NETWORK_LOSE)
                .time(6)
                .input();
    }

    private static byte[] users(int setup) {
        Script script = with(setup);
        for (String user : List.of("n", "o", "o2", "w", "")) {
            for (ProtocolVersion version : ProtocolVersion.values()) {
                script.says(
                        version.isMqtt5() ? 1 : 0,
                        connect(version, "u", true, null, user, ConnectProperties.NONE));
            }
        }
        return script.time(0).server(ConnectionFuzz.SERVER_DISCONNECT).input();
    }
}

package io.busbar.itests.fuzz;

import io.busbar.api.broker.Rejection;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.broker.link.ClientConnection;
import io.busbar.mqtt.broker.link.ClientLink;
import io.busbar.mqtt.broker.link.Connections;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.DecoderLimits;
import io.busbar.mqtt.codec.MalformedPacketException;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PacketDecoder;
import io.busbar.mqtt.codec.PacketEncoder;
import io.busbar.mqtt.codec.PacketType;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubComp;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.Subscribe;
import io.busbar.mqtt.codec.TopicNameCache;
import io.busbar.mqtt.codec.UnsubAck;
import io.busbar.mqtt.codec.Unsubscribe;
import io.busbar.mqtt.transport.admission.Admission;
import io.busbar.mqtt.transport.connection.ConnectionSettings;
import io.busbar.mqtt.transport.connection.OpenLinks;
import io.busbar.mqtt.transport.connection.SocketLink;
import io.busbar.testkit.time.ManualLoops;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of one connection: sends whatever bytes it is given, and judges what comes back.
 * It stands between the link and the broker as well, to know what the broker was told.
 */
final class FuzzClient implements Connections {
    private static final DecoderLimits ALL =
            new DecoderLimits(Packet.MAXIMUM_SIZE_BYTES, Packet.MAXIMUM_SIZE_BYTES, 65_535);
    private static final TopicNameCache TOPICS = new TopicNameCache(64);

    private final Connections broker;
    private final ManualLoops loops;
    private final ManualNettyLoop loop;
    private final ManualChannel channel;
    private final int mostInflight;
    private final Qos maximumQos;
    private final ByteBuf received = Unpooled.buffer();
    private final List<Packet> packets = new ArrayList<>();

    // What the client said of itself.
    private @Nullable Connect connect;
    private ProtocolVersion version = ProtocolVersion.MQTT_3_1_1;
    private int receiveMaximum = Integer.MAX_VALUE;
    private @Nullable PacketDecoder decoder;

    // What was asked and not answered: identifiers of packets, or numbers of codes by identifier.
    private final Map<PacketType, Map<Integer, List<Integer>>> asked =
            new EnumMap<>(PacketType.class);

    /** What it was sent and what it did not acknowledge completely, by identifier. */
    private final Map<Integer, Message> unacknowledged = new LinkedHashMap<>();

    /** Acknowledged by an input that did not wait for the message. */
    private final Set<Integer> early = new HashSet<>();

    private final Map<Integer, String> aliases = new HashMap<>();
    private boolean sessionPresent;
    private boolean welcomed;
    private boolean over;
    private boolean malformed;
    private boolean alwaysTook = true;

    private static final class Message {
        final Qos qos;

        /** Whether PUBREL has come. */
        boolean released;

        /** Whether what came last was acknowledged. */
        boolean answered;

        Message(Qos qos) {
            this.qos = qos;
        }
    }

    /** Connects. */
    FuzzClient(
            Connections broker,
            ManualLoops loops,
            ManualNettyLoop loop,
            CountedBuffers buffers,
            int port,
            ConnectionSettings settings,
            OpenLinks links,
            Admission.Seat seat,
            int mostInflight,
            Qos maximumQos) {
        this.broker = broker;
        this.loops = loops;
        this.loop = loop;
        this.mostInflight = mostInflight;
        this.maximumQos = maximumQos;
        channel = new ManualChannel(buffers, port, settings.sendBufferBytes(), received);
        onLoop(
                () -> {
                    loop.register(channel);
                    channel.pipeline()
                            .addLast(
                                    new SocketLink(
                                            channel,
                                            settings,
                                            this,
                                            loop.netty(),
                                            links,
                                            channel.remoteAddress(),
                                            seat));
                });
    }

    private void onLoop(Runnable action) {
        loops.on(loop, action);
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** Bytes, as one read of the server. */
    void send(byte[] bytes) {
        if (isOpen()) {
            judge();
            onLoop(() -> channel.arrive(bytes));
        }
    }

    void send(Packet packet) {
        ByteBuf out = Unpooled.buffer();
        PacketEncoder.of(packet instanceof Connect own ? own.version() : version)
                .encode(packet, out);
        send(ByteBufUtil.getBytes(out));
    }

    /** The network breaks. */
    void lose() {
        if (isOpen()) {
            onLoop(channel::close);
        }
    }

    /** Whether the client takes what it is sent. */
    void taking(boolean now) {
        alwaysTook &= now;
        onLoop(() -> channel.taking(now));
    }

    /** Acknowledges as many as that, the oldest first; false if there is nothing to acknowledge. */
    boolean acknowledge(int most) {
        judge();
        int done = 0;
        for (Map.Entry<Integer, Message> each : List.copyOf(unacknowledged.entrySet())) {
            Message message = each.getValue();
            if (message.answered || done == most || !isOpen()) {
                continue;
            }
            done++;
            message.answered = true;
            int id = each.getKey();
            if (message.qos == Qos.AT_LEAST_ONCE) {
                send(new PubAck(id, ReasonCode.SUCCESS));
            } else if (message.released) {
                send(new PubComp(id, ReasonCode.SUCCESS));
            } else {
                send(new PubRec(id, ReasonCode.SUCCESS));
            }
        }
        return done > 0;
    }

    /** The packets that came and were not asked for yet. */
    List<Packet> packets() {
        judge();
        List<Packet> all = List.copyOf(packets);
        packets.clear();
        return all;
    }

    /** The server has closed its side: the client closes its own. True if it did. */
    boolean hangUp() {
        if (isOpen() && channel.isOutputShutdown()) {
            lose();
            return true;
        }
        return false;
    }

    /** What must hold when all loops rest. */
    void rest() {
        judge();
        if ((malformed || over) && channel.isTaking() && isOpen()) {
            throw failure("it is over, but the connection stays open");
        }
        if (!isOpen() && alwaysTook && received.isReadable()) {
            throw failure("the connection ended within a packet");
        }
    }

    // ---- what comes from the server

    private AssertionError failure(String what) {
        return new AssertionError(what + " (connect=" + connect + ")");
    }

    private void judge() {
        PacketDecoder reads = decoder;
        if (!received.isReadable()) {
            return;
        }
        if (reads == null) {
            reads = PacketDecoder.ofClient(version, ALL, TOPICS);
            decoder = reads;
        }
        try {
            for (int from = received.readerIndex(); ; from = received.readerIndex()) {
                Packet packet = reads.decode(received);
                if (packet == null) {
                    break;
                }
                size(packet, received.readerIndex() - from);
                judge(packet);
                packets.add(packet);
            }
        } catch (MalformedPacketException e) {
            throw new AssertionError("sent what is no packet: " + e.reason(), e);
        }
        received.discardSomeReadBytes();
    }

    /** [MQTT5-3.1.2-24] */
    private void size(Packet packet, int bytes) {
        Connect own = connect;
        if (own != null && bytes > own.properties().maximumPacketSizeBytes()) {
            throw failure(packet + " of " + bytes + " bytes is larger than the client takes");
        }
    }

    private void judge(Packet packet) {
        if (over) {
            throw failure(packet + " after the end");
        }
        if (!welcomed && !(packet instanceof ConnAck) && packet.type() != PacketType.AUTH) {
            throw failure(packet + " before CONNACK");
        }
        switch (packet.type()) {
            case CONNACK -> welcome((ConnAck) packet);
            case PUBLISH -> message((Publish) packet);
            case PUBACK -> answers(PacketType.PUBLISH, ((PubAck) packet).packetId(), 1);
            case PUBREC -> answers(PacketType.PUBREC, ((PubRec) packet).packetId(), 1);
            case PUBCOMP -> answers(PacketType.PUBREL, ((PubComp) packet).packetId(), 1);
            case PUBREL -> {
                Message released = unacknowledged.get(((PubRel) packet).packetId());
                if (released != null) {
                    released.answered &= released.released;
                    released.released = true;
                }
            }
            case SUBACK -> {
                SubAck answer = (SubAck) packet;
                answers(PacketType.SUBSCRIBE, answer.packetId(), answer.reasonCodes().size());
            }
            case UNSUBACK -> {
                UnsubAck answer = (UnsubAck) packet;
                answers(PacketType.UNSUBSCRIBE, answer.packetId(), answer.reasonCodes().size());
            }
            case PINGRESP -> answers(PacketType.PINGREQ, 0, 1);
            case DISCONNECT -> over = true;
            case AUTH -> {
                if (connect == null || connect.properties().authenticationMethod() == null) {
                    throw failure("AUTH without a method"); // [MQTT5-4.12.0-6]
                }
            }
            default -> throw failure(packet + " from a server");
        }
    }

    private void welcome(ConnAck answer) {
        if (welcomed) {
            throw failure("CONNACK twice");
        }
        welcomed = true;
        sessionPresent = answer.sessionPresent();
        over = answer.reasonCode() != ReasonCode.SUCCESS; // [MQTT5-3.2.2-7]
        if (!over && connect == null) {
            throw failure("welcome without CONNECT");
        }
        if (sessionPresent && connect != null && connect.cleanStart()) {
            throw failure("session present after Clean Start"); // [MQTT5-3.2.2-2]
        }
    }

    private void message(Publish publish) {
        alias(publish);
        // MQTT 3.1 does not say whether there was a session.
        if (publish.dup() && !sessionPresent && version != ProtocolVersion.MQTT_3_1) {
            throw failure(publish + " is sent again in a new session"); // [MQTT5-3.3.1-1]
        }
        if (publish.qos().value() > maximumQos.value()) {
            throw failure(publish + " exceeds Maximum QoS");
        }
        if (publish.qos() == Qos.AT_MOST_ONCE) {
            return;
        }
        int id = publish.packetId();
        if (early.remove(id)) {
            return;
        }
        if (unacknowledged.put(id, new Message(publish.qos())) != null) {
            throw failure(publish + " has an identifier in use"); // [MQTT5-2.2.1-4]
        }
        if (unacknowledged.size() > receiveMaximum) {
            throw failure(publish + " exceeds Receive Maximum"); // [MQTT5-3.3.4-9]
        }
    }

    private void alias(Publish publish) {
        int alias = publish.topicAlias();
        if (alias == 0) {
            return;
        }
        if (connect == null || alias > connect.properties().topicAliasMaximum()) {
            throw failure(publish + " exceeds Topic Alias Maximum"); // [MQTT5-3.1.2-26]
        }
        if (publish.topic() != null) {
            aliases.put(alias, publish.topic().value());
        } else if (!aliases.containsKey(alias)) {
            throw failure(publish + " has an alias without a topic");
        }
    }

    private void answers(PacketType question, int id, int codes) {
        List<Integer> open = asked.getOrDefault(question, Map.of()).get(id);
        if (open == null || open.isEmpty()) {
            throw failure("answer to " + question + " " + id + " that was not asked");
        }
        int wanted = open.remove(0);
        boolean coded = question != PacketType.UNSUBSCRIBE || version.isMqtt5();
        if (coded && wanted != codes) {
            throw failure(question + " " + id + " has " + codes + " codes, not " + wanted);
        }
    }

    // ---- what goes to the broker

    private void ask(PacketType question, int id, int codes) {
        asked.computeIfAbsent(question, none -> new HashMap<>())
                .computeIfAbsent(id, none -> new ArrayList<>())
                .add(codes);
    }

    private void told(Packet packet) {
        switch (packet.type()) {
            case CONNECT -> {
                Connect own = (Connect) packet;
                connect = own;
                version = own.version();
                receiveMaximum = Math.min(mostInflight, own.properties().receiveMaximum());
            }
            case PUBLISH -> {
                Publish publish = (Publish) packet;
                if (publish.qos() != Qos.AT_MOST_ONCE) {
                    ask(
                            publish.qos() == Qos.AT_LEAST_ONCE
                                    ? PacketType.PUBLISH
                                    : PacketType.PUBREC,
                            publish.packetId(),
                            1);
                }
            }
            case PUBREL -> ask(PacketType.PUBREL, ((PubRel) packet).packetId(), 1);
            case SUBSCRIBE -> {
                Subscribe subscribe = (Subscribe) packet;
                ask(PacketType.SUBSCRIBE, subscribe.packetId(), subscribe.entries().size());
            }
            case UNSUBSCRIBE -> {
                Unsubscribe unsubscribe = (Unsubscribe) packet;
                ask(PacketType.UNSUBSCRIBE, unsubscribe.packetId(), unsubscribe.filters().size());
            }
            case PINGREQ -> ask(PacketType.PINGREQ, 0, 1);
            case PUBACK -> acknowledged(((PubAck) packet).packetId());
            case PUBCOMP -> acknowledged(((PubComp) packet).packetId());
            case PUBREC -> {
                if (((PubRec) packet).reasonCode().isError()) {
                    acknowledged(((PubRec) packet).packetId());
                }
            }
            default -> {
                // Asks for nothing.
            }
        }
    }

    private void acknowledged(int id) {
        if (unacknowledged.remove(id) == null) {
            early.add(id);
        }
    }

    @Override
    public ClientConnection open(ClientLink link) {
        return new Overheard(broker.open(link));
    }

    private final class Overheard implements ClientConnection {
        private final ClientConnection to;

        Overheard(ClientConnection to) {
            this.to = to;
        }

        @Override
        public void onReceived(int bytes) {
            to.onReceived(bytes);
        }

        @Override
        public void onSent(int bytes) {
            to.onSent(bytes);
        }

        @Override
        public void onPacket(Packet packet) {
            if (malformed) {
                throw failure(packet + " is handed over after what is no packet");
            }
            told(packet);
            to.onPacket(packet);
        }

        @Override
        public void onReadComplete() {
            to.onReadComplete();
        }

        @Override
        public void onIncomplete() {
            to.onIncomplete();
        }

        @Override
        public void onWritable() {
            to.onWritable();
        }

        @Override
        public void onMalformed(@Nullable ProtocolVersion named, ReasonCode reason, String detail) {
            malformed = true;
            if (connect == null && named != null) {
                version = named;
            }
            to.onMalformed(named, reason, detail);
        }

        @Override
        public void onClosed(@Nullable Throwable cause) {
            to.onClosed(cause);
        }

        @Override
        public void disconnect(ReasonCode reason) {
            to.disconnect(reason);
        }
    }

    @Override
    public void refused(InetSocketAddress address, String listener, Rejection.Cause cause) {
        broker.refused(address, listener, cause);
    }

    @Override
    public int maxPacketSizeBytes() {
        return broker.maxPacketSizeBytes();
    }

    @Override
    public int maxConnectSizeBytes() {
        return broker.maxConnectSizeBytes();
    }

    @Override
    public int maxUserProperties() {
        return broker.maxUserProperties();
    }

    @Override
    public MemoryAccount backlogs() {
        return broker.backlogs();
    }

    @Override
    public int connectTimeoutMillis() {
        return broker.connectTimeoutMillis();
    }
}

package io.busbar.mqtt.broker;

import io.busbar.api.broker.Transport;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.broker.link.ClientConnection;
import io.busbar.mqtt.broker.link.ClientLink;
import io.busbar.mqtt.broker.link.Connections;
import io.busbar.mqtt.broker.link.EventLoop;
import io.busbar.mqtt.codec.DecoderLimits;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PacketDecoder;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubComp;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.PublishImage;
import io.busbar.mqtt.codec.TopicNameCache;
import io.busbar.testkit.time.Await;
import io.busbar.testkit.time.ManualLoops;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of a connection: what the broker sent, as packets, and what the client sends.
 */
final class FakeLink implements ClientLink {
    volatile boolean aborted;

    /** As large is every packet here but PUBLISH to the client. */
    private static final int BYTES = 10;

    private static int ports = 40_000;

    private final ManualLoops loops;
    private final ManualEventLoop loop;
    private final ClientConnection connection;
    private final InetSocketAddress address =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), ports++);
    private final ArrayDeque<Packet> waiting = new ArrayDeque<>();
    final ArrayDeque<Packet> sent = new ArrayDeque<>();
    private ProtocolVersion version = ProtocolVersion.MQTT_5_0;
    long bytesIn;
    long bytesOut;
    boolean writable = true;
    long pending;
    private boolean incomplete;
    boolean reading = true;
    boolean closed;

    FakeLink(ManualLoops loops, ManualEventLoop loop, Connections connections) {
        this.loops = loops;
        this.loop = loop;
        ClientConnection[] opened = new ClientConnection[1];
        loop.run(() -> opened[0] = connections.open(this));
        this.connection = opened[0];
    }

    void version(ProtocolVersion of) {
        version = of;
    }

    /** The client sends a packet. */
    FakeLink says(Packet... packets) {
        for (Packet packet : packets) {
            waiting.add(packet);
        }
        hand();
        loops.settle();
        return this;
    }

    /** The client sends packets that come in one read; the loops are not turned. */
    FakeLink sends(Packet... packets) {
        waiting.addAll(List.of(packets));
        hand();
        return this;
    }

    /** How many packets of the client the broker has not taken yet. */
    int unread() {
        return waiting.size();
    }

    /** The client sends packets within one turn of the loop, which is not ended. */
    void sendWithinTurn(Packet packet) {
        loop.run(() -> connection.onPacket(packet));
    }

    private void hand() {
        loop.run(
                () -> {
                    while (reading && !closed && !waiting.isEmpty()) {
                        Packet next = waiting.poll();
                        bytesIn += BYTES;
                        connection.onReceived(BYTES);
                        connection.onPacket(next);
                    }
                    connection.onReadComplete();
                });
    }

    /** The network breaks. */
    void lose() {
        lose(true);
    }

    /** The network breaks; the loops are turned until all is done, or not. */
    void lose(boolean settle) {
        closed = true;
        loop.run(() -> connection.onClosed(null));
        if (settle) {
            loops.settle();
        }
    }

    void malformed(ReasonCode reason) {
        malformed(null, reason);
    }

    /** A CONNECT that is wrong after it has named its version. */
    void malformed(@Nullable ProtocolVersion version, ReasonCode reason) {
        loop.run(() -> connection.onMalformed(version, reason, "test"));
        loops.settle();
    }

    void writable(boolean now) {
        writable = now;
        if (now) {
            loop.run(connection::onWritable);
            loops.settle();
        }
    }

    /** The next packet that the broker sent. */
    <T extends Packet> T next(Class<T> type) {
        loops.settle();
        Packet packet = sent.poll();
        if (!type.isInstance(packet)) {
            throw new AssertionError("expected " + type.getSimpleName() + ", was " + packet);
        }
        return type.cast(packet);
    }

    /** The next packet that the broker sends, which may need other threads. */
    <T extends Packet> T await(Class<T> type) {
        Await.until(
                () -> {
                    loops.settle();
                    return !sent.isEmpty();
                });
        return next(type);
    }

    /** All that the broker sent; the acknowledgements of the client go back at once if wanted. */
    List<Publish> publishes() {
        loops.settle();
        List<Publish> found = new ArrayList<>();
        sent.removeIf(
                packet -> {
                    if (packet instanceof Publish publish) {
                        found.add(publish);
                        return true;
                    }
                    return false;
                });
        return found;
    }

    /** Payloads of what came, acknowledged. */
    List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (List<Publish> some = publishes(); !some.isEmpty(); some = publishes()) {
            for (Publish publish : some) {
                texts.add(new String(publish.payload(), StandardCharsets.UTF_8));
                acknowledge(publish);
            }
        }
        return texts;
    }

    void acknowledge(Publish publish) {
        if (publish.qos() == Qos.AT_LEAST_ONCE) {
            says(new PubAck(publish.packetId(), ReasonCode.SUCCESS));
        } else if (publish.qos() == Qos.EXACTLY_ONCE) {
            says(new PubRec(publish.packetId(), ReasonCode.SUCCESS));
            next(PubRel.class);
            says(new PubComp(publish.packetId(), ReasonCode.SUCCESS));
        }
    }

    private void received(ByteBuf bytes) {
        PacketDecoder decoder =
                PacketDecoder.ofClient(version, DecoderLimits.DEFAULT, new TopicNameCache(64));
        Packet packet;
        while ((packet = decoder.decode(bytes)) != null) {
            sent.add(packet);
        }
    }

    // ---- ClientLink

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return address;
    }

    @Override
    public String listener() {
        return "test";
    }

    @Override
    public Transport transport() {
        return Transport.TCP;
    }

    @Override
    public String certificateSubject() {
        return null;
    }

    @Override
    public void send(Packet packet) {
        if (!closed) {
            sent.add(packet);
            sent(BYTES);
        }
    }

    @Override
    public void send(PublishImage image, int packetId, boolean dup) {
        if (!closed) {
            ByteBuf out = Unpooled.buffer();
            image.write(out, packetId, dup);
            finish(image, out);
        }
    }

    @Override
    public void send(
            PublishImage image,
            int packetId,
            boolean dup,
            long expirySeconds,
            int topicAlias,
            boolean topicKnown,
            int[] subscriptionIdentifiers) {
        if (!closed) {
            ByteBuf out = Unpooled.buffer();
            image.write(
                    out,
                    packetId,
                    dup,
                    expirySeconds,
                    topicAlias,
                    topicKnown,
                    subscriptionIdentifiers);
            finish(image, out);
        }
    }

    private void finish(PublishImage image, ByteBuf out) {
        if (image.isLarge()) {
            ByteBuf payload = image.sharedPayload();
            out.writeBytes(payload);
            payload.release();
        }
        sent(out.readableBytes());
        received(out);
    }

    private void sent(int bytes) {
        bytesOut += bytes;
        connection.onSent(bytes);
    }

    @Override
    public boolean isWritable() {
        return writable && !closed;
    }

    /** The first bytes of a packet come. */
    void begins() {
        incomplete = true;
        loop.run(connection::onIncomplete);
    }

    @Override
    public boolean isIncomplete() {
        return incomplete;
    }

    @Override
    public long stalledNanos() {
        return pending == 0 ? 0 : 5_000_000_000L;
    }

    @Override
    public long pendingBytes() {
        return pending;
    }

    @Override
    public void setReading(boolean now) {
        if (reading != now) {
            reading = now;
            if (now) {
                loop.execute(this::hand);
            }
        }
    }

    @Override
    public void abort() {
        loop.execute(
                () -> {
                    aborted = true;
                    close();
                });
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            loop.execute(() -> connection.onClosed(null));
        }
    }
}

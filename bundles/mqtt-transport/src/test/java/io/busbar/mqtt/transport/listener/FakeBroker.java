package io.busbar.mqtt.transport.listener;

import io.busbar.api.broker.Rejection;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryBudget;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.memory.ProcessMemory;
import io.busbar.mqtt.broker.link.ClientConnection;
import io.busbar.mqtt.broker.link.ClientLink;
import io.busbar.mqtt.broker.link.Connections;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.ConnAckProperties;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PingResp;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A broker that answers CONNECT and PINGREQ, and writes down what it is told. */
final class FakeBroker implements Connections {
    /** More than any test needs. */
    static final MemoryBudget MEMORY = new ProcessMemory(1L << 30, 1L << 30, Clock.systemUTC());

    final MemoryAccount backlogs = MEMORY.open(MemoryArea.DIRECT, "backlogs", 100, null);
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    final BlockingQueue<ClientLink> links = new LinkedBlockingQueue<>();
    final AtomicInteger readCompletes = new AtomicInteger();
    final AtomicInteger incompletes = new AtomicInteger();
    final AtomicLong bytesIn = new AtomicLong();
    final AtomicLong bytesOut = new AtomicLong();
    volatile int connectTimeoutMillis = 5_000;
    volatile int maxPacketSizeBytes = 1 << 20;
    volatile BiConsumer<ClientLink, Packet> onPacket = (link, packet) -> {};

    @Override
    public ClientConnection open(ClientLink link) {
        links.add(link);
        return new FakeConnection(link);
    }

    @Override
    public void refused(InetSocketAddress address, String listener, Rejection.Cause cause) {
        events.add("refused " + cause + " at " + listener);
    }

    @Override
    public int maxPacketSizeBytes() {
        return maxPacketSizeBytes;
    }

    @Override
    public int maxConnectSizeBytes() {
        return 4_096;
    }

    @Override
    public int maxUserProperties() {
        return 16;
    }

    @Override
    public MemoryAccount backlogs() {
        return backlogs;
    }

    @Override
    public int connectTimeoutMillis() {
        return connectTimeoutMillis;
    }

    ClientLink link() throws InterruptedException {
        ClientLink link = links.poll(5, TimeUnit.SECONDS);
        if (link == null) {
            throw new AssertionError("no connection came");
        }
        return link;
    }

    String event() throws InterruptedException {
        String event = events.poll(5, TimeUnit.SECONDS);
        return event == null ? "nothing in time" : event;
    }

    private final class FakeConnection implements ClientConnection {
        private final ClientLink link;

        FakeConnection(ClientLink link) {
            this.link = link;
        }

        @Override
        public void onReceived(int bytes) {
            bytesIn.addAndGet(bytes);
        }

        @Override
        public void onSent(int bytes) {
            bytesOut.addAndGet(bytes);
        }

        @Override
        public void onPacket(Packet packet) {
            events.add(packet.type().toString());
            if (packet instanceof Connect) {
                link.send(new ConnAck(false, ReasonCode.SUCCESS, ConnAckProperties.NONE));
            } else if (packet instanceof PingReq) {
                link.send(PingResp.INSTANCE);
            }
            onPacket.accept(link, packet);
        }

        @Override
        public void onReadComplete() {
            readCompletes.incrementAndGet();
        }

        @Override
        public void onIncomplete() {
            incompletes.incrementAndGet();
        }

        @Override
        public void onWritable() {
            events.add("writable");
        }

        @Override
        public void onMalformed(
                @Nullable ProtocolVersion version, ReasonCode reason, String detail) {
            events.add("malformed " + reason);
            link.send(Disconnect.of(reason, detail));
            link.close();
        }

        @Override
        public void onClosed(@Nullable Throwable cause) {
            events.add("closed");
        }

        @Override
        public void disconnect(ReasonCode reason) {
            events.add("disconnect " + reason);
            link.send(Disconnect.of(reason, null));
            link.close();
        }
    }
}

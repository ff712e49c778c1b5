package io.busbar.mqtt.transport.listener;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.ListenerView;
import io.busbar.api.broker.Transport;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.broker.link.ClientLink;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.ConnAckProperties;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PacketType;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PingResp;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.PublishImage;
import io.busbar.mqtt.transport.loops.EventLoops;
import io.busbar.testkit.client.Packets;
import io.busbar.testkit.client.RawClient;
import io.busbar.testkit.config.Configs;
import io.busbar.testkit.time.Await;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One listener over TCP, with real sockets. */
class ListenerTest {
    private final FakeBroker broker = new FakeBroker();
    private final ListenerRegistry registry = new ListenerRegistry();
    private final List<Runnable> stops = new ArrayList<>();

    private EventLoops loops(String io) {
        EventLoops loops =
                new EventLoops(
                        FakeBroker.MEMORY,
                        Configs.of(EventLoops.Config.class, "threads", 1, "io", io));
        stops.add(0, loops::stop);
        return loops;
    }

    private Listener listener(Object... keys) {
        return listener(loops("auto"), keys);
    }

    private Listener listener(EventLoops loops, Object... keys) {
        Listener listener = new Listener(loops, broker, registry, config(keys));
        stops.add(0, listener::stop);
        return listener;
    }

    private static ListenerConfig config(Object... keys) {
        List<Object> all = new ArrayList<>(List.of("port", 0));
        all.addAll(Arrays.asList(keys));
        return Configs.of(ListenerConfig.class, all.toArray());
    }

    private static int port(Listener listener) {
        return listener.view().port();
    }

    private static Publish publish(int id) {
        return Publish.of(TopicName.of("t"), new byte[] {1}, Qos.AT_LEAST_ONCE, false, id);
    }

    private static PublishImage image(int size) {
        Message message =
                new Message(
                        TopicName.of("t"),
                        new byte[size],
                        Qos.AT_MOST_ONCE,
                        false,
                        MessageProperties.NONE,
                        Publisher.SERVER,
                        0);
        return PublishImage.of(ProtocolVersion.MQTT_5_0, message, Qos.AT_MOST_ONCE, false);
    }

    private void expect(String... expected) throws InterruptedException {
        for (String event : expected) {
            assertThat(broker.event()).isEqualTo(event);
        }
    }

    @AfterEach
    void stop() {
        stops.forEach(Runnable::run);
    }

    @Test
    void connections_thatComeTogether_areAcceptedTogether_howeverBusyTheLoop() throws Exception {
        EventLoops loops = loops("auto");
        Listener listener = listener(loops);
        EventExecutor loop = loops.group().iterator().next();
        int count = 40;
        CountDownLatch come = new CountDownLatch(1);
        loop.submit(
                () -> {
                    come.await();
                    return null;
                });
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(RawClient.to(port(listener)));
        }
        AtomicInteger tasks = new AtomicInteger();
        loop.execute(
                new Runnable() {
                    @Override
                    public void run() {
                        tasks.incrementAndGet();
                        for (long end = System.nanoTime() + 50_000; System.nanoTime() < end; ) {
                            Thread.onSpinWait(); // longer than the loop's time for tasks, by 64
                        }
                        if (broker.links.size() < count) {
                            loop.execute(this);
                        }
                    }
                });

        come.countDown();
        Await.until(() -> broker.links.size() == count);

        // Netty looks at the clock after 64 tasks, so these are as many turns.
        assertThat(tasks.get() / 64).isLessThan(10);
        for (RawClient client : clients) {
            client.close();
        }
    }

    @Test
    void largePayload_thatManyDoNotTake_isCountedOnce() throws Exception {
        Listener listener = listener();
        int size = 16 << 20;
        PublishImage image = image(size);
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            RawClient client = RawClient.to(port(listener));
            clients.add(client);
            client.send(Packets.connect());
            client.receive();
            ClientLink link = broker.link();
            CountDownLatch sent = new CountDownLatch(1);
            link.loop()
                    .execute(
                            () -> {
                                link.send(image, 0, false);
                                sent.countDown();
                            });
            assertThat(sent.await(5, SECONDS)).isTrue();
        }

        // The first has a copy of its own, the others share one.
        Await.until(() -> broker.backlogs.bytes() >= 2L * size);
        assertThat(broker.backlogs.bytes()).isLessThan(2L * size + (1 << 20));

        for (RawClient client : clients) {
            client.close();
        }
        Await.until(() -> broker.backlogs.bytes() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "epoll", "io_uring", "nio"})
    void packets_manyInOneWrite_areHandedOverInOrderAndAnswered(String io) throws Exception {
        Listener listener = listener(loops(io));

        try (RawClient client = RawClient.to(port(listener))) {
            client.send(Packets.connect(), publish(1), PingReq.INSTANCE, publish(2));

            assertThat(client.receive()).isInstanceOf(ConnAck.class);
            assertThat(client.receive()).isInstanceOf(PingResp.class);
            expect("CONNECT", "PUBLISH", "PINGREQ", "PUBLISH");
            assertThat(broker.readCompletes).hasValueGreaterThan(0);
            ClientLink link = broker.link();
            assertThat(link.transport()).isEqualTo(Transport.TCP);
            assertThat(link.listener()).isEqualTo("tcp");
            assertThat(link.remoteAddress().getAddress().isLoopbackAddress()).isTrue();
            assertThat(broker.bytesIn).hasPositiveValue();
        }
        expect("closed");
    }

    @Test
    void packets_byteByByte_arrive() throws Exception {
        Listener listener = listener();

        try (RawClient client = RawClient.to(port(listener))) {
            for (byte b : Packets.bytes(Packets.connect(), publish(1), PingReq.INSTANCE)) {
                client.send(new byte[] {b});
            }

            assertThat(client.receive()).isInstanceOf(ConnAck.class);
            assertThat(client.receive()).isInstanceOf(PingResp.class);
        }
    }

    @Test
    void packets_largerThanARead_arriveWhole() throws Exception {
        Listener listener = listener();
        byte[] payload = new byte[900_000];
        Arrays.fill(payload, (byte) 7);
        List<Packet> packets = Collections.synchronizedList(new ArrayList<>());
        broker.onPacket = (link, packet) -> packets.add(packet);

        try (RawClient client = RawClient.to(port(listener))) {
            client.send(
                    Packets.connect(),
                    Publish.of(TopicName.of("t"), payload, Qos.AT_MOST_ONCE, false, 0),
                    PingReq.INSTANCE);

            client.receive();
            assertThat(client.receive()).isInstanceOf(PingResp.class);
            assertThat(((Publish) packets.get(1)).payload()).isEqualTo(payload);
        }
    }

    @Test
    void send_smallAndLargeImages_arriveInOrder() throws Exception {
        Listener listener = listener();
        int[] sizes = {10, 20_000, 0, 300_000, 100, 16_384, 5};

        try (RawClient client = RawClient.to(port(listener))) {
            client.send(Packets.connect());
            client.receive();
            ClientLink link = broker.link();
            link.loop()
                    .execute(
                            () -> {
                                for (int size : sizes) {
                                    link.send(image(size), 0, false);
                                }
                            });

            for (int size : sizes) {
                assertThat(((Publish) client.receive()).payload()).hasSize(size);
            }
            assertThat(broker.bytesOut).hasValueGreaterThan(336_000);
        }
    }

    @Test
    void malformed_withInputUnread_theClientStillLearnsWhy() throws Exception {
        Listener listener = listener();

        try (RawClient client = RawClient.to(port(listener))) {
            client.send(Packets.connect());
            client.receive();
            byte[] bad = new byte[50_000];
            bad[0] = (byte) 0x36;
            client.send(bad);

            Packet last = client.receive();
            assertThat(last).isInstanceOf(Disconnect.class);
            assertThat(((Disconnect) last).reasonCode()).isEqualTo(ReasonCode.MALFORMED_PACKET);
            assertThat(client.receive()).isNull();
        }
        expect("CONNECT", "malformed MALFORMED_PACKET", "closed");
    }

    @Test
    void connect_doesNotCome_theSocketIsClosed() throws Exception {
        broker.connectTimeoutMillis = 100;
        Listener listener = listener();

        try (RawClient silent = RawClient.to(port(listener));
                RawClient slow = RawClient.to(port(listener))) {
            slow.send(Arrays.copyOf(Packets.bytes(Packets.connect()), 5));

            assertThat(silent.receive()).isNull();
            assertThat(slow.receive()).isNull();
        }
        assertThat(List.of(broker.event(), broker.event(), broker.event(), broker.event()))
                .containsExactlyInAnyOrder(
                        "refused CONNECT_TIMEOUT at tcp",
                        "closed",
                        "refused CONNECT_TIMEOUT at tcp",
                        "closed");
    }

    @Test
    void setReading_off_keepsEvenWhatWasRead() throws Exception {
        Listener listener = listener();
        CountDownLatch held = new CountDownLatch(1);
        broker.onPacket =
                (link, packet) -> {
                    if (packet.type() == PacketType.CONNECT) {
                        link.setReading(false);
                        held.countDown();
                    }
                };

        try (RawClient client = RawClient.to(port(listener))) {
            client.send(Packets.connect(), publish(1));
            client.receive();
            assertThat(held.await(5, SECONDS)).isTrue();
            client.send(publish(2), PingReq.INSTANCE);
            ClientLink link = broker.link();
            CountDownLatch looked = new CountDownLatch(1);
            link.loop().execute(looked::countDown);
            assertThat(looked.await(5, SECONDS)).isTrue();
            assertThat(broker.events).containsExactly("CONNECT");

            link.loop().execute(() -> link.setReading(true));

            assertThat(client.receive()).isInstanceOf(PingResp.class);
            expect("CONNECT", "PUBLISH", "PUBLISH", "PINGREQ");
        }
    }

    @Test
    void setReading_offAfterEveryPacket_keepsAllInOrder() throws Exception {
        Listener listener = listener();
        List<Integer> ids = Collections.synchronizedList(new ArrayList<>());
        broker.onPacket =
                (link, packet) -> {
                    if (packet instanceof Publish publish) {
                        ids.add(publish.packetId());
                    }
                    link.setReading(false);
                    link.loop().execute(() -> link.setReading(true));
                };
        int messages = 20_000;
        Packet[] packets = new Packet[messages + 2];
        packets[0] = Packets.connect();
        List<Integer> expected = new ArrayList<>();
        for (int id = 1; id <= messages; id++) {
            packets[id] = publish(id);
            expected.add(id);
        }
        packets[messages + 1] = PingReq.INSTANCE;

        try (RawClient client = RawClient.to(port(listener))) {
            client.send(packets);

            client.receive();
            assertThat(client.receive()).isInstanceOf(PingResp.class);
            assertThat(ids).isEqualTo(expected);
        }
    }

    @Test
    void send_clientDoesNotRead_writabilityTellsAndComesBack() throws Exception {
        Listener listener = listener();

        try (RawClient client = RawClient.to(port(listener))) {
            client.send(Packets.connect());
            client.receive();
            expect("CONNECT");
            ClientLink link = broker.link();
            PublishImage image = image(10_000);
            int[] sent = {0};
            CountDownLatch full = new CountDownLatch(1);
            link.loop()
                    .execute(
                            () -> {
                                while (link.isWritable()) {
                                    link.send(image, 0, false);
                                    sent[0]++;
                                }
                                assertThat(link.pendingBytes()).isLessThan(4 << 20);
                                full.countDown();
                            });
            assertThat(full.await(5, SECONDS)).isTrue();

            for (int i = 0; i < sent[0]; i++) {
                assertThat(client.receive()).isInstanceOf(Publish.class);
            }

            expect("writable");
        }
    }

    @Test
    void send_clientFloodsAndReadsNothing_isNotReadEither() throws Exception {
        Listener listener = listener("send_buffer_bytes", 16 << 10);
        ConnAck answer =
                new ConnAck(
                        false,
                        ReasonCode.SUCCESS,
                        ConnAckProperties.builder().reasonString("x".repeat(1_000)).build());
        List<Long> pending = Collections.synchronizedList(new ArrayList<>());
        broker.onPacket =
                (link, packet) -> {
                    link.send(answer);
                    pending.add(link.pendingBytes());
                };

        try (RawClient client = RawClient.to(port(listener))) {
            Thread flood =
                    new Thread(
                            () -> {
                                try {
                                    client.send(Packets.connect());
                                    while (true) {
                                        client.send(publish(1), publish(2));
                                    }
                                } catch (UncheckedIOException e) {
                                    pending.add(-1L);
                                }
                            });
            flood.start();
            long deadline = System.nanoTime() + SECONDS.toNanos(5);
            int before = -1;
            while (pending.size() != before && System.nanoTime() < deadline) {
                before = pending.size();
                flood.join(300);
            }
            assertThat(flood.isAlive()).isTrue();
            assertThat(Collections.max(pending)).isLessThan(200_000);
            client.close();
            flood.join(5_000);
        }
    }

    @Test
    void onPacket_throws_onlyThatConnectionEnds() throws Exception {
        Listener listener = listener();
        broker.onPacket =
                (link, packet) -> {
                    if (packet.type() == PacketType.PUBLISH) {
                        throw new IllegalStateException("defect");
                    }
                };

        try (RawClient bad = RawClient.to(port(listener));
                RawClient good = RawClient.to(port(listener))) {
            good.send(Packets.connect());
            good.receive();
            bad.send(Packets.connect(), publish(1));
            bad.receive();

            assertThat(((Disconnect) bad.receive()).reasonCode())
                    .isEqualTo(ReasonCode.UNSPECIFIED_ERROR);
            assertThat(bad.receive()).isNull();
            assertThat(good.send(PingReq.INSTANCE).receive()).isInstanceOf(PingResp.class);
        }
    }

    @Test
    void bind_portInUse_isAStateUntilTheConfigurationIsCorrected() throws Exception {
        EventLoops loops = loops("auto");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Listener listener = listener(loops, "port", taken.getLocalPort());

            ListenerView failed = registry.list().get(0);
            assertThat(failed.state()).isEqualTo(ListenerView.State.FAILED);
            assertThat(failed.detail()).contains("" + taken.getLocalPort()).contains("port");

            listener.modified(config());

            assertThat(registry.list().get(0).state()).isEqualTo(ListenerView.State.LISTENING);
            RawClient.to(port(listener)).close();
        }
    }

    @Test
    void advertisedAddress_isToldToClients_andCheckedBefore() {
        Listener listener =
                listener("advertised_host", "mqtt.plant.example", "advertised_port", 31883);

        assertThat(listener.view().clientUri()).isEqualTo("mqtt://mqtt.plant.example:31883");
        for (String host : new String[] {"10.0.0.7", "fd00::7", "[fd00::7]", "busbar"}) {
            listener.modified(config("advertised_host", host));
            assertThat(listener.view().state()).as(host).isEqualTo(ListenerView.State.LISTENING);
        }
        for (String host : new String[] {"mqtt://plant", "plant:1883", "a b", "-", "plant/"}) {
            listener.modified(config("advertised_host", host));
            assertThat(listener.view().detail()).as(host).contains("advertised.host = " + host);
        }
    }

    @Test
    void bind_addressOfAnotherMachine_isToldAsSuch() {
        Listener listener = listener("host", "192.0.2.1"); // for documentation, RFC 5737

        assertThat(listener.view().state()).isEqualTo(ListenerView.State.FAILED);
        assertThat(listener.view().detail())
                .contains("192.0.2.1")
                .contains("none of this machine's")
                .doesNotContain("another program");
    }

    @ParameterizedTest
    @ValueSource(strings = {"transport=udp", "host=no.such.host.invalid", "path=mqtt"})
    void configuration_isWrong_theDetailNamesIt(String setting) {
        String[] pair = setting.split("=");

        Listener listener =
                pair[0].equals("path")
                        ? listener("transport", "ws", "path", pair[1])
                        : listener(pair[0], pair[1]);

        assertThat(listener.view().state()).isEqualTo(ListenerView.State.FAILED);
        assertThat(listener.view().detail()).contains(pair[1]);
    }

    @Test
    void modified_otherPort_connectionsStay() throws Exception {
        Listener listener = listener();
        int first = port(listener);

        try (RawClient client = RawClient.to(first)) {
            client.send(Packets.connect());
            client.receive();
            int second;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                second = free.getLocalPort();
            }

            listener.modified(config("port", second));

            assertThat(port(listener)).isEqualTo(second);
            assertThat(client.send(PingReq.INSTANCE).receive()).isInstanceOf(PingResp.class);
            RawClient.to(second).close();
            Assertions.assertThatThrownBy(() -> RawClient.to(first))
                    .hasCauseInstanceOf(ConnectException.class);
        }
    }

    @Test
    void modified_sameAddress_theServerSocketStays() throws Exception {
        Listener listener = listener();
        int port = port(listener);

        listener.modified(config("max_connections", 1));

        assertThat(port(listener)).isEqualTo(port);
        try (RawClient first = RawClient.to(port)) {
            assertThat(first.send(Packets.connect()).receive()).isInstanceOf(ConnAck.class);
            try (RawClient second = RawClient.to(port)) {
                assertThat(((ConnAck) second.send(Packets.connect()).receive()).reasonCode())
                        .isEqualTo(ReasonCode.QUOTA_EXCEEDED);
            }
        }
    }

    @Test
    void stop_withClients_tellsThemAndCloses() throws Exception {
        EventLoops loops = loops("auto");
        Listener listener = new Listener(loops, broker, registry, config());
        int port = port(listener);

        try (RawClient client = RawClient.to(port);
                RawClient half = RawClient.to(port)) {
            client.send(Packets.connect());
            client.receive();

            long start = System.nanoTime();
            listener.stop();

            assertThat(System.nanoTime() - start).isLessThan(SECONDS.toNanos(3));
            assertThat(((Disconnect) client.receive()).reasonCode())
                    .isEqualTo(ReasonCode.SERVER_SHUTTING_DOWN);
            assertThat(client.receive()).isNull();
            assertThat(half.receive()).isNull();
            assertThat(registry.list()).isEmpty();
            Assertions.assertThatThrownBy(() -> RawClient.to(port))
                    .hasCauseInstanceOf(ConnectException.class);
        }
    }

    @Test
    void packetThatIsIncomplete_isToldOnce_andTheNextOneAgain() throws Exception {
        Listener listener = listener();
        byte[] ping = Packets.bytes(PingReq.INSTANCE);
        try (RawClient client = RawClient.to(port(listener))) {
            client.send(Packets.connect());
            client.receive();
            assertThat(broker.incompletes).hasValue(0);

            byte[] publish = Packets.bytes(publish(1));
            client.send(new byte[] {publish[0]});
            Await.until(() -> broker.incompletes.get() == 1);
            client.send(Arrays.copyOfRange(publish, 1, publish.length - 1));
            client.send(new byte[] {publish[publish.length - 1], ping[0]});
            Await.until(() -> broker.incompletes.get() == 2);
            client.send(new byte[] {ping[1]});

            assertThat(client.receive()).isInstanceOf(PingResp.class);
            assertThat(broker.incompletes).hasValue(2);
        }
    }

    @Test
    void packetsThatNeverComplete_areBoundedOverAllConnections_andTheOthersServeOn()
            throws Exception {
        EventLoops loops =
                new EventLoops(
                        FakeBroker.MEMORY,
                        Configs.of(
                                EventLoops.Config.class,
                                "threads",
                                1,
                                "max_partial_bytes",
                                (long) (1 << 20)));
        stops.add(0, loops::stop);
        Listener listener = listener(loops);
        // The beginning of a PUBLISH of 1,000,000 bytes.
        byte[] part = new byte[600_000];
        System.arraycopy(new byte[] {0x30, (byte) 0xC0, (byte) 0x84, 0x3D}, 0, part, 0, 4);
        try (RawClient first = RawClient.to(port(listener));
                RawClient second = RawClient.to(port(listener));
                RawClient third = RawClient.to(port(listener))) {
            for (RawClient client : List.of(first, second, third)) {
                client.send(Packets.connect());
                client.receive();
            }

            first.send(part);
            Await.until(() -> loops.partialPackets().bytes() >= part.length);
            second.send(part);

            Packet last = second.receive();
            assertThat(last).isInstanceOf(Disconnect.class);
            assertThat(((Disconnect) last).reasonCode()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
            third.send(PingReq.INSTANCE);
            assertThat(third.receive()).isInstanceOf(PingResp.class);
        }
        Await.until(() -> loops.partialPackets().bytes() == 0);
    }

    @Test // [MQTT5-3.1.2-24]
    void connack_largerThanTheClientTakes_closes() throws IOException {
        Listener listener = listener();

        try (RawClient client = RawClient.to(port(listener))) {
            client.send(
                    new byte[] {
                        0x10, 19, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 60, 5, 0x27, 0, 0, 0, 2, 0, 1,
                        'c'
                    });

            assertThat(client.receive()).isNull();
        }
    }

    @Test // [MQTT5-2.1.3-1]
    void packetType_thatIsForbidden_isRefusedByItsFirstByte() throws IOException {
        Listener listener = listener();

        try (RawClient client = RawClient.to(port(listener))) {
            client.send(Packets.connect());
            client.receive();
            client.send(new byte[] {0x0A});

            assertThat(((Disconnect) client.receive()).reasonCode())
                    .isEqualTo(ReasonCode.MALFORMED_PACKET);
        }
    }
}

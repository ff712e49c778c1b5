package io.busbar.mqtt.transport.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.ListenerView;
import io.busbar.api.broker.Transport;
import io.busbar.mqtt.broker.link.ClientLink;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PingResp;
import io.busbar.mqtt.transport.loops.EventLoops;
import io.busbar.testkit.client.Packets;
import io.busbar.testkit.client.RawClient;
import io.busbar.testkit.config.Configs;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS with certificates that the JDK's keytool makes: for the server, and for a client. */
class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir static Path folder;

    private static SSLContext client;
    private static SSLContext stranger;

    private final FakeBroker broker = new FakeBroker();
    private final EventLoops loops =
            new EventLoops(FakeBroker.MEMORY, Configs.of(EventLoops.Config.class, "threads", 1));
    private @Nullable Listener listener;

    @BeforeAll
    static void certificates() throws Exception {
        KeyStore server = keyStore("server", "CN=localhost");
        KeyStore device = keyStore("device", "CN=press-7, O=Plant");
        pem("server", server);
        pem("device", device);
        client = context(device, server);
        stranger = context(null, server);
    }

    private static KeyStore keyStore(String name, String subject) throws Exception {
        Path file = folder.resolve(name + ".p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                name,
                                "-keyalg",
                                "EC",
                                "-dname",
                                subject,
                                "-ext",
                                "san=ip:127.0.0.1,dns:localhost",
                                "-validity",
                                "2",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                file.toString(),
                                "-storepass",
                                new String(PASSWORD))
                        .redirectErrorStream(true)
                        .start();
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private static void pem(String name, KeyStore store) throws Exception {
        Key key = store.getKey(name, PASSWORD);
        write(name + ".key", "PRIVATE KEY", key.getEncoded());
        write(name + ".crt", "CERTIFICATE", store.getCertificate(name).getEncoded());
    }

    private static void write(String file, String label, byte[] der) throws Exception {
        Files.writeString(
                folder.resolve(file),
                "-----BEGIN "
                        + label
                        + "-----\n"
                        + Base64.getMimeEncoder().encodeToString(der)
                        + "\n-----END "
                        + label
                        + "-----\n");
    }

    private static SSLContext context(@Nullable KeyStore own, KeyStore trusted) throws Exception {
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD);
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        authorities.setCertificateEntry("server", trusted.getCertificate("server"));
        trust.init(authorities);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static String path(String file) {
        return folder.resolve(file).toString();
    }

    private Listener listener(String transport, String clients, String certificate) {
        Listener made =
                new Listener(
                        loops,
                        broker,
                        new ListenerRegistry(),
                        Configs.of(
                                ListenerConfig.class,
                                "port",
                                0,
                                "transport",
                                transport,
                                "certificate",
                                path(certificate),
                                "key",
                                path("server.key"),
                                "client_certificates",
                                clients,
                                "client_authorities",
                                path("device.crt")));
        listener = made;
        return made;
    }

    private static RawClient connect(SSLContext context, Listener to) throws Exception {
        return RawClient.over(
                context.getSocketFactory().createSocket("127.0.0.1", to.view().port()));
    }

    @AfterEach
    void stop() {
        if (listener != null) {
            listener.stop();
        }
        loops.stop();
    }

    @Test
    void tls_serverCertificate_packetsTravel() throws Exception {
        Listener tls = listener("tls", "none", "server.crt");

        try (RawClient secure = connect(stranger, tls)) {
            secure.send(Packets.connect(), PingReq.INSTANCE);

            assertThat(secure.receive()).isInstanceOf(ConnAck.class);
            assertThat(secure.receive()).isInstanceOf(PingResp.class);
            ClientLink link = broker.link();
            assertThat(link.transport()).isEqualTo(Transport.TLS);
            assertThat(link.certificateSubject()).isNull();

            tls.stop();

            assertThat(secure.receive()).isInstanceOf(Disconnect.class);
        }
    }

    @Test
    void tls_clientCertificate_itsCommonNameIsKnown() throws Exception {
        Listener tls = listener("tls", "required", "server.crt");

        try (RawClient device = connect(client, tls)) {
            device.send(Packets.connect());

            assertThat(device.receive()).isInstanceOf(ConnAck.class);
            assertThat(broker.link().certificateSubject()).isEqualTo("press-7");
        }
    }

    @Test
    void tls_clientCertificateRequired_strangersDoNotReachTheBroker() throws Exception {
        Listener tls = listener("tls", "required", "server.crt");

        try (RawClient unknown = connect(stranger, tls)) {
            boolean refused;
            try {
                unknown.send(Packets.connect());
                refused = unknown.receive() == null;
            } catch (UncheckedIOException e) {
                refused = true;
            }
            assertThat(refused).isTrue();
            assertThat(broker.links).isEmpty();
        }
    }

    @Test
    void tls_plainClient_isClosed() throws Exception {
        Listener tls = listener("tls", "none", "server.crt");

        try (RawClient plain = RawClient.to(tls.view().port())) {
            plain.send(Packets.connect());

            boolean refused;
            try {
                refused = plain.receive() == null;
            } catch (io.busbar.mqtt.codec.MalformedPacketException e) {
                refused = true; // A TLS alert is no packet.
            }
            assertThat(refused).isTrue();
            assertThat(broker.links).isEmpty();
        }
    }

    @Test
    void tls_certificateIsMissingOrNone_isAStateThatNamesTheFile() throws Exception {
        assertThat(listener("tls", "none", "missing.crt").view().state())
                .isEqualTo(ListenerView.State.FAILED);
        assertThat(listener.view().detail()).contains("missing.crt");
        Files.writeString(folder.resolve("broken.crt"), "no certificate");

        Listener broken = listener("tls", "none", "broken.crt");

        assertThat(broken.view().state()).isEqualTo(ListenerView.State.FAILED);
        assertThat(broken.view().detail()).contains("broken.crt");
    }

    @Test
    void wss_packetsTravel() throws Exception {
        Listener wss = listener("wss", "none", "server.crt");
        List<String> received = new java.util.concurrent.CopyOnWriteArrayList<>();
        java.util.concurrent.CountDownLatch came = new java.util.concurrent.CountDownLatch(1);

        WebSocket socket =
                HttpClient.newBuilder()
                        .sslContext(stranger)
                        .build()
                        .newWebSocketBuilder()
                        .subprotocols("mqtt")
                        .buildAsync(
                                URI.create("wss://127.0.0.1:" + wss.view().port() + "/mqtt"),
                                new WebSocket.Listener() {
                                    @Override
                                    public java.util.concurrent.@Nullable CompletionStage<?>
                                            onBinary(
                                                    WebSocket from, ByteBuffer data, boolean last) {
                                        received.add("" + (data.get() >> 4 & 15));
                                        came.countDown();
                                        return null;
                                    }
                                })
                        .join();
        socket.sendBinary(ByteBuffer.wrap(Packets.bytes(Packets.connect())), true).join();

        assertThat(came.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(received).containsExactly("2");
        socket.abort();
    }
}

package io.busbar.mqtt.transport.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.ListenerView;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PingResp;
import io.busbar.mqtt.transport.loops.EventLoops;
import io.busbar.mqtt.transport.tls.TestCertificates;
import io.busbar.testkit.client.Packets;
import io.busbar.testkit.client.RawClient;
import io.busbar.testkit.config.Configs;
import io.busbar.testkit.time.Await;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that change, are chosen by name, are checked, and say who a client is. */
class CertificatesTest {
    @TempDir static Path folder;

    private static TestCertificates files;

    private final FakeBroker broker = new FakeBroker();
    private final ListenerRegistry registry = new ListenerRegistry();
    private final EventLoops loops =
            new EventLoops(FakeBroker.MEMORY, Configs.of(EventLoops.Config.class, "threads", 1));
    private @Nullable Listener listener;

    @BeforeAll
    static void certificates() throws Exception {
        files = new TestCertificates(folder);
        files.selfSigned("one", "CN=one", "dns:one.plant.example,ip:127.0.0.1");
        files.selfSigned("two", "CN=two", "dns:*.cell.example,ip:127.0.0.1");
        files.authority("ca");
        files.signed(
                "ca", "press", "CN=press-7, O=Plant", "dns:press-7.plant.example,uri:urn:dev:7");
        files.signed("ca", "thief", "CN=thief, O=Plant", "dns:thief.example");
        files.revocations("ca", "revoked.crl", "thief");
    }

    private Listener listener(Object... keys) {
        List<Object> all =
                new ArrayList<>(
                        List.of(
                                "port",
                                0,
                                "transport",
                                "tls",
                                "certificate",
                                files.path("one.crt"),
                                "key",
                                files.path("one.key"),
                                "client_authorities",
                                files.path("ca.crt"),
                                "certificate_poll_seconds",
                                1));
        all.addAll(List.of(keys));
        Listener made =
                new Listener(
                        loops, broker, registry, Configs.of(ListenerConfig.class, all.toArray()));
        listener = made;
        return made;
    }

    private static SSLSocket socket(SSLContext context, Listener to, @Nullable String host)
            throws Exception {
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", to.view().port());
        socket.setSoTimeout(5_000);
        if (host != null) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            socket.setSSLParameters(parameters);
        }
        return socket;
    }

    @Test
    void authorities_areThoseOfTheCertificateInUse() throws Exception {
        listener();

        String pem = registry.authorities("tls");

        X509Certificate trusted =
                (X509Certificate)
                        CertificateFactory.getInstance("X.509")
                                .generateCertificate(
                                        new ByteArrayInputStream(
                                                pem.getBytes(StandardCharsets.US_ASCII)));
        assertThat(trusted).isEqualTo(files.certificate("one"));
        assertThat(registry.authorities("other")).isNull();
    }

    /** The certificate that a client sees. */
    private static X509Certificate seen(Listener by, @Nullable String host) throws Exception {
        try (SSLSocket socket = socket(files.client(null, "one", "two"), by, host)) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private static void replace(String from, String to) throws IOException {
        Path half = folder.resolve(to + ".part");
        Files.copy(folder.resolve(from), half, StandardCopyOption.REPLACE_EXISTING);
        Files.move(half, folder.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @AfterEach
    void stop() {
        if (listener != null) {
            listener.stop();
        }
        loops.stop();
        registry.stop();
    }

    @Test
    void files_change_newConnectionsSeeTheNewPair_oldOnesStay() throws Exception {
        replace("one.crt", "live.crt");
        replace("one.key", "live.key");
        Listener tls =
                listener("certificate", files.path("live.crt"), "key", files.path("live.key"));
        assertThat(seen(tls, null)).isEqualTo(files.certificate("one"));

        try (RawClient old = RawClient.over(socket(files.client(null, "one"), tls, null))) {
            assertThat(old.send(Packets.connect()).receive()).isInstanceOf(ConnAck.class);

            replace("two.crt", "live.crt");
            replace("two.key", "live.key");

            Await.until(() -> seen(tls, null).equals(files.certificate("two")));
            assertThat(tls.view().certificateExpiresAt())
                    .isEqualTo(files.certificate("two").getNotAfter().toInstant());
            assertThat(old.send(PingReq.INSTANCE).receive()).isInstanceOf(PingResp.class);
        }
    }

    @Test
    void files_becomeUnusable_theOldPairStays_andTheStateSaysSo() throws Exception {
        replace("one.crt", "bad.crt");
        replace("one.key", "bad.key");
        Listener tls = listener("certificate", files.path("bad.crt"), "key", files.path("bad.key"));

        replace("two.key", "bad.key");

        Await.until(() -> !tls.view().detail().isEmpty());
        assertThat(tls.view().detail()).contains("bad.crt").contains("stay in use");
        assertThat(tls.view().state()).isEqualTo(ListenerView.State.LISTENING);
        assertThat(seen(tls, null)).isEqualTo(files.certificate("one"));

        replace("two.crt", "bad.crt");

        Await.until(() -> tls.view().detail().isEmpty());
        assertThat(seen(tls, null)).isEqualTo(files.certificate("two"));
    }

    @Test
    void expiry_isShown() {
        assertThat(listener().view().certificateExpiresAt())
                .isBetween(
                        Instant.now().plus(Duration.ofDays(29)),
                        Instant.now().plus(Duration.ofDays(31)));
    }

    @Test
    void serverName_choosesTheCertificate_andTheFirstServesAllOthers() throws Exception {
        Listener tls =
                listener(
                        "certificate",
                        files.path("one.crt") + ", " + files.path("two.crt"),
                        "key",
                        files.path("one.key") + ", " + files.path("two.key"));

        assertThat(seen(tls, "a.cell.example")).isEqualTo(files.certificate("two"));
        assertThat(seen(tls, "A.CELL.example")).isEqualTo(files.certificate("two"));
        assertThat(seen(tls, "one.plant.example")).isEqualTo(files.certificate("one"));
        assertThat(seen(tls, "a.b.cell.example")).isEqualTo(files.certificate("one"));
        assertThat(seen(tls, "cell.example")).isEqualTo(files.certificate("one"));
        assertThat(seen(tls, null)).isEqualTo(files.certificate("one"));
    }

    @Test
    void keys_asManyAsCertificates_orItDoesNotListen() {
        Listener tls = listener("certificate", files.path("one.crt") + "," + files.path("two.crt"));

        assertThat(tls.view().state()).isEqualTo(ListenerView.State.FAILED);
        assertThat(tls.view().detail()).contains("one key for each certificate");
    }

    @Test
    void alpn_mqttIsSelected_andNobodyNeedsIt() throws Exception {
        Listener tls = listener();
        try (SSLSocket socket = socket(files.client(null, "one"), tls, null)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2", "mqtt"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();

            assertThat(socket.getApplicationProtocol()).isEqualTo("mqtt");
        }
        try (SSLSocket socket = socket(files.client(null, "one"), tls, null)) {
            socket.startHandshake();

            assertThat(socket.getApplicationProtocol()).isEmpty();
        }
    }

    @Test
    void identity_isWhatTheListenerTakesOfTheCertificate() throws Exception {
        assertThat(identity("cn")).isEqualTo("press-7");
        assertThat(identity("san-dns")).isEqualTo("press-7.plant.example");
        assertThat(identity("san-uri")).isEqualTo("urn:dev:7");
        assertThat(identity("san-email")).isNull();
        assertThat(identity("subject")).isEqualTo("CN=press-7,O=Plant");
    }

    private @Nullable String identity(String which) throws Exception {
        Listener tls = listener("client_certificates", "required", "client_identity", which);
        try (RawClient device = RawClient.over(socket(files.client("press", "one"), tls, null))) {
            assertThat(device.send(Packets.connect()).receive()).isInstanceOf(ConnAck.class);
            return broker.link().certificateSubject();
        } finally {
            tls.stop();
        }
    }

    @Test
    void revoked_doesNotReachTheBroker_theOthersDo() throws Exception {
        Listener tls =
                listener(
                        "client_certificates",
                        "required",
                        "client_revocations",
                        files.path("revoked.crl"));

        assertThat(isLetIn("press", tls)).isTrue();
        assertThat(isLetIn("thief", tls)).isFalse();
    }

    private static boolean isLetIn(String who, Listener tls) throws Exception {
        try (RawClient client = RawClient.over(socket(files.client(who, "one"), tls, null))) {
            return client.send(Packets.connect()).receive() instanceof ConnAck;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    @Test
    void key_isEncrypted_thePasswordOpensIt() throws Exception {
        files.encrypted("one", "encrypted.key", "opensesame");
        String key = files.path("encrypted.key");

        assertThat(listener("key", key, "key_password", "opensesame").view().state())
                .isEqualTo(ListenerView.State.LISTENING);
        assertThat(listener("key", key, "key_password", "wrong").view().detail())
                .contains("encrypted.key")
                .contains("key.password");
    }
}

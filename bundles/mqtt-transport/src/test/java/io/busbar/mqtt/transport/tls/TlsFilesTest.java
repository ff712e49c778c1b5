package io.busbar.mqtt.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read from the files, without a listener. */
class TlsFilesTest {
    @TempDir Path folder;

    private TestCertificates files;

    @BeforeEach
    void certificates() throws Exception {
        files = new TestCertificates(folder);
        files.selfSigned("one", "CN=one", "dns:localhost");
    }

    @Test
    void protocols_nothingBelowVersion12() {
        TlsSettings settings =
                new TlsSettings(
                        "mqtt",
                        List.of(files.file("one.crt")),
                        List.of(files.file("one.key")),
                        "",
                        ClientAuth.NONE,
                        List.of(),
                        List.of());

        assertThat(
                        Tls.read(settings)
                                .context()
                                .newEngine(UnpooledByteBufAllocator.DEFAULT)
                                .getEnabledProtocols())
                .containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
    }

    @Test
    void key_isEncrypted_thePasswordOpensIt() throws Exception {
        files.encrypted("one", "encrypted.key", "opensesame");

        assertThat(Pem.key(files.file("encrypted.key"), "opensesame"))
                .isEqualTo(Pem.key(files.file("one.key"), ""));
    }
}

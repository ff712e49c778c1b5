package io.busbar.mqtt.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthoritiesTest {
    private static TestCertificates files;

    /** Once: each takes a second or two to be made. */
    @BeforeAll
    static void certificates(@TempDir Path folder) throws Exception {
        files = new TestCertificates(folder);
        files.authority("ca");
        files.signed("ca", "server", "CN=server", "dns:localhost");
        files.selfSigned("own", "CN=own", "dns:localhost");
    }

    @Test
    void pem_ofAPrivateAuthority_isItsCertificate() throws Exception {
        assertThat(authorities("server").pem()).isEqualTo(pem("ca"));
    }

    @Test
    void pem_ofACertificateThatSignedItself_isThatCertificate() throws Exception {
        assertThat(authorities("own").pem()).isEqualTo(pem("own"));
    }

    @Test
    void pem_ofSeveralCertificates_hasEachAuthorityOnce() throws Exception {
        Authorities all =
                new Authorities(List.of(chain("server"), chain("own"), chain("server")), List.of());

        assertThat(all.pem()).isEqualTo(pem("ca") + pem("own"));
    }

    @Test
    void pem_withoutTheAuthority_isNone() throws Exception {
        assertThat(new Authorities(List.of(leaf()), chain("own")).pem()).isNull();
    }

    @Test
    void pem_withTheAuthorityThatSignsClientsToo_isItsCertificate() throws Exception {
        List<X509Certificate> others = List.of(chain("own").get(0), chain("ca").get(0));

        assertThat(new Authorities(List.of(leaf()), others).pem()).isEqualTo(pem("ca"));
    }

    private List<X509Certificate> leaf() {
        return chain("server").subList(0, 1);
    }

    @Test
    void pem_ofAPublicAuthority_isNone() throws Exception {
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        X509Certificate known =
                ((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers()[0];

        assertThat(new Authorities(List.of(List.of(known)), List.of()).pem()).isNull();
    }

    private Authorities authorities(String name) {
        return new Authorities(List.of(chain(name)), List.of());
    }

    private List<X509Certificate> chain(String name) {
        return Pem.certificates(files.file(name + ".crt"));
    }

    /** What openssl would write. */
    private String pem(String name) throws Exception {
        String text = Files.readString(files.file(name + ".crt"));
        String block = text.substring(text.indexOf("-----BEGIN")).replace("\r", "");
        String base64 =
                block.lines()
                        .skip(1)
                        .takeWhile(line -> !line.startsWith("-"))
                        .reduce("", String::concat);
        return "-----BEGIN CERTIFICATE-----\n"
                + base64.replaceAll(".{64}(?=.)", "$0\n")
                + "\n-----END CERTIFICATE-----\n";
    }
}

package io.busbar.mqtt.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Certificates, keys and revocation lists that the JDK's keytool makes, as PEM files. */
public final class TestCertificates {
    private static final String PASSWORD = "changeit";

    private static final int ITERATIONS = 2048;
    private static final int INTEGER = 0x02;
    private static final int OCTETS = 0x04;
    private static final int NULL = 0x05;
    private static final int SEQUENCE = 0x30;
    // Object identifiers of RFC 8018 with their tags.
    private static final byte[] PBES2 = HexFormat.of().parseHex("06092a864886f70d01050d");
    private static final byte[] PBKDF2 = HexFormat.of().parseHex("06092a864886f70d01050c");
    private static final byte[] HMAC_WITH_SHA256 = HexFormat.of().parseHex("06082a864886f70d0209");
    private static final byte[] AES_256_CBC = HexFormat.of().parseHex("060960864801650304012a");

    private final Path folder;

    public TestCertificates(Path folder) {
        this.folder = folder;
    }

    public Path file(String name) {
        return folder.resolve(name);
    }

    public String path(String name) {
        return file(name).toString();
    }

    /** A pair that signs itself: name.crt and name.key. */
    public void selfSigned(String name, String subject, String alternatives) throws Exception {
        Files.deleteIfExists(file(name + ".p12"));
        keytool(
                name,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                subject,
                "-ext",
                "san=" + alternatives,
                "-validity",
                "30");
        pem(name);
    }

    public void authority(String name) throws Exception {
        keytool(
                name,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "bc:c",
                "-ext",
                "ku:c=keyCertSign,cRLSign");
        pem(name);
    }

    /** A pair that the authority signs. */
    public void signed(String authority, String name, String subject, String alternatives)
            throws Exception {
        keytool(name, "-genkeypair", "-keyalg", "EC", "-dname", subject);
        keytool(name, "-certreq", "-file", path(name + ".csr"));
        keytool(
                authority,
                "-gencert",
                "-infile",
                path(name + ".csr"),
                "-outfile",
                path(name + ".der"),
                "-ext",
                "san=" + alternatives);
        keytool(authority, "-exportcert", "-file", path(authority + ".der"));
        keytool(
                name,
                "-importcert",
                "-noprompt",
                "-alias",
                "authority",
                "-file",
                path(authority + ".der"));
        keytool(name, "-importcert", "-noprompt", "-file", path(name + ".der"));
        pem(name);
    }

    /** A revocation list of the authority, with the certificates of these names. */
    public void revocations(String authority, String file, String... revoked) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("-gencrl", "-rfc", "-file", path(file)));
        for (String name : revoked) {
            arguments.add("-id");
            arguments.add(certificate(name).getSerialNumber().toString());
        }
        keytool(authority, arguments.toArray(new String[0]));
    }

    /**
     * The key of a pair, encrypted as openssl does it: PBES2 of RFC 8018 with AES-256. The JDK
     * reads that, but does not write it.
     */
    public void encrypted(String name, String file, String password) throws Exception {
        byte[] salt = "sixteen bytes of".getBytes(StandardCharsets.US_ASCII);
        byte[] start = "an initial value".getBytes(StandardCharsets.US_ASCII);
        SecretKey secret =
                SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                        .generateSecret(
                                new PBEKeySpec(password.toCharArray(), salt, ITERATIONS, 256));
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                new SecretKeySpec(secret.getEncoded(), "AES"),
                new IvParameterSpec(start));
        byte[] key = store(name).getKey(name, PASSWORD.toCharArray()).getEncoded();
        byte[] prf = sequence(HMAC_WITH_SHA256, der(NULL));
        byte[] iterations = der(INTEGER, BigInteger.valueOf(ITERATIONS).toByteArray());
        byte[] derivation = sequence(PBKDF2, sequence(der(OCTETS, salt), iterations, prf));
        byte[] scheme = sequence(AES_256_CBC, der(OCTETS, start));
        byte[] encrypted =
                sequence(
                        sequence(PBES2, sequence(derivation, scheme)),
                        der(OCTETS, cipher.doFinal(key)));
        Files.writeString(file(file), block("ENCRYPTED PRIVATE KEY", encrypted));
    }

    private static byte[] sequence(byte[]... parts) {
        return der(SEQUENCE, parts);
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        byte[] size = BigInteger.valueOf(content.size()).toByteArray();
        if (content.size() >= 128) {
            // Without the sign that BigInteger puts before a high first bit.
            size = Arrays.copyOfRange(size, size[0] == 0 ? 1 : 0, size.length);
            out.write(0x80 + size.length);
        }
        out.writeBytes(size);
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    public X509Certificate certificate(String name) throws Exception {
        return (X509Certificate) store(name).getCertificate(name);
    }

    /** A client with a certificate of its own or without, that trusts these. */
    public SSLContext client(@Nullable String own, String... trusted) throws Exception {
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own == null ? null : store(own), PASSWORD.toCharArray());
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        for (String name : trusted) {
            authorities.setCertificateEntry(name, certificate(name));
        }
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authorities);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private KeyStore store(String name) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file(name + ".p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private void pem(String name) throws Exception {
        KeyStore store = store(name);
        Files.writeString(
                file(name + ".key"),
                block("PRIVATE KEY", store.getKey(name, PASSWORD.toCharArray()).getEncoded()));
        StringBuilder chain = new StringBuilder("Text before the first block\n");
        for (Certificate each : store.getCertificateChain(name)) {
            chain.append(block("CERTIFICATE", each.getEncoded()));
        }
        Files.writeString(file(name + ".crt"), chain);
    }

    private static String block(String label, byte[] der) {
        return "-----BEGIN "
                + label
                + "-----\n"
                + Base64.getMimeEncoder().encodeToString(der)
                + "\n-----END "
                + label
                + "-----\n";
    }

    private void keytool(String name, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        if (!command.contains("-alias")) {
            command.addAll(List.of("-alias", name));
        }
        command.addAll(
                List.of(
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        path(name + ".p12"),
                        "-storepass",
                        PASSWORD));
        run(command);
    }

    private static void run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }
}

package io.busbar.mqtt.transport.tls;

import io.busbar.mqtt.transport.config.ConfigException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Reads certificates, revocation lists and private keys from PEM files (RFC 7468). Text around the
 * blocks, as openssl writes it, is skipped. Every problem is a {@link ConfigException} that names
 * the file.
 */
final class Pem {
    /** More than a long chain or a long list of revocations has. */
    private static final long MAX_FILE_BYTES = 8L << 20;

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "Ed25519", "RSASSA-PSS");

    private record Block(String label, String text, Path file) {
        byte[] der() {
            try {
                return Base64.getMimeDecoder().decode(text);
            } catch (IllegalArgumentException e) {
                throw unusable(file, "bad base64", e);
            }
        }
    }

    private Pem() {}

    /** All certificates of the file in its order; at least one. */
    static List<X509Certificate> certificates(Path file) {
        List<X509Certificate> found = new ArrayList<>();
        try {
            for (Block block : blocks(file)) {
                if (block.label.endsWith("CERTIFICATE")) {
                    found.add(
                            (X509Certificate)
                                    x509().generateCertificate(
                                                    new ByteArrayInputStream(block.der())));
                }
            }
        } catch (GeneralSecurityException e) {
            throw unusable(file, "a certificate that cannot be read", e);
        }
        if (found.isEmpty()) {
            throw unusable(file, "no certificate (expected: PEM, BEGIN CERTIFICATE)", null);
        }
        return found;
    }

    /** All revocation lists of the file; at least one. */
    static List<X509CRL> revocations(Path file) {
        List<X509CRL> found = new ArrayList<>();
        try {
            for (Block block : blocks(file)) {
                if (block.label.equals("X509 CRL")) {
                    found.add((X509CRL) x509().generateCRL(new ByteArrayInputStream(block.der())));
                }
            }
        } catch (GeneralSecurityException e) {
            throw unusable(file, "a revocation list that cannot be read", e);
        }
        if (found.isEmpty()) {
            throw unusable(file, "no revocation list (expected: PEM, BEGIN X509 CRL)", null);
        }
        return found;
    }

    /**
     * The file's private key.
     *
     * @param password of an encrypted key; not looked at for others
     */
    static PrivateKey key(Path file, String password) {
        for (Block block : blocks(file)) {
            switch (block.label) {
                case "PRIVATE KEY":
                    return key(file, new PKCS8EncodedKeySpec(block.der()));
                case "ENCRYPTED PRIVATE KEY":
                    return key(file, decrypt(file, block.der(), password));
                case "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY":
                    throw unusable(
                            file,
                            "a key in the old format (convert it: openssl pkcs8 -topk8 -nocrypt -in"
                                    + " "
                                    + file
                                    + " -out new.key)",
                            null);
                default:
                    // Certificates and parameters may stand beside the key.
            }
        }
        throw unusable(file, "no private key (expected: PEM in PKCS#8, BEGIN PRIVATE KEY)", null);
    }

    private static PrivateKey key(Path file, PKCS8EncodedKeySpec spec) {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (GeneralSecurityException e) {
                // Not one of this kind.
            }
        }
        throw unusable(file, "a key of an unknown kind (expected: EC, RSA or Ed25519)", null);
    }

    private static PKCS8EncodedKeySpec decrypt(Path file, byte[] der, String password) {
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
            // With PBES2 the parameters know the algorithm, in older schemes the name says it.
            String algorithm =
                    info.getAlgParameters() != null && info.getAlgName().contains("PBES2")
                            ? info.getAlgParameters().toString()
                            : info.getAlgName();
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(algorithm)
                            .generateSecret(new PBEKeySpec(password.toCharArray())),
                    info.getAlgParameters());
            return info.getKeySpec(cipher);
        } catch (IOException | GeneralSecurityException e) {
            throw unusable(file, "an encrypted key that key.password does not open", e);
        }
    }

    private static CertificateFactory x509() throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509");
    }

    private static List<Block> blocks(Path file) {
        List<Block> blocks = new ArrayList<>();
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw unusable(file, "more than " + MAX_FILE_BYTES + " bytes", null);
            }
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            Matcher block = BLOCK.matcher(text);
            while (block.find()) {
                blocks.add(new Block(block.group(1), block.group(2), file));
            }
        } catch (IOException e) {
            throw new ConfigException("file " + file + " is not there or cannot be read", e);
        }
        return blocks;
    }

    private static ConfigException unusable(Path file, String problem, @Nullable Throwable cause) {
        return new ConfigException("file " + file + " has " + problem, cause);
    }
}

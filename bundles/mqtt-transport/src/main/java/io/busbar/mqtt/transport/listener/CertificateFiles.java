package io.busbar.mqtt.transport.listener;

import io.busbar.mqtt.transport.config.ConfigException;
import io.busbar.mqtt.transport.tls.Tls;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the files of a TLS listener. Changed files are read again as soon as two looks in a row
 * see them equal: certificate and key are written one after the other, and belong together. Files
 * that cannot be used change nothing. Guarded by its listener.
 */
final class CertificateFiles {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateFiles.class);

    /** So long before a certificate expires it is said in the log, once. */
    private static final Duration EXPIRY_WARNING = Duration.ofDays(14);

    private String seen = "";
    private String refused = "";
    private String problem = "";
    private Instant expiryTold = Instant.MAX;

    /** A listener has just read its files. */
    void begin(String listener, Tls tls) {
        seen = tls.files();
        refused = "";
        problem = "";
        tellExpiry(listener, tls);
    }

    /** What is wrong with the files as they are now, for the operator; else empty. */
    String problem() {
        return problem;
    }

    /**
     * Looks.
     *
     * @param old what the listener uses
     * @return what it shall use from now on, or null if that does not change
     */
    @Nullable Tls look(String listener, Tls old) {
        String files = old.settings().files();
        boolean settled = files.equals(seen);
        seen = files;
        Tls read = null;
        if (files.equals(old.files())) {
            refused = "";
            problem = "";
        } else if (settled && !files.equals(refused)) {
            read = read(listener, old, files);
        }
        tellExpiry(listener, read == null ? old : read);
        return read;
    }

    private @Nullable Tls read(String listener, Tls old, String files) {
        try {
            Tls read = Tls.read(old.settings());
            refused = "";
            problem = "";
            LOG.info(
                    "Listener {} uses its changed certificates for new connections (expiresAt={})",
                    listener,
                    read.expiresAt());
            return read;
        } catch (ConfigException e) {
            refused = files;
            problem = e.getMessage() + "; the certificates read before stay in use";
            LOG.warn("Listener {}: {}", listener, problem);
            return null;
        }
    }

    private void tellExpiry(String listener, Tls tls) {
        Instant now = Instant.now();
        if (!expiryTold.equals(tls.expiresAt())
                && tls.expiresAt().isBefore(now.plus(EXPIRY_WARNING))) {
            expiryTold = tls.expiresAt();
            LOG.warn(
                    "Listener {}: a certificate {} at {}",
                    listener,
                    tls.expiresAt().isBefore(now) ? "expired" : "expires",
                    tls.expiresAt());
        }
    }
}

package io.busbar.auth.certificate;

import io.busbar.api.config.spi.ValueCheck;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;

/** Checks the access rules in the configuration of {@link CertificateAuthenticator}. */
@Component
public final class CertificateValues implements ValueCheck {
    @Override
    public String pid() {
        return "io.busbar.auth.certificate";
    }

    @Override
    public @Nullable String allowed(String key, String value) {
        if (!key.equals("rules")) {
            return null;
        }
        try {
            CertificateAuthenticator.rule(value);
            return null;
        } catch (IllegalArgumentException e) {
            return "read, write, readwrite or deny, and a topic filter";
        }
    }
}

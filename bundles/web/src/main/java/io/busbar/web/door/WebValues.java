package io.busbar.web.door;

import io.busbar.api.config.spi.ValueCheck;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;

/** Checks the addresses in the configuration of {@link WebComponent}. */
@Component
public final class WebValues implements ValueCheck {
    @Override
    public String pid() {
        return "io.busbar.web";
    }

    @Override
    public @Nullable String allowed(String key, String value) {
        if (!key.equals("trusted.proxies")) {
            return null;
        }
        try {
            new TrustedProxies(List.of(value));
            return null;
        } catch (IllegalArgumentException e) {
            return TrustedProxies.ALLOWED;
        }
    }
}

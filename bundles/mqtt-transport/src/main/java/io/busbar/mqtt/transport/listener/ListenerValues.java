package io.busbar.mqtt.transport.listener;

import io.busbar.api.config.spi.ValueCheck;
import io.busbar.mqtt.transport.config.ConfigException;
import io.busbar.mqtt.transport.proxy.TrustedProxies;
import io.busbar.mqtt.transport.websocket.Origins;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;

/** Checks the lists in the configuration of a {@link Listener}. */
@Component
public final class ListenerValues implements ValueCheck {
    @Override
    public String pid() {
        return "io.busbar.mqtt.listener";
    }

    @Override
    public @Nullable String allowed(String key, String value) {
        try {
            switch (key) {
                case "trusted.proxies" -> new TrustedProxies(List.of(value));
                case "allowed.origins" -> new Origins(List.of(value));
                default -> {}
            }
            return null;
        } catch (ConfigException e) {
            return key.equals("trusted.proxies") ? TrustedProxies.ALLOWED : Origins.ALLOWED;
        }
    }
}

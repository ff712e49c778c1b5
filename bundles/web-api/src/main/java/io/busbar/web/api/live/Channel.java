package io.busbar.web.api.live;

import java.util.Locale;
import java.util.Optional;

/** What a stream can be about. */
public enum Channel {
    STATS,
    CLIENTS,
    CREDENTIALS,
    REJECTIONS,
    NAMESPACE,
    VALUES;

    /** As the API writes it; also the name of its events. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads the API's word. */
    public static Optional<Channel> of(String text) {
        for (Channel channel : values()) {
            if (channel.text().equals(text)) {
                return Optional.of(channel);
            }
        }
        return Optional.empty();
    }
}

package io.busbar.api.uns;

import io.busbar.api.mqtt.Message;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What the namespace asks of the messages of topics, and what it says of one. Nothing is counted,
 * held or refused by asking. Thread-safe. A call reads the payload; if a reader of another bundle
 * does that, it may take as long as that reader.
 */
@ProviderType
public interface Contracts {
    /** Judges a message by what holds now. */
    default Contract judge(Message message) {
        return judge(message, null, null);
    }

    /**
     * Judges a message as if its topic had another model, or another mode. A topic without a node
     * has neither; then they are not looked at.
     *
     * @param model null = the one that it has
     * @param mode null = the one that holds
     */
    Contract judge(Message message, @Nullable Model model, @Nullable ValidationMode mode);
}

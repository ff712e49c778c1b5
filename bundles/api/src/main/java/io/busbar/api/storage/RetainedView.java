package io.busbar.api.storage;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicName;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Reads the retained messages of all shards. Reads are local and return at once with their result.
 */
@ProviderType
public interface RetainedView {
    /** Returns the retained message of a topic, or empty if there is none. */
    Optional<Message> get(TopicName topic);

    /**
     * Calls the visitor for each retained message, in no particular order, on the calling thread.
     */
    void forEach(Consumer<Message> visitor);

    /** Returns how many retained messages there are. */
    long size();
}

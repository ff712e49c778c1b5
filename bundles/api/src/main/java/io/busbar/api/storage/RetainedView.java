package io.busbar.api.storage;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicName;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/** Reads of the retained messages of all shards: local and synchronous. */
@ProviderType
public interface RetainedView {
    Optional<Message> get(TopicName topic);

    /** Visits all retained messages in no particular order. */
    void forEach(Consumer<Message> visitor);

    long size();
}

package io.busbar.api.broker;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Publishes messages and shows the state of the running broker. Published as a service while the
 * broker runs. Thread-safe; no method blocks.
 */
@ProviderType
public interface Broker {
    /**
     * Publishes a message for the server itself or for a person. It goes through the same steps as
     * a client's message, and {@link io.busbar.api.broker.spi.PublishInterceptor}s are asked.
     * Permissions are not checked: that is the caller's task.
     *
     * @return completes when the message is stored as its QoS requires, or refused
     */
    CompletionStage<PublishResult> publish(Message message);

    /** Returns basic facts about the broker. */
    BrokerInfo info();

    /** Returns the current figures. */
    BrokerStats stats();

    /**
     * Returns the retained message of a topic, or empty if there is none. May wait for a disk.
     *
     * @throws io.busbar.api.storage.StorageException if the store cannot be read
     */
    Optional<Message> retained(TopicName topic);

    /**
     * Returns up to {@code limit} retained messages that match the filter, in no particular order.
     * May wait for a disk.
     *
     * @throws io.busbar.api.storage.StorageException if the store cannot be read
     */
    List<Message> retained(TopicFilter filter, int limit);

    /**
     * Returns all that the broker calls and that other bundles implement: authenticators, enhanced
     * authenticators, authorizers and interceptors.
     */
    List<ProviderView> providers();

    /** Returns the interceptors in the order in which they are asked about a message. */
    List<InterceptorView> interceptors();
}

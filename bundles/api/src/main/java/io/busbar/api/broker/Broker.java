package io.busbar.api.broker;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** The running broker. Thread-safe; nothing here blocks. */
@ProviderType
public interface Broker {
    /**
     * Publishes a message as the server itself or on behalf of a person, on the same walk as a
     * client's. Permissions are the caller's business; {@link
     * io.busbar.api.broker.spi.PublishInterceptor}s are asked as for a client.
     *
     * @return completes when the message is stored as its QoS demands, or refused
     */
    CompletionStage<PublishResult> publish(Message message);

    BrokerInfo info();

    BrokerStats stats();

    /** The retained message of a topic, if there is one. */
    Optional<Message> retained(TopicName topic);

    /** Up to {@code limit} retained messages that match, in no particular order. */
    List<Message> retained(TopicFilter filter, int limit);

    /** Who judges messages before they are delivered, in the order in which they are asked. */
    List<InterceptorView> interceptors();
}

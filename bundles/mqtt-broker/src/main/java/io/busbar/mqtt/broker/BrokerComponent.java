package io.busbar.mqtt.broker;

import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.auth.spi.Authorizer;
import io.busbar.api.auth.spi.EnhancedAuthenticator;
import io.busbar.api.broker.Broker;
import io.busbar.api.broker.Clients;
import io.busbar.api.broker.Rejections;
import io.busbar.api.broker.spi.ClientListener;
import io.busbar.api.broker.spi.MessageSubscriber;
import io.busbar.api.storage.BrokerStore;
import io.busbar.mqtt.broker.feature.Features;
import io.busbar.mqtt.broker.feature.Redirect;
import io.busbar.mqtt.broker.limit.Limits;
import io.busbar.mqtt.broker.limit.PublishRate;
import io.busbar.mqtt.broker.link.Connections;
import io.busbar.mqtt.broker.loop.HomeLoop;
import io.busbar.mqtt.broker.loop.Ticker;
import io.busbar.mqtt.broker.topic.ShareStrategy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker in the container. Lives as long as its store; when the store is swapped, clients are
 * told and the broker comes back on the new one. Its four services are registered one by one,
 * because they are four objects.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = "io.busbar.mqtt.broker")
@Designate(ocd = BrokerComponent.Config.class)
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"io.busbar.api.broker.Broker\"")
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"io.busbar.api.broker.Clients\"")
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"io.busbar.api.broker.Rejections\"")
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"io.busbar.mqtt.broker.link.Connections\"")
public final class BrokerComponent {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerComponent.class);

    /** The broker's limits. */
    @ObjectClassDefinition(name = "MQTT broker")
    public @interface Config {
        @AttributeDefinition(
                description =
                        "Largest packet taken, in bytes; told to MQTT 5 clients, more is answered"
                                + " 0x95")
        int max_packet_size() default 4_194_304;

        @AttributeDefinition(description = "Largest CONNECT taken, in bytes; more is answered 0x95")
        int max_connect_size() default 73_728;

        @AttributeDefinition(description = "Most user properties in one packet")
        int max_user_properties() default 256;

        @AttributeDefinition(
                description = "Milliseconds a new connection has until its CONNECT is complete")
        int connect_timeout_ms() default 10_000;

        @AttributeDefinition(
                description =
                        "Milliseconds an authenticator has to answer; then the client is refused"
                                + " 0x88")
        int authentication_timeout_ms() default 5_000;

        @AttributeDefinition(
                description =
                        "Longest keep alive in seconds; who asks for more, or for none, gets this"
                                + " one; 0 = no limit")
        int max_keep_alive() default 0;

        @AttributeDefinition(
                description =
                        "Longest session expiry in seconds; 4294967295 = sessions may stay for"
                                + " ever")
        long max_session_expiry() default 4_294_967_295L;

        @AttributeDefinition(description = "Sessions, connected or not; more are refused 0x97")
        int max_sessions() default 1_000_000;

        @AttributeDefinition(
                description = "Connects per second; more are refused 0x9F; 0 = no limit")
        int max_connects_per_second() default 10_000;

        @AttributeDefinition(
                description =
                        "Longest client identifier in characters; longer ones are refused 0x85")
        int max_client_id_length() default 1_024;

        @AttributeDefinition(
                description =
                        "Unacknowledged QoS 1 and 2 messages taken of one MQTT 5 client; more is"
                                + " answered 0x93")
        int receive_maximum() default 1_000;

        @AttributeDefinition(description = "Unacknowledged QoS 1 and 2 messages sent to one client")
        int max_inflight() default 1_000;

        @AttributeDefinition(
                description =
                        "Topic aliases of one client in each direction; more is answered 0x94; 0 ="
                                + " none")
        int topic_alias_maximum() default 32;

        @AttributeDefinition(
                description = "QoS 1 and 2 messages that wait for one session; then one is dropped")
        int max_queued_messages() default 10_000;

        @AttributeDefinition(
                description = "Payload bytes that wait for one session; then a message is dropped")
        long max_queued_bytes() default 67_108_864L;

        @AttributeDefinition(
                description = "Whether a full queue drops its oldest message instead of the newest")
        boolean drop_oldest() default false;

        @AttributeDefinition(
                description =
                        "Bytes sent to a client and not taken by it, beyond which QoS 0 messages"
                                + " are dropped")
        long max_backlog_bytes() default 16_777_216L;

        @AttributeDefinition(
                description =
                        "Milliseconds for which a slow subscriber may slow down those who publish"
                                + " to it; then it loses messages instead")
        int hold_ms() default 1_000;

        @AttributeDefinition(description = "Subscriptions of one session; more are answered 0x97")
        int max_subscriptions() default 10_000;

        @AttributeDefinition(
                description = "Levels of a topic or filter; more are answered 0x90 and 0x8F")
        int max_topic_levels() default 200;

        @AttributeDefinition(
                description = "Retained messages; more are not retained and answered 0x97")
        int max_retained_messages() default 1_000_000;

        @AttributeDefinition(description = "Payload bytes of all retained messages")
        long max_retained_bytes() default 268_435_456L;

        @AttributeDefinition(
                description =
                        "Messages that wait for one consumer inside the server; then the latest of"
                                + " each topic is kept")
        int consumer_queue() default 65_536;

        @AttributeDefinition(
                description =
                        "Milliseconds a packet that has begun may take until it is there; then the"
                                + " client is disconnected with 0x97; 0 = no limit")
        int packet_timeout_ms() default 300_000;

        @AttributeDefinition(
                description =
                        "Messages one connection may publish per second; who is faster is slowed"
                                + " down, or disconnected with 0x96; 0 = no limit")
        int max_publishes_per_second() default 0;

        @AttributeDefinition(
                description =
                        "Payload bytes one connection may publish per second; who is faster is"
                                + " slowed down, or disconnected with 0x96; 0 = no limit")
        long max_publish_bytes_per_second() default 0;

        @AttributeDefinition(
                description =
                        "What happens to a client that publishes faster than it may: slow-down"
                                + " (nothing is read from it for a while, nothing is lost) or"
                                + " disconnect (0x96)")
        String publish_rate_excess() default "slow-down";

        @AttributeDefinition(
                description =
                        "Highest QoS taken of clients and granted to subscriptions: 0, 1 or 2; told"
                                + " to MQTT 5 clients, more is answered 0x9B")
        int maximum_qos() default 2;

        @AttributeDefinition(
                description =
                        "Whether clients may retain messages; if not, MQTT 5 clients are told, and"
                                + " who does is answered 0x9A")
        boolean retain_available() default true;

        @AttributeDefinition(
                description =
                        "Whether topic filters may have wildcards; if not, MQTT 5 clients are told,"
                                + " and who asks is answered 0xA2")
        boolean wildcard_subscription_available() default true;

        @AttributeDefinition(
                description =
                        "Whether subscriptions may have identifiers; if not, MQTT 5 clients are"
                                + " told, and who asks is answered 0xA1")
        boolean subscription_identifiers_available() default true;

        @AttributeDefinition(
                description =
                        "Whether subscriptions may be shared; if not, MQTT 5 clients are told, and"
                                + " who asks is answered 0x9E")
        boolean shared_subscription_available() default true;

        @AttributeDefinition(
                description =
                        "Another server, or several separated by spaces, as host or host:port: told"
                                + " to MQTT 5 clients that are to use it; empty = none",
                required = false)
        String server_reference() default "";

        @AttributeDefinition(
                description =
                        "Whom server.reference is told: overload (who finds no room, and everybody"
                                + " when the server stops: 0x9C), temporary (everybody who"
                                + " connects: 0x9C) or permanent (everybody who connects: 0x9D)")
        String server_redirect() default "overload";

        @AttributeDefinition(
                description =
                        "Whether a payload that its publisher calls UTF-8 is checked; one that is"
                                + " not is answered 0x99 and not delivered")
        boolean check_payload_format() default false;

        @AttributeDefinition(
                description =
                        "Told to MQTT 5 clients that ask for Response Information, as the beginning"
                                + " of their response topics; %c is the client identifier; empty ="
                                + " nothing",
                required = false)
        String response_information() default "";

        @AttributeDefinition(
                description =
                        "Which member of a shared subscription gets the next message: round-robin,"
                                + " random, sticky (the last one while it takes messages) or"
                                + " publisher (the same one for all messages of a client)")
        String shared_subscription_strategy() default "round-robin";
    }

    private final HomeLoop home = new HomeLoop();
    private final MqttBroker broker;
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    /** Builds the broker; its services appear with {@link #start}, when the providers are bound. */
    @Activate
    public BrokerComponent(Config config, BundleContext context, @Reference BrokerStore store) {
        MqttBroker built = null;
        try {
            built =
                    new MqttBroker(
                            context.getBundle().getVersion().toString(),
                            limitsOf(config),
                            featuresOf(config),
                            store,
                            home,
                            Clock.systemUTC(),
                            Ticker.SYSTEM,
                            () -> context.getBundle(0).getState() == Bundle.STOPPING);
        } finally {
            if (built == null) {
                home.close();
            }
        }
        broker = built;
    }

    /** The limits of a configuration. */
    public static Limits limitsOf(Config config) {
        return new Limits(
                config.max_packet_size(),
                config.max_connect_size(),
                config.max_user_properties(),
                config.connect_timeout_ms(),
                config.authentication_timeout_ms(),
                config.max_keep_alive(),
                config.max_session_expiry(),
                config.max_sessions(),
                config.max_connects_per_second(),
                config.max_client_id_length(),
                config.receive_maximum(),
                config.max_inflight(),
                config.topic_alias_maximum(),
                config.max_queued_messages(),
                config.max_queued_bytes(),
                config.drop_oldest(),
                config.max_backlog_bytes(),
                config.hold_ms(),
                config.max_subscriptions(),
                config.max_topic_levels(),
                config.max_retained_messages(),
                config.max_retained_bytes(),
                config.consumer_queue(),
                config.packet_timeout_ms(),
                new PublishRate(
                        config.max_publishes_per_second(),
                        config.max_publish_bytes_per_second(),
                        PublishRate.Excess.of(config.publish_rate_excess())));
    }

    /** The features of a configuration. */
    public static Features featuresOf(Config config) {
        return new Features(
                Features.maximumQosOf(config.maximum_qos()),
                config.retain_available(),
                config.wildcard_subscription_available(),
                config.subscription_identifiers_available(),
                config.shared_subscription_available(),
                ShareStrategy.of(config.shared_subscription_strategy()),
                config.check_payload_format(),
                config.response_information(),
                new Redirect(
                        config.server_reference(), Redirect.When.of(config.server_redirect())));
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "unbindAuthenticator",
            updated = "bindAuthenticator")
    void bindAuthenticator(Authenticator authenticator, Map<String, Object> properties) {
        broker.gate().authenticators().bind(authenticator, properties);
    }

    void unbindAuthenticator(Authenticator authenticator) {
        broker.gate().authenticators().unbind(authenticator);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "unbindEnhancedAuthenticator",
            updated = "bindEnhancedAuthenticator")
    void bindEnhancedAuthenticator(
            EnhancedAuthenticator authenticator, Map<String, Object> properties) {
        broker.gate().enhancedAuthenticators().bind(authenticator, properties);
    }

    void unbindEnhancedAuthenticator(EnhancedAuthenticator authenticator) {
        broker.gate().enhancedAuthenticators().unbind(authenticator);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "unbindAuthorizer",
            updated = "bindAuthorizer")
    void bindAuthorizer(Authorizer authorizer, Map<String, Object> properties) {
        broker.gate().authorizers().bind(authorizer, properties);
    }

    void unbindAuthorizer(Authorizer authorizer) {
        broker.gate().authorizers().unbind(authorizer);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "unbindSubscriber")
    void bindSubscriber(MessageSubscriber subscriber, Map<String, Object> properties) {
        broker.consumers().bind(subscriber, properties);
    }

    void unbindSubscriber(MessageSubscriber subscriber) {
        broker.consumers().unbind(subscriber);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "unbindListener")
    void bindListener(ClientListener listener) {
        broker.events().bind(listener);
    }

    void unbindListener(ClientListener listener) {
        broker.events().unbind(listener);
    }

    /** Publishes the services. */
    @Activate
    void start(BundleContext context) {
        registrations.add(context.registerService(Broker.class, broker, null));
        registrations.add(context.registerService(Clients.class, broker.clients(), null));
        registrations.add(context.registerService(Rejections.class, broker.rejections(), null));
        registrations.add(context.registerService(Connections.class, broker.connections(), null));
        LOG.info("Broker started (store={})", broker.info().store());
    }

    @Deactivate
    void stop() {
        // First the clients, while the transport still is there to tell them.
        broker.close();
        for (int i = registrations.size() - 1; i >= 0; i--) {
            try {
                registrations.get(i).unregister();
            } catch (IllegalStateException ignored) {
                // The bundle is stopping and has done it already.
            }
        }
        home.close();
        LOG.info("Broker stopped");
    }
}

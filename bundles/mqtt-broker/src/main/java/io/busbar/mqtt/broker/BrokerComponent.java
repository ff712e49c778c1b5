package io.busbar.mqtt.broker;

import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.auth.spi.Authorizer;
import io.busbar.api.auth.spi.ClientIdOwners;
import io.busbar.api.auth.spi.EnhancedAuthenticator;
import io.busbar.api.broker.Broker;
import io.busbar.api.broker.Clients;
import io.busbar.api.broker.Rejections;
import io.busbar.api.broker.spi.ClientListener;
import io.busbar.api.broker.spi.MessageSubscriber;
import io.busbar.api.broker.spi.PublishInterceptor;
import io.busbar.api.config.Restart;
import io.busbar.api.explain.Explanations;
import io.busbar.api.health.spi.HealthCheck;
import io.busbar.api.memory.MemoryBudget;
import io.busbar.api.transfer.BrokerState;
import io.busbar.mqtt.broker.config.BrokerConfig;
import io.busbar.mqtt.broker.feature.Features;
import io.busbar.mqtt.broker.limit.BrokerLimits;
import io.busbar.mqtt.broker.link.Connections;
import io.busbar.mqtt.broker.loop.HomeLoop;
import io.busbar.mqtt.broker.loop.Ticker;
import io.busbar.mqtt.broker.store.ChosenStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the broker as an OSGi component. The broker lives as long as its store service. When the
 * store is replaced, clients are disconnected and a new broker starts on the new store. The
 * component registers the broker's services itself, because each is an object of its own.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = "io.busbar.mqtt.broker")
@Designate(ocd = BrokerConfig.class)
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
        attribute = "objectClass:List<String>=\"io.busbar.api.transfer.BrokerState\"")
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"io.busbar.api.explain.Explanations\"")
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"io.busbar.mqtt.broker.link.Connections\"")
public final class BrokerComponent {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerComponent.class);

    private final List<HomeLoop> own = HomeLoop.several();
    private final BrokerLimits limits;
    private final Features features;
    private final MqttBroker broker;
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    /** Builds the broker; its services appear with {@link #start}, when the providers are bound. */
    @Activate
    public BrokerComponent(
            BrokerConfig config,
            BundleContext context,
            @Reference ChosenStore chosen,
            @Reference MemoryBudget memory) {
        MqttBroker built = null;
        try {
            ServerState server = stateOf(context);
            limits = BrokerLimits.of(config);
            features = Features.of(config);
            built =
                    new MqttBroker(
                            context.getBundle().getVersion().toString(),
                            limits,
                            features,
                            chosen.store(),
                            memory,
                            own,
                            Clock.systemUTC(),
                            Ticker.SYSTEM,
                            server);
        } finally {
            if (built == null) {
                own.forEach(HomeLoop::close);
            }
        }
        broker = built;
    }

    /** The server has come up when the start level of this bundle has been reached. */
    private static ServerState stateOf(BundleContext context) {
        Bundle framework = context.getBundle(0);
        FrameworkStartLevel level = framework.adapt(FrameworkStartLevel.class);
        int own = context.getBundle().adapt(BundleStartLevel.class).getStartLevel();
        return new ServerState() {
            @Override
            public boolean isUp() {
                return level.getStartLevel() > own;
            }

            @Override
            public boolean isStopping() {
                return framework.getState() == Bundle.STOPPING;
            }
        };
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
            unbind = "unbindClientIdOwners",
            updated = "bindClientIdOwners")
    void bindClientIdOwners(ClientIdOwners owners, Map<String, Object> properties) {
        broker.gate().clientIdOwners().bind(owners, properties);
    }

    void unbindClientIdOwners(ClientIdOwners owners) {
        broker.gate().clientIdOwners().unbind(owners);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "unbindInterceptor",
            updated = "bindInterceptor")
    void bindInterceptor(PublishInterceptor interceptor, Map<String, Object> properties) {
        broker.interception().bind(interceptor, properties);
    }

    void unbindInterceptor(PublishInterceptor interceptor) {
        broker.interception().unbind(interceptor);
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
    void bindListener(ClientListener listener, Map<String, ?> properties) {
        broker.events().bind(listener, properties);
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
        registrations.add(context.registerService(BrokerState.class, broker.state(), null));
        registrations.add(context.registerService(Explanations.class, broker.explanations(), null));
        registrations.add(context.registerService(Connections.class, broker.connections(), null));
        registrations.add(context.registerService(HealthCheck.class, broker.storeHealth(), null));
        LOG.info("Broker started (store={})", broker.info().store());
    }

    /**
     * A new broker starts with changed limits and features; clients are disconnected. If they are
     * the same, or not possible, this broker stays.
     */
    @Modified
    void modified(BrokerConfig config, ComponentContext component) {
        try {
            if (BrokerLimits.of(config).equals(limits) && Features.of(config).equals(features)) {
                return;
            }
        } catch (IllegalArgumentException problem) {
            LOG.error("The broker keeps its configuration: {}", problem.getMessage());
            return;
        }
        LOG.info("The broker starts again with its changed configuration");
        Restart.of(component, BrokerComponent.class);
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
        own.forEach(HomeLoop::close);
        LOG.info("Broker stopped");
    }
}

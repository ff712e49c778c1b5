package io.busbar.web.door;

import io.busbar.api.accounts.Accounts;
import io.busbar.api.memory.MemoryBudget;
import io.busbar.web.http.HttpCounters;
import io.busbar.web.http.HttpLoad;
import io.busbar.web.http.HttpWing;
import io.busbar.web.jetty.BoundedConnector;
import io.busbar.web.session.WebSessions;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.apache.felix.http.jetty.ConnectorFactory;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.servlet.whiteboard.annotations.RequireHttpWhiteboard;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers a servlet with the web server for every {@link HttpWing} service, and removes it when
 * the service goes. Also publishes {@link WebSessions}, which the wing for signing in needs. That
 * wing is itself found by the tracker here, so the sessions are published before the wings are
 * tracked.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = WebConfig.PID)
@Designate(ocd = WebConfig.class)
@RequireHttpWhiteboard
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"io.busbar.web.session.WebSessions\"")
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"io.busbar.web.http.HttpCounters\"")
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"io.busbar.web.http.HttpLoad\"")
public final class WebComponent {
    private static final Logger LOG = LoggerFactory.getLogger(WebComponent.class);

    private final BundleContext context;
    private final String boundHost;
    private final Door door;
    private final Wings wings;
    private final Tracker tracker;
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable Accounts accounts;

    @Activate
    public WebComponent(WebConfig config, BundleContext context, @Reference MemoryBudget memory) {
        String host = context.getProperty("busbar.host");
        this.context = context;
        this.boundHost = host == null ? "" : host;
        this.door =
                new Door(
                        WebSettings.of(config, boundHost),
                        instance(context),
                        bodies(context),
                        () -> Optional.ofNullable(accounts),
                        memory,
                        Clock.systemUTC());
        this.wings = new Wings(door::servlet, this::register);
        this.tracker = new Tracker();
    }

    @Activate
    void activate() {
        Dictionary<String, Object> filter = new Hashtable<>();
        filter.put("osgi.http.whiteboard.filter.name", "busbar-host");
        filter.put("osgi.http.whiteboard.filter.pattern", new String[] {"/*"});
        filter.put("osgi.http.whiteboard.filter.asyncSupported", true);
        // Before the filter: nobody is served by a web server without its bounds.
        registrations.add(
                context.registerService(
                        ConnectorFactory.class,
                        new BoundedConnector(door.connections()),
                        new Hashtable<>()));
        registrations.add(context.registerService(Filter.class, door.hostFilter(), filter));
        registrations.add(
                context.registerService(HttpCounters.class, door.counters(), new Hashtable<>()));
        registrations.add(context.registerService(HttpLoad.class, door.load(), new Hashtable<>()));
        registrations.add(
                context.registerService(WebSessions.class, door.sessions(), new Hashtable<>()));
        tracker.open();
    }

    /** Applies a new configuration. Sessions stay. */
    @Modified
    void modified(WebConfig config) {
        door.configure(WebSettings.of(config, boundHost));
    }

    @Deactivate
    void deactivate() {
        tracker.close();
        for (int i = registrations.size() - 1; i >= 0; i--) {
            registrations.get(i).unregister();
        }
        door.close();
    }

    /**
     * The same at every start, and another one for every data folder, machine and port: browsers
     * would mix up the cookies of two servers behind one name.
     */
    private static String instance(BundleContext context) {
        String seed =
                context.getProperty("karaf.data")
                        + "\n"
                        + context.getProperty("busbar.http.port")
                        + "\n"
                        + WebSettings.hostName();
        return String.format(
                Locale.ROOT,
                "%08x",
                UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8)).hashCode());
    }

    /** In the data folder, below what is made again at every start. */
    private static Path bodies(BundleContext context) {
        File folder = context.getDataFile("bodies");
        return folder != null
                ? folder.toPath()
                : Path.of(System.getProperty("java.io.tmpdir"), "busbar-bodies");
    }

    private Runnable register(String path, Servlet servlet) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("osgi.http.whiteboard.servlet.name", "busbar" + path);
        properties.put("osgi.http.whiteboard.servlet.pattern", new String[] {path + "/*"});
        properties.put("osgi.http.whiteboard.servlet.asyncSupported", true);
        return context.registerService(Servlet.class, servlet, properties)::unregister;
    }

    /** Finds the wings. */
    private final class Tracker extends ServiceTracker<HttpWing, Wings.Place> {
        Tracker() {
            super(WebComponent.this.context, HttpWing.class, null);
        }

        @Override
        public Wings.@Nullable Place addingService(ServiceReference<HttpWing> reference) {
            HttpWing wing = context.getService(reference);
            if (wing == null) {
                return null;
            }
            String bundle = reference.getBundle().getSymbolicName();
            Object ranking = reference.getProperty(Constants.SERVICE_RANKING);
            try {
                return wings.add(wing, bundle, ranking instanceof Integer rank ? rank : 0);
            } catch (RuntimeException | LinkageError e) {
                // A loop that serves many survives the failure of one.
                LOG.error("HTTP wing does not answer (bundle={})", bundle, e);
                context.ungetService(reference);
                return null;
            }
        }

        @Override
        public void removedService(ServiceReference<HttpWing> reference, Wings.Place place) {
            wings.remove(place);
            context.ungetService(reference);
        }
    }
}

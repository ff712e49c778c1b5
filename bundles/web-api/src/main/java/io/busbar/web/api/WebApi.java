package io.busbar.web.api;

import io.busbar.api.broker.spi.ClientListener;
import io.busbar.api.memory.MemoryBudget;
import io.busbar.api.uns.spi.NamespaceListener;
import io.busbar.api.uns.spi.ValueListener;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.config.Config;
import io.busbar.web.api.config.Settings;
import io.busbar.web.http.HttpCounters;
import io.busbar.web.http.HttpLoad;
import io.busbar.web.http.HttpWing;
import io.busbar.web.session.WebSessions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Registers the API with the web server, and its listeners with broker and namespace. It registers
 * them itself, after everything else: the broker looks for listeners while it starts. If this were
 * a component that needs the broker, each would wait for the other.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = Config.PID)
@Designate(ocd = Config.class)
public final class WebApi {
    /** No wing that starts earlier takes the API's path. */
    private static final int RANKING = 1000;

    private final Application application;
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    @Activate
    public WebApi(
            Config config,
            BundleContext context,
            @Reference Backend services,
            @Reference WebSessions sessions,
            @Reference HttpCounters counters,
            @Reference HttpLoad load,
            @Reference MemoryBudget memory) {
        this.application =
                new Application(
                        Settings.of(config),
                        services,
                        sessions,
                        counters,
                        load,
                        memory,
                        Clock.systemUTC());
        Hashtable<String, Object> first = new Hashtable<>();
        first.put(Constants.SERVICE_RANKING, RANKING);
        registrations.add(context.registerService(HttpWing.class, application, first));
        String[] listener = {
            ClientListener.class.getName(),
            NamespaceListener.class.getName(),
            ValueListener.class.getName()
        };
        registrations.add(
                context.registerService(listener, application.listener(), new Hashtable<>()));
    }

    /** Takes a new configuration up; streams stay. */
    @Modified
    void modified(Config config) {
        application.configure(Settings.of(config));
    }

    @Deactivate
    void deactivate() {
        for (int i = registrations.size() - 1; i >= 0; i--) {
            registrations.get(i).unregister();
        }
        application.close();
    }
}

package io.busbar.web.api;

import io.busbar.api.broker.spi.ClientListener;
import io.busbar.api.uns.spi.NamespaceListener;
import io.busbar.api.uns.spi.ValueListener;
import io.busbar.web.api.config.Config;
import io.busbar.web.api.config.Settings;
import io.busbar.web.api.service.Services;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.servlet.whiteboard.annotations.RequireHttpWhiteboard;

/**
 * Offers the API to the web server, and its listeners to broker and namespace. They are registered
 * by hand and after everything else, because the broker asks for its listeners while it starts: a
 * component that needs the broker and that the broker needs would go round in circles.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = Config.PID)
@Designate(ocd = Config.class)
@RequireHttpWhiteboard
public final class WebApi {
    /** Where the API is. */
    static final String PATH = "/api/v1";

    private final Application application;
    private final String boundHost;
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    @Activate
    public WebApi(Config config, BundleContext context, @Reference Services services) {
        String host = context.getProperty("busbar.host");
        this.boundHost = host == null ? "" : host;
        this.application =
                new Application(Settings.of(config, boundHost), services, Clock.systemUTC());
        Dictionary<String, Object> filter = new Hashtable<>();
        filter.put("osgi.http.whiteboard.filter.name", "busbar-host");
        filter.put("osgi.http.whiteboard.filter.pattern", new String[] {"/*"});
        filter.put("osgi.http.whiteboard.filter.asyncSupported", true);
        registrations.add(context.registerService(Filter.class, application.hostFilter(), filter));
        Dictionary<String, Object> servlet = new Hashtable<>();
        servlet.put("osgi.http.whiteboard.servlet.name", "busbar-api");
        servlet.put("osgi.http.whiteboard.servlet.pattern", new String[] {PATH + "/*"});
        servlet.put("osgi.http.whiteboard.servlet.asyncSupported", true);
        registrations.add(context.registerService(Servlet.class, application.servlet(), servlet));
        String[] listener = {
            ClientListener.class.getName(),
            NamespaceListener.class.getName(),
            ValueListener.class.getName()
        };
        registrations.add(
                context.registerService(listener, application.listener(), new Hashtable<>()));
    }

    /** Takes a new configuration up; sessions and streams stay. */
    @Modified
    void modified(Config config) {
        application.configure(Settings.of(config, boundHost));
    }

    @Deactivate
    void deactivate() {
        for (int i = registrations.size() - 1; i >= 0; i--) {
            registrations.get(i).unregister();
        }
        application.close();
    }
}

package io.busbar.uns.registry;

import io.busbar.api.broker.spi.PublishInterceptor;
import io.busbar.uns.registry.gate.Gates;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.ComponentConstants;

/** Offers gates to the broker as services. */
final class GateServices implements Gates.Offers {
    private final BundleContext context;
    private final Map<String, ServiceRegistration<PublishInterceptor>> offered = new HashMap<>();

    GateServices(BundleContext context) {
        this.context = context;
    }

    @Override
    public void offer(
            String name, PublishInterceptor gate, List<String> filters, boolean passes, int rank) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(ComponentConstants.COMPONENT_NAME, name);
        properties.put(PublishInterceptor.TOPIC_FILTER, filters.toArray(String[]::new));
        properties.put(
                PublishInterceptor.ON_FAILURE,
                passes ? PublishInterceptor.PASS : PublishInterceptor.REFUSE);
        properties.put(
                PublishInterceptor.ON_ABSENCE,
                passes ? PublishInterceptor.PASS : PublishInterceptor.REFUSE);
        properties.put(PublishInterceptor.BLOCKING, false);
        properties.put(Constants.SERVICE_RANKING, rank);
        ServiceRegistration<PublishInterceptor> there = offered.get(name);
        if (there == null) {
            there = context.registerService(PublishInterceptor.class, gate, properties);
            offered.put(name, there);
        } else {
            there.setProperties(properties);
        }
        if (filters.isEmpty()) {
            // The broker has seen that it wants nothing, so it is not missed.
            offered.remove(name);
            there.unregister();
        }
    }

    /** The broker misses those that refuse, until the namespace is back. */
    @Override
    public void close() {
        offered.values().forEach(ServiceRegistration::unregister);
        offered.clear();
    }
}

package io.busbar.uns.registry;

import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.spi.PayloadReader;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What services that others publish say of themselves. */
final class ServiceProperties {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceProperties.class);

    private ServiceProperties() {}

    /** The service ranking; 0 if it says none. */
    static int rank(Map<String, ?> properties) {
        return properties.get(Constants.SERVICE_RANKING) instanceof Integer rank ? rank : 0;
    }

    /** What people call a service: its component, or its class. */
    static String name(Map<String, ?> properties, Object service) {
        return properties.get("component.name") instanceof String name
                ? name
                : service.getClass().getName();
    }

    /** The formats that a payload reader names; what is no name is passed over with a warning. */
    static Set<PayloadFormat> formats(Map<String, ?> properties, String reader) {
        Set<PayloadFormat> formats = new LinkedHashSet<>();
        for (Object name : list(properties.get(PayloadReader.PAYLOAD_FORMAT))) {
            try {
                formats.add(new PayloadFormat(String.valueOf(name)));
            } catch (IllegalArgumentException e) {
                LOG.warn("Payload reader {}: {}", reader, e.getMessage());
            }
        }
        if (formats.isEmpty()) {
            LOG.warn(
                    "Payload reader {} reads nothing: its service property {} names no format",
                    reader,
                    PayloadReader.PAYLOAD_FORMAT);
        }
        return formats;
    }

    private static Collection<?> list(@Nullable Object property) {
        if (property instanceof Object[] array) {
            return List.of(array);
        }
        if (property instanceof Collection<?> collection) {
            return collection;
        }
        return property == null ? List.of() : List.of(property);
    }
}

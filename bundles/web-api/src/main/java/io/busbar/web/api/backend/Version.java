package io.busbar.web.api.backend;

import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/** The version of the running server. */
public final class Version {
    private Version() {}

    /** The broker's version, or this bundle's own while there is no broker. */
    public static String of(Backend services) {
        return services.findBroker().map(broker -> broker.info().version()).orElseGet(Version::own);
    }

    private static String own() {
        Bundle bundle = FrameworkUtil.getBundle(Version.class);
        return bundle == null ? "unknown" : bundle.getVersion().toString();
    }
}

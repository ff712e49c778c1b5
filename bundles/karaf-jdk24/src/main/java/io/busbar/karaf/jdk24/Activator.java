package io.busbar.karaf.jdk24;

import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.hooks.weaving.WeavingHook;

/** Registers the weaver where the JDK asks for it. The bundle has to start before the shell. */
@Header(name = "Bundle-Activator", value = "${@class}")
public final class Activator implements BundleActivator {
    private static final int FIRST_WITHOUT_SECURITY_MANAGER = 24;

    @Override
    public void start(BundleContext context) {
        if (Runtime.version().feature() >= FIRST_WITHOUT_SECURITY_MANAGER) {
            context.registerService(WeavingHook.class, new SubjectWeaver(), null);
        }
    }

    @Override
    public void stop(BundleContext context) {
        // The framework withdraws the service.
    }
}

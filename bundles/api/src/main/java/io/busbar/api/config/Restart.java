package io.busbar.api.config;

import org.osgi.service.component.ComponentContext;

/**
 * Restarts a component that cannot take a changed configuration while it runs. A component without
 * a modified method is restarted by every change of its file, also by one that changes nothing for
 * it; one that has such a method compares first and calls this if it has to.
 */
public final class Restart {
    private Restart() {}

    /**
     * Deactivates a component and activates it with its new configuration. Returns at once: a
     * component cannot be deactivated while its modified method runs.
     *
     * @param context the context of any component of the bundle
     * @param component the class of the component
     */
    public static void of(ComponentContext context, Class<?> component) {
        Thread thread =
                new Thread(
                        () -> {
                            context.disableComponent(component.getName());
                            context.enableComponent(component.getName());
                        },
                        "busbar-restart-" + component.getSimpleName());
        thread.setDaemon(true);
        thread.start();
    }
}

package io.busbar.mqtt.broker;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.Version;

/** A framework as far as components of the broker ask it, whose start level cannot be read. */
final class FakeBundleContext {
    /** Services that are registered now. */
    final List<Object> services = new CopyOnWriteArrayList<>();

    private final Path data;

    FakeBundleContext(Path data) {
        this.data = data;
    }

    BundleContext context() {
        Bundle bundle =
                proxy(
                        Bundle.class,
                        (method, arguments) ->
                                switch (method.getName()) {
                                    case "getVersion" -> Version.emptyVersion;
                                    case "getState" -> Bundle.ACTIVE;
                                    default -> null;
                                });
        return proxy(
                BundleContext.class,
                (method, arguments) ->
                        switch (method.getName()) {
                            case "getProperty" -> data.toString();
                            case "getBundle" -> bundle;
                            case "registerService" -> register(arguments[1]);
                            default -> throw new UnsupportedOperationException(method.getName());
                        });
    }

    private ServiceRegistration<?> register(Object service) {
        services.add(service);
        return proxy(
                ServiceRegistration.class,
                (method, arguments) -> {
                    services.remove(service);
                    return null;
                });
    }

    @FunctionalInterface
    private interface Answer {
        Object to(Method method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> answer.to(method, arguments)));
    }
}

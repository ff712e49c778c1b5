package io.busbar.mqtt.broker;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** Objects of an interface that a test answers for. */
public final class Proxies {
    private Proxies() {}

    /** What a method of such an object answers. */
    @FunctionalInterface
    public interface Answer {
        Object to(Method method, Object[] arguments) throws ReflectiveOperationException;
    }

    public static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> answer.to(method, arguments)));
    }
}

package io.busbar.mqtt.transport.listener;

import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/** Configuration annotations for tests: the defaults, with some keys changed. */
final class Configs {
    private Configs() {}

    static <A extends Annotation> A of(Class<A> type, Object... namesAndValues) {
        Map<String, Object> values = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) ->
                                of(
                                        method.getReturnType(),
                                        values.getOrDefault(
                                                method.getName(), method.getDefaultValue()))));
    }

    /** One value stands for a list of one, as in a configuration file. */
    private static Object of(Class<?> type, Object value) {
        return type == String[].class && value instanceof String one ? new String[] {one} : value;
    }
}

package io.busbar.testkit.config;

import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/**
 * Creates a component's configuration annotation with its defaults, except for the values that a
 * test sets.
 */
public final class Configs {
    private Configs() {}

    /**
     * The configuration of a component.
     *
     * @param namesAndValues names of the annotation's methods, each followed by its value
     */
    public static <A extends Annotation> A of(Class<A> type, Object... namesAndValues) {
        Map<String, Object> values = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return of(type, values);
    }

    /** The same with the values by name. */
    public static <A extends Annotation> A of(Class<A> type, Map<String, ?> values) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> {
                            Object value = values.get(method.getName());
                            return value == null
                                    ? method.getDefaultValue()
                                    : listOfOne(method.getReturnType(), value);
                        }));
    }

    /** One value stands for a list of one, as in a configuration file. */
    private static Object listOfOne(Class<?> type, Object value) {
        return type == String[].class && value instanceof String one ? new String[] {one} : value;
    }
}

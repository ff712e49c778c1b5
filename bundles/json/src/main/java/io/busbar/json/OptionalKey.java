package io.busbar.json;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a record component whose key may be missing or null. When {@link JsonMapper} writes the
 * record, it leaves the key out if the component has its default value. All other keys are
 * required.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface OptionalKey {
    /**
     * The default value as text, e.g. {@code true}, {@code 60} or the name of a constant. If this
     * is empty, the default is an empty list or map, 0 or false; for other types it is null.
     */
    String value() default "";
}

package io.busbar.json;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The key of this record component may be missing or null; {@link JsonMapper} leaves it out when it
 * writes what stands for a missing key. The keys of all other components have to be there.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface OptionalKey {
    /**
     * What stands for a missing key, e.g. {@code true}, {@code 60} or the name of a constant. Empty
     * = an empty list or map, 0, false, otherwise null.
     */
    String value() default "";
}

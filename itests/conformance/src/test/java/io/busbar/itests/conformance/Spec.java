package io.busbar.itests.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The normative statements that a test shows: {@code MQTT5-3.3.1-6}, {@code MQTT311-3.1.3-8}. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Spec {
    /**
     * Identifiers of statements, or of sections where the text has no statement: {@code MQTT5
     * 4.13}.
     */
    String[] value();
}

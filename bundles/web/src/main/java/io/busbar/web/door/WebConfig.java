package io.busbar.web.door;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration with the PID {@code io.busbar.web}. */
@ObjectClassDefinition(
        name = "Web",
        description = "What every request over HTTP has to pass, and the sessions of people")
@interface WebConfig {
    /** The component's PID. */
    String PID = "io.busbar.web";

    @AttributeDefinition(
            description =
                    "Further names that people reach this server by, separated by commas, e.g. that"
                        + " of a reverse proxy. Loopback, the machine's host name and the address"
                        + " of the connection always count.")
    String[] allowed_hosts() default {};

    @AttributeDefinition(description = "Minutes without a request after which a session ends")
    int session_idle_minutes() default 30;

    @AttributeDefinition(description = "Hours after which a session ends in any case")
    int session_absolute_hours() default 12;

    @AttributeDefinition(
            description = "Most sessions at once; beyond, the one that was idle longest ends")
    int sessions_maximum() default 1000;

    @AttributeDefinition(
            description =
                    "Most sessions of one person at once; beyond, the one that was idle longest"
                            + " ends")
    int sessions_maximum_per_user() default 20;
}

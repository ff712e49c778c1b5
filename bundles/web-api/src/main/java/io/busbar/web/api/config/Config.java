package io.busbar.web.api.config;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The keys of {@code io.busbar.web.api}. */
@ObjectClassDefinition(
        name = "Web API",
        description = "REST interface, sessions and live stream of the console")
public @interface Config {
    /** The component's PID. */
    String PID = "io.busbar.web.api";

    @AttributeDefinition(
            description = "Name of this server on the login page; empty = the machine's host name")
    String server_name() default "";

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

    @AttributeDefinition(description = "Largest namespace document that is imported, in bytes")
    int import_maximum_bytes() default 16_777_216;

    @AttributeDefinition(description = "Most live streams at once, over all sessions")
    int streams_maximum() default 200;

    @AttributeDefinition(
            description = "Most live streams of one session at once; beyond, the oldest ends")
    int streams_maximum_per_session() default 16;
}

package io.busbar.web.api.config;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration with the PID {@code io.busbar.web.api}. */
@ObjectClassDefinition(
        name = "Web API",
        description = "REST interface and live stream of the console")
public @interface Config {
    /** The component's PID. */
    String PID = "io.busbar.web.api";

    @AttributeDefinition(
            description = "Name of this server on the login page; empty = the machine's host name")
    String server_name() default "";

    @AttributeDefinition(
            description = "Largest import, of the namespace or of the state, in bytes",
            min = "1024")
    long import_maximum_bytes() default 4_294_967_296L;

    @AttributeDefinition(
            description =
                    "Most exports at once, of the namespace or of the state; beyond, 503 with"
                            + " Retry-After",
            min = "1")
    int exports_maximum() default 4;

    @AttributeDefinition(description = "Most live streams at once, over all sessions", min = "1")
    int streams_maximum() default 200;

    @AttributeDefinition(
            description =
                    "Most live streams of one user at once, over all sessions; beyond, 429 with"
                            + " Retry-After",
            min = "1")
    int streams_maximum_per_user() default 32;

    @AttributeDefinition(
            description =
                    "Seconds after which a live stream that takes nothing of what is to be told is"
                            + " closed",
            min = "1",
            max = "3600")
    int streams_stalled_seconds() default 30;

    @AttributeDefinition(
            description = "Most live streams of one session at once; beyond, the oldest ends",
            min = "1")
    int streams_maximum_per_session() default 16;

    @AttributeDefinition(
            description =
                    "Clients whose connections are remembered; beyond, the client that was heard of"
                            + " longest ago is forgotten",
            min = "1",
            max = "1000000")
    int history_clients_maximum() default 10_000;

    @AttributeDefinition(
            description = "Latest connections of a client that are remembered",
            min = "1",
            max = "1000")
    int history_connections_maximum() default 20;

    @AttributeDefinition(
            description = "Bytes of memory that remembered connections take; about 700 for each",
            min = "65536")
    long history_maximum_bytes() default 16_777_216;
}

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
                        + " of the connection always count. Pages from these names may change"
                        + " things, whatever name the proxy asks for.")
    String[] allowed_hosts() default {};

    @AttributeDefinition(
            description =
                    "Addresses of the reverse proxies that are believed: IP addresses or blocks"
                        + " such as 10.0.0.0/8, separated by commas. Their X-Forwarded-For, -Proto"
                        + " and -Host say who asks, whether by HTTPS, and for which host; empty ="
                        + " nobody is believed")
    String[] trusted_proxies() default {};

    @AttributeDefinition(
            description =
                    "Seconds that the body of a request, or the taking of an answer, may take"
                            + " before its speed counts, 1 to 3600",
            min = "1",
            max = "3600")
    int body_timeout_seconds() default 10;

    @AttributeDefinition(
            description =
                    "Bytes a second that a body has to come at on average, and an answer to be"
                            + " taken at, after that time; slower bodies are answered 408, slower"
                            + " readers closed",
            min = "1")
    int body_bytes_per_second() default 8192;

    @AttributeDefinition(
            description =
                    "Bytes that the bodies of all requests, and what is made of them, may take at"
                            + " once; beyond, 503 with Retry-After; 0 = a quarter of the heap",
            min = "0")
    long bodies_maximum_bytes() default 0;

    @AttributeDefinition(
            description =
                    "Large bodies, such as imports, that are received into files at once; beyond,"
                            + " 503 with Retry-After",
            min = "1")
    int bodies_maximum_files() default 2;

    @AttributeDefinition(
            description =
                    "Requests in progress at once; beyond, 503 with Retry-After. Live streams and"
                            + " health do not count",
            min = "1")
    int requests_maximum() default 512;

    @AttributeDefinition(
            description = "Requests in progress of one address; beyond, 503 with Retry-After",
            min = "1")
    int requests_maximum_per_address() default 64;

    @AttributeDefinition(
            description =
                    "Connections at once; beyond, the address that has most loses one; 0 = a"
                            + " quarter of the files that the process may open, at most 1024",
            min = "0")
    int connections_maximum() default 0;

    @AttributeDefinition(
            description =
                    "Connections at once of one address that is no trusted proxy; beyond, the one"
                            + " that was idle longest is closed; 0 = half of all",
            min = "0")
    int connections_maximum_per_address() default 0;

    @AttributeDefinition(
            description =
                    "Seconds until a connection has to have sent a request, else it is closed",
            min = "1",
            max = "3600")
    int first_request_seconds() default 15;

    @AttributeDefinition(
            description = "Minutes without a request after which a session ends",
            min = "1")
    int session_idle_minutes() default 30;

    @AttributeDefinition(description = "Hours after which a session ends in any case", min = "1")
    int session_absolute_hours() default 12;

    @AttributeDefinition(
            description = "Most sessions at once; beyond, the one that was idle longest ends",
            min = "1")
    int sessions_maximum() default 1000;

    @AttributeDefinition(
            description =
                    "Most sessions of one person at once; beyond, the one that was idle longest"
                            + " ends",
            min = "1")
    int sessions_maximum_per_user() default 20;
}

package io.busbar.mqtt.broker.config;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/**
 * The broker's configuration, PID {@code io.busbar.mqtt.broker}: the only source of the keys, their
 * defaults and their descriptions. The records in packages {@code limit} and {@code feature} are
 * built from it and check the values.
 */
@ObjectClassDefinition(name = "MQTT broker")
public @interface BrokerConfig {
    @AttributeDefinition(
            description =
                    "Name of the store for sessions, their messages and retained messages, e.g."
                            + " rocksdb or memory. If it is changed, the broker moves what it has"
                            + " to that store: it stops for so long")
    String store() default "rocksdb";

    @AttributeDefinition(
            description =
                    "Largest packet taken, in bytes; told to MQTT 5 clients, more is answered"
                            + " 0x95",
            min = "1024",
            max = "268435460")
    int max_packet_size() default 4_194_304;

    @AttributeDefinition(
            description = "Largest CONNECT taken, in bytes; more is answered 0x95",
            min = "1024",
            max = "268435460")
    int max_connect_size() default 73_728;

    @AttributeDefinition(description = "Most user properties in one packet", min = "0")
    int max_user_properties() default 256;

    @AttributeDefinition(
            description = "Milliseconds a new connection has until its CONNECT is complete",
            min = "100",
            max = "600000")
    int connect_timeout_ms() default 10_000;

    @AttributeDefinition(
            description =
                    "Milliseconds an authenticator or authorizer has to answer; then the client"
                            + " is refused 0x88; the wait for the verification of a password"
                            + " that a person chose comes in addition",
            min = "10",
            max = "600000")
    int authentication_timeout_ms() default 5_000;

    @AttributeDefinition(
            description =
                    "Longest keep alive in seconds of MQTT 5 clients; one that asks for more, or"
                            + " for none, is told this one; MQTT 3 clients cannot be told and"
                            + " keep what they ask for; 0 = no limit",
            min = "0",
            max = "65535")
    int max_keep_alive() default 0;

    @AttributeDefinition(
            description =
                    "Longest session expiry in seconds; 4294967295 = sessions may stay for"
                            + " ever",
            min = "0",
            max = "4294967295")
    long max_session_expiry() default 4_294_967_295L;

    @AttributeDefinition(
            description = "Sessions, connected or not; more are refused 0x97",
            min = "1")
    int max_sessions() default 1_000_000;

    @AttributeDefinition(
            description = "Connects per second; more are refused 0x9F; 0 = no limit",
            min = "0")
    int max_connects_per_second() default 10_000;

    @AttributeDefinition(
            description = "Longest client identifier in characters; longer ones are refused 0x85",
            min = "23",
            max = "65535")
    int max_client_id_length() default 1_024;

    @AttributeDefinition(
            description =
                    "Unacknowledged QoS 1 and 2 messages taken of one MQTT 5 client; more is"
                            + " answered 0x93",
            min = "1",
            max = "65535")
    int receive_maximum() default 1_000;

    @AttributeDefinition(
            description = "Unacknowledged QoS 1 and 2 messages sent to one client",
            min = "1",
            max = "65535")
    int max_inflight() default 1_000;

    @AttributeDefinition(
            description =
                    "Topic aliases of one client in each direction; more is answered 0x94; 0 ="
                            + " none",
            min = "0",
            max = "65535")
    int topic_alias_maximum() default 32;

    @AttributeDefinition(
            description =
                    "QoS 1 and 2 messages that wait in memory for one session, if it ends with"
                            + " its connection or the store is in memory itself; then one is"
                            + " dropped",
            min = "1")
    int max_queued_messages() default 10_000;

    @AttributeDefinition(
            description =
                    "Bytes of memory that messages for one session may take while they wait"
                            + " there; then one is dropped",
            min = "1")
    long max_queued_bytes() default 67_108_864L;

    @AttributeDefinition(
            description =
                    "QoS 1 and 2 messages that wait in a store on a disk for one session that"
                            + " outlives its connection; then one is dropped",
            min = "1")
    int max_stored_messages() default 1_000_000;

    @AttributeDefinition(
            description =
                    "Bytes of topic, payload and properties of messages that wait in a store on a"
                            + " disk for one session; then one is dropped",
            min = "1")
    long max_stored_bytes() default 1_073_741_824L;

    @AttributeDefinition(
            description =
                    "How many of the next messages that wait in a store on a disk are in memory"
                            + " while the client is connected; the others are read when it is"
                            + " their turn",
            min = "1",
            max = "1048576")
    int window_messages() default 256;

    @AttributeDefinition(
            description = "And how many bytes of topic, payload and properties of them",
            min = "1",
            max = "1073741824")
    long window_bytes() default 262_144L;

    @AttributeDefinition(
            description = "Whether a full queue drops its oldest message instead of the newest")
    boolean drop_oldest() default false;

    @AttributeDefinition(
            description =
                    "Bytes sent to a client and not taken by it, beyond which QoS 0 messages"
                            + " are dropped",
            min = "0")
    long max_backlog_bytes() default 16_777_216L;

    @AttributeDefinition(
            description =
                    "Milliseconds for which a slow subscriber may slow down those who publish"
                            + " to it more than 100 messages or 64 KiB a second; then it loses"
                            + " messages instead",
            min = "0",
            max = "60000")
    int hold_ms() default 1_000;

    @AttributeDefinition(
            description = "Subscriptions of one session; more are answered 0x97",
            min = "1")
    int max_subscriptions() default 10_000;

    @AttributeDefinition(
            description = "Levels of a topic or filter; more are answered 0x90 and 0x8F",
            min = "1",
            max = "65536")
    int max_topic_levels() default 200;

    @AttributeDefinition(
            description = "Retained messages; more are not retained and answered 0x97",
            min = "0")
    int max_retained_messages() default 1_000_000;

    @AttributeDefinition(description = "Payload bytes of all retained messages", min = "0")
    long max_retained_bytes() default 268_435_456L;

    @AttributeDefinition(
            description =
                    "Milliseconds for which a retained message of QoS 0 may wait to be written to"
                            + " a store on a disk: so much of them may be lost with the process",
            min = "100",
            max = "500")
    int retained_write_ms() default 250;

    @AttributeDefinition(
            description =
                    "Bytes of memory that retained messages may take while they wait to be"
                            + " written; then publishers wait, and while the store cannot write,"
                            + " further ones are not retained",
            min = "65536",
            max = "1073741824")
    long retained_write_bytes() default 16_777_216L;

    @AttributeDefinition(
            description =
                    "Bytes of memory for retained messages of a store on a disk that were written"
                            + " or asked for lately",
            min = "0",
            max = "1073741824")
    long retained_cache_bytes() default 16_777_216L;

    @AttributeDefinition(
            description =
                    "Messages that wait for one consumer inside the server; then the latest of"
                            + " each topic is kept",
            min = "16",
            max = "16777216")
    int consumer_queue() default 65_536;

    @AttributeDefinition(
            description =
                    "Milliseconds a packet that has begun may take until it is there; then the"
                            + " client is disconnected with 0x97; 0 = no limit",
            min = "0",
            max = "86400000")
    int packet_timeout_ms() default 300_000;

    @AttributeDefinition(
            description =
                    "Messages one connection may publish per second; who is faster is slowed"
                            + " down, or disconnected with 0x96; 0 = no limit",
            min = "0",
            max = "1000000000")
    int max_publishes_per_second() default 0;

    @AttributeDefinition(
            description =
                    "Payload bytes one connection may publish per second; who is faster is"
                            + " slowed down, or disconnected with 0x96; 0 = no limit",
            min = "0",
            max = "1000000000000")
    long max_publish_bytes_per_second() default 0;

    @AttributeDefinition(
            description =
                    "What happens to a client that publishes faster than it may: slow-down"
                            + " (nothing is read from it for a while, nothing is lost) or"
                            + " disconnect (0x96)",
            options = {@Option("slow-down"), @Option("disconnect")})
    String publish_rate_excess() default "slow-down";

    @AttributeDefinition(
            description =
                    "Milliseconds a PublishInterceptor may take; then the message is refused"
                            + " with 0x83, or passes if the interceptor allows it",
            min = "250",
            max = "60000")
    int interceptor_timeout_ms() default 1_000;

    @AttributeDefinition(
            description =
                    "Threads for authenticators, authorizers and interceptors that may block; one"
                            + " of them may use a quarter, and while all of these hang, it is not"
                            + " asked; threads are made when they are needed",
            min = "4",
            max = "1024")
    int provider_threads() default 64;

    @AttributeDefinition(
            description =
                    "Calls of one of them that may wait for a thread; more are refused like those"
                            + " that are not answered in time",
            min = "1",
            max = "100000")
    int provider_queue() default 10_000;

    @AttributeDefinition(
            description =
                    "Highest QoS taken of clients and granted to subscriptions: 0, 1 or 2; told"
                            + " to MQTT 5 clients, more is answered 0x9B",
            min = "0",
            max = "2")
    int maximum_qos() default 2;

    @AttributeDefinition(
            description =
                    "Whether clients may retain messages; if not, MQTT 5 clients are told, and"
                            + " who does is answered 0x9A")
    boolean retain_available() default true;

    @AttributeDefinition(
            description =
                    "Whether topic filters may have wildcards; if not, MQTT 5 clients are told,"
                            + " and who asks is answered 0xA2")
    boolean wildcard_subscription_available() default true;

    @AttributeDefinition(
            description =
                    "Whether subscriptions may have identifiers; if not, MQTT 5 clients are"
                            + " told, and who asks is answered 0xA1")
    boolean subscription_identifiers_available() default true;

    @AttributeDefinition(
            description =
                    "Whether subscriptions may be shared; if not, MQTT 5 clients are told, and"
                            + " who asks is answered 0x9E")
    boolean shared_subscription_available() default true;

    @AttributeDefinition(
            description =
                    "Another server, or several separated by spaces, as host or host:port: told"
                            + " to MQTT 5 clients that are to use it; empty = none",
            required = false)
    String server_reference() default "";

    @AttributeDefinition(
            description =
                    "Whom server.reference is told: overload (who finds no room, and everybody"
                            + " when the server stops: 0x9C), temporary (everybody who"
                            + " connects: 0x9C) or permanent (everybody who connects: 0x9D)",
            options = {@Option("overload"), @Option("temporary"), @Option("permanent")})
    String server_redirect() default "overload";

    @AttributeDefinition(
            description =
                    "Whether a payload that its publisher calls UTF-8 is checked; one that is"
                            + " not is answered 0x99 and not delivered")
    boolean check_payload_format() default false;

    @AttributeDefinition(
            description =
                    "Told to MQTT 5 clients that ask for Response Information, as the beginning"
                            + " of their response topics; %c is the client identifier; empty ="
                            + " nothing",
            required = false)
    String response_information() default "";

    @AttributeDefinition(
            description =
                    "Which member of a shared subscription gets the next message: round-robin,"
                            + " random, sticky (the last one while it takes messages) or"
                            + " publisher (the same one for all messages of a client)",
            options = {
                @Option("round-robin"),
                @Option("random"),
                @Option("sticky"),
                @Option("publisher")
            })
    String shared_subscription_strategy() default "round-robin";
}

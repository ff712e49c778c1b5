package io.busbar.mqtt.transport.listener;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The configuration of one listener. */
@ObjectClassDefinition(
        name = "MQTT listener",
        description = "An address at which MQTT clients connect.")
public @interface ListenerConfig {
    @AttributeDefinition(description = "Name, unique among listeners; empty takes the transport's")
    String name() default "";

    @AttributeDefinition(
            description = "tcp, tls, ws (WebSocket) or wss (secure WebSocket)",
            options = {
                @Option("tcp"),
                @Option("tls"),
                @Option("ws"),
                @Option("wss"),
            })
    String transport() default "tcp";

    @AttributeDefinition(
            description =
                    "Address to bind: 127.0.0.1 is this machine only, 0.0.0.0 or :: every"
                            + " network; with tcp also unix:/path, a Unix domain socket (Linux,"
                            + " epoll)")
    String host() default "127.0.0.1";

    @AttributeDefinition(description = "Port; 0 takes a free one", min = "0", max = "65535")
    int port() default 1883;

    @AttributeDefinition(
            description =
                    "Host name or IP address that clients are told, where it is another one than"
                            + " here: in a container, behind NAT or a load balancer; empty tells"
                            + " them where it listens",
            required = false)
    String advertised_host() default "";

    @AttributeDefinition(
            description = "Port that clients are told; 0 is the same",
            min = "0",
            max = "65535")
    int advertised_port() default 0;

    @AttributeDefinition(
            description =
                    "Permissions of a Unix domain socket, octal: who may write may connect, 0660"
                            + " is the group as well")
    String socket_mode() default "0600";

    @AttributeDefinition(description = "Path of ws and wss, begins with /")
    String path() default "/mqtt";

    @AttributeDefinition(
            description = "Connections that the kernel holds until they are accepted",
            min = "1",
            max = "65535")
    int backlog() default 4096;

    @AttributeDefinition(
            description =
                    "Most connections at a time; 0 is no limit but that of all listeners together."
                            + " Whoever is refused by this or the next two is told 0x97 or 0x9F"
                            + " (MQTT 3: 3) without TLS, and closed at once with TLS",
            min = "0")
    int max_connections() default 0;

    @AttributeDefinition(
            description =
                    "Most connections at a time from one IPv4 address or one IPv6 network of 64"
                            + " bits; 0 is no limit",
            min = "0")
    int max_connections_per_address() default 0;

    @AttributeDefinition(
            description = "Most new connections a second, with bursts of as many; 0 is no limit",
            min = "0",
            max = "1000000")
    int max_connects_per_second() default 0;

    @AttributeDefinition(
            description =
                    "Whether every connection begins with a header of the PROXY protocol, version 1"
                            + " or 2, from one of the trusted proxies; all others are closed")
    boolean proxy_protocol() default false;

    @AttributeDefinition(
            description =
                    "ws and wss: whether X-Forwarded-For of a trusted proxy says where a client"
                            + " comes from")
    boolean forwarded_for() default false;

    @AttributeDefinition(
            description =
                    "Addresses of the proxies that the two keys above are about: IP addresses or"
                            + " blocks such as 10.0.0.0/8, separated by commas")
    String[] trusted_proxies() default {"127.0.0.1", "::1"};

    @AttributeDefinition(
            description =
                    "ws and wss: web pages that may connect besides those of the same host, by its"
                            + " address or the machine's name: origins such as https://hmi.example,"
                            + " separated by commas, or * for all",
            required = false)
    String[] allowed_origins() default {};

    @AttributeDefinition(
            description =
                    "Bytes that wait for one client before the broker is told that it is slow,"
                            + " and bytes of answers that may wait beyond them before nothing"
                            + " more is read from it",
            min = "4096",
            max = "1073741824")
    int send_buffer_bytes() default 512 << 10;

    @AttributeDefinition(
            description =
                    "tls and wss: path of the certificate chain, PEM; several, separated by"
                            + " commas, are chosen from by the host that a client names (SNI), and"
                            + " the first serves all others",
            required = false)
    String[] certificate() default {};

    @AttributeDefinition(
            description =
                    "tls and wss: path of the private key, PEM in PKCS#8; one for each certificate,"
                            + " in the same order",
            required = false)
    String[] key() default {};

    @AttributeDefinition(
            description = "tls and wss: password of encrypted private keys, empty for none",
            required = false)
    String key_password() default "";

    @AttributeDefinition(
            description = "tls and wss: client certificates are none, optional or required",
            options = {@Option("none"), @Option("optional"), @Option("required")})
    String client_certificates() default "none";

    @AttributeDefinition(
            description =
                    "tls and wss: path of the authorities that client certificates are checked"
                            + " with, PEM",
            required = false)
    String[] client_authorities() default {};

    @AttributeDefinition(
            description =
                    "tls and wss: path of revocation lists, PEM; with them a client certificate of"
                            + " an authority without a current list is refused",
            required = false)
    String[] client_revocations() default {};

    @AttributeDefinition(
            description =
                    "tls and wss: what of a client certificate says who the client is: cn, san-dns,"
                            + " san-uri, san-email or subject",
            options = {
                @Option("cn"),
                @Option("san-dns"),
                @Option("san-uri"),
                @Option("san-email"),
                @Option("subject"),
            })
    String client_identity() default "cn";

    @AttributeDefinition(
            description =
                    "tls and wss: seconds between looks at the files above; changed ones take"
                            + " effect for new connections, and bad ones change nothing",
            min = "1",
            max = "3600")
    int certificate_poll_seconds() default 2;
}

package io.busbar.web.api.view;

import com.google.gson.JsonArray;
import io.busbar.api.broker.ListenerView;
import io.busbar.api.broker.Listeners;
import io.busbar.api.broker.MachineAddresses;
import io.busbar.api.broker.Transport;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.http.Request;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that clients use over a network: at least one per scheme, including those that are
 * switched off. Thread-safe.
 */
public final class EndpointList {
    private static final List<Transport> ORDER =
            List.of(Transport.TCP, Transport.TLS, Transport.WEBSOCKET, Transport.SECURE_WEBSOCKET);

    private static final List<Transport> PREFERRED =
            List.of(Transport.TLS, Transport.TCP, Transport.SECURE_WEBSOCKET, Transport.WEBSOCKET);

    private static final Comparator<Endpoint> USABLE_FIRST =
            Comparator.comparing((Endpoint e) -> !e.listening()).thenComparing(Endpoint::reach);

    /** An address, and no name that a name server would be asked for. */
    private static final Pattern NUMERIC = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[^/]*");

    private final Backend services;

    public EndpointList(Backend services) {
        this.services = services;
    }

    /** As {@link #all(String, String)}, for the caller of the API. */
    public List<Endpoint> all(Request request) {
        return all(
                request.host(), cameThroughAnUnknownProxy(request) ? "" : request.remoteAddress());
    }

    /**
     * Whether a proxy says that it speaks for somebody, and is not trusted to say so: then whoever
     * reads the answer may be anywhere, although the connection comes from this machine.
     */
    private static boolean cameThroughAnUnknownProxy(Request request) {
        return request.header("X-Forwarded-For")
                .filter(seen -> !seen.contains(request.remoteAddress()))
                .isPresent();
    }

    /**
     * All of them, in the order mqtt, mqtts, ws, wss; of one scheme the one first that the caller
     * can use.
     *
     * @param requestHost the name the caller reached this server by: what a client is told for a
     *     listener that is bound to every address
     * @param callerAddress the IP address of the caller; empty if it is not known
     */
    List<Endpoint> all(String requestHost, String callerAddress) {
        List<ListenerView> listeners =
                services.findListeners().map(Listeners::list).orElse(List.of());
        boolean here = isThisMachine(callerAddress);
        List<Endpoint> endpoints = new ArrayList<>();
        for (Transport transport : ORDER) {
            List<Endpoint> mine =
                    listeners.stream()
                            .filter(l -> l.transport() == transport && !l.isUnixSocket())
                            .sorted(Comparator.comparing(ListenerView::name))
                            .map(l -> endpoint(l, requestHost, here))
                            .sorted(USABLE_FIRST)
                            .toList();
            if (mine.isEmpty()) {
                endpoints.add(off(transport, requestHost));
            }
            endpoints.addAll(mine);
        }
        return endpoints;
    }

    /**
     * The one that a client is given settings for: one that listens, that the caller can reach,
     * with TLS, and rather MQTT's own transport than WebSocket, in this order of importance.
     *
     * @param all all of them
     * @param scheme only those of this scheme, or null
     */
    public static Endpoint forClient(List<Endpoint> all, @Nullable String scheme) {
        return all.stream()
                .filter(e -> scheme == null || e.transport().scheme().equals(scheme))
                .min(
                        USABLE_FIRST.thenComparing(
                                e -> (e.listening() ? PREFERRED : ORDER).indexOf(e.transport())))
                .orElseThrow();
    }

    private Endpoint endpoint(ListenerView listener, String requestHost, boolean here) {
        return new Endpoint(
                listener.transport(),
                shownHost(listener, requestHost),
                listener.clientPort(),
                listener.path(),
                state(listener),
                listener.state() == ListenerView.State.FAILED ? listener.detail() : null,
                reach(listener, here),
                listener.certificateExpiresAt(),
                listener.transport().isSecure()
                        ? services.findListeners()
                                .map(l -> l.authorities(listener.name()))
                                .orElse(null)
                        : null);
    }

    /** What is advertised is for clients, wherever the listener itself is bound. */
    private static Reach reach(ListenerView listener, boolean here) {
        if (listener.isAdvertised()) {
            return Reach.DIRECT;
        }
        return listener.proxied()
                ? Reach.PROXY_ONLY
                : listener.isLocal() && !here ? Reach.SERVER_ONLY : Reach.DIRECT;
    }

    private static Endpoint off(Transport transport, String requestHost) {
        return new Endpoint(
                transport,
                requestHost,
                defaultPort(transport),
                defaultPath(transport),
                "OFF",
                null,
                Reach.DIRECT,
                null,
                null);
    }

    /** Whether an address is one of this machine's own. */
    private static boolean isThisMachine(String address) {
        if (!NUMERIC.matcher(address).matches()) {
            return false;
        }
        try {
            InetAddress caller = InetAddress.getByName(address);
            return caller.isLoopbackAddress() || NetworkInterface.getByInetAddress(caller) != null;
        } catch (UnknownHostException | SocketException e) {
            return false;
        }
    }

    /** The API's EndpointState. */
    public static String state(ListenerView listener) {
        return switch (listener.state()) {
            case LISTENING -> "LISTENING";
            case FAILED -> "FAILED";
            case STOPPED -> "OFF";
        };
    }

    /**
     * A listener bound to every address is reached by whatever name the caller used, if that is one
     * somebody else can use, too; unless its configuration says by which.
     */
    private static String shownHost(ListenerView listener, String requestHost) {
        if (listener.isAdvertised()) {
            return listener.advertisedHost();
        }
        if (!listener.isEverywhere()) {
            return listener.host();
        }
        return MachineAddresses.isEvery(requestHost)
                ? MachineAddresses.of(listener.host()).get(0)
                : requestHost;
    }

    private static int defaultPort(Transport transport) {
        return switch (transport) {
            case TCP -> 1883;
            case TLS -> 8883;
            case WEBSOCKET -> 8083;
            case SECURE_WEBSOCKET -> 8084;
        };
    }

    private static String defaultPath(Transport transport) {
        return transport.isWebSocket() ? "/mqtt" : "";
    }

    /** From where an address can be connected to. */
    public enum Reach {
        /** From where the caller is. */
        DIRECT,
        /** From the server itself, where the caller is not. */
        SERVER_ONLY,
        /** Through a proxy: it refuses connections without a header of the PROXY protocol. */
        PROXY_ONLY
    }

    /**
     * One address.
     *
     * @param host a name or an address; of IPv6 without brackets, as arguments and fields of
     *     clients have it
     * @param reach from where it can be connected to
     * @param certificateExpiresAt when the first of its certificates expires; null without TLS
     * @param authorities PEM of the certificates that clients have to trust, or null if they need
     *     none: see {@link Listeners#authorities}
     */
    public record Endpoint(
            Transport transport,
            String host,
            int port,
            String path,
            String state,
            @Nullable String error,
            Reach reach,
            @Nullable Instant certificateExpiresAt,
            @Nullable String authorities) {
        /** Takes a host with brackets as well: a listener's file or a request may have them. */
        public Endpoint {
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
        }

        public boolean listening() {
            return state.equals("LISTENING");
        }

        /** What somebody who is given this address has to know, or null. */
        public @Nullable String warning() {
            if (!listening()) {
                return "This address does not listen now.";
            }
            return switch (reach) {
                case DIRECT -> null;
                case SERVER_ONLY ->
                        "This address can be reached from the server itself only: its listener is"
                                + " bound to loopback.";
                case PROXY_ONLY ->
                        "This address takes connections of a proxy only (PROXY protocol): write"
                                + " the proxy's host and port here. Set advertised.host and"
                                + " advertised.port of the listener to be given them.";
            };
        }

        public boolean tls() {
            return transport.isSecure();
        }

        public boolean webSocket() {
            return transport.isWebSocket();
        }

        /** As it is in a URL: an address of IPv6 has brackets there (RFC 3986, section 3.2.2). */
        public String hostInUrl() {
            return host.indexOf(':') >= 0 ? "[" + host.replace("%", "%25") + "]" : host;
        }

        /** As a client is given it. */
        public String url() {
            return transport.scheme() + "://" + hostInUrl() + ":" + port + path;
        }

        /** The API's Endpoint. */
        public com.google.gson.JsonObject toJson() {
            return new JsonShape()
                    .put("scheme", transport.scheme())
                    .put("url", url())
                    .put("host", host)
                    .put("port", port)
                    .put("path", path)
                    .put("tls", tls())
                    .put("state", state)
                    .put("error", error)
                    .put("reach", reach.name())
                    .put("certificateExpiresAt", certificateExpiresAt)
                    .put("authorities", authorities)
                    .put("turnOn", listening() ? null : turnOn())
                    .build();
        }

        private com.google.gson.JsonObject turnOn() {
            String name = ClientRow.nameOf(transport).toLowerCase(Locale.ROOT);
            JsonArray lines = new JsonArray();
            lines.add("name = " + name);
            lines.add("transport = " + name);
            lines.add("host = 127.0.0.1");
            lines.add("port = " + defaultPort(transport));
            if (tls()) {
                lines.add("certificate = ${karaf.etc}/tls/server.crt");
                lines.add("key = ${karaf.etc}/tls/server.key");
            }
            String note =
                    tls()
                            ? "Certificate chain and private key are PEM files; the key in PKCS#8."
                                    + " The listener opens within seconds of saving the file, no"
                                    + " restart needed."
                            : "The listener opens within seconds of saving the file, no restart"
                                    + " needed.";
            return new JsonShape()
                    .put("file", "etc/io.busbar.mqtt.listener-" + name + ".cfg")
                    .put("lines", lines)
                    .put("note", note)
                    .build();
        }
    }
}

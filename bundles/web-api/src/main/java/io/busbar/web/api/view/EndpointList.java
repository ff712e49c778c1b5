package io.busbar.web.api.view;

import com.google.gson.JsonArray;
import io.busbar.api.broker.ListenerView;
import io.busbar.api.broker.Transport;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that clients use over a network: at least one per scheme, including those that are
 * switched off. Thread-safe.
 */
public final class EndpointList {
    private static final List<Transport> ORDER =
            List.of(Transport.TCP, Transport.TLS, Transport.WEBSOCKET, Transport.SECURE_WEBSOCKET);

    private final Backend services;

    public EndpointList(Backend services) {
        this.services = services;
    }

    /**
     * All of them, in the order mqtt, mqtts, ws, wss.
     *
     * @param requestHost the name the caller reached this server by: what a client is told for a
     *     listener that is bound to every address
     */
    public List<Endpoint> all(String requestHost) {
        List<ListenerView> listeners =
                services.findListeners().map(l -> l.list()).orElse(List.of());
        List<Endpoint> endpoints = new ArrayList<>();
        for (Transport transport : ORDER) {
            List<ListenerView> mine = new ArrayList<>();
            listeners.stream()
                    .filter(l -> l.transport() == transport && !l.isUnixSocket())
                    .forEach(mine::add);
            mine.sort(
                    Comparator.comparing(
                                    (ListenerView l) -> l.state() != ListenerView.State.LISTENING)
                            .thenComparing(ListenerView::name));
            for (ListenerView listener : mine) {
                endpoints.add(
                        new Endpoint(
                                transport,
                                shownHost(listener.host(), requestHost),
                                listener.port(),
                                listener.path(),
                                state(listener),
                                listener.state() == ListenerView.State.FAILED
                                        ? listener.detail()
                                        : null));
            }
            if (mine.isEmpty()) {
                endpoints.add(
                        new Endpoint(
                                transport,
                                requestHost,
                                defaultPort(transport),
                                defaultPath(transport),
                                "OFF",
                                null));
            }
        }
        return endpoints;
    }

    /** The API's EndpointState. */
    public static String state(ListenerView listener) {
        return switch (listener.state()) {
            case LISTENING -> "LISTENING";
            case FAILED -> "FAILED";
            case STOPPED -> "OFF";
        };
    }

    /** A listener bound to every address is reached by whatever name the caller used. */
    private static String shownHost(String bound, String requestHost) {
        return switch (bound) {
            case "0.0.0.0", "::", "0:0:0:0:0:0:0:0", "" -> requestHost;
            default -> bound;
        };
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

    /**
     * One address.
     *
     * @param host a name or an address; of IPv6 without brackets, as arguments and fields of
     *     clients have it
     */
    public record Endpoint(
            Transport transport,
            String host,
            int port,
            String path,
            String state,
            @Nullable String error) {
        /** Takes a host with brackets as well: a listener's file or a request may have them. */
        public Endpoint {
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
        }

        public boolean listening() {
            return state.equals("LISTENING");
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
                    .put("certificateExpiresAt", (String) null)
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

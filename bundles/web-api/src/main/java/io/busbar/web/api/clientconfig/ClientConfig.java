package io.busbar.web.api.clientconfig;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.busbar.api.auth.Credential;
import io.busbar.json.JsonShape;
import io.busbar.web.api.view.EndpointList;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** Writes a credential and an address in the format of a client program. */
public final class ClientConfig {
    /** Stands for the password when it is not known. */
    public static final String PLACEHOLDER = "<password>";

    /** What the file with the certificates of the authorities is called. */
    private static final String AUTHORITIES = "busbar-ca.crt";

    private static final Gson PRETTY =
            new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();

    private final Credential credential;
    private final EndpointList.Endpoint endpoint;
    private final String password;

    public ClientConfig(Credential credential, EndpointList.Endpoint endpoint, String password) {
        this.credential = credential;
        this.endpoint = endpoint;
        this.password = password;
    }

    /** The supported client programs. */
    public enum Format {
        MQTTX("application/json", "mqttx.json"),
        NODERED("application/json", "nodered.json"),
        MOSQUITTO("text/plain", "mosquitto.sh"),
        ENV("text/plain", "env");

        private final String contentType;
        private final String suffix;

        Format(String contentType, String suffix) {
            this.contentType = contentType;
            this.suffix = suffix;
        }

        public String contentType() {
            return contentType;
        }

        /** As the API writes it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The file's text. */
    public String text(Format format) {
        return switch (format) {
            case MQTTX -> PRETTY.toJson(mqttx()) + "\n";
            case NODERED -> PRETTY.toJson(nodeRed()) + "\n";
            case MOSQUITTO -> mosquitto();
            case ENV -> env();
        };
    }

    /** A name for the file, safe on every system. */
    public String fileName(Format format) {
        String name =
                credential
                        .description()
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9]+", "-")
                        .replaceAll("^-|-$", "");
        String base =
                name.isEmpty() ? credential.clientId().replaceAll("[^A-Za-z0-9]+", "-") : name;
        return format == Format.ENV ? base + ".env" : base + "." + format.suffix;
    }

    /** MQTTX: Connections, Import Data, JSON; a list of connections. */
    private JsonElement mqttx() {
        JsonObject will =
                new JsonShape()
                        .put("lastWillTopic", "")
                        .put("lastWillPayload", "")
                        .put("lastWillQos", 0)
                        .put("lastWillRetain", false)
                        .put("properties", new JsonShape().put("contentType", "").build())
                        .build();
        JsonObject connection =
                new JsonShape()
                        .put("clientId", credential.clientId())
                        .put("name", credential.description())
                        .put("clean", true)
                        .put("protocol", endpoint.transport().scheme())
                        // It puts a URL together.
                        .put("host", endpoint.hostInUrl())
                        .put("port", endpoint.port())
                        .put("path", endpoint.webSocket() ? endpoint.path() : "/mqtt")
                        .put("keepalive", 60)
                        .put("connectTimeout", 10)
                        .put("reconnect", true)
                        .put("reconnectPeriod", 4000)
                        .put("username", credential.username())
                        .put("password", password)
                        .put("ssl", endpoint.tls())
                        // With "self" it asks for the file of the authority, which it cannot
                        // import.
                        .put("certType", certType())
                        .put("rejectUnauthorized", true)
                        .put("ca", "")
                        .put("cert", "")
                        .put("key", "")
                        .put("mqttVersion", "5.0")
                        .put("clientIdWithTime", false)
                        .put("unreadMessageCount", 0)
                        .put("messages", new JsonArray())
                        .put("subscriptions", new JsonArray())
                        .put("will", will)
                        .put("properties", new JsonShape().put("sessionExpiryInterval", 0).build())
                        .build();
        JsonArray connections = new JsonArray();
        connections.add(connection);
        return connections;
    }

    private String certType() {
        if (!endpoint.tls()) {
            return "";
        }
        return endpoint.authorities() == null ? "server" : "self";
    }

    /**
     * Node-RED: Import; a broker with its credentials, a node that receives everything into the
     * debug pane, and one that publishes.
     */
    private JsonElement nodeRed() {
        String tab = nodeId("tab");
        String broker = nodeId("broker");
        String debug = nodeId("debug");
        String out = nodeId("out");
        String authorities = endpoint.authorities();
        String warning = endpoint.warning();
        JsonArray nodes = new JsonArray();
        nodes.add(
                new JsonShape()
                        .put("id", tab)
                        .put("type", "tab")
                        .put("label", credential.description())
                        .put("disabled", false)
                        .put("info", warning == null ? "" : warning)
                        .build());
        if (authorities != null) {
            nodes.add(tlsNode(authorities));
        }
        nodes.add(
                new JsonShape()
                        .put("id", broker)
                        .put("type", "mqtt-broker")
                        .put("name", credential.description())
                        // With a scheme the whole address is read here, and the port is only shown.
                        .put("broker", endpoint.webSocket() ? endpoint.url() : endpoint.host())
                        .put("port", Integer.toString(endpoint.port()))
                        .put("clientid", credential.clientId())
                        .put("autoConnect", true)
                        .put("usetls", endpoint.tls())
                        .put("tls", authorities == null ? "" : nodeId("tls"))
                        .put("protocolVersion", "4")
                        .put("keepalive", "60")
                        .put("cleansession", true)
                        .put("autoUnsubscribe", true)
                        .put("birthTopic", "")
                        .put("birthQos", "0")
                        .put("birthRetain", "false")
                        .put("birthPayload", "")
                        .put("birthMsg", new JsonObject())
                        .put("closeTopic", "")
                        .put("closeQos", "0")
                        .put("closeRetain", "false")
                        .put("closePayload", "")
                        .put("closeMsg", new JsonObject())
                        .put("willTopic", "")
                        .put("willQos", "0")
                        .put("willRetain", "false")
                        .put("willPayload", "")
                        .put("willMsg", new JsonObject())
                        .put("userProps", "")
                        .put("sessionExpiry", "")
                        .put(
                                "credentials",
                                new JsonShape()
                                        .put("user", credential.username())
                                        .put("password", password)
                                        .build())
                        .build());
        nodes.add(
                new JsonShape()
                        .put("id", nodeId("in"))
                        .put("type", "mqtt in")
                        .put("z", tab)
                        .put("name", "")
                        .put("topic", "#")
                        .put("qos", "1")
                        .put("datatype", "auto-detect")
                        .put("broker", broker)
                        .put("nl", false)
                        .put("rap", true)
                        .put("rh", 0)
                        .put("inputs", 0)
                        .put("x", 140)
                        .put("y", 80)
                        .put("wires", wires(debug))
                        .build());
        nodes.add(
                new JsonShape()
                        .put("id", debug)
                        .put("type", "debug")
                        .put("z", tab)
                        .put("name", "received")
                        .put("active", true)
                        .put("tosidebar", true)
                        .put("console", false)
                        .put("tostatus", false)
                        .put("complete", "true")
                        .put("targetType", "full")
                        .put("statusVal", "")
                        .put("statusType", "auto")
                        .put("x", 360)
                        .put("y", 80)
                        .put("wires", new JsonArray())
                        .build());
        nodes.add(
                new JsonShape()
                        .put("id", nodeId("inject"))
                        .put("type", "inject")
                        .put("z", tab)
                        .put("name", "publish")
                        .put("props", props())
                        .put("repeat", "")
                        .put("crontab", "")
                        .put("once", false)
                        .put("onceDelay", 0.1)
                        .put("topic", "test/" + credential.clientId())
                        .put("payload", "{\"value\":1}")
                        .put("payloadType", "json")
                        .put("x", 140)
                        .put("y", 160)
                        .put("wires", wires(out))
                        .build());
        nodes.add(
                new JsonShape()
                        .put("id", out)
                        .put("type", "mqtt out")
                        .put("z", tab)
                        .put("name", "")
                        .put("topic", "")
                        .put("qos", "1")
                        .put("retain", "false")
                        .put("respTopic", "")
                        .put("contentType", "")
                        .put("userProps", "")
                        .put("correl", "")
                        .put("expiry", "")
                        .put("broker", broker)
                        .put("x", 360)
                        .put("y", 160)
                        .put("wires", new JsonArray())
                        .build());
        return nodes;
    }

    /** It trusts these certificates, which are in the node, as if they had been uploaded. */
    private JsonObject tlsNode(String authorities) {
        return new JsonShape()
                .put("id", nodeId("tls"))
                .put("type", "tls-config")
                .put("name", credential.description())
                .put("cert", "")
                .put("key", "")
                .put("ca", "")
                .put("certname", "")
                .put("keyname", "")
                .put("caname", AUTHORITIES)
                .put("servername", "")
                .put("verifyservercert", true)
                .put("alpnprotocol", "")
                .put("credentials", new JsonShape().put("cadata", authorities).build())
                .build();
    }

    private static JsonArray props() {
        JsonArray props = new JsonArray();
        props.add(new JsonShape().put("p", "payload").build());
        props.add(new JsonShape().put("p", "topic").put("vt", "str").build());
        return props;
    }

    private static JsonArray wires(String target) {
        JsonArray output = new JsonArray();
        output.add(target);
        JsonArray wires = new JsonArray();
        wires.add(output);
        return wires;
    }

    /**
     * Sixteen hexadecimal digits as Node-RED makes them; the same for the same credential, so that
     * a second import replaces the first.
     */
    private String nodeId(String role) {
        UUID id =
                UUID.nameUUIDFromBytes(
                        (credential.id() + "/" + role).getBytes(StandardCharsets.UTF_8));
        return String.format(
                Locale.ROOT, "%016x", id.getMostSignificantBits() ^ id.getLeastSignificantBits());
    }

    private String mosquitto() {
        String options =
                List.of(
                                "-h " + quoted(endpoint.host()),
                                "-p " + endpoint.port(),
                                "-i " + quoted(credential.clientId()),
                                "-u " + quoted(credential.username()),
                                "-P " + quoted(password))
                        .stream()
                        .reduce((a, b) -> a + " " + b)
                        .orElseThrow();
        String authorities = endpoint.authorities();
        String tls =
                authorities != null
                        ? " --cafile " + AUTHORITIES
                        : endpoint.tls() ? " --tls-use-os-certs" : "";
        String ws = endpoint.webSocket() ? " --ws" : "";
        return "# "
                + credential.description().replaceAll("\\p{Cntrl}", " ")
                + "\n"
                + warning()
                + "# One Client ID is one connection: run one of the two at a time, or set the"
                + " credential to PREFIX and give each its own suffix.\n"
                + (ws.isEmpty()
                        ? ""
                        : "# WebSocket needs mosquitto clients 2.1 or newer; older ones use the"
                                + " mqtt:// address.\n")
                + (authorities == null
                        ? ""
                        : "cat > " + AUTHORITIES + " <<'END'\n" + authorities + "END\n")
                + "mosquitto_sub "
                + options
                + tls
                + ws
                + " -V mqttv5 -t '#' -v\n"
                + "mosquitto_pub "
                + options
                + tls
                + ws
                + " -V mqttv5 -q 1 -t "
                + quoted("test/" + credential.clientId())
                + " -m '{\"value\":1}'\n";
    }

    private String warning() {
        String warning = endpoint.warning();
        return warning == null ? "" : "# " + warning + "\n";
    }

    private String env() {
        String authorities = endpoint.authorities();
        return "# "
                + credential.description().replaceAll("\\p{Cntrl}", " ")
                + "\n"
                + warning()
                + "MQTT_URL="
                + endpoint.url()
                + "\n"
                + "MQTT_HOST="
                + endpoint.host()
                + "\n"
                + "MQTT_PORT="
                + endpoint.port()
                + "\n"
                + (endpoint.webSocket() ? "MQTT_PATH=" + endpoint.path() + "\n" : "")
                + "MQTT_TLS="
                + endpoint.tls()
                + "\n"
                // In one line: most programs that read such files read it so.
                + (authorities == null
                        ? ""
                        : "MQTT_CA=\"" + authorities.strip().replace("\n", "\\n") + "\"\n")
                + "MQTT_CLIENT_ID="
                + envQuoted(credential.clientId())
                + "\n"
                + "MQTT_USERNAME="
                + envQuoted(credential.username())
                + "\n"
                + "MQTT_PASSWORD="
                + envQuoted(password)
                + "\n";
    }

    /** Quotes for a shell only what needs it. */
    private static String quoted(String text) {
        return text.matches("[A-Za-z0-9_./:@%+=-]+")
                ? text
                : "'" + text.replace("'", "'\\''") + "'";
    }

    private static String envQuoted(String text) {
        return text.matches("[A-Za-z0-9_./:@%+=-]*")
                ? text
                : "\""
                        + text.replace("\\", "\\\\")
                                .replace("\"", "\\\"")
                                .replace("$", "\\$")
                                .replace("`", "\\`")
                        + "\"";
    }
}

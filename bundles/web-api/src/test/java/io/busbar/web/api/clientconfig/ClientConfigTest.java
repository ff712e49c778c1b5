package io.busbar.web.api.clientconfig;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.busbar.api.auth.ClientIdPolicy;
import io.busbar.api.auth.Credential;
import io.busbar.api.broker.Transport;
import io.busbar.web.api.view.EndpointList;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientConfigTest {
    private static final Instant T0 = Instant.parse("2026-11-24T08:00:00Z");
    private static final String AUTHORITY =
            "-----BEGIN CERTIFICATE-----\nMIIB\nAQID\n-----END CERTIFICATE-----\n";
    private static final EndpointList.Endpoint TCP =
            endpoint(Transport.TCP, "127.0.0.1", 1883, "", EndpointList.Reach.DIRECT, null);
    private static final EndpointList.Endpoint WSS =
            endpoint(
                    Transport.SECURE_WEBSOCKET,
                    "fd00::1",
                    8084,
                    "/mqtt",
                    EndpointList.Reach.DIRECT,
                    null);
    private static final EndpointList.Endpoint PRIVATE =
            endpoint(Transport.TLS, "plant", 8883, "", EndpointList.Reach.DIRECT, AUTHORITY);
    private static final EndpointList.Endpoint PROXIED =
            endpoint(Transport.TCP, "plant", 1884, "", EndpointList.Reach.PROXY_ONLY, null);

    private static EndpointList.Endpoint endpoint(
            Transport transport,
            String host,
            int port,
            String path,
            EndpointList.Reach reach,
            @Nullable String authorities) {
        return new EndpointList.Endpoint(
                transport, host, port, path, "LISTENING", null, reach, null, authorities);
    }

    @Test
    void mqttx_isAListOfConnections_withWhatItsImportDemands() {
        JsonObject connection =
                json(config(TCP), ClientConfig.Format.MQTTX).get(0).getAsJsonObject();

        assertThat(connection.get("clientId").getAsString()).isEqualTo("unsabc");
        assertThat(connection.get("name").getAsString()).isEqualTo("Line 1 \"gateway\"");
        assertThat(connection.get("host").getAsString()).isEqualTo("127.0.0.1");
        assertThat(connection.get("port").getAsInt()).isEqualTo(1883);
        assertThat(connection.get("protocol").getAsString()).isEqualTo("mqtt");
        assertThat(connection.get("mqttVersion").getAsString()).isEqualTo("5.0");
        assertThat(connection.get("ssl").getAsBoolean()).isFalse();
        assertThat(connection.get("messages").getAsJsonArray()).isEmpty();
    }

    @Test
    void mqttx_underTls_saysWhichCertificate() {
        JsonObject connection =
                json(config(WSS), ClientConfig.Format.MQTTX).get(0).getAsJsonObject();

        assertThat(connection.get("ssl").getAsBoolean()).isTrue();
        assertThat(connection.get("certType").getAsString()).isEqualTo("server");
        assertThat(connection.get("path").getAsString()).isEqualTo("/mqtt");
    }

    @Test
    void nodeRed_brokerCarriesItsCredentials_andTheNodesReferToIt() {
        JsonArray nodes = json(config(TCP), ClientConfig.Format.NODERED);

        JsonObject broker = node(nodes, "mqtt-broker");
        assertThat(broker.getAsJsonObject("credentials").get("user").getAsString())
                .isEqualTo("uabc");
        assertThat(broker.getAsJsonObject("credentials").get("password").getAsString())
                .isEqualTo("s3cret");
        assertThat(broker.get("clientid").getAsString()).isEqualTo("unsabc");
        assertThat(node(nodes, "mqtt in").get("broker")).isEqualTo(broker.get("id"));
        assertThat(node(nodes, "mqtt out").get("broker")).isEqualTo(broker.get("id"));
        assertThat(node(nodes, "debug").get("active").getAsBoolean()).isTrue();
    }

    @Test
    void mosquitto_overWebSocket_saysSo() {
        assertThat(config(WSS).text(ClientConfig.Format.MOSQUITTO))
                .contains("-h fd00::1 -p 8084 -i unsabc -u uabc -P s3cret")
                .contains("--ws");
        assertThat(config(TCP).text(ClientConfig.Format.MOSQUITTO))
                .contains("mosquitto_pub -h 127.0.0.1 -p 1883")
                .doesNotContain("--ws");
    }

    /** A listener's file and a request may have the brackets or not. */
    @ParameterizedTest
    @ValueSource(strings = {"fd00::1", "[fd00::1]"})
    void ipv6_hasBracketsInUrlsAndNowhereElse(String host) {
        ClientConfig config =
                config(endpoint(Transport.TCP, host, 1883, "", EndpointList.Reach.DIRECT, null));

        assertThat(config.text(ClientConfig.Format.MOSQUITTO)).contains("-h fd00::1 -p 1883");
        assertThat(config.text(ClientConfig.Format.ENV))
                .contains("MQTT_URL=mqtt://[fd00::1]:1883")
                .contains("MQTT_HOST=fd00::1");
        JsonObject broker = node(json(config, ClientConfig.Format.NODERED), "mqtt-broker");
        assertThat(broker.get("broker").getAsString()).isEqualTo("fd00::1");
        JsonObject mqttx = json(config, ClientConfig.Format.MQTTX).get(0).getAsJsonObject();
        assertThat(mqttx.get("host").getAsString()).isEqualTo("[fd00::1]");
    }

    @Test
    void mosquitto_withoutPassword_quotesThePlaceholder() {
        String text =
                new ClientConfig(credential(), TCP, ClientConfig.PLACEHOLDER)
                        .text(ClientConfig.Format.MOSQUITTO);

        assertThat(text).contains("-P '<password>'");
    }

    @Test
    void env_hasOneLinePerFact() {
        assertThat(config(WSS).text(ClientConfig.Format.ENV).lines())
                .contains(
                        "MQTT_URL=wss://[fd00::1]:8084/mqtt",
                        "MQTT_TLS=true",
                        "MQTT_USERNAME=uabc",
                        "MQTT_PASSWORD=s3cret");
    }

    /** A shell that reads the file runs nothing of it, and opens no file. */
    @Test
    void env_withWhatAShellWouldRead_isQuoted() {
        assertThat(
                        new ClientConfig(credential(), TCP, "a`id`$(id)\"b\\c")
                                .text(ClientConfig.Format.ENV)
                                .lines())
                .contains("MQTT_PASSWORD=\"a\\`id\\`\\$(id)\\\"b\\\\c\"");
        assertThat(
                        new ClientConfig(credential(), TCP, ClientConfig.PLACEHOLDER)
                                .text(ClientConfig.Format.ENV)
                                .lines())
                .contains("MQTT_PASSWORD=\"<password>\"");
    }

    @Test
    void privateAuthority_comesWithTheSettings() {
        ClientConfig config = config(PRIVATE);

        assertThat(config.text(ClientConfig.Format.MOSQUITTO))
                .contains("cat > busbar-ca.crt <<'END'\n" + AUTHORITY + "END\n")
                .contains("-P s3cret --cafile busbar-ca.crt -V mqttv5 -t '#'")
                .doesNotContain("--tls-use-os-certs");
        assertThat(config.text(ClientConfig.Format.ENV).lines())
                .contains(
                        "MQTT_URL=mqtts://plant:8883",
                        "MQTT_CA=\"-----BEGIN CERTIFICATE-----\\nMIIB\\nAQID\\n"
                                + "-----END CERTIFICATE-----\"");
        JsonArray nodes = json(config, ClientConfig.Format.NODERED);
        JsonObject tls = node(nodes, "tls-config");
        assertThat(tls.getAsJsonObject("credentials").get("cadata").getAsString())
                .isEqualTo(AUTHORITY);
        assertThat(node(nodes, "mqtt-broker").get("tls")).isEqualTo(tls.get("id"));
        JsonObject mqttx = json(config, ClientConfig.Format.MQTTX).get(0).getAsJsonObject();
        assertThat(mqttx.get("certType").getAsString()).isEqualTo("self");
    }

    @Test
    void publicAuthority_isLeftToTheClient() {
        ClientConfig config = config(WSS);

        assertThat(config.text(ClientConfig.Format.MOSQUITTO)).contains("--tls-use-os-certs");
        assertThat(config.text(ClientConfig.Format.ENV)).doesNotContain("MQTT_CA");
        JsonArray nodes = json(config, ClientConfig.Format.NODERED);
        assertThat(node(nodes, "mqtt-broker").get("tls").getAsString()).isEmpty();
        assertThat(nodes.toString()).doesNotContain("tls-config");
    }

    @Test
    void addressThatCannotBeReached_isSaidToBeOne() {
        ClientConfig config = config(PROXIED);

        assertThat(config.text(ClientConfig.Format.ENV)).contains("# This address takes");
        assertThat(config.text(ClientConfig.Format.MOSQUITTO)).contains("# This address takes");
        JsonObject tab = node(json(config, ClientConfig.Format.NODERED), "tab");
        assertThat(tab.get("info").getAsString()).contains("PROXY protocol");
    }

    @Test
    void fileName_isSafeEverywhere() {
        assertThat(config(TCP).fileName(ClientConfig.Format.MQTTX))
                .isEqualTo("line-1-gateway.mqttx.json");
        assertThat(config(TCP).fileName(ClientConfig.Format.ENV)).isEqualTo("line-1-gateway.env");
    }

    private static ClientConfig config(EndpointList.Endpoint endpoint) {
        return new ClientConfig(credential(), endpoint, "s3cret");
    }

    private static Credential credential() {
        return new Credential(
                "c1",
                "Line 1 \"gateway\"",
                "unsabc",
                "uabc",
                ClientIdPolicy.EXACT,
                List.of(),
                0,
                List.of(),
                true,
                null,
                List.of(),
                null,
                T0,
                "x",
                T0,
                "x",
                1);
    }

    private static JsonArray json(ClientConfig config, ClientConfig.Format format) {
        return JsonParser.parseString(config.text(format)).getAsJsonArray();
    }

    private static JsonObject node(JsonArray nodes, String type) {
        for (var node : nodes) {
            if (node.getAsJsonObject().get("type").getAsString().equals(type)) {
                return node.getAsJsonObject();
            }
        }
        throw new AssertionError("no node " + type);
    }
}

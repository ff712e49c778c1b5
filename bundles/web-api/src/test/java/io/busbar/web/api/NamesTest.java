package io.busbar.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.busbar.api.audit.Actor;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnknownFields;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names with signs that mean something in URLs, and topics that cannot be paths. */
class NamesTest {
    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = Server.signedIn();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plant/load%",
                "plant/%2F",
                "ns=2;s=Tag[0]/a&b",
                "plant/Pump (old)?",
                "工厂/T °C",
                "a/b c~d"
            })
    void node_isFoundByItsPath_whateverSignsItHas(String path) {
        server.namespace.values.put(path, Fakes.value(path, null, "{\"PM2.5\":1}", 1));

        Server.Reply made =
                server.post(
                        "/namespace/unmodeled/convert",
                        "{\"topic\":\"" + path + "\",\"topicType\":\"METRIC\"}");

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().get("wireTopic").isJsonNull()).isTrue();
        JsonObject found = server.get("/namespace/nodes?path=" + encoded(path)).json();
        assertThat(found.get("path").getAsString()).isEqualTo(path);
        assertThat(found.get("topic").getAsString()).isEqualTo(path);
        assertThat(server.get("/namespace/value?topic=" + encoded(path)).status()).isEqualTo(200);
        assertThat(server.get("/namespace/export?path=" + encoded(path)).status()).isEqualTo(200);
    }

    @Test
    void topicThatCannotBeAPath_asksForOne_andKeepsItsTopic() {
        server.namespace.values.put("/lead/t", Fakes.value("/lead/t", null, "1.5", 4));

        JsonObject refused =
                server.post(
                                "/namespace/unmodeled/convert",
                                "{\"topic\":\"/lead/t\",\"topicType\":\"METRIC\"}")
                        .json();
        Server.Reply made =
                server.post(
                        "/namespace/unmodeled/convert",
                        "{\"topic\":\"/lead/t\",\"path\":\"lead/t\",\"topicType\":\"METRIC\"}");

        JsonObject error = refused.getAsJsonArray("errors").get(0).getAsJsonObject();
        assertThat(error.get("pointer").getAsString()).isEqualTo("/path");
        assertThat(error.get("message").getAsString()).contains("has an empty level");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().get("path").getAsString()).isEqualTo("lead/t");
        assertThat(made.json().get("topic").getAsString()).isEqualTo("/lead/t");
        assertThat(made.json().get("wireTopic").getAsString()).isEqualTo("/lead/t");
        assertThat(
                        server.get("/namespace/match?filter=" + encoded("/lead/+"))
                                .json()
                                .get("count")
                                .getAsInt())
                .isGreaterThanOrEqualTo(1);
        assertThat(
                        server.get("/namespace/match?filter=" + encoded("lead/+"))
                                .json()
                                .get("count")
                                .getAsInt())
                .isZero();
    }

    @Test
    void write_toANodeWithAWireTopic_isPublishedThere() {
        server.post(
                "/namespace/nodes",
                "{\"type\":\"TOPIC\",\"path\":\"a/t\",\"topicType\":\"METRIC\","
                        + "\"wireTopic\":\"/dev/1\"}");
        server.post(
                "/namespace/nodes",
                "{\"type\":\"TOPIC\",\"path\":\"a/u\",\"topicType\":\"METRIC\","
                        + "\"wireTopic\":\"/dev/2\",\"writable\":false}");

        JsonObject result =
                server.post(
                                "/namespace/values:write",
                                "{\"items\":[{\"topic\":\"a/t\",\"payload\":\"1\"},"
                                        + "{\"topic\":\"/dev/2\",\"payload\":\"1\"}]}")
                        .json();

        assertThat(server.broker.published)
                .extracting(message -> message.topic().value())
                .containsExactly("/dev/1");
        JsonObject second = result.getAsJsonArray("results").get(1).getAsJsonObject();
        assertThat(second.get("accepted").getAsBoolean()).isFalse();
    }

    @Test
    void write_toAWireTopicThatIsAlsoAPath_isThatOfItsNode() {
        server.post("/namespace/nodes", "{\"type\":\"PATH\",\"path\":\"a/b\"}");
        server.post(
                "/namespace/nodes",
                "{\"type\":\"TOPIC\",\"path\":\"c/t\",\"topicType\":\"METRIC\","
                        + "\"wireTopic\":\"a/b\",\"writable\":false}");

        JsonObject result =
                server.post(
                                "/namespace/values:write",
                                "{\"items\":[{\"topic\":\"a/b\",\"payload\":\"1\"}]}")
                        .json();

        JsonObject first = result.getAsJsonArray("results").get(0).getAsJsonObject();
        assertThat(first.get("accepted").getAsBoolean()).isFalse();
        assertThat(server.broker.published).isEmpty();
    }

    @Test
    void wireTopic_thatIsNoTopic_isNamed() {
        JsonObject refused =
                server.post(
                                "/namespace/nodes",
                                "{\"type\":\"TOPIC\",\"path\":\"a/t\",\"topicType\":\"METRIC\","
                                        + "\"wireTopic\":\"a/+\"}")
                        .json();

        JsonObject error = refused.getAsJsonArray("errors").get(0).getAsJsonObject();
        assertThat(error.get("pointer").getAsString()).isEqualTo("/wireTopic");
    }

    /** The rules for names have become stricter since the node was made. */
    @Test
    void namesOfBefore_mayStayInAChange_butNoNewOnesCome() {
        Node node =
                server.namespace.create(
                        NewNode.topic(
                                "a",
                                "sun\uFE0F",
                                TopicType.METRIC,
                                new Model(
                                        List.of(Field.of("v\uFE0F", FieldType.DOUBLE)),
                                        UnknownFields.WARN)),
                        Actor.SERVER);

        Server.Reply kept = patch(node, "sun\uFE0F", "v\uFE0F");
        assertThat(kept.status()).isEqualTo(200);
        assertThat(kept.json().get("description").getAsString()).isEqualTo("new");
        assertThat(patch(node, "rain\uFE0F", "v\uFE0F").status()).isEqualTo(422);
        assertThat(patch(node, "sun\uFE0F", "w\uFE0F").status()).isEqualTo(422);
        assertThat(patch(node, "sun", "v").status()).isEqualTo(200);
    }

    @Test
    void namesOfBefore_takeNewNodesBelowThem() {
        server.namespace.create(NewNode.path("", "sun\uFE0F"), Actor.SERVER);
        String topic = "sun\uFE0F/m";
        server.namespace.values.put(topic, Fakes.value(topic, null, "{\"a\":1}", 1));

        assertThat(create("sun\uFE0F/line")).isEqualTo(201);
        assertThat(create("sun\uFE0F/rain\uFE0F")).isEqualTo(422);
        assertThat(create("rain\uFE0F/line")).isEqualTo(422);
        assertThat(
                        server.post(
                                        "/namespace/unmodeled/convert",
                                        "{\"topic\":\"" + topic + "\",\"topicType\":\"METRIC\"}")
                                .status())
                .isEqualTo(201);
    }

    private int create(String path) {
        return server.post("/namespace/nodes", "{\"type\":\"PATH\",\"path\":\"" + path + "\"}")
                .status();
    }

    private Server.Reply patch(Node node, String name, String field) {
        long revision = server.namespace.get(node.id()).orElseThrow().revision();
        return server.send(
                "PATCH",
                "/namespace/nodes/" + node.id(),
                "{\"name\":\""
                        + name
                        + "\",\"description\":\"new\",\"model\":{\"fields\":[{\"name\":\""
                        + field
                        + "\",\"type\":\"DOUBLE\"}]}}",
                "If-Match",
                "\"" + revision + "\"");
    }

    @Test
    void fieldName_inAnotherNormalForm_isThatInC() {
        JsonObject made =
                server.post(
                                "/namespace/nodes",
                                "{\"type\":\"TOPIC\",\"path\":\"a/t\",\"topicType\":\"METRIC\","
                                        + "\"model\":{\"fields\":[{\"name\":\"Gro\u0308ße\","
                                        + "\"type\":\"DOUBLE\"},{\"name\":\"1-0:1.8.0\","
                                        + "\"type\":\"DOUBLE\"}]}}")
                        .json();

        assertThat(
                        made.getAsJsonObject("model")
                                .getAsJsonArray("fields")
                                .get(0)
                                .getAsJsonObject()
                                .get("name")
                                .getAsString())
                .isEqualTo("Größe");
    }
}

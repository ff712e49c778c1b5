package io.busbar.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.busbar.api.accounts.Role;
import io.busbar.api.audit.Actor;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.SemanticVersion;
import io.busbar.api.uns.Template;
import io.busbar.api.uns.TemplateImpact;
import io.busbar.api.uns.TemplateMove;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.Violation;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Templates, their versions, and the topics that pin them, through the API. */
class TemplatesTest extends SignedInTest {
    private static final String PRESS =
            "{\"name\":\"Press\",\"alias\":\"press_1\",\"labels\":[\"l\"],\"note\":\"first\","
                    + "\"fields\":[{\"name\":\"temp\",\"type\":\"DOUBLE\",\"unit\":\"CEL\"}],"
                    + "\"unknownFields\":\"DENY\"}";
    private static final String TWO_FIELDS =
            "\"fields\":[{\"name\":\"temp\",\"type\":\"DOUBLE\",\"unit\":\"CEL\"},"
                    + "{\"name\":\"tool\",\"type\":\"STRING\"}]";

    private Server.Reply sent(String method, String path, String body, String... headers) {
        return server.send(method, path, body, headers);
    }

    private JsonObject fits(String method, String operation, String path, String body, int status) {
        Server.Reply reply = sent(method, path, body, "If-Match", "*");
        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        assertThat(JsonSchema.problems(method, operation, status, reply.json())).isEmpty();
        return reply.json();
    }

    private String create() {
        return "/templates/"
                + fits("POST", "/templates", "/templates", PRESS, 201).get("id").getAsString();
    }

    private Template template() {
        return server.namespace.templates.list().get(0);
    }

    @Test
    void answers_fitTheirSchemas() {
        String path = create();
        server.namespace.templates.pinned.put(template().id(), Map.of(SemanticVersion.FIRST, 3));
        fits("POST", "/templates/{id}/versions", path + "/versions", "{" + TWO_FIELDS + "}", 201);
        Node node =
                server.namespace.create(
                        NewNode.topic(
                                "a",
                                "t",
                                TopicType.METRIC,
                                template()
                                        .pin(
                                                SemanticVersion.FIRST,
                                                List.of(Field.of("own", FieldType.LONG)),
                                                null,
                                                null)),
                        Actor.SERVER);
        server.namespace.templates.pinning.add(node);
        server.namespace.templates.ofNodes.add(
                new TemplateImpact.OfNode(
                        node.id(),
                        "a/t",
                        SemanticVersion.FIRST,
                        5,
                        2,
                        1,
                        new Violation(
                                Violation.Code.REQUIRED,
                                "tool",
                                null,
                                null,
                                null,
                                null,
                                "",
                                Fakes.T0),
                        "no",
                        Reason.of(Reason.Code.TEMPLATE_FIELD)));

        JsonObject list = fits("GET", "/templates", "/templates?q=cel", null, 200);
        JsonObject first = list.getAsJsonArray("items").get(0).getAsJsonObject();
        assertThat(first.get("latest").getAsString()).isEqualTo("1.1.0");
        assertThat(first.get("topics").getAsInt()).isEqualTo(3);
        assertThat(first.get("topicsOnOlder").getAsInt()).isEqualTo(3);
        fits("GET", "/templates/{id}", path, null, 200);
        fits("GET", "/templates/{id}/versions", path + "/versions", null, 200);
        JsonObject version =
                fits(
                        "GET",
                        "/templates/{id}/versions/{version}",
                        path + "/versions/1.1.0",
                        null,
                        200);
        assertThat(version.get("since").getAsString()).isEqualTo("1.0.0");
        assertThat(version.getAsJsonArray("changes").toString()).contains("ADDED", "tool");
        JsonObject topics = fits("GET", "/templates/{id}/nodes", path + "/nodes", null, 200);
        assertThat(topics.getAsJsonArray("items").toString()).contains("a/t", "own");
        fits("GET", "/templates/{id}/impact", path + "/impact?from=1.0.0", null, 200);
        fits("POST", "/templates/{id}/impact", path + "/impact", "{" + TWO_FIELDS + "}", 200);
        JsonObject moved = fits("POST", "/templates/{id}/apply", path + "/apply", "{}", 200);
        assertThat(moved.get("moved").getAsInt()).isEqualTo(2);
        fits("PATCH", "/templates/{id}", path, "{\"description\":null}", 200);
        assertThat(JsonSchema.problems("Node", server.get("/namespace/nodes/" + node.id()).json()))
                .isEmpty();
    }

    @Test
    void changes_needTheCurrentRevision() {
        String path = create();
        String version = "{" + TWO_FIELDS + "}";

        assertThat(sent("PATCH", path, "{\"name\":\"P\"}").status()).isEqualTo(428);
        assertThat(sent("POST", path + "/versions", version).status()).isEqualTo(428);
        assertThat(sent("POST", path + "/apply", "{}").status()).isEqualTo(428);
        assertThat(sent("PATCH", path, "{\"name\":\"P\"}", "If-Match", "\"9\"").status())
                .isEqualTo(412);
        assertThat(sent("DELETE", path, null, "If-Match", "\"9\"").status()).isEqualTo(412);
        Server.Reply changed = sent("PATCH", path, "{\"name\":\"P\"}", "If-Match", "\"1\"");
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().get("revision").getAsLong()).isEqualTo(2);
        assertThat(sent("DELETE", path, null).status()).isEqualTo(204);
        assertThat(server.get(path).status()).isEqualTo(404);
    }

    @Test
    void fields_changeWithAVersionOnly() {
        String path = create();

        assertThat(sent("PATCH", path, "{" + TWO_FIELDS + "}", "If-Match", "*").problem())
                .isEqualTo("unknown-key");
        assertThat(template().latest().model().fields()).hasSize(1);
    }

    @Test
    void apply_passesOnWhichTopics() {
        String path = create();
        UUID id = new UUID(1, 2);

        sent(
                "POST",
                path + "/apply",
                "{\"from\":\"1.0.0\",\"to\":\"2.0.0\",\"nodes\":[\""
                        + id
                        + "\"],\"onlyPassing\":true}",
                "If-Match",
                "\"1\"");

        assertThat(server.namespace.templates.moves)
                .containsExactly(
                        new TemplateMove(
                                SemanticVersion.FIRST,
                                new SemanticVersion(2, 0, 0),
                                Set.of(id),
                                true));
        assertThat(sent("POST", path + "/apply", "{\"to\":\"2\"}", "If-Match", "*").status())
                .isEqualTo(422);
    }

    @Test
    void delete_whileTopicsPinIt_saysHowManyAndWhich() {
        String path = create();
        server.namespace.templates.pinning.add(
                server.namespace.create(
                        NewNode.topic("a", "t", TopicType.METRIC, Model.ANY), Actor.SERVER));

        Server.Reply reply = sent("DELETE", path, null);

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.problem()).isEqualTo("in-use");
        assertThat(JsonSchema.problems("Problem", reply.json())).isEmpty();
        assertThat(reply.json().getAsJsonObject("parameters").toString()).contains("a/t", "\"1\"");
    }

    private Server.Reply topic(String model) {
        return server.post(
                "/namespace/nodes",
                "{\"type\":\"TOPIC\",\"path\":\"a/t\",\"topicType\":\"METRIC\",\"model\":"
                        + model
                        + "}");
    }

    @Test
    void topic_pinsTheLatestVersion_andAddsFields() {
        create();
        String id = template().id().toString();

        JsonObject model =
                topic(
                                "{\"templateId\":\""
                                        + id
                                        + "\",\"fields\":[{\"name\":\"own\",\"type\":\"LONG\"}]}")
                        .json()
                        .getAsJsonObject("model");

        assertThat(model.get("templateId").getAsString()).isEqualTo(id);
        assertThat(model.get("templateVersion").getAsString()).isEqualTo("1.0.0");
        assertThat(model.get("templateFields").getAsInt()).isEqualTo(1);
        assertThat(model.get("unknownFields").getAsString()).isEqualTo("DENY");
        assertThat(model.getAsJsonArray("fields")).hasSize(2);
    }

    @Test
    void topicThatChangesAFieldOfItsTemplate_isRefused_andTheMistakeHasItsCode() {
        create();
        String id = template().id().toString();

        Server.Reply reply =
                topic(
                        "{\"templateId\":\""
                                + id
                                + "\",\"fields\":[{\"name\":\"temp\",\"type\":\"LONG\"}]}");

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.body()).contains("TEMPLATE_FIELD");
        assertThat(topic("{\"templateId\":\"" + new UUID(5, 5) + "\"}").body())
                .contains("NO_TEMPLATE");
        assertThat(topic("{\"templateId\":\"" + id + "\",\"templateVersion\":\"3.0.0\"}").body())
                .contains("TEMPLATE_VERSION");
        assertThat(topic("{\"templateId\":\"" + id + "\",\"templateVersion\":\"latest\"}").body())
                .contains("VERSION");
    }

    @Test
    void topicThatIsReadAndWrittenBack_staysPinned_andIsUnpinnedOnlyByNull() {
        create();
        String id = template().id().toString();
        JsonObject node = topic("{\"templateId\":\"" + id + "\"}").json();
        String path = "/namespace/nodes/" + node.get("id").getAsString();
        JsonObject model = node.getAsJsonObject("model");

        assertThat(patched(path, model)).isEqualTo(model);
        JsonObject fieldsOnly = new JsonObject();
        fieldsOnly.add("fields", model.get("fields"));
        assertThat(patched(path, fieldsOnly)).isEqualTo(model);
        fieldsOnly.add("templateId", JsonNull.INSTANCE);
        assertThat(patched(path, fieldsOnly).get("templateId").isJsonNull()).isTrue();
    }

    private JsonObject patched(String path, JsonObject model) {
        Server.Reply reply = sent("PATCH", path, "{\"model\":" + model + "}", "If-Match", "*");
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json().getAsJsonObject("model");
    }

    @Test
    void viewers_readOnly() {
        String path = create();
        server.signIn("vic", Role.VIEWER);

        assertThat(server.get(path).status()).isEqualTo(200);
        assertThat(server.post("/templates", PRESS).status()).isEqualTo(403);
        assertThat(sent("POST", path + "/apply", "{}", "If-Match", "*").status()).isEqualTo(403);
    }
}

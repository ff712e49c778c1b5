package io.busbar.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.busbar.api.accounts.Role;
import io.busbar.api.audit.Actor;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.uns.Expectation;
import io.busbar.api.uns.JsonType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.QualityReason;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.TopicViolations;
import io.busbar.api.uns.Violation;
import io.busbar.api.uns.ViolationKind;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the API says of messages that did not fit their model. */
class ViolationsTest extends SignedInTest {
    private static final Instant AT = Instant.parse("2026-11-23T08:16:00Z");
    private static final Violation VIOLATION =
            new Violation(
                    Violation.Code.TYPE,
                    "a",
                    JsonType.STRING,
                    "\"hot\"",
                    Expectation.of(Expectation.Kind.NUMBER),
                    null,
                    "\"hot\" (expected: a number)",
                    AT);

    private Node node;

    @BeforeEach
    void makeTopic() {
        node =
                server.namespace.create(
                        NewNode.topic("a", "t", TopicType.METRIC, Model.ANY), Actor.SERVER);
        server.namespace.violations.put(
                "a/t",
                new TopicViolations(
                        true,
                        2,
                        3,
                        AT.minusSeconds(60),
                        null,
                        List.of(
                                new ViolationKind(
                                        VIOLATION,
                                        new Publisher("c1", "Gateway", "uns1", "10.0.0.7:1"),
                                        3,
                                        AT.minusSeconds(9))),
                        0));
        server.namespace.values.put(
                "a/t",
                new TopicValue(
                        "a/t",
                        node.id(),
                        PayloadFormat.JSON,
                        List.of(),
                        Quality.BAD,
                        QualityReason.of(QualityReason.Code.VIOLATION),
                        new byte[] {'1'},
                        AT,
                        AT,
                        Publisher.SERVER,
                        null,
                        false,
                        7,
                        3,
                        2,
                        AT.minusSeconds(60),
                        0,
                        VIOLATION,
                        false));
    }

    private String path() {
        return "/namespace/nodes/" + node.id() + "/violations";
    }

    @Test
    void violations_ofATopic_areListedByKind() {
        JsonObject found = server.get(path()).json();

        assertThat(JsonSchema.problems("TopicViolations", found)).isEmpty();
        JsonObject kind = found.getAsJsonArray("kinds").get(0).getAsJsonObject();
        assertThat(kind.getAsJsonObject("last").get("type").getAsString()).isEqualTo("STRING");
        assertThat(kind.getAsJsonObject("last").get("expected").getAsString())
                .isEqualTo("a number");
        assertThat(kind.getAsJsonObject("publisher").get("clientId").getAsString())
                .isEqualTo("uns1");
        assertThat(found.get("healedAt").isJsonNull()).isTrue();
    }

    @Test
    void violatingTopics_areListed_andAFigureOfTheServer() {
        JsonObject found = server.get("/violations").json();

        assertThat(JsonSchema.problems("ViolatingTopics", found)).isEmpty();
        assertThat(found.get("total").getAsInt()).isEqualTo(1);
        JsonObject item = found.getAsJsonArray("items").get(0).getAsJsonObject();
        assertThat(item.get("path").getAsString()).isEqualTo("a/t");
        assertThat(item.get("violationsInARow").getAsInt()).isEqualTo(2);
        assertThat(server.get("/broker/stats").json().get("violatingTopics").getAsInt())
                .isEqualTo(1);
        JsonObject value = server.get("/namespace/value?topic=a/t").json();
        assertThat(value.get("reason")).hasToString("{\"code\":\"VIOLATION\",\"seconds\":null}");
        assertThat(value.get("violations").getAsInt()).isEqualTo(3);
        assertThat(value.get("violationsInARow").getAsInt()).isEqualTo(2);
        assertThat(value.get("violationsSince").getAsString()).startsWith("2026-11-23T08:15:00");
    }

    @Test
    void groups_areOneRowForTopicPublisherCodeAndField_withWhatTheTopicIsNow() {
        JsonObject found = server.get("/violations/groups").json();

        assertThat(JsonSchema.problems("ViolationGroups", found)).isEmpty();
        assertThat(found.get("total").getAsInt()).isEqualTo(1);
        JsonObject group = found.getAsJsonArray("items").get(0).getAsJsonObject();
        assertThat(group.get("path").getAsString()).isEqualTo("a/t");
        assertThat(group.get("validation").getAsString()).isEqualTo("OBSERVE");
        assertThat(group.get("violating").getAsBoolean()).isTrue();
        assertThat(group.get("count").getAsInt()).isEqualTo(3);
        assertThat(group.getAsJsonObject("publisher").get("clientId").getAsString())
                .isEqualTo("uns1");
    }

    @Test
    void whyAPayloadCannotBeRead_isThereForPrograms() {
        server.namespace.violations.put(
                "a/t",
                new TopicViolations(
                        true,
                        1,
                        1,
                        null,
                        null,
                        List.of(
                                new ViolationKind(
                                        new Violation(
                                                Violation.Code.FORMAT,
                                                "",
                                                null,
                                                null,
                                                null,
                                                Reason.of(Reason.Code.PAYLOAD_CUT_OFF, "byte", "9"),
                                                "the payload is cut off (at byte 9)",
                                                AT),
                                        Publisher.SERVER,
                                        1,
                                        AT)),
                        0));

        JsonObject last =
                server.get(path())
                        .json()
                        .getAsJsonArray("kinds")
                        .get(0)
                        .getAsJsonObject()
                        .getAsJsonObject("last");

        assertThat(last.get("why"))
                .hasToString("{\"code\":\"PAYLOAD_CUT_OFF\",\"parameters\":{\"byte\":\"9\"}}");
        assertThat(last.get("reason").getAsString())
                .isEqualTo("the payload is cut off (at byte 9)");
    }

    @Test
    void reset_byAnOperator_isDone_byAViewerRefused() {
        server.signIn("vera", Role.VIEWER);
        assertThat(server.send("DELETE", path(), null).status()).isEqualTo(403);
        assertThat(server.namespace.violations).isNotEmpty();

        server.signIn("otto", Role.OPERATOR);
        assertThat(server.send("DELETE", path(), null).status()).isEqualTo(204);

        assertThat(server.namespace.violations).isEmpty();
    }

    @Test
    void violations_ofWhatIsNoTopic_areNotFound() {
        Node path = server.namespace.byPath("a").orElseThrow();

        assertThat(server.get("/namespace/nodes/" + path.id() + "/violations").status())
                .isEqualTo(404);
        assertThat(server.get("/namespace/nodes/x/violations").status()).isEqualTo(404);
    }
}

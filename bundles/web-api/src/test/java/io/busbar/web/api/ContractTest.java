package io.busbar.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.busbar.api.accounts.Role;
import io.busbar.api.audit.Actor;
import io.busbar.api.broker.ListenerView;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.Transport;
import io.busbar.api.broker.Who;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.explain.Fate;
import io.busbar.api.explain.Remark;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.uns.Contract;
import io.busbar.api.uns.Expectation;
import io.busbar.api.uns.QualityReason;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.UnmodeledChanges;
import io.busbar.api.uns.Violation;
import io.busbar.web.http.ProblemType;
import io.busbar.web.http.Route;
import io.busbar.web.http.Router;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The API document and the server say the same. */
class ContractTest extends SignedInTest {
    @BeforeEach
    void start() {
        server.services.listeners(
                () ->
                        List.of(
                                new ListenerView(
                                        "tcp",
                                        Transport.TCP,
                                        "127.0.0.1",
                                        1883,
                                        "",
                                        ListenerView.State.LISTENING,
                                        "",
                                        1),
                                new ListenerView(
                                        "tls",
                                        Transport.TLS,
                                        "0.0.0.0",
                                        8883,
                                        "",
                                        ListenerView.State.FAILED,
                                        "no certificate",
                                        0)));
    }

    @Test
    void routes_areExactlyTheDocumentsOperations() {
        Set<String> served = new TreeSet<>();
        Router router = new Router();
        server.application.addTo(router);
        for (Route route : router.routes()) {
            served.add(route.method() + " /" + String.join("/", route.segments()));
        }
        Set<String> described = new TreeSet<>();
        JsonObject paths = JsonSchema.DOCUMENT.getAsJsonObject("paths");
        for (String path : paths.keySet()) {
            for (String method : paths.getAsJsonObject(path).keySet()) {
                described.add(method.toUpperCase(Locale.ROOT) + " " + path);
            }
        }

        assertThat(served).isEqualTo(described);
    }

    @Test
    void problemTypes_areExactlyTheDocuments() {
        Set<String> described =
                StreamSupport.stream(
                                JsonSchema.DOCUMENT
                                        .getAsJsonObject("components")
                                        .getAsJsonObject("schemas")
                                        .getAsJsonObject("ProblemType")
                                        .getAsJsonArray("enum")
                                        .spliterator(),
                                false)
                        .map(type -> type.getAsString())
                        .collect(Collectors.toSet());

        assertThat(java.util.Arrays.stream(ProblemType.values()).map(ProblemType::urn))
                .containsExactlyInAnyOrderElementsOf(described);
    }

    @Test
    void answers_fitTheirSchemas() {
        JsonObject secret =
                fits("POST", "/credentials", "/credentials", "{\"description\":\"Line 1\"}", 201);
        String id = secret.getAsJsonObject("credential").get("id").getAsString();
        var credential = server.credentials.get(id).orElseThrow();
        server.broker.online.put("x", Fakes.client("x", Fakes.principal(credential)));
        server.broker.waiting.add(Fakes.waiting("y", id, true, 3));
        server.broker.rejections.add(rejection(7, id, "other"));
        JsonObject node = fits("POST", "/namespace/nodes", "/namespace/nodes", TOPIC, 201);
        server.namespace.values.put(
                "a/t",
                Fakes.value(
                        "a/t",
                        java.util.UUID.fromString(node.get("id").getAsString()),
                        "9007199254740993",
                        4));
        server.namespace.values.put("free/topic", Fakes.value("free/topic", null, "1.5", 4));

        fits("GET", "/setup");
        fits("GET", "/auth/me");
        fits("GET", "/broker");
        fits("GET", "/broker/listeners");
        fits("GET", "/broker/stats");
        fits("GET", "/clients");
        fits("GET", "/clients/{clientId}", "/clients/x", null, 200);
        fits("GET", "/clients/{clientId}", "/clients/y", null, 200);
        fits("GET", "/clients/{clientId}/subscriptions", "/clients/x/subscriptions", null, 200);
        server.application
                .listener()
                .onEvent(new ClientEvent.Connected(Fakes.T0, server.broker.online.get("x"), false));
        fits("GET", "/connections");
        fits("GET", "/clients");
        server.application.listener().onEvent(EndpointsTest.gone(server.broker.online.get("x")));
        fits("GET", "/connections");
        fits("GET", "/clients/{clientId}/events", "/clients/x/events", null, 200);
        fits("GET", "/sessions");
        fits("GET", "/sessions/{clientId}", "/sessions/y", null, 200);
        fits("GET", "/rejections");
        fits("GET", "/credentials");
        fits("GET", "/credentials/{id}", "/credentials/" + id, null, 200);
        fits(
                "GET",
                "/credentials/overlaps",
                "/credentials/overlaps?clientIdPolicy=PREFIX&clientId=" + credential.clientId(),
                null,
                200);
        fits(
                "PATCH",
                "/credentials/{id}",
                "/credentials/" + id,
                "{\"description\":\"Line 2\",\"expiresAt\":null}",
                200);
        fits("POST", "/credentials/{id}/disable", "/credentials/" + id + "/disable", "", 200);
        fits("POST", "/credentials/{id}/enable", "/credentials/" + id + "/enable", "", 200);
        fits(
                "POST",
                "/credentials/{id}/reset-password",
                "/credentials/" + id + "/reset-password",
                "",
                200);
        fits("GET", "/namespace/tree", "/namespace/tree?depth=3", null, 200);
        fits("GET", "/namespace/search", "/namespace/search?q=a", null, 200);
        fits("GET", "/namespace/search", "/namespace/search?q=free", null, 200);
        fits("GET", "/namespace/match", "/namespace/match?filter=a/%23", null, 200);
        fits("GET", "/namespace/nodes", "/namespace/nodes?path=a/t", null, 200);
        fits(
                "GET",
                "/namespace/nodes/{id}/widenings",
                "/namespace/nodes/" + node.get("id").getAsString() + "/widenings",
                null,
                200);
        fits(
                "GET",
                "/namespace/nodes/{id}/violations",
                "/namespace/nodes/" + node.get("id").getAsString() + "/violations",
                null,
                200);
        fits("GET", "/violations");
        fits("GET", "/quarantine");
        fits("GET", "/violations/groups");
        fits("GET", "/namespace/export");
        fits(
                "POST",
                "/namespace/import",
                "/namespace/import?dryRun=true",
                "{\"namespace\":[\"bad\"]}",
                200);
        fits(
                "POST",
                "/namespace/infer",
                "/namespace/infer",
                "{\"sample\":\"{\\\"ts\\\":1,\\\"v\\\":2}\"}",
                200);
        fits("POST", "/namespace/infer", "/namespace/infer", "{\"topic\":\"a/t\"}", 200);
        Server.Reply nothing = server.send("POST", "/namespace/infer", "{}");
        assertThat(nothing.status()).isEqualTo(422);
        assertThat(JsonSchema.problems("Problem", nothing.json())).isEmpty();
        fits("GET", "/namespace/unmodeled");
        fits("GET", "/namespace/unmodeled/clusters");
        fits(
                "GET",
                "/namespace/unmodeled/tree",
                "/namespace/unmodeled/tree?under=free/",
                null,
                200);
        server.namespace.unmodeledChanges =
                new UnmodeledChanges(8, true, List.of("free/topic", "free/gone"));
        fits(
                "POST",
                "/namespace/unmodeled/changes",
                "/namespace/unmodeled/changes",
                "{\"since\":\"7\",\"under\":[\"\",\"free/\"]}",
                200);
        fits(
                "POST",
                "/namespace/unmodeled/convert-branch",
                "/namespace/unmodeled/convert-branch",
                "{\"branch\":\"free\",\"path\":\"plant\",\"dryRun\":true}",
                200);
        fits(
                "POST",
                "/namespace/unmodeled/ignored",
                "/namespace/unmodeled/ignored",
                "{\"filter\":\"noise/#\"}",
                201);
        fits("GET", "/namespace/unmodeled/ignored");
        fits("GET", "/namespace/value", "/namespace/value?topic=a/t", null, 200);
        fits(
                "POST",
                "/namespace/values:read",
                "/namespace/values:read",
                "{\"topics\":[\"a/t\",\"nothing\"]}",
                200);
        fits(
                "POST",
                "/namespace/values:write",
                "/namespace/values:write",
                "{\"items\":[{\"topic\":\"a/t\",\"payload\":\"1\"},{\"topic\":\"$SYS/x\",\"payload\":\"\"}]}",
                200);
        fits(
                "POST",
                "/namespace/unmodeled/convert",
                "/namespace/unmodeled/convert",
                "{\"topic\":\"free/topic\",\"topicType\":\"METRIC\",\"displayName\":\"F\"}",
                201);
        fits("POST", "/rejections/{id}/allow-client-id", "/rejections/7/allow-client-id", "", 200);
        fits("GET", "/http");
        fits("GET", "/memory");
        fits("GET", "/health/live");
        assertThat(server.get("/health/ready").status()).isEqualTo(503);
        assertThat(
                        JsonSchema.problems(
                                "GET", "/health/ready", 503, server.get("/health/ready").json()))
                .isEmpty();
    }

    @Test
    void events_fitTheirSchemas() throws Exception {
        server.credentials.create(io.busbar.api.auth.NewCredential.of("Line 1"), Actor.SERVER);
        var credential = server.credentials.list().get(0);
        server.namespace.create(
                io.busbar.api.uns.NewNode.topic(
                        "a", "t", io.busbar.api.uns.TopicType.METRIC, io.busbar.api.uns.Model.ANY),
                Actor.SERVER);
        server.namespace.values.put("a/t", Fakes.value("a/t", null, "1", 1));
        int liveId = server.get("/namespace/value?topic=a/t").json().get("liveId").getAsInt();
        try (Server.EventReader reader =
                server.events(
                        "/events?channels=stats,clients,credentials,rejections,namespace,values")) {
            JsonObject hello = reader.next("hello").data();
            assertThat(JsonSchema.problems("EventHello", hello)).isEmpty();
            assertThat(JsonSchema.problems("Stats", reader.next("stats").data())).isEmpty();
            server.post(
                    "/events/" + hello.get("streamId").getAsString() + "/watch",
                    "{\"ids\":[" + liveId + "],\"detail\":" + liveId + "}");
            assertThat(JsonSchema.problems("EventValues", reader.next("values").data())).isEmpty();

            var client = Fakes.client("x", Fakes.principal(credential));
            server.broker.online.put("x", client);
            server.application
                    .listener()
                    .onEvent(
                            new io.busbar.api.broker.spi.ClientEvent.Connected(
                                    Fakes.T0, client, false));
            assertThat(JsonSchema.problems("EventClients", reader.next("clients").data()))
                    .isEmpty();
            assertThat(JsonSchema.problems("EventCredentials", reader.next("credentials").data()))
                    .isEmpty();
            server.application
                    .listener()
                    .onEvent(
                            new io.busbar.api.broker.spi.ClientEvent.Refused(
                                    Fakes.T0, rejection(1, null, "z")));
            assertThat(JsonSchema.problems("EventRejections", reader.next("rejections").data()))
                    .isEmpty();
            server.application.listener().onChange("a/t");
            JsonObject namespace = reader.next("namespace").data();
            assertThat(JsonSchema.problems("EventNamespace", namespace)).isEmpty();
            assertThat(namespace.getAsJsonArray("parents").get(0).getAsString()).isEqualTo("a");
        }
    }

    @Test
    void causesOfRejections_areThoseOfTheBroker() {
        List<String> described =
                JsonSchema.DOCUMENT
                        .getAsJsonObject("components")
                        .getAsJsonObject("schemas")
                        .getAsJsonObject("RejectionCause")
                        .getAsJsonArray("enum")
                        .asList()
                        .stream()
                        .map(JsonElement::getAsString)
                        .toList();

        assertThat(described)
                .containsExactlyElementsOf(
                        Arrays.stream(Rejection.Cause.values()).map(Enum::name).toList());
    }

    private static List<String> words(String schema, String property) {
        return words(schema(schema).getAsJsonObject("properties").getAsJsonObject(property));
    }

    private static JsonObject schema(String name) {
        return JsonSchema.DOCUMENT
                .getAsJsonObject("components")
                .getAsJsonObject("schemas")
                .getAsJsonObject(name);
    }

    private static List<String> words(JsonObject schema) {
        return schema.getAsJsonArray("enum").asList().stream()
                .filter(word -> !word.isJsonNull())
                .map(JsonElement::getAsString)
                .toList();
    }

    private static <E extends Enum<E>> List<String> names(Class<E> type) {
        return Arrays.stream(type.getEnumConstants()).map(Enum::name).toList();
    }

    /** The console has words for each of the document's codes; so it has for each of these. */
    @Test
    void codesThatAreSaidInOtherLanguages_areThoseOfTheServer() {
        assertThat(words("Reason", "code")).containsExactlyElementsOf(names(Reason.Code.class));
        assertThat(words("ReceiverRemark", "code"))
                .containsExactlyElementsOf(names(Remark.Code.class));
        assertThat(words("MessageContract", "verdict"))
                .containsExactlyElementsOf(names(Contract.Verdict.class));
        assertThat(words(schema("Fate"))).containsExactlyElementsOf(names(Fate.class));
        assertThat(words("Violation", "code"))
                .containsExactlyElementsOf(names(Violation.Code.class));
        assertThat(words("Expectation", "kind"))
                .containsExactlyElementsOf(names(Expectation.Kind.class));
        assertThat(words("QualityReason", "code"))
                .containsExactlyElementsOf(names(QualityReason.Code.class));
    }

    @Test
    void causesOfEnds_areThoseOfTheBroker() {
        assertThat(
                        JsonSchema.DOCUMENT
                                .getAsJsonObject("components")
                                .getAsJsonObject("schemas")
                                .getAsJsonObject("DisconnectCause")
                                .getAsJsonArray("enum")
                                .asList()
                                .stream()
                                .map(JsonElement::getAsString))
                .containsExactlyElementsOf(
                        Arrays.stream(ClientEvent.Cause.values()).map(Enum::name).toList());
    }

    @Test
    void problems_fitTheSchema() {
        assertThat(
                        JsonSchema.problems(
                                "Problem", server.post("/credentials", "{\"nope\":1}").json()))
                .isEmpty();
        JsonObject missing = server.get("/credentials/none").json();
        assertThat(JsonSchema.problems("Problem", missing)).isEmpty();
        assertThat(missing.getAsJsonObject("parameters").get("kind").getAsString())
                .isEqualTo("credential");
        JsonObject tooLong =
                server.post("/credentials", "{\"description\":\"" + "x".repeat(300) + "\"}").json();
        assertThat(JsonSchema.problems("Problem", tooLong)).isEmpty();
        assertThat(tooLong.getAsJsonArray("errors").get(0).getAsJsonObject().get("parameters"))
                .isEqualTo(JsonParser.parseString("{\"min\":\"1\",\"max\":\"255\"}"));
        server.signIn("vic", Role.VIEWER);
        assertThat(
                        JsonSchema.problems(
                                "Problem",
                                server.post("/credentials", "{\"description\":\"x\"}").json()))
                .isEmpty();
        server.clock.advance(Duration.ofHours(1));
        assertThat(JsonSchema.problems("Problem", server.get("/broker").json())).isEmpty();
    }

    static final String TOPIC =
            "{\"type\":\"TOPIC\",\"path\":\"a/t\",\"topicType\":\"METRIC\",\"labels\":[\"l\"],\"extendProperties\":{\"k\":\"v\"},\"isa95Level\":null,"
                + "\"model\":{\"fields\":[{\"name\":\"v\",\"type\":\"LONG\",\"unit\":\"CEL\",\"min\":0,\"enum\":null}],\"unknownFields\":\"WARN\"}}";

    static Rejection rejection(long id, String principalId, String clientId) {
        return new Rejection(
                id,
                Rejection.Kind.CONNECT,
                Rejection.Cause.CLIENT_ID_NOT_ALLOWED,
                ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
                new Who(clientId, "user", principalId, "127.0.0.1:5", "tcp"),
                new Rejection.What(null, "expected", ""),
                Rejection.Times.once(Fakes.T0));
    }

    private void fits(String method, String path) {
        fits(method, path, path, null, 200);
    }

    private JsonObject fits(String method, String operation, String path, String body, int status) {
        Server.Reply reply =
                server.send(method, path, body == null || body.isEmpty() ? null : body);
        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        assertThat(JsonSchema.problems(method, operation, status, reply.json())).isEmpty();
        return reply.json();
    }
}

package io.busbar.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.busbar.api.audit.Actor;
import io.busbar.api.auth.ClientIdPolicy;
import io.busbar.api.auth.Credential;
import io.busbar.api.auth.NewCredential;
import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.ListenerView;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.Transport;
import io.busbar.api.broker.Who;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.TopicType;
import io.busbar.testkit.time.Await;
import io.busbar.web.http.HttpCounters;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the endpoints do beyond passing on. */
class EndpointsTest extends SignedInTest {
    @Test
    void unmodeledTree_isPagedByTheNameOfTheLastLevel() {
        for (String name : List.of("a", "b", "c")) {
            server.namespace.values.put("gw/" + name, Fakes.value("gw/" + name, null, "1.5", 4));
        }

        JsonObject first = server.get("/namespace/unmodeled/tree?under=gw/&limit=2").json();
        assertThat(first.getAsJsonArray("levels").toString())
                .contains("\"path\":\"gw/a\"", "\"path\":\"gw/b\"")
                .doesNotContain("gw/c");
        JsonObject second =
                server.get(
                                "/namespace/unmodeled/tree?under=gw/&limit=2&cursor="
                                        + first.get("nextCursor").getAsString())
                        .json();
        assertThat(second.getAsJsonArray("levels").toString())
                .contains("\"path\":\"gw/c\"")
                .doesNotContain("gw/b");
        assertThat(second.get("nextCursor").isJsonNull()).isTrue();
        assertThat(server.get("/namespace/unmodeled/tree?cursor=b").status()).isEqualTo(422);
        assertThat(server.get("/namespace/unmodeled/tree?under=gw").status()).isEqualTo(422);
    }

    @Test
    void search_saysWhyAndWhatHasNoNode_andThatThereIsMore() {
        server.namespace.values.put("gw/a", Fakes.value("gw/a", null, "1.5", 4));

        JsonObject page = server.get("/namespace/search?q=gw").json();

        assertThat(page.get("more").getAsBoolean()).isFalse();
        JsonObject hit = page.getAsJsonArray("items").get(0).getAsJsonObject();
        assertThat(hit.get("node").isJsonNull()).isTrue();
        assertThat(hit.get("matched").getAsString()).isEqualTo("VALUE");
        assertThat(hit.getAsJsonObject("unmodeled").get("topic").getAsString()).isEqualTo("gw/a");

        for (int i = 0; i < 1001; i++) {
            server.namespace.values.put("many/" + i, Fakes.value("many/" + i, null, "1", 1));
        }
        JsonObject many = server.get("/namespace/search?q=many").json();
        assertThat(many.get("more").getAsBoolean()).isTrue();
        assertThat(many.get("total").getAsInt()).isEqualTo(1000);
    }

    @Test
    void ignoreRules_areMadeListedAndTakenBack() {
        JsonObject rule =
                server.post("/namespace/unmodeled/ignored", "{\"filter\":\"noise/#\"}").json();
        String path = "/namespace/unmodeled/ignored/" + rule.get("id").getAsString();

        assertThat(server.get("/namespace/unmodeled/ignored").body()).contains("noise/#");
        assertThat(server.send("DELETE", path, null).status()).isEqualTo(204);
        assertThat(server.send("DELETE", path, null).status()).isEqualTo(404);
        assertThat(server.send("DELETE", path + "x", null).status()).isEqualTo(404);
        assertThat(server.post("/namespace/unmodeled/ignored", "{}").status()).isEqualTo(422);
    }

    @Test
    void createCredential_twiceWithOneKey_makesOne() {
        String body = "{\"description\":\"Line 1\"}";
        CompletableFuture<Server.Reply> one =
                CompletableFuture.supplyAsync(
                        () ->
                                server.send(
                                        "POST",
                                        "/credentials",
                                        body,
                                        "Idempotency-Key",
                                        "double-click"));
        CompletableFuture<Server.Reply> two =
                CompletableFuture.supplyAsync(
                        () ->
                                server.send(
                                        "POST",
                                        "/credentials",
                                        body,
                                        "Idempotency-Key",
                                        "double-click"));

        assertThat(one.join().body())
                .isEqualTo(two.join().body())
                .contains("\"password\":\"secret1\"");
        assertThat(server.credentials.list()).hasSize(1);
        assertThat(
                        server.send(
                                        "POST",
                                        "/credentials",
                                        "{\"description\":\"Line 2\"}",
                                        "Idempotency-Key",
                                        "double-click")
                                .problem())
                .isEqualTo("idempotency-conflict");
    }

    @Test
    void credential_afterItsCreation_neverShowsThePassword() {
        server.post("/credentials", "{\"description\":\"Line 1\"}");

        assertThat(server.get("/credentials").body())
                .doesNotContain("password")
                .doesNotContain("secret1");
        assertThat(server.get("/credentials/c1").body())
                .doesNotContain("password")
                .doesNotContain("secret1");
    }

    @Test
    void createCredential_withMistakes_namesEachOfThem() {
        Server.Reply reply =
                server.post(
                        "/credentials",
                        "{\"description\":\"\",\"clientIdPolicy\":\"SOME\",\"maxConnections\":-1,\"acl\":[{\"effect\":\"ALLOW\",\"action\":\"BOTH\"}],\"expiresAt\":\"tomorrow\"}");

        assertThat(reply.status()).isEqualTo(422);
        List<String> pointers = new ArrayList<>();
        reply.json()
                .getAsJsonArray("errors")
                .forEach(
                        error ->
                                pointers.add(error.getAsJsonObject().get("pointer").getAsString()));
        assertThat(pointers)
                .containsExactlyInAnyOrder(
                        "/description",
                        "/clientIdPolicy",
                        "/maxConnections",
                        "/acl/0/filter",
                        "/expiresAt");
    }

    @Test
    void createCredential_withUnknownKey_namesItAndWhatIsKnown() {
        JsonObject problem = server.post("/credentials", "{\"descripton\":\"x\"}").json();

        assertThat(problem.get("type").getAsString()).endsWith("unknown-key");
        assertThat(problem.get("detail").getAsString()).contains("'descripton'", "description");
    }

    @Test
    void createCredential_withAClientIdThatExists_conflicts() {
        server.post("/credentials", "{\"description\":\"a\",\"clientId\":\"one\"}");

        Server.Reply reply =
                server.post("/credentials", "{\"description\":\"b\",\"clientId\":\"one\"}");

        assertThat(reply.status()).isEqualTo(409);
        assertThat(
                        reply.json()
                                .getAsJsonArray("errors")
                                .get(0)
                                .getAsJsonObject()
                                .get("field")
                                .getAsString())
                .isEqualTo("clientId");
    }

    @Test
    void updateCredential_fromAnOldRevision_isRefused() {
        server.post("/credentials", "{\"description\":\"a\"}");
        String etag = server.get("/credentials/c1").header("ETag");
        assertThat(etag).isEqualTo("\"1\"");
        server.send("PATCH", "/credentials/c1", "{\"description\":\"b\"}", "If-Match", etag);

        Server.Reply reply =
                server.send(
                        "PATCH", "/credentials/c1", "{\"description\":\"c\"}", "If-Match", etag);

        assertThat(reply.status()).isEqualTo(412);
        assertThat(reply.json().get("currentRevision").getAsInt()).isEqualTo(2);
        assertThat(server.credentials.get("c1").orElseThrow().description()).isEqualTo("b");
    }

    @Test
    void credentials_inPages_showEachOnce() {
        for (int i = 0; i < 7; i++) {
            server.credentials.create(NewCredential.of("n" + i), Actor.SERVER);
        }
        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
            JsonObject page =
                    server.get(
                                    "/credentials?limit=3&sort=description"
                                            + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                            .json();
            assertThat(page.get("total").getAsInt()).isEqualTo(7);
            page.getAsJsonArray("items")
                    .forEach(
                            item ->
                                    seen.add(
                                            item.getAsJsonObject()
                                                    .get("description")
                                                    .getAsString()));
            cursor =
                    page.get("nextCursor").isJsonNull() ? "" : page.get("nextCursor").getAsString();
        } while (!cursor.isEmpty());

        assertThat(seen).containsExactly("n0", "n1", "n2", "n3", "n4", "n5", "n6");
    }

    @Test
    void allowClientId_addsIt_andTheCredentialsOwnStays() {
        String own =
                server.credentials
                        .create(NewCredential.of("a"), Actor.SERVER)
                        .credential()
                        .clientId();
        server.broker.rejections.add(ContractTest.rejection(1, "c1", "mqtt-explorer-1234"));
        server.broker.rejections.add(ContractTest.rejection(2, "c1", own + "-2"));

        assertThat(server.send("POST", "/rejections/1/allow-client-id", null).status())
                .isEqualTo(200);
        assertThat(server.send("POST", "/rejections/2/allow-client-id", null).status())
                .isEqualTo(200);

        Credential changed = server.credentials.get("c1").orElseThrow();
        assertThat(changed.clientId()).isEqualTo(own);
        assertThat(changed.clientIdPolicy()).isEqualTo(ClientIdPolicy.EXACT);
        assertThat(changed.otherClientIds()).containsExactly("mqtt-explorer-1234", own + "-2");
        assertThat(server.broker.rejections).isEmpty();
        assertThat(server.get("/credentials?q=explorer").json().get("total").getAsInt())
                .as("found by a further Client ID")
                .isEqualTo(1);
    }

    @Test
    void newCredential_hasTheFurtherClientIds_atMostSoMany() {
        Server.Reply made =
                server.post(
                        "/credentials",
                        "{\"description\":\"a\",\"otherClientIds\":[\"spare\",\"laptop\"]}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(server.credentials.get("c1").orElseThrow().otherClientIds())
                .containsExactly("spare", "laptop");

        String many = String.join(",", Collections.nCopies(33, "\"x\""));
        Server.Reply refused =
                server.post(
                        "/credentials",
                        "{\"description\":\"b\",\"otherClientIds\":[" + many + "]}");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body()).contains("otherClientIds");
    }

    @ParameterizedTest
    @CsvSource({
        "clientId, '\"{}\"', /clientId",
        "otherClientIds, '[\"ok\",\"{}\"]', /otherClientIds/1",
    })
    void clientIds_thatNoClientCanHave_areRefusedWithTheirPlace(
            String field, String value, String pointer) {
        server.post("/credentials", "{\"description\":\"a\"}");
        for (String wrong : List.of("x".repeat(121), " ", "", "a\\u0007b", "a\\n", " a")) {
            String change = "\"" + field + "\":" + value.replace("{}", wrong);
            for (Server.Reply reply :
                    List.of(
                            server.post("/credentials", "{\"description\":\"b\"," + change + "}"),
                            server.send("PATCH", "/credentials/c1", "{" + change + "}"))) {
                assertThat(reply.status()).as(wrong).isEqualTo(422);
                assertThat(reply.problem()).isEqualTo("validation");
                JsonObject error = reply.json().getAsJsonArray("errors").get(0).getAsJsonObject();
                assertThat(error.get("pointer").getAsString()).as(wrong).isEqualTo(pointer);
                assertThat(error.get("field").getAsString()).isEqualTo(field);
            }
        }
        assertThat(server.credentials.list()).hasSize(1);
        String longest = value.replace("{}", "x".repeat(120));
        assertThat(
                        server.post(
                                        "/credentials",
                                        "{\"description\":\"b\",\"" + field + "\":" + longest + "}")
                                .status())
                .isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"allowedNetworks\":[\"10.0.0.0/8\",\"10.0.0.0/33\"]', /allowedNetworks/1",
        "'\"allowedNetworks\":[\"\"]', /allowedNetworks/0",
        "'\"maxConnections\":100001', /maxConnections",
        "'\"description\":\" \"', /description",
        "'\"description\":\"a\\u0000b\"', /description",
        "'\"acl\":[{\"effect\":\"ALLOW\",\"action\":\"BOTH\",\"filter\":\"a\\tb\"}]',"
                + " /acl/0/filter",
        "'\"acl\":[{\"effect\":\"ALLOW\",\"action\":\"BOTH\",\"filter\":\"$share/g/a\"}]',"
                + " /acl/0/filter",
    })
    void otherValues_thatNoCredentialHas_areRefusedWithTheirPlace(String change, String pointer) {
        server.post("/credentials", "{\"description\":\"a\"}");

        Server.Reply reply = server.send("PATCH", "/credentials/c1", "{" + change + "}");

        assertThat(reply.status()).isEqualTo(422);
        assertThat(
                        reply.json()
                                .getAsJsonArray("errors")
                                .get(0)
                                .getAsJsonObject()
                                .get("pointer")
                                .getAsString())
                .isEqualTo(pointer);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"allowedNetworks\":[\"plant.example\"]', NETWORK",
        "'\"clientId\":\" a\"', NAME_SPACE",
        "'\"otherClientIds\":[\"a\\u0007b\"]', CONTROL_CHARACTER",
        "'\"acl\":[{\"effect\":\"ALLOW\",\"action\":\"BOTH\",\"filter\":\"$share/g/a\"}]',"
                + " SHARED_FILTER",
    })
    void otherValues_sayWhyForPrograms(String change, String reason) {
        Server.Reply reply = server.post("/credentials", "{\"description\":\"a\"," + change + "}");

        JsonObject error = reply.json().getAsJsonArray("errors").get(0).getAsJsonObject();
        assertThat(error.getAsJsonObject("parameters").get("reason").getAsString())
                .isEqualTo(reason);
    }

    @Test
    void createCredential_saysWhetherItMayEverything() {
        JsonObject open = server.post("/credentials", "{\"description\":\"a\"}").json();
        JsonObject narrow =
                server.post(
                                "/credentials",
                                "{\"description\":\"b\",\"acl\":[{\"effect\":\"ALLOW\","
                                        + "\"action\":\"BOTH\",\"filter\":\"plant/#\"}]}")
                        .json();

        assertThat(open.getAsJsonObject("credential").get("mayEverything").getAsBoolean()).isTrue();
        assertThat(narrow.getAsJsonObject("credential").get("mayEverything").getAsBoolean())
                .isFalse();
    }

    /** A credential cannot name it, however often somebody presses the button. */
    @Test
    void remedies_ofAClientIdThatIsTooLong_areAnyClientIdOnly() {
        server.credentials.create(NewCredential.of("a"), Actor.SERVER);
        server.broker.rejections.add(ContractTest.rejection(1, "c1", "x".repeat(121)));

        assertThat(remedies()).containsExactly("[ALLOW_ANY_CLIENT_ID]");
    }

    @Test
    void remedies_areThoseThatHelpNow() {
        server.credentials.create(NewCredential.of("a"), Actor.SERVER);
        server.broker.rejections.add(ContractTest.rejection(1, "c1", "other"));
        server.broker.rejections.add(refusal(2, Rejection.Cause.DISABLED));
        server.broker.rejections.add(refusal(3, Rejection.Cause.CLIENT_ID_IN_USE));

        assertThat(remedies())
                .containsExactly("[ALLOW_CLIENT_ID, ALLOW_ANY_CLIENT_ID]", "[]", "[]");

        server.send("POST", "/credentials/c1/disable", null);
        server.send("PATCH", "/credentials/c1", "{\"otherClientIds\":[\"other\"]}");
        server.broker.waiting.add(Fakes.waiting("own", "c1", false, 0));

        assertThat(remedies()).containsExactly("[]", "[ENABLE]", "[END_SESSION]");
        assertThat(server.send("POST", "/rejections/1/allow-client-id", null).problem())
                .isEqualTo("not-applicable");
    }

    private static Rejection refusal(long id, Rejection.Cause cause) {
        return new Rejection(
                id,
                Rejection.Kind.CONNECT,
                cause,
                cause.reason(),
                new Who("own", "user", "c1", "127.0.0.1:5", "tcp"),
                new Rejection.What(null, null, ""),
                Rejection.Times.once(Fakes.T0));
    }

    private List<String> remedies() {
        return server.get("/rejections").json().getAsJsonArray("items").asList().stream()
                .map(item -> item.getAsJsonObject().getAsJsonArray("remedies").asList())
                .map(list -> list.stream().map(JsonElement::getAsString).toList().toString())
                .toList();
    }

    @Test
    void allowAny_setsThePolicy_andUnknownRejectionsAreNotFound() {
        server.credentials.create(NewCredential.of("a"), Actor.SERVER);
        server.broker.rejections.add(ContractTest.rejection(1, "c1", "z"));

        assertThat(server.send("POST", "/rejections/1/allow-any-client-id", null).status())
                .isEqualTo(200);
        assertThat(server.send("POST", "/rejections/1/allow-any-client-id", null).status())
                .isEqualTo(404);

        assertThat(server.credentials.get("c1").orElseThrow().clientIdPolicy())
                .isEqualTo(ClientIdPolicy.ANY);
    }

    @Test
    void remedy_withoutAKnownCredential_isNotApplicable() {
        server.broker.rejections.add(ContractTest.rejection(1, null, "z"));

        assertThat(server.send("POST", "/rejections/1/allow-client-id", null).problem())
                .isEqualTo("not-applicable");
    }

    @Test
    void connections_ofClientsThatAreGone_areListed_filteredAndInPages() {
        server.credentials.create(NewCredential.of("Line 1"), Actor.SERVER);
        var principal = Fakes.principal(server.credentials.get("c1").orElseThrow());
        for (String id : List.of("a", "b", "c")) {
            var client = Fakes.client(id, principal);
            server.application
                    .listener()
                    .onEvent(new ClientEvent.Connected(Fakes.T0, client, false));
            if (!id.equals("c")) {
                server.application.listener().onEvent(gone(client));
            }
        }

        JsonObject first = server.get("/connections?state=ENDED&sort=clientId&limit=1").json();
        assertThat(first.get("total").getAsInt()).isEqualTo(2);
        JsonObject a = first.getAsJsonArray("items").get(0).getAsJsonObject();
        assertThat(a.get("clientId").getAsString()).isEqualTo("a");
        assertThat(a.getAsJsonObject("credential").get("description").getAsString())
                .isEqualTo("Line 1");
        assertThat(a.get("durationSeconds").getAsLong()).isEqualTo(90);
        assertThat(a.get("cause").getAsString()).isEqualTo("KEEP_ALIVE_TIMEOUT");
        assertThat(a.get("reasonCode").getAsInt()).isEqualTo(0x8D);
        assertThat(a.get("address").getAsString()).isEqualTo("127.0.0.1:50000");
        String next =
                "/connections?state=ENDED&sort=clientId&limit=1&cursor="
                        + first.get("nextCursor").getAsString();
        assertThat(clientIds(next)).containsExactly("b");
        assertThat(clientIds("/connections?state=OPEN")).containsExactly("c");
        assertThat(clientIds("/connections?clientId=b")).containsExactly("b");
        assertThat(clientIds("/connections?q=LINE&cause=KEEP_ALIVE_TIMEOUT"))
                .containsExactlyInAnyOrder("a", "b");
        assertThat(clientIds("/connections?credentialId=other")).isEmpty();
        assertThat(server.get("/connections?cause=NONE").status()).isEqualTo(422);
        assertThat(server.get("/connections?cursor=x").status()).isEqualTo(422);
    }

    @Test
    void events_ofAClient_areItsConnections() {
        server.credentials.create(NewCredential.of("Line 1"), Actor.SERVER);
        var principal = Fakes.principal(server.credentials.get("c1").orElseThrow());
        for (String id : List.of("a/b", "other")) {
            var client = Fakes.client(id, principal);
            server.application
                    .listener()
                    .onEvent(new ClientEvent.Connected(Fakes.T0, client, false));
            server.application.listener().onEvent(gone(client));
        }
        server.broker.waiting.add(Fakes.waiting("offline", "c1", false, 0));

        assertThat(server.get("/clients/a%2Fb/events?limit=1").json())
                .isEqualTo(server.get("/connections?clientId=a%2Fb&limit=1").json());
        assertThat(clientIds("/clients/a%2Fb/events")).containsExactly("a/b");
        assertThat(clientIds("/clients/~YS9i/events?state=ENDED")).containsExactly("a/b");
        assertThat(clientIds("/clients/a%2Fb/events?cause=TAKEN_OVER")).isEmpty();
        assertThat(clientIds("/clients/offline/events")).isEmpty();
        assertThat(server.get("/clients/nobody/events").status()).isEqualTo(404);
        assertThat(server.get("/clients/a%2Fb/events?cursor=x").status()).isEqualTo(422);
    }

    private List<String> clientIds(String path) {
        return server.get(path).json().getAsJsonArray("items").asList().stream()
                .map(item -> item.getAsJsonObject().get("clientId").getAsString())
                .toList();
    }

    /** The end of a connection after a minute and a half. */
    static ClientEvent.Disconnected gone(ClientView client) {
        return new ClientEvent.Disconnected(
                client.connectedAt().plusSeconds(90),
                client,
                ClientEvent.Cause.KEEP_ALIVE_TIMEOUT,
                ReasonCode.KEEP_ALIVE_TIMEOUT,
                null,
                null);
    }

    @Test
    void clientOfAnyId_isReachedInAPath() {
        server.credentials.create(NewCredential.of("a"), Actor.SERVER);
        var principal = Fakes.principal(server.credentials.get("c1").orElseThrow());
        String id = "a/b%c ü";
        server.broker.online.put(id, Fakes.client(id, principal));
        String segment =
                "~"
                        + java.util.Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(
                                        id.getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThat(server.get("/clients/" + segment).json().get("clientId").getAsString())
                .isEqualTo(id);
        assertThat(server.get("/clients/a%2Fb%25c%20%C3%BC").json().get("clientId").getAsString())
                .isEqualTo(id);
        assertThat(server.send("DELETE", "/clients/" + segment, null).status()).isEqualTo(204);
        assertThat(server.broker.actors).containsExactly(Actor.user("admin", "127.0.0.1"));
        assertThat(server.send("DELETE", "/clients/" + segment, null).status()).isEqualTo(404);
    }

    @Test
    void clients_areFilteredAndSorted() {
        server.credentials.create(NewCredential.of("Pump"), Actor.SERVER);
        var principal = Fakes.principal(server.credentials.get("c1").orElseThrow());
        for (String id : new String[] {"b", "a", "c"}) {
            server.broker.online.put(id, Fakes.client(id, principal));
        }

        JsonObject page =
                server.get(
                                "/clients?q=pUMP&sort=-clientId&state=ONLINE&protocol=5.0&transport=tcp&credentialId=c1")
                        .json();

        List<String> ids = new ArrayList<>();
        page.getAsJsonArray("items")
                .forEach(item -> ids.add(item.getAsJsonObject().get("clientId").getAsString()));
        assertThat(ids).containsExactly("c", "b", "a");
        assertThat(server.get("/clients?transport=ws").json().get("total").getAsInt()).isZero();
        assertThat(server.get("/clients?sort=age").status()).isEqualTo(422);
    }

    @Test
    void clients_thatMessagesWaitFor_areFound_thoseWithTheMostFirst() {
        server.broker.waiting.add(Fakes.waiting("few", "c1", false, 2));
        server.broker.waiting.add(Fakes.waiting("many", "c1", false, 70));
        server.broker.waiting.add(Fakes.waiting("none", "c1", false, 0));

        var found = server.get("/clients?waiting=true&sort=-queued").json().getAsJsonArray("items");

        assertThat(
                        found.asList().stream()
                                .map(row -> row.getAsJsonObject().get("clientId").getAsString()))
                .containsExactly("many", "few");
    }

    @Test
    void updateNode_needsIfMatch() {
        var node =
                server.namespace.create(
                        NewNode.topic("a", "t", TopicType.METRIC, Model.ANY), Actor.SERVER);

        assertThat(
                        server.send(
                                        "PATCH",
                                        "/namespace/nodes/" + node.id(),
                                        "{\"displayName\":\"T\"}")
                                .status())
                .isEqualTo(428);
        assertThat(
                        server.send(
                                        "PATCH",
                                        "/namespace/nodes/" + node.id(),
                                        "{\"displayName\":\"T\"}",
                                        "If-Match",
                                        "\"9\"")
                                .status())
                .isEqualTo(412);
        assertThat(
                        server.send(
                                        "PATCH",
                                        "/namespace/nodes/" + node.id(),
                                        "{\"displayName\":\"T\"}",
                                        "If-Match",
                                        "\"1\"")
                                .header("ETag"))
                .isEqualTo("\"2\"");
    }

    @Test
    void deleteNode_withChildren_needsToBeSaid() {
        server.namespace.create(NewNode.topic("a", "t", TopicType.METRIC, Model.ANY), Actor.SERVER);
        var parent = server.namespace.byPath("a").orElseThrow();

        assertThat(server.send("DELETE", "/namespace/nodes/" + parent.id(), null).problem())
                .isEqualTo("not-empty");
        assertThat(
                        server.send(
                                        "DELETE",
                                        "/namespace/nodes/" + parent.id() + "?recursive=true",
                                        null)
                                .status())
                .isEqualTo(204);
        assertThat(server.namespace.nodes).isEmpty();
    }

    @Test
    void createNode_withMistakes_namesTheirPlace() {
        Server.Reply reply =
                server.post(
                        "/namespace/nodes",
                        "{\"type\":\"TOPIC\",\"path\":\"a//b\",\"model\":{\"fields\":[{\"name\":\""
                                + " x\",\"type\":\"NUMBER\"}]}}");

        List<String> pointers = new ArrayList<>();
        reply.json()
                .getAsJsonArray("errors")
                .forEach(
                        error ->
                                pointers.add(error.getAsJsonObject().get("pointer").getAsString()));
        assertThat(pointers)
                .containsExactlyInAnyOrder(
                        "/topicType", "/path", "/model/fields/0/name", "/model/fields/0/type");
    }

    @Test
    void limits_thatABrowserWouldRound_areText() {
        String node =
                "{\"type\":\"TOPIC\",\"path\":\"a/t\",\"topicType\":\"METRIC\",\"model\":{\"fields\":"
                    + "[{\"name\":\"id\",\"type\":\"LONG\",\"min\":\"%s\","
                    + "\"max\":9223372036854775807}]}}";

        JsonObject field =
                server.post("/namespace/nodes", node.formatted("-9223372036854775808"))
                        .json()
                        .getAsJsonObject("model")
                        .getAsJsonArray("fields")
                        .get(0)
                        .getAsJsonObject();
        var refused = server.post("/namespace/nodes", node.formatted("low"));

        assertThat(field.get("min").toString()).isEqualTo("\"-9223372036854775808\"");
        assertThat(field.get("max").toString()).isEqualTo("\"9223372036854775807\"");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(
                        refused.json()
                                .getAsJsonArray("errors")
                                .get(0)
                                .getAsJsonObject()
                                .get("pointer")
                                .getAsString())
                .isEqualTo("/model/fields/0/min");
    }

    @Test
    void policies_ofANode_areWhatItSaysAndWhatHoldsWithItsPlace() {
        server.post(
                "/namespace/nodes",
                "{\"type\":\"PATH\",\"path\":\"a\",\"validation\":\"OFF\",\"staleAfterSeconds\":60,"
                        + "\"timeZone\":\"Europe/Paris\",\"writable\":false,"
                        + "\"maxPayloadBytes\":1000,\"maxMessagesPerSecond\":5}");
        JsonObject topic =
                server.post(
                                "/namespace/nodes",
                                "{\"type\":\"TOPIC\",\"path\":\"a/t\",\"topicType\":\"METRIC\","
                                        + "\"validation\":null,\"staleAfterSeconds\":0}")
                        .json();

        JsonObject holds = topic.getAsJsonObject("effective");
        assertThat(topic.get("validation").isJsonNull()).isTrue();
        assertThat(topic.get("writable").isJsonNull()).isTrue();
        assertThat(topic.get("staleAfterSeconds").getAsInt()).isZero();
        assertThat(holds.get("validation"))
                .hasToString("{\"value\":\"OFF\",\"inheritedFrom\":\"a\"}");
        assertThat(holds.get("staleAfterSeconds"))
                .hasToString("{\"value\":0,\"inheritedFrom\":null}");
        assertThat(holds.get("timeZone"))
                .hasToString("{\"value\":\"Europe/Paris\",\"inheritedFrom\":\"a\"}");
        assertThat(holds.get("enableHistory"))
                .hasToString("{\"value\":false,\"inheritedFrom\":null}");
        assertThat(topic.get("maxPayloadBytes").isJsonNull()).isTrue();
        assertThat(holds.get("maxPayloadBytes"))
                .hasToString("{\"value\":1000,\"inheritedFrom\":\"a\"}");
        assertThat(holds.get("maxMessagesPerSecond"))
                .hasToString("{\"value\":5,\"inheritedFrom\":\"a\"}");
        assertThat(
                        server.post(
                                        "/namespace/values:write",
                                        "{\"items\":[{\"topic\":\"a/t\",\"payload\":\"1\"}]}")
                                .json()
                                .getAsJsonArray("results")
                                .get(0)
                                .getAsJsonObject()
                                .get("accepted")
                                .getAsBoolean())
                .as("writable is inherited as well")
                .isFalse();
    }

    @Test
    void policies_thatAreNullInAChange_areAsAboveAgain_whatIsAbsentStays() {
        JsonObject node =
                server.post(
                                "/namespace/nodes",
                                "{\"type\":\"PATH\",\"path\":\"a\",\"validation\":\"OFF\","
                                        + "\"staleAfterSeconds\":60,\"writable\":false,"
                                        + "\"enableHistory\":true,\"timeZone\":\"+02:00\"}")
                        .json();
        String path = "/namespace/nodes/" + node.get("id").getAsString();

        JsonObject changed =
                server.send(
                                "PATCH",
                                path,
                                "{\"validation\":null,\"writable\":null,\"enableHistory\":null}",
                                "If-Match",
                                "\"1\"")
                        .json();

        assertThat(changed.get("validation").isJsonNull()).isTrue();
        assertThat(changed.get("writable").isJsonNull()).isTrue();
        assertThat(changed.get("enableHistory").isJsonNull()).isTrue();
        assertThat(changed.get("staleAfterSeconds").getAsInt()).isEqualTo(60);
        assertThat(changed.get("timeZone").getAsString()).isEqualTo("+02:00");
        JsonObject cleared =
                server.send(
                                "PATCH",
                                path,
                                "{\"staleAfterSeconds\":null,\"timeZone\":null}",
                                "If-Match",
                                "\"2\"")
                        .json();
        assertThat(cleared.get("staleAfterSeconds").isJsonNull()).isTrue();
        assertThat(cleared.get("timeZone").isJsonNull()).isTrue();
    }

    @Test
    void write_toWhatIsNotWritable_isRefusedPerItem() {
        server.post(
                "/namespace/nodes",
                "{\"type\":\"TOPIC\",\"path\":\"a/t\",\"topicType\":\"METRIC\",\"writable\":false}");

        JsonObject result =
                server.post(
                                "/namespace/values:write",
                                "{\"items\":[{\"topic\":\"a/t\",\"payload\":\"1\"},{\"topic\":\"$SYS/x\",\"payload\":\"1\"},{\"topic\":\"b\",\"payload\":\"AQI=\",\"encoding\":\"base64\",\"qos\":1,\"retain\":true}]}")
                        .json();

        var results = result.getAsJsonArray("results");
        assertThat(results.get(0).getAsJsonObject().get("reasonCode").getAsInt()).isEqualTo(0x87);
        assertThat(results.get(1).getAsJsonObject().get("accepted").getAsBoolean()).isFalse();
        assertThat(results.get(2).getAsJsonObject().get("accepted").getAsBoolean()).isTrue();
        assertThat(server.broker.published).hasSize(1);
        assertThat(server.broker.published.get(0).payload()).containsExactly(1, 2);
        assertThat(server.broker.published.get(0).publisher().description()).isEqualTo("admin");
    }

    @Test
    void clientConfig_isForAListenerThatTakesClients() {
        server.services.listeners(
                () -> List.of(listener("a-proxy", 1884, true), listener("tcp", 1883, false)));
        String id =
                server.post("/credentials", "{\"description\":\"Line 1\"}")
                        .json()
                        .getAsJsonObject("credential")
                        .get("id")
                        .getAsString();

        String env = server.get("/credentials/" + id + "/client-config?for=env").body();
        JsonArray endpoints = server.get("/broker").json().getAsJsonArray("endpoints");

        assertThat(env).contains("MQTT_PORT=1883").doesNotContain("1884");
        assertThat(endpoints.get(0).getAsJsonObject().get("port").getAsInt()).isEqualTo(1883);
        JsonObject proxied = endpoints.get(1).getAsJsonObject();
        assertThat(proxied.get("port").getAsInt()).isEqualTo(1884);
        assertThat(proxied.get("reach").getAsString()).isEqualTo("PROXY_ONLY");
    }

    /** A proxy on this machine that nobody trusts: who reads the answer is somewhere else. */
    @Test
    void endpoints_throughAProxyThatIsNotTrusted_areNotThoseOfThisMachine() {
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
                                        0)));

        assertThat(reach()).isEqualTo("DIRECT");
        assertThat(reach("X-Forwarded-For", "198.51.100.7")).isEqualTo("SERVER_ONLY");
        assertThat(reach("X-Forwarded-For", "127.0.0.1")).isEqualTo("DIRECT");
    }

    private String reach(String... headers) {
        return server.send("GET", "/broker", null, headers)
                .json()
                .getAsJsonArray("endpoints")
                .get(0)
                .getAsJsonObject()
                .get("reach")
                .getAsString();
    }

    private static ListenerView listener(String name, int port, boolean proxied) {
        return new ListenerView(
                name,
                Transport.TCP,
                "0.0.0.0",
                port,
                "",
                ListenerView.State.LISTENING,
                "",
                0,
                0,
                proxied,
                null);
    }

    @Test
    void value_beyond2To53_keepsEveryDigit() {
        server.namespace.values.put("a/t", Fakes.value("a/t", null, "9007199254740993", 1));

        JsonObject value = server.get("/namespace/value?topic=a/t").json();

        assertThat(
                        value.getAsJsonArray("fields")
                                .get(0)
                                .getAsJsonObject()
                                .get("value")
                                .getAsString())
                .isEqualTo("9007199254740993");
        assertThat(value.get("raw").getAsString()).isEqualTo("{\"v\":9007199254740993}");
    }

    @Test
    void broker_withoutBroker_saysStopped() {
        server.services.broker(null);
        server.services.clients(null);

        assertThat(server.get("/broker").json().get("state").getAsString()).isEqualTo("STOPPED");
        assertThat(server.get("/broker/stats").status()).isEqualTo(200);
        assertThat(server.get("/clients").status()).isEqualTo(503);
    }

    @Test
    void broker_endpoints_areOnePerSchemeInOrder() {
        List<String> schemes = new ArrayList<>();
        server.get("/broker")
                .json()
                .getAsJsonArray("endpoints")
                .forEach(
                        endpoint ->
                                schemes.add(
                                        endpoint.getAsJsonObject().get("scheme").getAsString()));

        assertThat(schemes).containsExactly("mqtt", "mqtts", "ws", "wss");
    }

    @Test
    void import_withErrors_changesNothingAndSaysWhere() {
        Server.Reply reply = server.post("/namespace/import", "{\"namespace\":[\"bad\"]}");

        assertThat(reply.status()).isEqualTo(422);
        assertThat(
                        reply.json()
                                .getAsJsonArray("errors")
                                .get(0)
                                .getAsJsonObject()
                                .get("pointer")
                                .getAsString())
                .isEqualTo("/namespace/0");
        assertThat(reply.json().get("detail").getAsString())
                .contains("8 mistakes")
                .contains("line 3");
    }

    @Test
    void import_thatIsNotJson_isMalformed() {
        Server.Reply reply = server.post("/namespace/import", "namespace");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.problem()).isEqualTo("malformed-json");
        assertThat(server.bodies()).isEmptyDirectory();
    }

    @Test
    void export_goesOutInPieces_whichMakeOneDocument() {
        List<String> pieces = new ArrayList<>(List.of("{\"namespace\":["));
        for (int i = 0; i < 5000; i++) {
            pieces.add((i == 0 ? "" : ",") + "{\"name\":\"Gr\u00f6\u00dfe " + i + "\"}");
        }
        pieces.add("]}");
        server.namespace.exported = pieces;

        Server.Reply reply = server.get("/namespace/export");

        assertThat(reply.body()).isEqualTo(String.join("", pieces));
        assertThat(reply.header("Content-Length")).isEmpty();
        assertThat(reply.header("Content-Disposition")).contains("namespace.json");
    }

    @Test
    void exports_beyondTheLimit_areRefusedUntilOneEnds() throws Exception {
        server.namespace.exported = Collections.nCopies(100_000, "x".repeat(1000));
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                Socket socket = new Socket("127.0.0.1", server.port());
                slow.add(socket);
                socket.getOutputStream()
                        .write(
                                ("GET /api/v1/namespace/export HTTP/1.1\r\n"
                                                + "Host: localhost\r\n"
                                                + "Cookie: "
                                                + server.cookie
                                                + "\r\n\r\n")
                                        .getBytes(StandardCharsets.UTF_8));
                assertThat(socket.getInputStream().readNBytes(12))
                        .asString(StandardCharsets.US_ASCII)
                        .isEqualTo("HTTP/1.1 200");
            }

            Server.Reply refused = server.get("/namespace/export");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.problem()).isEqualTo("busy");
            assertThat(refused.header("Retry-After")).isNotEmpty();
            assertThat(server.counters().get(HttpCounters.Cause.TOO_MANY_EXPORTS)).isEqualTo(1);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        server.namespace.exported = List.of("{}");
        Await.until(() -> server.get("/namespace/export").status() == 200);
    }

    @Test
    void create_inAFullNamespace_is507() {
        server.namespace.full = true;

        Server.Reply reply =
                server.post("/namespace/nodes", "{\"path\":\"a/b\",\"type\":\"PATH\"}");

        assertThat(reply.status()).isEqualTo(507);
        assertThat(reply.problem()).isEqualTo("limit-reached");
        assertThat(reply.json().get("detail").getAsString()).contains("max.nodes");
    }

    @Test
    void tree_withDepth_hasAtMost5000NodesBelowThePage() {
        for (int i = 0; i < 60; i++) {
            for (int j = 0; j < 100; j++) {
                server.namespace.put(i, j);
            }
        }

        JsonObject tree = server.get("/namespace/tree?depth=2&limit=1000").json();

        int below = 0;
        for (JsonElement node : tree.getAsJsonArray("nodes")) {
            assertThat(node.getAsJsonObject().get("childCount").getAsInt()).isEqualTo(100);
            below += node.getAsJsonObject().getAsJsonArray("children").size();
        }
        assertThat(tree.getAsJsonArray("nodes")).hasSize(60);
        assertThat(below).isEqualTo(5000);
    }

    @Test
    void topicsBelowATopic_areCountedShownAndDeletedOnlyIfAsked() {
        for (String path : List.of("z/lamp", "z/lamp/availability")) {
            String body = "{\"path\":\"%s\",\"type\":\"TOPIC\",\"topicType\":\"STATE\"}";
            assertThat(server.post("/namespace/nodes", body.formatted(path)).status())
                    .isEqualTo(201);
        }

        JsonObject lamp = server.get("/namespace/nodes?path=z/lamp").json();
        JsonObject row =
                server.get("/namespace/tree?path=z&depth=2")
                        .json()
                        .getAsJsonArray("nodes")
                        .get(0)
                        .getAsJsonObject();

        for (JsonObject counts : List.of(lamp, row)) {
            assertThat(counts.get("type").getAsString()).isEqualTo("TOPIC");
            assertThat(counts.get("childCount").getAsInt()).isEqualTo(1);
            assertThat(counts.get("topicCount").getAsInt()).isEqualTo(2);
        }
        JsonObject below = row.getAsJsonArray("children").get(0).getAsJsonObject();
        assertThat(below.get("path").getAsString()).isEqualTo("z/lamp/availability");
        assertThat(below.get("childCount").getAsInt()).isZero();
        assertThat(below.get("topicCount").getAsInt()).isEqualTo(1);
        String node = "/namespace/nodes/" + lamp.get("id").getAsString();
        assertThat(server.send("DELETE", node, null).problem()).isEqualTo("not-empty");
        assertThat(server.send("DELETE", node + "?recursive=true", null).status()).isEqualTo(204);
    }

    @Test
    void tree_inPages_hasEveryNodeOnce() {
        for (int j = 0; j < 25; j++) {
            server.namespace.put(0, j);
        }
        List<String> names = new ArrayList<>();
        String cursor = "";
        do {
            JsonObject page = server.get("/namespace/tree?path=p0&limit=10" + cursor).json();
            page.getAsJsonArray("nodes")
                    .forEach(node -> names.add(node.getAsJsonObject().get("name").getAsString()));
            cursor =
                    page.get("nextCursor").isJsonNull()
                            ? ""
                            : "&cursor=" + page.get("nextCursor").getAsString();
        } while (!cursor.isEmpty());

        assertThat(names).hasSize(25).doesNotHaveDuplicates();
    }
}

package io.busbar.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.busbar.api.audit.Actor;
import io.busbar.api.auth.ClientIdPolicy;
import io.busbar.api.auth.Credential;
import io.busbar.api.auth.CredentialChange;
import io.busbar.api.auth.NewCredential;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.Who;
import io.busbar.api.mqtt.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sessions over HTTP, and whose Client ID is whose. */
class SessionsTest extends SignedInTest {
    private Credential credential(String description, String clientId, ClientIdPolicy policy) {
        NewCredential wanted =
                new NewCredential(
                        description, clientId, null, null, policy, 0, null, null, List.of());
        return server.credentials.create(wanted, Actor.SERVER).credential();
    }

    private List<String> ids(String path) {
        return ids(server.get(path).json());
    }

    private static List<String> ids(JsonObject page) {
        List<String> ids = new ArrayList<>();
        for (JsonElement item : page.getAsJsonArray("items")) {
            ids.add(item.getAsJsonObject().get("clientId").getAsString());
        }
        return ids;
    }

    private static String encoded(String clientId) {
        return "~"
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(clientId.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void sessions_areFilteredSortedAndPaged() {
        Credential pump = credential("Pump", "pump", ClientIdPolicy.EXACT);
        server.broker.waiting.add(Fakes.waiting("a", pump.id(), false, 1));
        server.broker.waiting.add(Fakes.waiting("b", pump.id(), false, 3));
        server.broker.waiting.add(Fakes.waiting("c", "certificate:x", true, 2));

        assertThat(ids("/sessions?sort=-queued")).containsExactly("b", "c", "a");
        assertThat(ids("/sessions?q=PUMP")).containsExactly("a", "b");
        assertThat(ids("/sessions?credentialId=" + pump.id())).containsExactly("a", "b");
        assertThat(ids("/sessions?reserved=true")).containsExactly("c");
        assertThat(ids("/sessions?state=ONLINE")).isEmpty();
        assertThat(ids("/sessions?limit=2")).containsExactly("a", "b");
        assertThat(server.get("/sessions?sort=age").status()).isEqualTo(422);
    }

    @Test
    void sessions_inPages_areAllThere_onceEach_inEveryOrder() {
        Credential pump = credential("Pump", "pump", ClientIdPolicy.EXACT);
        for (int i = 0; i < 25; i++) {
            server.broker.waiting.add(
                    Fakes.waiting("c" + i * 7 % 25, i % 2 == 0 ? pump.id() : "x", false, i % 3));
        }

        for (String sort : List.of("clientId", "credential", "queued", "createdAt", "expiresAt")) {
            for (String direction : List.of("", "-")) {
                String list = "/sessions?sort=" + direction + sort;
                List<String> paged = new ArrayList<>();
                String cursor = "";
                do {
                    JsonObject page = server.get(list + "&limit=4" + cursor).json();
                    assertThat(page.get("total").getAsInt()).isEqualTo(25);
                    assertThat(page.getAsJsonArray("items").size()).isBetween(1, 4);
                    paged.addAll(ids(page));
                    cursor =
                            page.get("nextCursor").isJsonNull()
                                    ? ""
                                    : "&cursor=" + page.get("nextCursor").getAsString();
                } while (!cursor.isEmpty());

                assertThat(paged).as(list).hasSize(25).doesNotHaveDuplicates();
                assertThat(paged).isEqualTo(ids(list));
            }
        }
    }

    @Test
    void sessions_thatComeAndGoBetweenPages_neitherRepeatNorHideOthers() {
        for (String id : List.of("b", "d", "f", "h")) {
            server.broker.waiting.add(Fakes.waiting(id, "p", false, 0));
        }
        JsonObject first = server.get("/sessions?limit=2").json();

        server.broker.waiting.removeIf(session -> session.clientId().equals("d"));
        server.broker.waiting.removeIf(session -> session.clientId().equals("b"));
        server.broker.waiting.add(Fakes.waiting("a", "p", false, 0));

        assertThat(ids(first)).containsExactly("b", "d");
        assertThat(ids("/sessions?limit=2&cursor=" + first.get("nextCursor").getAsString()))
                .containsExactly("f", "h");
        assertThat(server.get("/sessions?cursor=bm90IG91cnM").status()).isEqualTo(422);
    }

    @Test
    void clients_inPages_onlineOnesFirst_onceEach() {
        Credential pump = credential("Pump", "pump", ClientIdPolicy.EXACT);
        for (String id : List.of("a", "c", "e")) {
            server.broker.waiting.add(Fakes.waiting(id, pump.id(), false, 0));
        }
        for (String id : List.of("b", "d")) {
            server.broker.online.put(id, Fakes.client(id, Fakes.principal(pump)));
        }
        JsonObject first = server.get("/clients?sort=clientId&limit=3").json();

        assertThat(ids(first)).containsExactly("b", "d", "a");
        assertThat(
                        ids(
                                "/clients?sort=clientId&limit=3&cursor="
                                        + first.get("nextCursor").getAsString()))
                .containsExactly("c", "e");
        assertThat(first.get("total").getAsInt()).isEqualTo(5);
    }

    @Test
    void credentials_ofAPage_haveTheirConnections() {
        credential("A", "a", ClientIdPolicy.EXACT);
        Credential b = credential("B", "b", ClientIdPolicy.EXACT);
        server.broker.online.put("b", Fakes.client("b", Fakes.principal(b)));

        for (String list :
                List.of(
                        "/credentials?sort=-description&limit=1",
                        "/credentials?sort=-connected&limit=1",
                        "/credentials?state=CONNECTED")) {
            JsonObject item =
                    server.get(list).json().getAsJsonArray("items").get(0).getAsJsonObject();
            assertThat(item.get("description").getAsString()).as(list).isEqualTo("B");
            assertThat(item.get("connected").getAsInt()).as(list).isEqualTo(1);
        }
    }

    @Test
    void session_saysWhoseItIs_andWhoseTheClientIdIs() {
        Credential any = credential("Any", "any", ClientIdPolicy.ANY);
        credential("Line 1", "line1", ClientIdPolicy.EXACT);
        server.broker.waiting.add(Fakes.waiting("line1", any.id(), true, 3));
        server.broker.waiting.add(Fakes.waiting("orphan", "deleted", false, 0));

        JsonObject session = server.get("/sessions/line1").json();
        assertThat(session.getAsJsonObject("credential").get("description").getAsString())
                .isEqualTo("Any");
        assertThat(session.getAsJsonObject("reservedFor").get("description").getAsString())
                .isEqualTo("Line 1");
        assertThat(session.get("ownerState").getAsString()).isEqualTo("ENABLED");
        assertThat(session.get("queuedBytes").getAsLong()).isEqualTo(30);
        assertThat(
                        server.get("/clients/line1")
                                .json()
                                .getAsJsonObject("reservedFor")
                                .get("description")
                                .getAsString())
                .isEqualTo("Line 1");

        server.credentials.update(any.id(), 0, CredentialChange.enabled(false), Actor.SERVER);
        assertThat(server.get("/sessions/line1").json().get("ownerState").getAsString())
                .isEqualTo("DISABLED");
        assertThat(server.get("/sessions/orphan").json().get("ownerState").getAsString())
                .isEqualTo("UNKNOWN");
        assertThat(server.get("/sessions/none").status()).isEqualTo(404);
    }

    @Test
    void endSession_ofAnyId_saysWhoDidIt_andTwiceIsNotFound() {
        for (String id : List.of("line1", "a/b c", "..", "~x", "ü%2F")) {
            server.broker.waiting.add(Fakes.waiting(id, "p", false, 0));

            assertThat(server.send("DELETE", "/sessions/" + encoded(id), null).status())
                    .as(id)
                    .isEqualTo(204);
            assertThat(server.send("DELETE", "/sessions/" + encoded(id), null).status())
                    .isEqualTo(404);
        }
        assertThat(server.broker.waiting).isEmpty();
        assertThat(server.broker.actors).containsOnly(Actor.user("admin", "127.0.0.1"));
        assertThat(server.send("DELETE", "/sessions/~%25", null).status()).isEqualTo(404);
    }

    @Test
    void disconnect_ofAnOfflineClient_pointsToItsSession() {
        server.broker.waiting.add(Fakes.waiting("line1", "p", false, 0));

        Server.Reply reply = server.send("DELETE", "/clients/line1", null);

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.json().get("detail").getAsString()).contains("/sessions");
        assertThat(server.broker.waiting).hasSize(1);
    }

    @Test
    void credential_thatOverlaps_isMadeAndAnsweredWithWhom() {
        credential("Press", "line1-press", ClientIdPolicy.EXACT);

        JsonObject made =
                server.post(
                                "/credentials",
                                "{\"description\":\"Line\",\"clientId\":\"line1\",\"clientIdPolicy\":\"PREFIX\"}")
                        .json()
                        .getAsJsonObject("credential");

        JsonObject overlap = made.getAsJsonArray("overlaps").get(0).getAsJsonObject();
        assertThat(overlap.get("kind").getAsString()).isEqualTo("COVERS");
        assertThat(overlap.get("clientId").getAsString()).isEqualTo("line1-press");
        assertThat(overlap.getAsJsonObject("credential").get("description").getAsString())
                .isEqualTo("Press");
        JsonObject changed =
                server.send(
                                "PATCH",
                                "/credentials/" + made.get("id").getAsString(),
                                "{\"clientIdPolicy\":\"EXACT\"}")
                        .json();
        assertThat(changed.getAsJsonArray("overlaps")).isEmpty();
    }

    @Test
    void credential_withAClientIdThatExists_isMadeIfThatIsConfirmed() {
        credential("Line 1", "line1", ClientIdPolicy.EXACT);
        String start = "{\"description\":\"b\",\"clientId\":\"line1\"";

        assertThat(server.post("/credentials", start + "}").status()).isEqualTo(409);
        assertThat(server.post("/credentials", start + ",\"allowOverlap\":false}").status())
                .isEqualTo(409);
        Server.Reply made = server.post("/credentials", start + ",\"allowOverlap\":true}");

        assertThat(made.status()).isEqualTo(201);
        assertThat(
                        made.json()
                                .getAsJsonObject("credential")
                                .getAsJsonArray("overlaps")
                                .get(0)
                                .getAsJsonObject()
                                .get("kind")
                                .getAsString())
                .isEqualTo("EQUAL");
    }

    @Test
    void overlaps_areKnownBeforeAnythingIsMade() {
        Credential press = credential("Press", "line1-press", ClientIdPolicy.EXACT);

        assertThat(total("clientId=line1&clientIdPolicy=PREFIX")).isEqualTo(1);
        assertThat(total("clientId=line1-press")).isEqualTo(1);
        assertThat(total("clientId=line1-press&credentialId=" + press.id())).isZero();
        assertThat(total("clientIdPolicy=PREFIX")).isZero();
        assertThat(server.get("/credentials/overlaps?clientIdPolicy=SOME").status()).isEqualTo(422);
    }

    private int total(String query) {
        return server.get("/credentials/overlaps?" + query).json().get("total").getAsInt();
    }

    @Test
    void rejection_ofAReservedClientId_namesTheOwner_andOffersNoRemedy() {
        Credential any = credential("Any", "any", ClientIdPolicy.ANY);
        credential("Line 1", "line1", ClientIdPolicy.EXACT);
        server.broker.rejections.add(
                new Rejection(
                        1,
                        Rejection.Kind.CONNECT,
                        Rejection.Cause.CLIENT_ID_NOT_ALLOWED,
                        ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
                        new Who("line1", "user", any.id(), "127.0.0.1:5", "tcp"),
                        Rejection.What.of("reserved"),
                        Rejection.Times.once(Fakes.T0)));

        JsonObject row =
                server.get("/rejections").json().getAsJsonArray("items").get(0).getAsJsonObject();

        assertThat(row.get("reason").getAsString()).contains("'line1' is reserved for \"Line 1\"");
        assertThat(row.getAsJsonArray("remedies")).isEmpty();
        assertThat(server.send("POST", "/rejections/1/allow-client-id", null).problem())
                .isEqualTo("not-applicable");
    }
}

package io.busbar.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.busbar.api.accounts.Role;
import io.busbar.api.uns.StaleTopic;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Nodes that are moved, copied and restored, through the API. */
class NodePlacesTest extends SignedInTest {
    private JsonObject node(String path) {
        return server.post(
                        "/namespace/nodes",
                        "{\"type\":\"TOPIC\",\"topicType\":\"METRIC\",\"path\":\"" + path + "\"}")
                .json();
    }

    private static String at(JsonObject node) {
        return "/namespace/nodes/" + node.get("id").getAsString();
    }

    private static void fits(String schema, Server.Reply reply, int status) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        assertThat(JsonSchema.problems(schema, reply.json())).isEmpty();
    }

    @Test
    void move_answersTheNodeThere_withItsNextRevision() {
        JsonObject node = node("a/t");
        node("b/u");

        Server.Reply reply =
                server.post(
                        at(node) + "/move",
                        "{\"parentPath\":\"b\",\"name\":\"v\",\"keepTopics\":true}");

        fits("Node", reply, 200);
        assertThat(reply.json().get("path").getAsString()).isEqualTo("b/v");
        assertThat(reply.json().get("topic").getAsString()).isEqualTo("a/t");
        assertThat(reply.header("ETag")).isEqualTo("\"2\"");
    }

    @Test
    void move_withWhatCannotBe_namesTheKeys_andChangesNothing() {
        JsonObject node = node("a/t");

        Server.Reply reply =
                server.post(at(node) + "/move", "{\"parentPath\":\"b//c\",\"name\":\"x/y\"}");

        assertThat(reply.problem()).isEqualTo("validation");
        assertThat(reply.body()).contains("/parentPath", "/name");
        assertThat(server.get(at(node)).json().get("path").getAsString()).isEqualTo("a/t");
        assertThat(server.post(at(node) + "/move", "{}").problem()).isEqualTo("validation");
        assertThat(server.post(at(node) + "/move", "{\"parentPath\":\"\",\"to\":\"x\"}").problem())
                .isEqualTo("unknown-key");
    }

    @Test
    void move_ontoANode_isAConflict() {
        JsonObject node = node("a/t");
        node("b/t");

        assertThat(server.post(at(node) + "/move", "{\"parentPath\":\"b\"}").problem())
                .isEqualTo("conflict");
    }

    @Test
    void copy_answersTheCopy() {
        JsonObject node = node("a/t");

        Server.Reply reply =
                server.post(at(node) + "/copy", "{\"parentPath\":\"a\",\"name\":\"t2\"}");

        fits("Node", reply, 201);
        assertThat(reply.json().get("path").getAsString()).isEqualTo("a/t2");
        assertThat(reply.json().get("id").getAsString()).isNotEqualTo(node.get("id").getAsString());
    }

    @Test
    void deleted_isInTheBin_andComesBack() {
        JsonObject node = node("a/t");
        server.send("DELETE", at(node), null);

        Server.Reply list = server.get("/namespace/recycle-bin");
        fits("RecycleBin", list, 200);
        JsonObject row = list.json().getAsJsonArray("items").get(0).getAsJsonObject();
        assertThat(row.get("path").getAsString()).isEqualTo("a/t");
        assertThat(row.get("id")).isEqualTo(node.get("id"));

        Server.Reply back = server.post(at(node) + "/restore", "{\"name\":\"t3\"}");

        fits("Node", back, 200);
        assertThat(back.json().get("path").getAsString()).isEqualTo("t3");
        assertThat(server.get("/namespace/recycle-bin").json().getAsJsonArray("items")).isEmpty();
        assertThat(server.post(at(node) + "/restore", "{}").problem()).isEqualTo("not-found");
    }

    @Test
    void deletedForGood_isNotInTheBin() {
        JsonObject node = node("a/t");

        assertThat(server.send("DELETE", at(node) + "?permanent=true", null).status())
                .isEqualTo(204);

        assertThat(server.get("/namespace/recycle-bin").json().getAsJsonArray("items")).isEmpty();
    }

    @Test
    void bin_isEmptied_oneByOneOrAtOnce() {
        JsonObject first = node("a/t");
        JsonObject second = node("a/u");
        server.send("DELETE", at(first), null);
        server.send("DELETE", at(second), null);
        String id = first.get("id").getAsString();

        assertThat(server.send("DELETE", "/namespace/recycle-bin/" + id, null).status())
                .isEqualTo(204);
        assertThat(server.send("DELETE", "/namespace/recycle-bin/" + id, null).problem())
                .isEqualTo("not-found");
        fits("RecycleBinCleared", server.send("DELETE", "/namespace/recycle-bin", null), 200);

        assertThat(server.get("/namespace/recycle-bin").json().getAsJsonArray("items")).isEmpty();
    }

    @Test
    void history_showsWhoChangedWhat_andPutsBack() {
        JsonObject node = node("a/t");
        fits("NodeHistory", server.get(at(node) + "/history"), 200);
        assertThat(server.post(at(node) + "/history/1/put-back", "{}").problem())
                .isEqualTo("not-found");
        server.post(at(node) + "/move", "{\"parentPath\":\"\"}");

        Server.Reply back = server.post(at(node) + "/history/1/put-back", "{}");

        fits("Node", back, 200);
        assertThat(back.json().get("displayName").getAsString()).isEqualTo("as of 1");
        assertThat(server.post(at(node) + "/history/x/put-back", "{}").problem())
                .isEqualTo("not-found");
    }

    @Test
    void stale_listsTheLongestFirst_andCountsAll() {
        for (int i = 0; i < 3; i++) {
            server.namespace.stale.add(new StaleTopic("a/t" + i, "w/t" + i, Fakes.T0, 60));
        }

        Server.Reply reply = server.get("/namespace/stale?limit=2");

        fits("StaleTopics", reply, 200);
        assertThat(reply.json().get("total").getAsInt()).isEqualTo(3);
        assertThat(reply.json().getAsJsonArray("items")).hasSize(2);
    }

    @Test
    void unknownNodes_areNotFound() {
        for (String id : new String[] {UUID.randomUUID().toString(), "x"}) {
            String path = "/namespace/nodes/" + id;
            assertThat(server.post(path + "/move", "{\"parentPath\":\"\"}").problem())
                    .isEqualTo("not-found");
            assertThat(
                            server.post(path + "/copy", "{\"parentPath\":\"\",\"name\":\"x\"}")
                                    .problem())
                    .isEqualTo("not-found");
            assertThat(server.post(path + "/restore", "{}").problem()).isEqualTo("not-found");
        }
    }

    @Test
    void viewersAndOperators_moveAndDeleteNothing() {
        JsonObject node = node("a/t");
        server.signIn("olga", Role.OPERATOR);

        assertThat(server.post(at(node) + "/move", "{\"parentPath\":\"\"}").problem())
                .isEqualTo("forbidden");
        assertThat(server.send("DELETE", "/namespace/recycle-bin", null).problem())
                .isEqualTo("forbidden");
        assertThat(server.get("/namespace/recycle-bin").status()).isEqualTo(200);
    }
}

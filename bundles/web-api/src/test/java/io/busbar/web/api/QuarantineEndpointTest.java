package io.busbar.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.busbar.api.accounts.Role;
import io.busbar.api.broker.PublishResult;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.uns.Expectation;
import io.busbar.api.uns.JsonType;
import io.busbar.api.uns.QuarantinedMessage;
import io.busbar.api.uns.Violation;
import io.busbar.testkit.time.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Messages that are held back, through the API. */
class QuarantineEndpointTest extends SignedInTest {
    private static final Violation WRONG =
            new Violation(
                    Violation.Code.TYPE,
                    "temp",
                    JsonType.STRING,
                    "\"hot\"",
                    Expectation.of(Expectation.Kind.NUMBER),
                    null,
                    "\"hot\" (expected: a number)",
                    Instant.parse("2026-11-30T10:00:00Z"));

    private QuarantinedMessage held(int number) {
        return held(number, MessageProperties.NONE);
    }

    private QuarantinedMessage held(int number, MessageProperties properties) {
        QuarantinedMessage message =
                new QuarantinedMessage(
                        new UUID(number, 0),
                        message("{\"temp\":\"hot " + number + "\"}", properties),
                        WRONG,
                        7);
        server.namespace.quarantine.put(message);
        return message;
    }

    /** One that comes now, to be retained. */
    private Message message(String payload, MessageProperties properties) {
        return new Message(
                TopicName.of("plant/oven"),
                payload.getBytes(StandardCharsets.UTF_8),
                Qos.AT_LEAST_ONCE,
                true,
                properties,
                new Publisher("c1", "Line 1", "uns1", "10.0.0.7:41000"),
                server.clock.millis());
    }

    private Server.Reply replay(QuarantinedMessage held) {
        return server.send("POST", path(held) + "/replay", "");
    }

    private static String path(QuarantinedMessage held) {
        return "/quarantine/" + held.id();
    }

    private JsonObject get(String path, String schema) {
        Server.Reply reply = server.send("GET", path, null);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(JsonSchema.problems(schema, reply.json())).isEmpty();
        return reply.json();
    }

    @Test
    void list_showsPayloadPublisherAndWhatIsWrong_inPages() {
        for (int i = 1; i <= 3; i++) {
            held(i);
        }
        server.namespace.quarantine.wrong = WRONG;

        JsonObject page = get("/quarantine?limit=2", "QuarantineList");
        JsonObject row = page.getAsJsonArray("items").get(0).getAsJsonObject();
        assertThat(page.get("total").getAsInt()).isEqualTo(3);
        assertThat(row.get("raw").getAsString()).isEqualTo("{\"temp\":\"hot 3\"}");
        assertThat(row.get("topic").getAsString()).isEqualTo("plant/oven");
        assertThat(row.getAsJsonObject("publisher").get("description").getAsString())
                .isEqualTo("Line 1");
        assertThat(row.getAsJsonObject("stillWrong").get("field").getAsString()).isEqualTo("temp");

        JsonObject next =
                get(
                        "/quarantine?limit=2&cursor=" + page.get("nextCursor").getAsString(),
                        "QuarantineList");
        assertThat(next.getAsJsonArray("items")).hasSize(1);
        assertThat(next.get("nextCursor").isJsonNull()).isTrue();
        assertThat(server.send("GET", "/quarantine?cursor=x", null).status()).isEqualTo(422);
    }

    @Test
    void replay_isOfThePersonWhoReplays_andTheMessageLeaves() {
        QuarantinedMessage held = held(1);

        Server.Reply reply = server.send("POST", path(held) + "/replay", "");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(JsonSchema.problems("ReplayResult", reply.json())).isEmpty();
        Message published = server.broker.published.get(0);
        assertThat(published.payload()).isEqualTo(held.message().payload());
        assertThat(published.publisher().description()).isEqualTo("admin");
        assertThat(published.publisher().principalId()).isEmpty();
        assertThat(published.qos()).isEqualTo(Qos.AT_LEAST_ONCE);
        assertThat(published.retain()).isTrue();
        assertThat(server.namespace.quarantine.held).isEmpty();
    }

    @Test
    void replay_ofWhatStillDoesNotFit_isRefused_andItStays() {
        QuarantinedMessage held = held(1);
        server.namespace.quarantine.wrong = WRONG;

        Server.Reply reply = server.send("POST", path(held) + "/replay", "");

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.json().get("detail").getAsString())
                .contains("field temp: \"hot\" (expected: a number)");
        assertThat(server.broker.published).isEmpty();
        assertThat(server.namespace.quarantine.held).hasSize(1);
    }

    @Test
    void replay_thatTheBrokerRefuses_leavesItWhereItIs() {
        QuarantinedMessage held = held(1);
        server.broker.answer = PublishResult.of(ReasonCode.QUOTA_EXCEEDED);

        Server.Reply reply = server.send("POST", path(held) + "/replay", "");

        assertThat(reply.json().get("accepted").getAsBoolean()).isFalse();
        assertThat(reply.json().get("reasonCode").getAsInt()).isEqualTo(0x97);
        assertThat(server.namespace.quarantine.held).hasSize(1);
    }

    @Test
    void replay_thatACheckTakesOver_isNotAccepted_andItStays() {
        QuarantinedMessage held = held(1);
        server.broker.answer = new PublishResult(ReasonCode.SUCCESS, "put aside", true);

        Server.Reply reply = replay(held);

        assertThat(reply.json().get("accepted").getAsBoolean()).isFalse();
        assertThat(reply.json().get("reason").getAsString()).isEqualTo("put aside");
        assertThat(server.namespace.quarantine.held).hasSize(1);
    }

    @Test
    void replay_ofAnOlderRetainedMessage_isAskedAbout_andThenDoneAsSaid() {
        QuarantinedMessage first = held(1);
        QuarantinedMessage second = held(2);
        server.clock.advance(Duration.ofSeconds(1));
        server.broker.retained.add(message("{\"temp\":20}", MessageProperties.NONE));

        Server.Reply asked = replay(first);
        assertThat(asked.status()).isEqualTo(409);
        assertThat(asked.problem()).isEqualTo("newer-retained");
        assertThat(server.broker.published).isEmpty();

        server.send("POST", path(first) + "/replay?retained=KEEP", "");
        server.send("POST", path(second) + "/replay?retained=REPLACE", "");

        assertThat(server.broker.published)
                .extracting(Message::retain)
                .containsExactly(false, true);
        assertThat(server.namespace.quarantine.held).isEmpty();
    }

    @Test
    void replay_ofWhatIsNewerThanTheRetainedMessage_isRetained() {
        server.broker.retained.add(message("{\"temp\":20}", MessageProperties.NONE));
        server.clock.advance(Duration.ofSeconds(1));

        assertThat(replay(held(1)).status()).isEqualTo(200);

        assertThat(server.broker.published.get(0).retain()).isTrue();
    }

    @Test
    void replay_hasWhatIsLeftOfItsLifetime_andIsOverWithIt() {
        MessageProperties minute = new MessageProperties(-1, 60, null, null, null, List.of());
        QuarantinedMessage first = held(1, minute);
        QuarantinedMessage second = held(2, minute);

        server.clock.advance(Duration.ofMillis(40_500));
        replay(first);
        server.clock.advance(Duration.ofMillis(19_500));
        Server.Reply late = replay(second);

        assertThat(server.broker.published).hasSize(1);
        assertThat(server.broker.published.get(0).properties().messageExpirySeconds())
                .isEqualTo(20);
        assertThat(late.status()).isEqualTo(409);
        assertThat(late.problem()).isEqualTo("not-applicable");
        assertThat(server.namespace.quarantine.held).hasSize(1);
    }

    @Test
    void replay_ofTwoPeopleAtOnce_publishesOnce() {
        QuarantinedMessage held = held(1);
        CompletableFuture<PublishResult> answer = new CompletableFuture<>();
        server.broker.answerLater = answer;
        CompletableFuture<Server.Reply> first = CompletableFuture.supplyAsync(() -> replay(held));
        Await.until(() -> server.broker.published.size() == 1);

        Server.Reply second = replay(held);
        answer.complete(PublishResult.of(ReasonCode.SUCCESS));

        assertThat(second.status()).isEqualTo(409);
        assertThat(second.problem()).isEqualTo("already-running");
        assertThat(first.join().json().get("accepted").getAsBoolean()).isTrue();
        assertThat(replay(held).status()).isEqualTo(404);
        assertThat(server.broker.published).hasSize(1);
    }

    @Test
    void acceptingModel_ofATopicWithoutOne_isNotApplicable() {
        QuarantinedMessage held = held(1);

        assertThat(server.send("GET", path(held) + "/accepting-model", null).status())
                .isEqualTo(409);
    }

    @Test
    void removal_ofOne_andOfATopic() {
        QuarantinedMessage first = held(1);
        held(2);
        held(3);

        assertThat(server.send("DELETE", path(first), null).status()).isEqualTo(204);
        assertThat(server.send("DELETE", path(first), null).status()).isEqualTo(404);
        assertThat(
                        server.send("DELETE", "/quarantine?topic=other", null)
                                .json()
                                .get("removed")
                                .getAsInt())
                .isZero();
        assertThat(server.send("DELETE", "/quarantine", null).json().get("removed").getAsInt())
                .isEqualTo(2);
    }

    @Test
    void viewer_looksAndChangesNothing() {
        QuarantinedMessage held = held(1);
        server.signIn("vera", Role.VIEWER);

        get(path(held), "QuarantinedMessage");
        assertThat(server.send("POST", path(held) + "/replay", "").status()).isEqualTo(403);
        assertThat(server.send("DELETE", path(held), null).status()).isEqualTo(403);
        assertThat(server.send("GET", path(held) + "/accepting-model", null).status())
                .isEqualTo(403);
        assertThat(server.namespace.quarantine.held).hasSize(1);
    }
}

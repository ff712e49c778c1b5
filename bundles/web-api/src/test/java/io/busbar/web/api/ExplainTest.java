package io.busbar.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.busbar.api.accounts.Role;
import io.busbar.api.audit.Actor;
import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.AclRule.Action;
import io.busbar.api.auth.AclRule.Effect;
import io.busbar.api.auth.Credential;
import io.busbar.api.auth.NewCredential;
import io.busbar.api.auth.Ruling;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.Who;
import io.busbar.api.explain.Audience;
import io.busbar.api.explain.Explanation;
import io.busbar.api.explain.Explanation.Basis;
import io.busbar.api.explain.Fate;
import io.busbar.api.explain.PublishedBy;
import io.busbar.api.explain.Question;
import io.busbar.api.explain.Receiver;
import io.busbar.api.explain.Remark;
import io.busbar.api.explain.WhatIf;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.api.uns.Contract;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.ValidationMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the API says of why messages come where they come. */
class ExplainTest extends SignedInTest {
    private static final AclRule RULE = new AclRule(Effect.DENY, Action.SUBSCRIBE, "a/#");
    private static final SubscriptionRecord SUBSCRIPTION =
            new SubscriptionRecord("a/+", Qos.AT_LEAST_ONCE, true, false, 2, 7);

    private final List<Question> asked = new ArrayList<>();
    private Credential credential;
    private Node node;
    private boolean unforeseen;

    @BeforeEach
    void makeTopic() {
        credential =
                server.credentials
                        .create(NewCredential.of("Quality lab"), Actor.SERVER)
                        .credential();
        node =
                server.namespace.create(
                        NewNode.topic("a", "t", TopicType.METRIC, Model.ANY), Actor.SERVER);
        server.namespace.values.put("a/t", Fakes.value("a/t", node.id(), "1.5", 4));
        server.services.explanations(this::explain);
    }

    private Explanation explain(Question question) {
        asked.add(question);
        boolean changed = !question.whatIf().equals(WhatIf.NOTHING);
        if (changed && unforeseen) {
            throw new IllegalStateException("The authorizer may block.");
        }
        Message given = question.message();
        Message message =
                given != null
                        ? given
                        : new Message(
                                question.topic(),
                                new byte[0],
                                Qos.AT_LEAST_ONCE,
                                false,
                                MessageProperties.NONE,
                                new Publisher("", "", "", null),
                                0);
        Receiver receiver = changed ? reached() : missed();
        return new Explanation(
                message,
                given == null ? Basis.ASSUMED : Basis.GIVEN,
                new PublishedBy(
                        message.publisher(),
                        Fakes.client("p", Fakes.principal(credential)),
                        true,
                        Ruling.by(AclRule.ALLOW_ALL, 1)),
                List.of("uns-gate-refusing"),
                message,
                new Audience(
                        2,
                        2,
                        Map.of(receiver.fate(), 1, Fate.KEPT, 1),
                        1,
                        1,
                        question.limit() == 0 ? List.of() : List.of(receiver, kept()),
                        1),
                question.clientId() == null ? null : receiver,
                List.of(
                        new Rejection(
                                3,
                                Rejection.Kind.PUBLISH,
                                Rejection.Cause.PUBLISH_DENIED,
                                ReasonCode.NOT_AUTHORIZED,
                                new Who("x", "user", credential.id(), "127.0.0.1:5", "tcp"),
                                Rejection.What.about("a/t", "no rule"),
                                Rejection.Times.once(Fakes.T0))));
    }

    private Receiver missed() {
        return new Receiver(
                "lab",
                credential.id(),
                "before",
                true,
                Fate.NO_RIGHTS,
                Map.of("rule", "rule 2"),
                "The client may not receive this topic.",
                List.of(new Remark(Remark.Code.JUDGED_EACH, Map.of(), "Each is judged.")),
                null,
                List.of(SUBSCRIPTION),
                Ruling.by(RULE, 2));
    }

    private Receiver reached() {
        return new Receiver(
                "lab",
                credential.id(),
                "before",
                true,
                Fate.SENT,
                Map.of(),
                "It is sent to the client at once.",
                List.of(),
                Qos.AT_LEAST_ONCE,
                List.of(SUBSCRIPTION),
                Ruling.without(true, ""));
    }

    private static Receiver kept() {
        return new Receiver(
                "away",
                "other:1",
                "A certificate",
                false,
                Fate.KEPT,
                Map.of("since", "1"),
                "It is kept.",
                List.of(),
                Qos.AT_LEAST_ONCE,
                List.of(),
                null);
    }

    @Test
    void explanation_fitsItsSchema_andNamesEveryStep() {
        server.namespace.verdict = Contract.Verdict.OBSERVED;

        JsonObject found = server.get("/namespace/explain?topic=a/t&client=lab").json();

        assertThat(JsonSchema.problems("Explanation", found)).isEmpty();
        assertThat(found.get("nodeId").getAsString()).isEqualTo(node.id().toString());
        assertThat(found.getAsJsonObject("message").get("basis").getAsString()).isEqualTo("GIVEN");
        assertThat(found.getAsJsonObject("message").get("messages").getAsInt()).isEqualTo(4);
        JsonObject connection = found.getAsJsonObject("sender").getAsJsonObject("connection");
        assertThat(connection.get("listener").getAsString()).isEqualTo("tcp");
        assertThat(connection.get("protocol").getAsString()).isEqualTo("5.0");
        JsonObject contract = found.getAsJsonObject("contract");
        assertThat(contract.get("verdict").getAsString()).isEqualTo("OBSERVED");
        assertThat(contract.get("mode").getAsString()).isEqualTo("OBSERVE");
        assertThat(found.getAsJsonObject("retained").get("same").getAsBoolean()).isTrue();
        assertThat(found.getAsJsonArray("refused").get(0).getAsJsonObject().get("cause"))
                .hasToString("\"PUBLISH_DENIED\"");
        JsonObject audience = found.getAsJsonObject("audience");
        assertThat(audience.getAsJsonObject("fates")).hasToString("{\"KEPT\":1,\"NO_RIGHTS\":1}");
        JsonObject client = found.getAsJsonObject("client");
        assertThat(client.get("outcome").getAsString()).isEqualTo("MISSED");
        assertThat(client.getAsJsonObject("ruling").get("position").getAsInt()).isEqualTo(2);
        assertThat(client.getAsJsonObject("credential").get("description").getAsString())
                .isEqualTo("Quality lab");
        assertThat(asked.get(0).message().payload())
                .isEqualTo(Fakes.value("a/t", null, "1.5", 4).payload());
        assertThat(asked.get(0).clientId()).isEqualTo("lab");
    }

    @Test
    void credentialThatIsDisabled_isSaidOfTheReceiver_andAnIdentityThatIsNoneIsNamed() {
        server.post("/credentials/" + credential.id() + "/disable", "");

        JsonObject found = server.get("/namespace/explain?topic=a/t").json();

        var receivers = found.getAsJsonObject("audience").getAsJsonArray("receivers");
        assertThat(receivers.get(0).getAsJsonObject().get("credentialState").getAsString())
                .isEqualTo("DISABLED");
        JsonObject away = receivers.get(1).getAsJsonObject();
        assertThat(away.get("credentialState").getAsString()).isEqualTo("UNKNOWN");
        assertThat(away.getAsJsonObject("credential").get("description").getAsString())
                .isEqualTo("A certificate");
        assertThat(found.get("client").isJsonNull()).isTrue();
    }

    @Test
    void topicOnWhichNothingCame_isExplained_withoutAVerdict() {
        JsonObject found = server.get("/namespace/explain?topic=b&limit=0").json();

        assertThat(JsonSchema.problems("Explanation", found)).isEmpty();
        assertThat(found.getAsJsonObject("message").get("basis").getAsString())
                .isEqualTo("ASSUMED");
        assertThat(found.getAsJsonObject("message").get("at").isJsonNull()).isTrue();
        assertThat(found.getAsJsonObject("contract").get("verdict").isJsonNull()).isTrue();
        assertThat(asked.get(0).limit()).isZero();
    }

    @Test
    void clientThatHasGone_isToldWithItsLastConnection() {
        server.application
                .listener()
                .onEvent(EndpointsTest.gone(Fakes.client("lab", Fakes.principal(credential))));
        server.services.explanations(
                question -> {
                    Explanation all = explain(question);
                    Receiver nobody =
                            new Receiver(
                                    "lab",
                                    "",
                                    "",
                                    false,
                                    Fate.NO_SESSION,
                                    Map.of(),
                                    "It has no session.",
                                    List.of(),
                                    null,
                                    List.of(),
                                    null);
                    return new Explanation(
                            all.message(),
                            all.basis(),
                            all.sender(),
                            all.interceptors(),
                            null,
                            all.audience(),
                            nobody,
                            all.refused());
                });

        JsonObject found = server.get("/namespace/explain?topic=a/t&client=lab").json();

        assertThat(JsonSchema.problems("Explanation", found)).isEmpty();
        JsonObject client = found.getAsJsonObject("client");
        assertThat(client.get("fate").getAsString()).isEqualTo("NO_SESSION");
        assertThat(client.getAsJsonObject("lastConnection").get("clientId").getAsString())
                .isEqualTo("lab");
        assertThat(client.get("credential").isJsonNull()).isTrue();
    }

    @Test
    void whatCannotBeATopic_isRefused() {
        assertThat(server.get("/namespace/explain").status()).isEqualTo(422);
        assertThat(server.get("/namespace/explain?topic=a/%23").status()).isEqualTo(422);
        assertThat(server.get("/namespace/explain?topic=a&limit=1000").status()).isEqualTo(422);
    }

    @Test
    void whatIf_tellsBothAndWhoIsConcerned_withWhatWasTakenAsGiven() {
        JsonObject found =
                server.send(
                                "POST",
                                "/namespace/explain:what-if",
                                "{\"topic\":\"a/t\",\"client\":\"lab\","
                                    + "\"message\":{\"payload\":\"hot\",\"qos\":2},"
                                    + "\"access\":{\"credentialId\":\"c1\",\"acl\":["
                                    + "{\"effect\":\"ALLOW\",\"action\":\"BOTH\",\"filter\":\"#\"}]},"
                                    + "\"subscription\":{\"clientId\":\"lab\","
                                    + "\"add\":{\"filter\":\"a/#\",\"qos\":1},\"remove\":\"b\"},"
                                    + "\"validation\":\"REJECT\",\"model\":{\"fields\":[]}}")
                        .json();

        assertThat(JsonSchema.problems("WhatIfResult", found)).isEmpty();
        var changes = found.getAsJsonArray("changes");
        assertThat(changes).hasSize(1);
        JsonObject change = changes.get(0).getAsJsonObject();
        assertThat(change.getAsJsonObject("before").get("fate").getAsString())
                .isEqualTo("NO_RIGHTS");
        assertThat(change.getAsJsonObject("after").get("fate").getAsString()).isEqualTo("SENT");
        assertThat(found.get("complete").getAsBoolean()).isTrue();
        Question then = asked.get(1);
        assertThat(then.message().payload()).isEqualTo("hot".getBytes(StandardCharsets.UTF_8));
        assertThat(then.message().qos()).isEqualTo(Qos.EXACTLY_ONCE);
        assertThat(then.whatIf().access())
                .isEqualTo(new WhatIf.Access("c1", List.of(AclRule.ALLOW_ALL)));
        assertThat(then.whatIf().subscription().added().filter()).isEqualTo("a/#");
        assertThat(then.whatIf().subscription().removed()).isEqualTo("b");
        assertThat(asked.get(0).whatIf()).isEqualTo(WhatIf.NOTHING);
        assertThat(server.namespace.askedFor).containsExactly(Model.ANY, ValidationMode.REJECT);
    }

    @Test
    void whatIf_thatNobodyCanForesee_saysSo() {
        unforeseen = true;

        Server.Reply reply =
                server.send(
                        "POST",
                        "/namespace/explain:what-if",
                        "{\"topic\":\"a/t\",\"access\":{\"credentialId\":\"c\",\"acl\":[]}}");

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.json().get("detail").getAsString()).contains("may block");
    }

    @Test
    void whatIf_withMistakes_namesThem() {
        Server.Reply reply =
                server.send(
                        "POST",
                        "/namespace/explain:what-if",
                        "{\"topic\":\"a/#\",\"subscription\":{\"clientId\":\"x\","
                                + "\"add\":{\"filter\":\"$share/g/a\"}},\"access\":{}}");

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.json().toString())
                .contains("Shared Subscription", "/access/acl", "/access/credentialId", "/topic");
    }

    @Test
    void everybodyWhoMayLook_mayAsk() {
        server.signIn("eve", Role.VIEWER);

        assertThat(server.get("/namespace/explain?topic=a/t").status()).isEqualTo(200);
        assertThat(
                        server.send("POST", "/namespace/explain:what-if", "{\"topic\":\"a/t\"}")
                                .status())
                .isEqualTo(200);
    }
}

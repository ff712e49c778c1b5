package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.AclRule.Action;
import io.busbar.api.auth.AclRule.Effect;
import io.busbar.api.auth.Principal;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.explain.Explanation;
import io.busbar.api.explain.Question;
import io.busbar.api.explain.Receiver;
import io.busbar.api.explain.Remark;
import io.busbar.api.explain.WhatIf;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.auth.acl.AclAuthorizer;
import io.busbar.mqtt.codec.SubAck;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A broker whose clients have rules of their own, and questions about it in few words. */
abstract class ExplainFixture extends BrokerFixture {
    static final String TOPIC = "plant/line1/speed";

    /** The rules of clients; those without any may do everything. */
    final Map<String, List<AclRule>> rules = new HashMap<>();

    @Override
    void bindProviders() {
        access.authenticating(
                request -> CompletableFuture.completedFuture(letIn(request.clientId())));
        broker.gate().authenticators().bind(access, ON_LOOP);
        broker.gate().authorizers().bind(new AclAuthorizer(), ON_LOOP);
    }

    AuthResult letIn(String clientId) {
        return new AuthResult.Granted(principal(clientId));
    }

    Principal principal(String clientId) {
        return new Principal(
                "test:" + clientId,
                "test",
                "user-" + clientId,
                "The " + clientId,
                rules.getOrDefault(clientId, AclRule.DEFAULT),
                0);
    }

    static AclRule allow(Action action, String filter) {
        return new AclRule(Effect.ALLOW, action, filter);
    }

    static AclRule deny(Action action, String filter) {
        return new AclRule(Effect.DENY, action, filter);
    }

    /** A message as it would come from a client now. */
    Message message(String clientId, Qos qos) {
        return message(clientId, qos, "42");
    }

    Message message(String clientId, Qos qos, String payload) {
        return message(TOPIC, clientId, qos, payload);
    }

    Message message(String topic, String clientId, Qos qos, String payload) {
        return new Message(
                TopicName.of(topic),
                bytes(payload),
                qos,
                false,
                MessageProperties.NONE,
                new Publisher(
                        clientId.isEmpty() ? "" : "test:" + clientId, "", clientId, "127.0.0.1:1"),
                loops.clock().millis());
    }

    Explanation explain(Question question) {
        settle();
        return broker.explanations().explain(question);
    }

    Explanation explain(Message message) {
        return explain(new Question(message.topic(), message, null, 100, WhatIf.NOTHING));
    }

    /** What becomes of a message for the client that is asked about. */
    Receiver asked(Message message, String clientId) {
        return explain(new Question(message.topic(), message, clientId, 0, WhatIf.NOTHING))
                .client();
    }

    /** What is said of a receiver, whether it is asked about or told among the others. */
    Receiver receiver(Message message, String clientId) {
        Receiver listed =
                explain(message).audience().receivers().stream()
                        .filter(each -> each.clientId().equals(clientId))
                        .findFirst()
                        .orElseThrow();
        assertThat(asked(message, clientId)).isEqualTo(listed);
        return listed;
    }

    static List<Remark.Code> remarks(Receiver receiver) {
        return receiver.remarks().stream().map(Remark::code).toList();
    }

    FakeLink persistent(String clientId, String filter, Qos qos) {
        FakeLink link = connected(connect(clientId, false, 100));
        link.says(subscribe(filter, qos));
        link.next(SubAck.class);
        return link;
    }
}

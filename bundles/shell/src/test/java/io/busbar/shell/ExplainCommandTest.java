package io.busbar.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.AclRule.Action;
import io.busbar.api.auth.AclRule.Effect;
import io.busbar.api.auth.Ruling;
import io.busbar.api.explain.Audience;
import io.busbar.api.explain.Explanation;
import io.busbar.api.explain.Explanation.Basis;
import io.busbar.api.explain.Fate;
import io.busbar.api.explain.PublishedBy;
import io.busbar.api.explain.Question;
import io.busbar.api.explain.Receiver;
import io.busbar.api.explain.Remark;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;

class ExplainCommandTest {
    private static final AclRule RULE = new AclRule(Effect.DENY, Action.SUBSCRIBE, "plant/#");

    private final Fakes fakes = new Fakes();
    private final List<Question> asked = new ArrayList<>();

    private ExplainCommand command(String topic) {
        ExplainCommand command = new ExplainCommand();
        command.session = fakes.session;
        command.topic = topic;
        command.explanations = this::explain;
        return command;
    }

    private Explanation explain(Question question) {
        asked.add(question);
        Message message =
                new Message(
                        question.topic(),
                        new byte[3],
                        Qos.AT_LEAST_ONCE,
                        true,
                        MessageProperties.NONE,
                        new Publisher("id", "Line 1 gateway", "plc\u001b[2J", "10.0.0.7:1"),
                        1_800_000_000_000L);
        Receiver missed =
                new Receiver(
                        "lab",
                        "id",
                        "Quality lab",
                        true,
                        Fate.NO_RIGHTS,
                        Map.of(),
                        "The client may not receive this topic.",
                        List.of(new Remark(Remark.Code.JUDGED_EACH, Map.of(), "Each is judged.")),
                        null,
                        List.of(),
                        Ruling.by(RULE, 2));
        return new Explanation(
                message,
                Basis.RETAINED,
                new PublishedBy(message.publisher(), null, false, Ruling.by(AclRule.ALLOW_ALL, 1)),
                List.of("uns-gate-refusing"),
                message,
                new Audience(
                        3, 3, Map.of(Fate.NO_RIGHTS, 1, Fate.SENT, 2), 0, 1, List.of(missed), 1),
                question.clientId() == null ? null : missed,
                List.of());
    }

    @Test
    void topic_isExplainedStepByStep_withoutTheNamespace() throws Exception {
        command("plant/speed").execute();

        assertThat(fakes.printed())
                .contains(
                        "Message    the retained one: QoS 1, retained, 3 bytes",
                        "Publisher  plc\uFFFD[2J (Line 1 gateway) from 10.0.0.7:1; it is not"
                                + " connected now",
                        "Rights     it may publish: rule 1: allow publish and subscribe #",
                        "Retained   this message",
                        "Store      it is written for 1 subscribers",
                        "Judged by  uns-gate-refusing",
                        "Receivers  3 subscribers: 2 SENT, 1 NO_RIGHTS",
                        "The client may not receive this topic. Each is judged.",
                        "2 more (--limit)")
                .doesNotContain("Contract");
    }

    @Test
    void client_isExplainedAlone() throws Exception {
        ExplainCommand command = command("plant/speed");
        command.client = "lab";

        command.execute();

        assertThat(asked.get(0).clientId()).isEqualTo("lab");
        assertThat(fakes.printed())
                .contains("Client     lab: MISSED", "NO_RIGHTS: The client may not receive")
                .doesNotContain("Receivers");
    }

    @Test
    void whatCannotBeATopic_isSaidInASentence() {
        assertThatThrownBy(command("plant/#")::execute)
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("topic name");
    }
}

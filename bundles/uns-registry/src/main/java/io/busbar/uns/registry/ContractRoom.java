package io.busbar.uns.registry;

import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.Contract;
import io.busbar.api.uns.Contract.Verdict;
import io.busbar.api.uns.Contracts;
import io.busbar.api.uns.EffectivePolicy;
import io.busbar.api.uns.Inherited;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.TopicPolicy;
import io.busbar.api.uns.ValidationMode;
import io.busbar.api.uns.Violation;
import io.busbar.uns.registry.gate.Guard;
import io.busbar.uns.registry.model.Models;
import io.busbar.uns.registry.tree.NodeTree;
import org.jspecify.annotations.Nullable;

/** What the gates and the values say of a message, asked without a message having come. */
final class ContractRoom implements Contracts {
    private final NodeTree tree;
    private final Models models;
    private final Guards guards;

    /** Finds what is asked of the messages of a node. */
    interface Guards {
        /** What would be asked with this model and this mode; null if the model has no fields. */
        @Nullable Guard guardFor(Node node, Model model, ValidationMode mode);
    }

    ContractRoom(NodeTree tree, Models models, Guards guards) {
        this.tree = tree;
        this.models = models;
        this.guards = guards;
    }

    @Override
    public Contract judge(Message message, @Nullable Model model, @Nullable ValidationMode mode) {
        String topic = message.topic().value();
        Node node = tree.byTopic(topic);
        boolean isValue = !message.topic().isSystem() && !removes(message);
        if (node == null) {
            EffectivePolicy policy = policyAt(topic);
            boolean denied = isValue && policy.topicPolicy().value() == TopicPolicy.DENY;
            return new Contract(
                    null,
                    policy.validation(),
                    policy.topicPolicy(),
                    denied ? Verdict.TOPIC_DENIED : Verdict.NO_MODEL,
                    null,
                    "");
        }
        EffectivePolicy policy = tree.policyOf(node.id());
        Inherited<ValidationMode> holds =
                mode == null ? policy.validation() : new Inherited<>(mode, node.path());
        Guard guard =
                !isValue || holds.value() == ValidationMode.OFF
                        ? null
                        : guards.guardFor(
                                node, model == null ? models.of(node) : model, holds.value());
        return verdict(guard, message, node, holds, policy.topicPolicy());
    }

    /** What holds for a topic without a node; a path may be called as the topic is. */
    private EffectivePolicy policyAt(String topic) {
        Node path = tree.byPath(topic);
        return path == null ? tree.policyAbove(topic) : tree.policyOf(path.id());
    }

    /** It takes the Retained Message away [MQTT5-3.3.1-6], and is no value. */
    private static boolean removes(Message message) {
        return message.retain() && message.payload().length == 0;
    }

    private static Contract verdict(
            @Nullable Guard guard,
            Message message,
            Node node,
            Inherited<ValidationMode> mode,
            Inherited<TopicPolicy> topicPolicy) {
        if (guard == null) {
            return new Contract(node, mode, topicPolicy, Verdict.NOT_CHECKED, null, "");
        }
        if (guard.reader().isMissing()) {
            return new Contract(
                    node,
                    mode,
                    topicPolicy,
                    mode.value() == ValidationMode.REJECT
                            ? Verdict.NOT_CHECKABLE
                            : Verdict.NOT_CHECKED,
                    null,
                    guard.reader().missing());
        }
        Violation wrong = guard.examine(message);
        return new Contract(
                node,
                mode,
                topicPolicy,
                wrong == null ? Verdict.FITS : verdict(guard, wrong),
                wrong,
                "");
    }

    private static Verdict verdict(Guard guard, Violation wrong) {
        if (guard.mode() == ValidationMode.ANNOTATE) {
            return Verdict.ANNOTATED;
        }
        if (!guard.keeps(wrong)) {
            return Verdict.OBSERVED;
        }
        return guard.mode() == ValidationMode.REJECT ? Verdict.REFUSED : Verdict.HELD;
    }
}

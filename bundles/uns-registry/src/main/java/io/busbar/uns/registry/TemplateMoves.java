package io.busbar.uns.registry;

import io.busbar.api.uns.FieldChange;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RefusedException;
import io.busbar.api.uns.SemanticVersion;
import io.busbar.api.uns.Template;
import io.busbar.api.uns.TemplateImpact;
import io.busbar.api.uns.TemplatePin;
import io.busbar.api.uns.TemplateVersion;
import io.busbar.api.uns.UnknownFields;
import io.busbar.uns.registry.tree.NodeRules;
import io.busbar.uns.registry.value.LiveValues;
import io.busbar.uns.registry.value.Trial;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes topics pin another version of a template, or finds out what would happen. Immutable. */
final class TemplateMoves {
    private final Template template;
    private final SemanticVersion to;
    private final LiveValues live;

    /**
     * Moves to a version.
     *
     * @param live has the payloads to try
     */
    TemplateMoves(Template template, SemanticVersion to, LiveValues live) {
        this.template = template;
        this.to = to;
        this.live = live;
    }

    /** The version that a topic pins. */
    static SemanticVersion versionOf(Node node) {
        return pinOf(node).version();
    }

    private static TemplatePin pinOf(Node node) {
        return Objects.requireNonNull(node.payload().model().template(), node::path);
    }

    /**
     * A topic as it would be: with what it adds, and what it says itself of unknown fields and
     * quality; the stamp stays.
     *
     * @throws RefusedException if it cannot be
     */
    Node moved(Node node) {
        Model model = node.payload().model();
        Model base =
                template.version(versionOf(node)).map(TemplateVersion::model).orElse(Model.ANY);
        UnknownFields unknown =
                model.unknownFields() == base.unknownFields() ? null : model.unknownFields();
        String quality = Objects.equals(model.quality(), base.quality()) ? null : model.quality();
        Node moved =
                node.withPayload(
                        node.payload()
                                .withModel(template.pin(to, model.overlay(), unknown, quality)));
        NodeRules.check(node, moved);
        return moved;
    }

    /** What would happen to topics. */
    TemplateImpact impact(List<Node> nodes) {
        Map<SemanticVersion, List<FieldChange>> changes = new TreeMap<>();
        List<TemplateImpact.OfNode> all = new ArrayList<>(nodes.size());
        Model then = template.require(to).model();
        for (Node each : nodes) {
            changes.computeIfAbsent(
                    versionOf(each),
                    version ->
                            FieldChange.between(
                                    template.version(version)
                                            .map(TemplateVersion::model)
                                            .orElse(Model.ANY),
                                    then));
            all.add(impact(each));
        }
        all.sort(
                Comparator.comparingInt(TemplateMoves::rank)
                        .thenComparing(TemplateImpact.OfNode::path));
        int refused = (int) all.stream().filter(each -> each.problem() != null).count();
        int passing = (int) all.stream().filter(TemplateImpact.OfNode::passes).count();
        int unheard =
                (int) all.stream().filter(each -> each.passes() && each.payloads() == 0).count();
        return new TemplateImpact(
                changes,
                all.subList(0, Math.min(all.size(), TemplateImpact.MAX_NODES)),
                all.size(),
                passing,
                all.size() - passing - refused,
                refused,
                unheard);
    }

    private static int rank(TemplateImpact.OfNode node) {
        return node.problem() != null ? 0 : node.passes() ? 2 : 1;
    }

    private TemplateImpact.OfNode impact(Node node) {
        Node moved;
        try {
            moved = moved(node);
        } catch (RefusedException e) {
            return impact(node, Trial.NOTHING, e.getMessage(), e.reason());
        }
        return impact(node, live.trial(moved), null, null);
    }

    private static TemplateImpact.OfNode impact(
            Node node, Trial trial, @Nullable String problem, @Nullable Reason reason) {
        return new TemplateImpact.OfNode(
                node.id(),
                node.path(),
                versionOf(node),
                trial.payloads(),
                trial.violating(),
                trial.broken(),
                trial.violation(),
                problem,
                reason);
    }
}

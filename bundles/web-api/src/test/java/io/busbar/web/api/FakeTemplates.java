package io.busbar.web.api;

import io.busbar.api.audit.Actor;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.uns.FieldChange;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewTemplate;
import io.busbar.api.uns.NewTemplateVersion;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeStamp;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.SemanticVersion;
import io.busbar.api.uns.TakenException;
import io.busbar.api.uns.Template;
import io.busbar.api.uns.TemplateFacts;
import io.busbar.api.uns.TemplateImpact;
import io.busbar.api.uns.TemplateMove;
import io.busbar.api.uns.TemplateVersion;
import io.busbar.api.uns.Templates;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Keeps templates in memory and checks nothing but revisions. */
final class FakeTemplates implements Templates {
    private final Map<UUID, Template> templates = new TreeMap<>();
    final Map<UUID, Map<SemanticVersion, Integer>> pinned = new TreeMap<>();
    final List<Node> pinning = new ArrayList<>();
    final List<TemplateMove> moves = new ArrayList<>();
    final List<TemplateImpact.OfNode> ofNodes = new ArrayList<>();

    @Override
    public List<Template> list() {
        return List.copyOf(templates.values());
    }

    @Override
    public Optional<Template> get(UUID id) {
        return Optional.ofNullable(templates.get(id));
    }

    @Override
    public Map<UUID, Map<SemanticVersion, Integer>> pinned() {
        return pinned;
    }

    @Override
    public List<Node> pinning(UUID id, @Nullable SemanticVersion version) {
        return pinning;
    }

    private static TemplateVersion version(NewTemplateVersion wanted, SemanticVersion otherwise) {
        SemanticVersion number = wanted.version();
        return new TemplateVersion(
                number == null ? otherwise : number,
                wanted.model(),
                wanted.note(),
                Fakes.T0,
                "anna");
    }

    private Template put(Template template) {
        templates.put(template.id(), template);
        return template;
    }

    private Template existing(UUID id, long revision) {
        Template template = templates.get(id);
        if (revision != 0 && revision != template.revision()) {
            throw new ConflictException("revision: " + revision);
        }
        return template;
    }

    private static Template next(Template template) {
        return template.withStamp(template.stamp().withRevision(template.revision() + 1));
    }

    @Override
    public Template create(NewTemplate wanted, Actor actor) {
        return put(
                new Template(
                        new UUID(9, templates.size()),
                        wanted.alias(),
                        wanted.facts(),
                        List.of(version(wanted.first(), SemanticVersion.FIRST)),
                        NodeStamp.created(Fakes.T0, actor)));
    }

    @Override
    public Template update(
            UUID id, long expectedRevision, UnaryOperator<TemplateFacts> change, Actor actor) {
        Template before = existing(id, expectedRevision);
        return put(next(before.withFacts(change.apply(before.facts()))));
    }

    @Override
    public Template addVersion(
            UUID id, long expectedRevision, NewTemplateVersion wanted, Actor actor) {
        Template before = existing(id, expectedRevision);
        return put(
                next(before.withVersion(version(wanted, before.latest().version().nextMinor()))));
    }

    @Override
    public void delete(UUID id, long expectedRevision, Actor actor) {
        existing(id, expectedRevision);
        if (!pinning.isEmpty()) {
            throw new TakenException(
                    "template: 'x' is pinned by 1 topics",
                    Reason.Code.TEMPLATE_PINNED,
                    "found",
                    "1",
                    "nodes",
                    pinning.get(0).path());
        }
        templates.remove(id);
    }

    @Override
    public TemplateImpact impact(UUID id, @Nullable SemanticVersion from, SemanticVersion to) {
        return impact(id, from, templates.get(id).require(to).model());
    }

    @Override
    public TemplateImpact impact(UUID id, @Nullable SemanticVersion from, Model draft) {
        TemplateVersion first = templates.get(id).versions().get(0);
        return new TemplateImpact(
                Map.of(first.version(), FieldChange.between(first.model(), draft)),
                ofNodes,
                3,
                1,
                1,
                1,
                0);
    }

    @Override
    public TemplateMove.Result move(
            UUID id, long expectedRevision, TemplateMove wanted, Actor actor) {
        existing(id, expectedRevision);
        moves.add(wanted);
        return new TemplateMove.Result(2, 1);
    }
}

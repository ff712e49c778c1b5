package io.busbar.uns.registry;

import io.busbar.api.audit.Actor;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewTemplate;
import io.busbar.api.uns.NewTemplateVersion;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeStamp;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RefusedException;
import io.busbar.api.uns.SemanticVersion;
import io.busbar.api.uns.TakenException;
import io.busbar.api.uns.Template;
import io.busbar.api.uns.TemplateFacts;
import io.busbar.api.uns.TemplateImpact;
import io.busbar.api.uns.TemplateMove;
import io.busbar.api.uns.TemplatePin;
import io.busbar.api.uns.TemplateVersion;
import io.busbar.api.uns.Templates;
import io.busbar.uns.registry.model.Bounds;
import io.busbar.uns.registry.template.TemplatePlan;
import io.busbar.uns.registry.template.TemplateRules;
import io.busbar.uns.registry.template.TemplateStore;
import io.busbar.uns.registry.tree.NodeTree;
import io.busbar.uns.registry.tree.UuidV7;
import io.busbar.uns.registry.value.LiveValues;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The templates, and the topics that pin them. Changes are made while no node changes. */
final class TemplateRoom implements Templates {
    private static final Logger LOG = LoggerFactory.getLogger(TemplateRoom.class);

    /** So many topics are named that keep a template from being changed or deleted. */
    private static final int NAMED = 3;

    private final TemplateStore store;
    private final NodeTree tree;
    private final NodeChanges changes;
    private final LiveValues live;
    private final Clock clock;
    private final UuidV7 ids;

    TemplateRoom(
            TemplateStore store, NodeTree tree, NodeChanges changes, LiveValues live, Clock clock) {
        this.store = store;
        this.tree = tree;
        this.changes = changes;
        this.live = live;
        this.clock = clock;
        this.ids = new UuidV7(clock);
    }

    @Override
    public List<Template> list() {
        return store.shelf().list();
    }

    @Override
    public Optional<Template> get(UUID id) {
        return Optional.ofNullable(store.shelf().get(id));
    }

    @Override
    public Map<UUID, Map<SemanticVersion, Integer>> pinned() {
        Map<UUID, Map<SemanticVersion, Integer>> pinned = new HashMap<>();
        tree.visit(
                (node, text, fields, above) -> {
                    TemplatePin pin = node.payload().model().template();
                    if (pin != null) {
                        pinned.computeIfAbsent(pin.templateId(), none -> new TreeMap<>())
                                .merge(pin.version(), 1, Integer::sum);
                    }
                    return 0;
                });
        return pinned;
    }

    @Override
    public List<Node> pinning(UUID id, @Nullable SemanticVersion version) {
        List<Node> nodes = new ArrayList<>();
        tree.visit(
                (node, text, fields, above) -> {
                    TemplatePin pin = node.payload().model().template();
                    if (pin != null
                            && pin.templateId().equals(id)
                            && (version == null || pin.version().equals(version))) {
                        nodes.add(node);
                    }
                    return 0;
                });
        return nodes;
    }

    /** The templates that some nodes pin. */
    List<Template> pinnedBy(List<Node> nodes) {
        Map<UUID, Template> found = new HashMap<>();
        for (Node each : nodes) {
            TemplatePin pin = each.payload().model().template();
            Template template = pin == null ? null : store.shelf().get(pin.templateId());
            if (template != null) {
                found.put(template.id(), template);
            }
        }
        return list().stream().filter(each -> found.containsKey(each.id())).toList();
    }

    @Override
    public Template create(NewTemplate wanted, Actor actor) {
        TemplateRules.check(wanted.facts(), wanted.alias());
        TemplateRules.check(wanted.first().model(), wanted.first().note());
        return changes.undisturbed(() -> made(wanted, actor));
    }

    private Template made(NewTemplate wanted, Actor actor) {
        TemplateRules.requireFree(null, wanted.facts(), wanted.alias(), store.shelf()::called);
        Bounds.most("templates", list().size() + 1, Template.MAX_TEMPLATES, "");
        SemanticVersion number = wanted.first().version();
        Template template =
                new Template(
                        ids.next(),
                        wanted.alias(),
                        wanted.facts(),
                        List.of(
                                version(
                                        wanted.first(),
                                        number == null ? SemanticVersion.FIRST : number,
                                        actor)),
                        NodeStamp.created(now(), actor));
        return written(null, template, actor);
    }

    private TemplateVersion version(
            NewTemplateVersion wanted, SemanticVersion number, Actor actor) {
        return new TemplateVersion(number, wanted.model(), wanted.note(), now(), actor.name());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private Template written(@Nullable Template before, Template after, Actor actor) {
        Template stamped =
                before == null
                        ? after
                        : after.withStamp(
                                before.stamp()
                                        .updated(now(), actor)
                                        .withRevision(before.revision() + 1));
        Template written = store.write(new TemplatePlan.Change(before, stamped), actor);
        changes.tell("");
        return written;
    }

    @Override
    public Template update(
            UUID id, long expectedRevision, UnaryOperator<TemplateFacts> change, Actor actor) {
        return changes.undisturbed(
                () -> {
                    Template before = existing(id, expectedRevision);
                    TemplateFacts facts = change.apply(before.facts());
                    TemplateRules.check(facts, null);
                    TemplateRules.requireFree(before, facts, null, store.shelf()::called);
                    return written(before, before.withFacts(facts), actor);
                });
    }

    @Override
    public Template addVersion(
            UUID id, long expectedRevision, NewTemplateVersion wanted, Actor actor) {
        TemplateRules.check(wanted.model(), wanted.note());
        return changes.undisturbed(
                () -> {
                    Template before = existing(id, expectedRevision);
                    SemanticVersion number = TemplateRules.number(before, wanted);
                    TemplateRules.requireRoom(before.versions().size() + 1);
                    return written(
                            before, before.withVersion(version(wanted, number, actor)), actor);
                });
    }

    @Override
    public void delete(UUID id, long expectedRevision, Actor actor) {
        changes.undisturbed(
                () -> {
                    Template template = existing(id, expectedRevision);
                    List<Node> pinning = pinning(id, null);
                    if (!pinning.isEmpty()) {
                        throw new TakenException(
                                "template: '"
                                        + template.name()
                                        + "' is pinned by "
                                        + pinning.size()
                                        + " topics, e.g. "
                                        + some(pinning)
                                        + " (expected: none)",
                                Reason.Code.TEMPLATE_PINNED,
                                "found",
                                String.valueOf(pinning.size()),
                                "nodes",
                                some(pinning));
                    }
                    store.delete(template);
                    changes.tell("");
                    LOG.info(
                            "A template was deleted (name={}, versions={}, by={})",
                            template.name(),
                            template.versions().size(),
                            actor.name());
                });
    }

    private static String some(List<Node> nodes) {
        return String.join(", ", nodes.stream().limit(NAMED).map(Node::path).toList());
    }

    /**
     * A template.
     *
     * @param expectedRevision 0 = whatever there is
     */
    private Template existing(UUID id, long expectedRevision) {
        Template template = store.shelf().get(id);
        if (template == null) {
            throw new NoSuchElementException("id: " + id + " (no such template)");
        }
        if (expectedRevision != 0 && expectedRevision != template.revision()) {
            throw new ConflictException(
                    "revision: "
                            + expectedRevision
                            + " (the current one is "
                            + template.revision()
                            + ", changed by "
                            + template.stamp().updatedBy()
                            + ")");
        }
        return template;
    }

    @Override
    public TemplateImpact impact(UUID id, @Nullable SemanticVersion from, SemanticVersion to) {
        Template template = existing(id, 0);
        template.require(to);
        return new TemplateMoves(template, to, live).impact(movable(template, from, to));
    }

    @Override
    public TemplateImpact impact(UUID id, @Nullable SemanticVersion from, Model draft) {
        TemplateRules.check(draft, null);
        Template template = existing(id, 0);
        SemanticVersion next = template.latest().version().nextMajor();
        Template with =
                template.withVersion(
                        new TemplateVersion(
                                next, draft, null, now(), template.stamp().updatedBy()));
        return new TemplateMoves(with, next, live).impact(movable(template, from, next));
    }

    /** The topics that pin another version than one. */
    private List<Node> movable(
            Template template, @Nullable SemanticVersion from, SemanticVersion to) {
        if (from != null) {
            template.require(from);
        }
        return pinning(template.id(), from).stream()
                .filter(each -> !TemplateMoves.versionOf(each).equals(to))
                .toList();
    }

    @Override
    public TemplateMove.Result move(
            UUID id, long expectedRevision, TemplateMove wanted, Actor actor) {
        return changes.undisturbed(() -> moved(existing(id, expectedRevision), wanted, actor));
    }

    private TemplateMove.Result moved(Template template, TemplateMove wanted, Actor actor) {
        template.require(wanted.to());
        TemplateMoves moves = new TemplateMoves(template, wanted.to(), live);
        List<Node> candidates = movable(template, wanted.from(), wanted.to());
        List<Node> before = new ArrayList<>();
        List<Node> after = new ArrayList<>();
        List<Node> refused = new ArrayList<>();
        RefusedException why = null;
        for (Node each : candidates) {
            if (wanted.nodes() != null && !wanted.nodes().contains(each.id())) {
                continue;
            }
            try {
                Node moved = moves.moved(each);
                if (!wanted.onlyPassing() || live.trial(moved).broken() == 0) {
                    before.add(each);
                    after.add(moved);
                }
            } catch (RefusedException e) {
                refused.add(each);
                why = why == null ? e : why;
            }
        }
        if (why != null && !wanted.onlyPassing()) {
            throw notMoved(refused, wanted.to(), why);
        }
        if (!after.isEmpty()) {
            changes.replace(before, after, actor);
            LOG.info(
                    "Topics pin another version of a template (name={}, version={}, topics={},"
                            + " by={})",
                    template.name(),
                    wanted.to(),
                    after.size(),
                    actor.name());
        }
        int asked = wanted.nodes() == null ? candidates.size() : wanted.nodes().size();
        return new TemplateMove.Result(after.size(), asked - after.size());
    }

    private static RefusedException notMoved(
            List<Node> refused, SemanticVersion to, RefusedException why) {
        return new RefusedException(
                "nodes: "
                        + refused.size()
                        + " topics cannot pin "
                        + to
                        + ", e.g. "
                        + some(refused)
                        + " ("
                        + why.getMessage()
                        + ")",
                Reason.Code.TEMPLATE_NOT_MOVED,
                "at",
                "nodes",
                "found",
                String.valueOf(refused.size()),
                "nodes",
                some(refused));
    }
}

package io.busbar.uns.registry.template;

import io.busbar.api.audit.Actor;
import io.busbar.api.uns.FieldChange;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewTemplate;
import io.busbar.api.uns.NewTemplateVersion;
import io.busbar.api.uns.NodeStamp;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RefusedException;
import io.busbar.api.uns.SemanticVersion;
import io.busbar.api.uns.Template;
import io.busbar.api.uns.TemplateVersion;
import io.busbar.uns.registry.model.Bounds;
import io.busbar.uns.registry.payload.JsonText;
import io.busbar.uns.registry.tree.UuidV7;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The templates that an import will make, and the versions that it will add, seen together with
 * those that are there. Nothing that is there changes. Confined to one thread.
 */
public final class TemplatePlan {
    private final TemplateShelf shelf;
    private final UuidV7 ids;
    private final Instant now;
    private final Actor actor;

    /** Those that are new or get versions, as they will be. */
    private final Map<UUID, Template> planned = new LinkedHashMap<>();

    private final Map<String, Template> byWord = new HashMap<>();
    private final Set<UUID> kept = new HashSet<>();

    /**
     * A template that a document has.
     *
     * @param version the one that topics pin that name no version
     */
    public record Declared(Template template, SemanticVersion version) {}

    /** Plans nothing yet. */
    public TemplatePlan(TemplateShelf shelf, UuidV7 ids, Instant now, Actor actor) {
        this.shelf = shelf;
        this.ids = ids;
        this.now = now;
        this.actor = actor;
    }

    /** The template of this name or alias, there already or planned. */
    public @Nullable Template called(String nameOrAlias) {
        Template template = byWord.get(nameOrAlias);
        Template there = template == null ? shelf.called(nameOrAlias) : template;
        return there == null ? null : planned.getOrDefault(there.id(), there);
    }

    /**
     * Plans a template with its versions; those that are there already are left as they are.
     *
     * @param wanted with the version that topics pin which name none; one without a number is one
     *     that is there and alike, or else the next
     * @param others its other versions, each with its number
     */
    public Declared add(NewTemplate wanted, List<NewTemplateVersion> others) {
        TemplateRules.check(wanted.facts(), wanted.alias());
        Template template = existing(wanted);
        Template result = template;
        for (NewTemplateVersion each : others) {
            result = with(wanted, result, each);
        }
        result = with(wanted, result, wanted.first());
        SemanticVersion number = number(result, wanted.first());
        TemplateRules.requireRoom(result.versions().size());
        if (result != template) {
            if (template == null) {
                Bounds.most(
                        "templates",
                        shelf.list().size() + planned.size() + 1,
                        Template.MAX_TEMPLATES,
                        "");
            }
            planned.put(result.id(), result);
            byWord.put(result.name(), result);
            String alias = result.alias();
            if (alias != null) {
                byWord.put(alias, result);
            }
        }
        return new Declared(result, number);
    }

    /** The template that is meant, if it is there: by its alias, or by its name. */
    private @Nullable Template existing(NewTemplate wanted) {
        String alias = wanted.alias();
        Template byAlias = alias == null ? null : called(alias);
        if (byAlias != null) {
            return byAlias;
        }
        Template byName = called(wanted.facts().name());
        if (byName != null && alias != null && byName.alias() != null) {
            TemplateRules.requireFree(null, wanted.facts(), alias, this::called);
        }
        return byName;
    }

    private Template with(
            NewTemplate wanted, @Nullable Template template, NewTemplateVersion version) {
        TemplateRules.check(version.model(), version.note());
        SemanticVersion number = version.version();
        TemplateVersion there =
                template == null
                        ? null
                        : number == null
                                ? alike(template, version.model())
                                : template.version(number).orElse(null);
        if (template != null && there != null) {
            if (!TemplateRules.same(there.model(), version.model())) {
                throw differs(template, there);
            }
            return template;
        }
        if (template == null) {
            TemplateVersion first = made(version, number == null ? SemanticVersion.FIRST : number);
            return new Template(
                    ids.next(),
                    wanted.alias(),
                    wanted.facts(),
                    List.of(first),
                    NodeStamp.created(now, actor));
        }
        SemanticVersion next =
                number != null
                        ? number
                        : FieldChange.next(
                                template.latest().version(),
                                template.latest().model(),
                                version.model());
        return template.withVersion(made(version, next));
    }

    private TemplateVersion made(NewTemplateVersion version, SemanticVersion number) {
        return new TemplateVersion(number, version.model(), version.note(), now, actor.name());
    }

    /** The number of a version that is in a template. */
    private static SemanticVersion number(Template template, NewTemplateVersion version) {
        SemanticVersion number = version.version();
        TemplateVersion alike = number == null ? alike(template, version.model()) : null;
        return number != null
                ? number
                : alike == null ? template.latest().version() : alike.version();
    }

    private static @Nullable TemplateVersion alike(Template template, Model model) {
        TemplateVersion found = null;
        for (TemplateVersion each : template.versions()) {
            found = TemplateRules.same(each.model(), model) ? each : found;
        }
        return found;
    }

    private static RefusedException differs(Template template, TemplateVersion there) {
        return new RefusedException(
                "version: '"
                        + JsonText.clip(template.name())
                        + "' "
                        + there.version()
                        + " is there already, with other fields (expected: another version)",
                Reason.Code.TEMPLATE_DIFFERS,
                "at",
                "version",
                "template",
                JsonText.clip(template.name()),
                "version",
                there.version().toString());
    }

    /** Makes a template that is planned, with its versions; others are not made. */
    public void keep(UUID id) {
        kept.add(id);
    }

    /** Whether a template is made, or there. */
    public boolean isKept(UUID id) {
        return kept.contains(id) || !planned.containsKey(id);
    }

    /** A template that is made or gets versions. */
    public record Change(@Nullable Template before, Template after) {
        /** The versions that are new. */
        public List<TemplateVersion> added() {
            List<TemplateVersion> added = new ArrayList<>(after.versions());
            if (before != null) {
                added.removeAll(before.versions());
            }
            return added;
        }
    }

    /** What is made: each template with the revision that it gets. */
    public List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        for (Template each : planned.values()) {
            if (kept.contains(each.id())) {
                Template before = shelf.get(each.id());
                Template after =
                        before == null
                                ? each
                                : each.withStamp(
                                        before.stamp()
                                                .updated(now, actor)
                                                .withRevision(before.revision() + 1));
                changes.add(new Change(before, after));
            }
        }
        return changes;
    }

    /** How many versions are made. */
    public long versions() {
        return changes().stream().mapToLong(each -> each.added().size()).sum();
    }
}

package io.busbar.uns.registry.template;

import io.busbar.api.uns.FieldChange;
import io.busbar.api.uns.FieldName;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NameProblem;
import io.busbar.api.uns.NewTemplateVersion;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RefusedException;
import io.busbar.api.uns.SemanticVersion;
import io.busbar.api.uns.TakenException;
import io.busbar.api.uns.Template;
import io.busbar.api.uns.TemplateFacts;
import io.busbar.api.uns.TemplateVersion;
import io.busbar.api.uns.TopicType;
import io.busbar.uns.registry.model.Bounds;
import io.busbar.uns.registry.model.ModelRules;
import io.busbar.uns.registry.payload.JsonText;
import io.busbar.uns.registry.tree.NodeRules;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Checks that templates are within their limits. Every failure says what is wrong and what was
 * expected.
 */
public final class TemplateRules {
    private static final int MAX_NOTE = 1_000;

    private TemplateRules() {}

    /** Throws if what describes a template is out of bounds. */
    public static void check(TemplateFacts facts, @Nullable String alias) {
        NameProblem problem = FieldName.problem(facts.name());
        if (problem != null) {
            throw new RefusedException(
                    "name: '" + JsonText.clip(facts.name()) + "' " + problem.text(),
                    problem.reason().inside("name"));
        }
        Bounds.length("name", facts.name(), Template.MAX_NAME);
        Bounds.length("description", facts.description(), Bounds.DESCRIPTION);
        NodeRules.checkLabels(facts.labels());
        if (alias != null) {
            NodeRules.checkAlias(alias);
        }
    }

    /**
     * Throws if a name or alias is another template's.
     *
     * @param self the template that it shall be; null = a new one
     * @param called the template that is called so
     */
    public static void requireFree(
            @Nullable Template self,
            TemplateFacts facts,
            @Nullable String alias,
            Function<String, @Nullable Template> called) {
        requireFree(self, "name", facts.name(), called);
        if (alias != null) {
            requireFree(self, "alias", alias, called);
        }
    }

    private static void requireFree(
            @Nullable Template self,
            String at,
            String word,
            Function<String, @Nullable Template> called) {
        Template other = called.apply(word);
        if (other != null && (self == null || !other.id().equals(self.id()))) {
            throw new TakenException(
                    at + ": '" + JsonText.clip(word) + "' is that of another template already",
                    Reason.Code.TEMPLATE_EXISTS,
                    "at",
                    at,
                    "found",
                    JsonText.clip(word));
        }
    }

    /** Throws if a version cannot be one. */
    public static void check(Model model, @Nullable String note) {
        if (model.template() != null) {
            throw new IllegalArgumentException("templateId: in a template (expected: none)");
        }
        // What is not for a Metric is refused when a Metric shall pin it.
        ModelRules.check(model, TopicType.STATE, PayloadFormat.JSON, Set.of());
        Bounds.length("note", note, MAX_NOTE);
    }

    /** Throws if there may be no more versions. */
    public static void requireRoom(int versions) {
        Bounds.most("versions", versions, Template.MAX_VERSIONS, "");
    }

    /**
     * The number that a version gets which comes after the latest.
     *
     * @throws RefusedException if it is like the latest, or the number that is wanted is not
     *     greater
     */
    public static SemanticVersion number(Template template, NewTemplateVersion wanted) {
        TemplateVersion latest = template.latest();
        if (same(latest.model(), wanted.model())) {
            throw new RefusedException(
                    "fields: as in the latest version, "
                            + latest.version()
                            + " (expected: a change)",
                    Reason.Code.NO_CHANGE,
                    "at",
                    "fields",
                    "version",
                    latest.version().toString());
        }
        SemanticVersion number = wanted.version();
        if (number == null) {
            return FieldChange.next(latest.version(), latest.model(), wanted.model());
        }
        if (number.compareTo(latest.version()) <= 0) {
            throw new RefusedException(
                    "version: "
                            + number
                            + " (expected: greater than the latest, "
                            + latest.version()
                            + ")",
                    Reason.Code.NOT_GREATER,
                    "at",
                    "version",
                    "found",
                    number.toString(),
                    "min",
                    latest.version().toString());
        }
        return number;
    }

    /** Whether two models treat payloads alike and say the same of them. */
    public static boolean same(Model one, Model other) {
        List<FieldChange> changes = FieldChange.between(one, other);
        return changes.isEmpty()
                && one.unknownFields() == other.unknownFields()
                && Objects.equals(one.quality(), other.quality());
    }
}

package io.busbar.api.uns;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A model that many topics share, in versions. A topic pins one version: it has the fields of that
 * version just as they are, and may add others, its overlay. Immutable; each change creates a new
 * object.
 *
 * @param id its id, which stays when it gets another name
 * @param alias a short name by which files of other tools mean it; null = none
 * @param facts its name and what describes it
 * @param versions the oldest first; never empty
 * @param stamp who created and last changed it
 */
public record Template(
        UUID id,
        @Nullable String alias,
        TemplateFacts facts,
        List<TemplateVersion> versions,
        NodeStamp stamp) {
    /** Longest name, in characters (code points). */
    public static final int MAX_NAME = 128;

    /** Most templates that there may be. */
    public static final int MAX_TEMPLATES = 2_000;

    /** Most versions that one may have. */
    public static final int MAX_VERSIONS = 200;

    public Template {
        versions = List.copyOf(versions);
    }

    /** See {@link TemplateFacts#name}. */
    public String name() {
        return facts.name();
    }

    /** See {@link NodeStamp#revision}. */
    public long revision() {
        return stamp.revision();
    }

    /** The greatest version. */
    public TemplateVersion latest() {
        return versions.get(versions.size() - 1);
    }

    /** The version with this number, or empty if there is none. */
    public Optional<TemplateVersion> version(SemanticVersion number) {
        return versions.stream().filter(each -> each.version().equals(number)).findFirst();
    }

    /**
     * The version with this number.
     *
     * @throws RefusedException if there is none
     */
    public TemplateVersion require(SemanticVersion number) {
        return version(number)
                .orElseThrow(
                        () ->
                                new RefusedException(
                                        "templateVersion: "
                                                + number
                                                + " (expected: a version of '"
                                                + name()
                                                + "', the latest is "
                                                + latest().version()
                                                + ")",
                                        Reason.Code.TEMPLATE_VERSION,
                                        "at",
                                        "templateVersion",
                                        "found",
                                        number.toString(),
                                        "template",
                                        name()));
    }

    /**
     * The model of a topic that pins a version.
     *
     * @param fields what the topic adds; fields of the version may be among them, just as they are
     * @param unknownFields null = as the version says
     * @param quality null = as the version says
     * @throws RefusedException if there is no such version, or a field has the name of one of its
     *     fields and is another
     */
    public Model pin(
            SemanticVersion number,
            List<Field> fields,
            @Nullable UnknownFields unknownFields,
            @Nullable String quality) {
        TemplateVersion version = require(number);
        Model base = version.model();
        List<Field> all = new ArrayList<>(base.fields());
        for (Field each : fields) {
            Field own = byName(base, each.name());
            if (own == null) {
                all.add(each);
            } else if (!FieldComparison.same(own, each)) {
                throw clash(each, version);
            }
        }
        return new Model(
                all.size() == base.fields().size() ? base.fields() : all,
                unknownFields == null ? base.unknownFields() : unknownFields,
                quality == null ? base.quality() : quality,
                new TemplatePin(id, number, base.fields().size()));
    }

    private static @Nullable Field byName(Model model, String name) {
        for (Field each : model.fields()) {
            if (each.name().equals(name)) {
                return each;
            }
        }
        return null;
    }

    private RefusedException clash(Field field, TemplateVersion version) {
        return new RefusedException(
                "field "
                        + field.name()
                        + ": is one of the template '"
                        + name()
                        + "' "
                        + version.version()
                        + " and cannot be changed by a topic (expected: another name, or a new"
                        + " version of the template)",
                Reason.Code.TEMPLATE_FIELD,
                "at",
                "fields",
                "found",
                field.name(),
                "template",
                name(),
                "version",
                version.version().toString());
    }

    /** Returns this with other facts. */
    public Template withFacts(TemplateFacts newFacts) {
        return new Template(id, alias, newFacts, versions, stamp);
    }

    /** Returns this with one more version, in its place by number. */
    public Template withVersion(TemplateVersion added) {
        List<TemplateVersion> all = new ArrayList<>(versions);
        all.add(added);
        all.sort(Comparator.comparing(TemplateVersion::version));
        return new Template(id, alias, facts, all, stamp);
    }

    /** Returns this with another stamp. */
    public Template withStamp(NodeStamp newStamp) {
        return new Template(id, alias, facts, versions, newStamp);
    }
}

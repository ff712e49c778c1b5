package io.busbar.web.api.endpoint;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldName;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NameProblem;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RefusedException;
import io.busbar.api.uns.SemanticVersion;
import io.busbar.api.uns.Template;
import io.busbar.api.uns.TemplatePin;
import io.busbar.api.uns.Templates;
import io.busbar.api.uns.UnknownFields;
import io.busbar.json.JsonFields;
import io.busbar.web.api.view.Reasons;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads models out of requests. */
final class ModelBody {
    private static final int MAX_FIELDS = 256;

    private ModelBody() {}

    /** The {@code model} of a body, or null if absent or null. */
    static @Nullable Model opt(JsonFields body, Templates templates) {
        return opt(body, Model.ANY, templates);
    }

    /**
     * The same for something that has a model.
     *
     * @param before names of its fields may stay, whatever the rules for new ones are; the template
     *     that it pins stays as well, unless the body says otherwise
     */
    static @Nullable Model opt(JsonFields body, Model before, Templates templates) {
        Set<String> known = before.fields().stream().map(Field::name).collect(Collectors.toSet());
        return body.optObject("model", model -> pinned(model, before, known, templates));
    }

    /** The fields of a template, which has no template itself; they stand in the body. */
    static Model ofTemplate(JsonFields body) {
        return read(body, Set.of(), true);
    }

    /** A model, with the fields of the template that it pins, or does not say that it pins. */
    private static Model pinned(
            JsonFields body, Model before, Set<String> known, Templates templates) {
        String id = body.optText("templateId", 36, 36);
        String number = body.optText("templateVersion", 5, 20);
        body.optInteger("templateFields", 0, MAX_FIELDS);
        TemplatePin kept = body.has("templateId") ? null : before.template();
        Model own = read(body, known, id == null && kept == null);
        if (id == null && kept == null) {
            return own;
        }
        UUID templateId = kept == null ? Ids.parse(id) : kept.templateId();
        Template template = templateId == null ? null : templates.get(templateId).orElse(null);
        if (template == null) {
            body.error(
                    "templateId",
                    "invalid",
                    "templateId: '" + id + "' (expected: the id of a template)",
                    Reasons.parameters(
                            Reason.of(Reason.Code.NO_TEMPLATE, "found", String.valueOf(id))));
            return own;
        }
        try {
            return template.pin(
                    version(number, before, template),
                    own.fields(),
                    body.has("unknownFields") ? own.unknownFields() : null,
                    own.quality());
        } catch (RefusedException e) {
            String at = e.reason().parameters().getOrDefault("at", "fields");
            body.error(
                    at.startsWith("version") ? "templateVersion" : at,
                    "invalid",
                    e.getMessage(),
                    Reasons.parameters(e.reason()));
            return own;
        }
    }

    /** The version that is said, else the one that is pinned already, else the latest. */
    private static SemanticVersion version(
            @Nullable String number, Model before, Template template) {
        if (number != null) {
            return SemanticVersion.of(number);
        }
        TemplatePin pin = before.template();
        return pin != null && pin.templateId().equals(template.id())
                ? pin.version()
                : template.latest().version();
    }

    /** The {@code payloadFormat} of a body, one of some formats, or null if absent or null. */
    static @Nullable PayloadFormat optFormat(JsonFields body, List<PayloadFormat> formats) {
        String name =
                body.optChoice("payloadFormat", formats.stream().map(PayloadFormat::name).toList());
        return name == null ? null : new PayloadFormat(name);
    }

    private static Model read(JsonFields body, Set<String> known, boolean fieldsRequired) {
        if (fieldsRequired && (!body.has("fields") || body.isNull("fields"))) {
            body.error(
                    "fields",
                    "required",
                    "fields is missing (expected: a list, empty to accept anything)");
        }
        List<Field> fields = body.optList("fields", MAX_FIELDS, each -> field(each, known));
        UnknownFields unknown = body.optChoice("unknownFields", UnknownFields.class);
        String quality = body.optText("quality", 0, 255);
        return new Model(
                fields == null ? List.of() : fields,
                unknown == null ? UnknownFields.ALLOW : unknown,
                emptyToNull(quality));
    }

    private static Field field(JsonFields body, Set<String> known) {
        String name = FieldName.normalized(body.text("name", 1, FieldName.MAX_LENGTH));
        NameProblem problem =
                name.isEmpty() || known.contains(name) ? null : FieldName.problem(name);
        if (problem != null) {
            body.error(
                    "name",
                    "pattern",
                    "field name '" + name + "' " + problem.text(),
                    Reasons.parameters(problem));
        }
        FieldType type = body.choice("type", FieldType.class);
        Boolean required = body.optBoolean("required");
        Boolean nullable = body.optBoolean("nullable");
        String unit = body.optText("unit", 0, 32);
        var min = body.optExactNumber("min");
        var max = body.optExactNumber("max");
        if (min != null && max != null && min.compareTo(max) > 0) {
            body.error(
                    "min",
                    "range",
                    "min: "
                            + min.toPlainString()
                            + " (expected: at most max, "
                            + max.toPlainString()
                            + ")",
                    Reasons.parameters(
                            Reason.of(
                                    Reason.Code.MIN_ABOVE_MAX,
                                    "min",
                                    min.toPlainString(),
                                    "max",
                                    max.toPlainString())));
        }
        Integer decimals = body.optInteger("decimals", 0, 15);
        Integer maxLength = body.optInteger("maxLength", 1, 1_000_000);
        List<String> allowed = body.optTexts("enum", 256, 255);
        String pattern = body.optText("pattern", 0, 200);
        if (pattern != null && !pattern.isEmpty()) {
            try {
                Pattern.compile(pattern);
            } catch (PatternSyntaxException e) {
                body.error(
                        "pattern",
                        "pattern",
                        "pattern: '"
                                + pattern
                                + "' is no regular expression: "
                                + e.getDescription(),
                        Reasons.parameters(Reason.of(Reason.Code.NO_PATTERN)));
            }
        }
        String displayName = body.optText("displayName", 0, 128);
        String description = body.optText("description", 0, 1000);
        Boolean coerce = body.optBoolean("coerce");
        String source = body.optText("source", 0, 1000);
        return new Field(
                name,
                type == null ? FieldType.STRING : type,
                Boolean.TRUE.equals(required),
                Boolean.TRUE.equals(nullable),
                emptyToNull(unit),
                min,
                max,
                decimals,
                maxLength,
                allowed == null ? List.of() : allowed,
                emptyToNull(pattern),
                emptyToNull(displayName),
                emptyToNull(description),
                Boolean.TRUE.equals(coerce),
                emptyToNull(source));
    }

    private static @Nullable String emptyToNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}

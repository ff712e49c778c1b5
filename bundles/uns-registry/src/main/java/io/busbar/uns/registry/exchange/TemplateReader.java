package io.busbar.uns.registry.exchange;

import static io.busbar.uns.registry.exchange.LooseJson.constant;
import static io.busbar.uns.registry.exchange.LooseJson.list;
import static io.busbar.uns.registry.exchange.LooseJson.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewTemplate;
import io.busbar.api.uns.NewTemplateVersion;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RefusedException;
import io.busbar.api.uns.SemanticVersion;
import io.busbar.api.uns.Template;
import io.busbar.api.uns.TemplateFacts;
import io.busbar.api.uns.TemplatePin;
import io.busbar.api.uns.UnknownFields;
import io.busbar.uns.registry.payload.JsonText;
import io.busbar.uns.registry.template.TemplatePlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the templates of a namespace file and finds those that its topics name. A template is
 * planned when the first topic needs it, or at the end. Confined to one thread.
 */
final class TemplateReader {
    private static final Set<String> KEYS =
            Set.of(
                    "name",
                    "alias",
                    "description",
                    "remark",
                    "label",
                    "labels",
                    "version",
                    "note",
                    "fields",
                    "unknownFields",
                    "quality",
                    "versions",
                    "id",
                    "path",
                    "type");

    private final Map<String, Declaration> byPointer = new LinkedHashMap<>();
    private final Map<String, Declaration> byWord = new HashMap<>();
    private TemplatePlan plan;

    /** Begins with no templates. */
    TemplateReader(TemplatePlan plan) {
        this.plan = plan;
    }

    /**
     * The template that a topic names.
     *
     * @param version which of its versions the topic pins if it does not say so
     * @param saysUnknownFields whether the template says how unknown fields are treated
     */
    record Named(Template template, SemanticVersion version, boolean saysUnknownFields) {
        List<Field> fields() {
            return template.require(version).model().fields();
        }
    }

    /** A template of the document, as it was read. */
    private static final class Declaration {
        final String name;
        final NotKept notKept = new NotKept();
        private boolean saysUnknownFields;
        private @Nullable NewTemplate wanted;
        private List<NewTemplateVersion> others = List.of();
        private @Nullable RuntimeException wrong;

        /** By the plan of now. */
        private TemplatePlan.@Nullable Declared planned;

        Declaration(String name) {
            this.name = name;
        }

        void read(JsonObject json, String pointer) {
            try {
                Set<String> unknown = new TreeSet<>(json.keySet());
                unknown.removeAll(KEYS);
                notKept.add("", json, unknown);
                String description = text(json, "description");
                List<String> labels = new ArrayList<>(list(json, "labels"));
                list(json, "label").stream()
                        .filter(each -> !labels.contains(each))
                        .forEach(labels::add);
                wanted =
                        new NewTemplate(
                                new TemplateFacts(
                                        name,
                                        description == null ? text(json, "remark") : description,
                                        labels),
                                text(json, "alias"),
                                version(json, notKept));
                others = others(json);
                saysUnknownFields = text(json, "unknownFields") != null;
                notKept.end(pointer, "", 0);
            } catch (IllegalArgumentException e) {
                wrong = e;
            }
        }

        private List<NewTemplateVersion> others(JsonObject json) {
            List<NewTemplateVersion> versions = new ArrayList<>();
            if (json.get("versions") instanceof JsonArray array) {
                for (JsonElement each : array) {
                    if (!(each instanceof JsonObject object)) {
                        throw new RefusedException(
                                "versions: no object", Reason.Code.NO_OBJECT, "at", "versions");
                    }
                    if (text(object, "version") == null) {
                        throw new RefusedException(
                                "version: missing", Reason.Code.MISSING, "at", "version");
                    }
                    versions.add(version(object, notKept));
                }
            }
            return versions;
        }

        private static NewTemplateVersion version(JsonObject json, NotKept notKept) {
            String number = text(json, "version");
            return new NewTemplateVersion(
                    number == null || number.isEmpty() ? null : SemanticVersion.of(number),
                    new Model(
                            FieldReader.fields(json.get("fields"), notKept),
                            constant(
                                    UnknownFields.class,
                                    json,
                                    "unknownFields",
                                    UnknownFields.ALLOW),
                            text(json, "quality")),
                    text(json, "note"));
        }

        Named plan(TemplatePlan into) {
            if (wrong != null || wanted == null) {
                throw new RefusedException(
                        "template '"
                                + JsonText.clip(name)
                                + "': "
                                + (wrong == null ? "cannot be read" : wrong.getMessage()),
                        wrong instanceof RefusedException refused
                                ? refused.reason()
                                : Reason.of(Reason.Code.NO_TEMPLATE, "found", name));
            }
            if (planned == null) {
                planned = into.add(wanted, others);
            }
            return new Named(planned.template(), planned.version(), saysUnknownFields);
        }
    }

    /** Begins again with another plan; the templates that were read stay. */
    void begin(TemplatePlan newPlan) {
        plan = newPlan;
        byPointer.values().forEach(each -> each.planned = null);
    }

    /**
     * Knows a template from now on, by its name and its alias; what has neither name nor fields is
     * passed over.
     *
     * @param pointer where it is
     */
    void template(JsonElement json, String pointer) {
        if (json.isJsonObject() && json.getAsJsonObject().get("fields") instanceof JsonArray) {
            declare(json.getAsJsonObject(), pointer);
        }
    }

    private @Nullable Declaration declare(JsonObject json, String pointer) {
        Declaration declared = null;
        for (String key : List.of("name", "alias")) {
            if (json.get(key) instanceof JsonPrimitive word && !word.getAsString().isEmpty()) {
                String text = word.getAsString();
                declared = declared == null ? new Declaration(text) : declared;
                byWord.put(text, declared);
            }
        }
        if (declared != null) {
            byPointer.put(pointer, declared);
            declared.read(json, pointer);
        }
        return declared;
    }

    /** Whether a topic names a template that the document did not have yet. */
    boolean lacks(JsonObject json) {
        String word = word(json);
        return word != null && !byWord.containsKey(word);
    }

    /** Whether the template that a topic names is known, or it names none. */
    boolean knows(JsonObject json) {
        String word = word(json);
        return word == null || byWord.containsKey(word) || plan.called(word) != null;
    }

    /** What a topic calls its template: name or alias; null if it has none, or one of its own. */
    private static @Nullable String word(JsonObject json) {
        if (json.get("template") instanceof JsonObject) {
            return null;
        }
        String name = text(json, "template");
        String alias = name == null || name.isEmpty() ? text(json, "templateAlias") : name;
        return alias == null || alias.isEmpty() ? null : alias;
    }

    /**
     * The template that a topic names or has inside; null if there is none, or it has no name.
     *
     * @throws RefusedException if it is not in the document, nor on the server
     */
    @Nullable Named named(JsonObject json) {
        if (json.get("template") instanceof JsonObject inside) {
            return inside(inside);
        }
        String word = word(json);
        if (word == null) {
            return null;
        }
        Declaration declared = byWord.get(word);
        if (declared != null) {
            return declared.plan(plan);
        }
        Template there = plan.called(word);
        if (there == null) {
            throw new RefusedException(
                    "template: '"
                            + JsonText.clip(word)
                            + "' (expected: the name or alias of one in Template or templates, or"
                            + " of one that is there)",
                    Reason.Code.NO_TEMPLATE,
                    "at",
                    "template",
                    "found",
                    JsonText.clip(word));
        }
        return new Named(there, there.latest().version(), true);
    }

    private @Nullable Named inside(JsonObject json) {
        JsonObject copy = json.deepCopy();
        if (!(json.get("fields") instanceof JsonArray)) {
            copy.add("fields", new JsonArray());
        }
        // One that many topics have inside is read once.
        String pointer = copy.toString();
        Declaration known = byPointer.get(pointer);
        Declaration declared = known == null ? declare(copy, pointer) : known;
        return declared == null ? null : declared.plan(plan);
    }

    /** A topic is made that has this model, so the template that it pins is needed. */
    void needed(Model model) {
        TemplatePin pin = model.template();
        if (pin != null) {
            plan.keep(pin.templateId());
        }
    }

    /**
     * Ends the document: the templates that no topic needs are planned as well, or noted.
     *
     * @param all whether they are planned
     * @param problem is told where a template cannot be planned, and why
     */
    void end(boolean all, NotKept notKept, BiConsumer<String, RuntimeException> problem) {
        for (Map.Entry<String, Declaration> each : byPointer.entrySet()) {
            Declaration declared = each.getValue();
            if (!all && (declared.planned == null || !isKept(declared))) {
                notKept.note(
                        each.getKey(),
                        "",
                        0,
                        "not kept: template '"
                                + JsonText.clip(declared.name)
                                + "', which no topic has",
                        Reason.of(
                                Reason.Code.TEMPLATE_NOT_KEPT,
                                "found",
                                JsonText.clip(declared.name)));
                continue;
            }
            try {
                plan.keep(declared.plan(plan).template().id());
                notKept.addAll(declared.notKept);
            } catch (IllegalArgumentException | ConflictException e) {
                problem.accept(each.getKey(), e);
            }
        }
    }

    private boolean isKept(Declaration declared) {
        TemplatePlan.Declared planned = declared.planned;
        return planned != null && plan.isKept(planned.template().id());
    }
}

package io.busbar.uns.registry.model;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldName;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.ModelProposal;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RefusedException;
import io.busbar.api.uns.UnknownFields;
import io.busbar.uns.registry.model.FieldPath.Step;
import io.busbar.uns.registry.payload.JsonKind;
import io.busbar.uns.registry.payload.JsonText;
import io.busbar.uns.registry.payload.JsonWalk;
import io.busbar.uns.registry.payload.PaddedText;
import io.busbar.uns.registry.payload.Readers;
import io.busbar.uns.registry.payload.Reading;
import io.busbar.uns.registry.payload.SourceTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Proposes a model from payloads. What is proposed can be saved for a topic of any type, and the
 * payloads that it was made from fit it.
 *
 * <ul>
 *   <li>Numbers become DOUBLE, because a round one says nothing of the next; LONG if all are whole
 *       and one is beyond 2^53.
 *   <li>Text becomes STRING, or DATETIME if all are times. Null alone says nothing: DOUBLE, as a
 *       guess.
 *   <li>What is inside of objects becomes fields with a path. So do the elements of a list that has
 *       the same length in all payloads, at most {@link #MAX_ELEMENTS}; other lists are left out.
 *   <li>The source's time and quality become no fields. What no type takes, and what cannot be the
 *       name of a field, is left out. Each has a note.
 * </ul>
 *
 * <p>Used for one proposal; confined to one thread.
 */
public final class ModelProposer {
    /** Longest list whose elements become fields. */
    static final int MAX_ELEMENTS = 16;

    /** Places that are looked at; there are more than fields, because some are left out. */
    private static final int MAX_PLACES = 4 * ModelRules.MAX_FIELDS;

    private static final int MAX_NOTES = 50;
    private static final Set<String> QUALITY_NAMES = Set.of("quality", "q");

    private final SourceTime times;
    private final Map<FieldPath, SeenValues> places = new LinkedHashMap<>();
    private final Map<FieldPath, Lengths> lists = new LinkedHashMap<>();
    private final List<Field> fields = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final Set<String> sources = new HashSet<>();
    private final List<String> notes = new ArrayList<>();
    private final List<Reason> reasons = new ArrayList<>();
    private boolean tooMany;
    private @Nullable String quality;

    /** How long a list was. */
    private static final class Lengths {
        private int least = Integer.MAX_VALUE;
        private int most;

        boolean isFixed() {
            return least == most && most > 0 && most <= MAX_ELEMENTS;
        }
    }

    private ModelProposer(SourceTime times) {
        this.times = times;
    }

    /**
     * Proposes a model for payloads like a sample.
     *
     * @throws IllegalArgumentException if it is no JSON object or value
     */
    public static ModelProposal ofSample(byte[] sample, Readers readers, SourceTime times) {
        Reading reading = read(sample, readers);
        String problem = reading.problem();
        if (problem == null && isList(reading)) {
            problem = "is a list";
        }
        if (problem != null) {
            Reason why = reading.reason();
            throw new RefusedException(
                    "sample: the payload " + problem + " (expected: a JSON object or value)",
                    why == null ? Reason.of(Reason.Code.PAYLOAD_ARRAY) : why);
        }
        return of(List.of(sample), readers, times);
    }

    /**
     * Proposes a model for payloads like these. Those that are of another kind than the last are
     * passed over. If the last is neither a JSON object nor a value, the model is {@link
     * Model#ANY}.
     *
     * @param payloads at least one, in the order of their arrival
     */
    public static ModelProposal of(List<byte[]> payloads, Readers readers, SourceTime times) {
        Reading last = read(payloads.get(payloads.size() - 1), readers);
        boolean bare = last.isBare();
        PayloadFormat format = bare ? PayloadFormat.SCALAR : PayloadFormat.JSON;
        if (last.problem() != null || isList(last)) {
            return new ModelProposal(
                    format,
                    Model.ANY,
                    0,
                    List.of("The last payload is no JSON object or value, so it has no fields."),
                    List.of(Reason.of(Reason.Code.PROPOSED_NOTHING)));
        }
        ModelProposer proposer = new ModelProposer(times);
        int used = 0;
        for (byte[] payload : payloads) {
            Reading reading = read(payload, readers);
            if (reading.problem() == null && reading.isBare() == bare && !isList(reading)) {
                proposer.gather(reading);
                used++;
            }
        }
        if (payloads.stream().anyMatch(PaddedText::isAround)) {
            proposer.note(
                    Reason.of(Reason.Code.PROPOSED_PADDED),
                    "Payloads have a byte order mark before them or NULs after them, which are"
                            + " passed over.");
        }
        if (used < payloads.size()) {
            proposer.note(
                    Reason.of(
                            Reason.Code.PROPOSED_OTHER_KIND,
                            "found",
                            String.valueOf(payloads.size() - used),
                            "max",
                            String.valueOf(payloads.size())),
                    payloads.size()
                            - used
                            + " of "
                            + payloads.size()
                            + " payloads are of another kind than the last and were passed over.");
        }
        return proposer.propose(format, used);
    }

    private static boolean isList(Reading reading) {
        return reading.isBare() && reading.kind(0) == JsonKind.ARRAY;
    }

    private static Reading read(byte[] payload, Readers readers) {
        Message message =
                new Message(
                        TopicName.of("sample"),
                        payload,
                        Qos.AT_MOST_ONCE,
                        false,
                        MessageProperties.NONE,
                        Publisher.SERVER,
                        0);
        Reading reading = new Reading();
        readers.of(PayloadFormat.JSON).read(message, Model.ANY, null, reading);
        return reading;
    }

    private void gather(Reading reading) {
        for (int i = 0; i < reading.count(); i++) {
            if (reading.quality(i) == Quality.BAD && reading.kind(i) == JsonKind.NULL) {
                continue; // a list says that there is an error instead of a value
            }
            String key = reading.isBare() ? "value" : reading.name(i);
            gather(
                    new FieldPath(List.of(Step.of(key))),
                    reading.json(i),
                    reading.from(i),
                    reading.to(i));
        }
    }

    private void gather(FieldPath path, byte[] json, int from, int to) {
        SeenValues seen = places.get(path);
        if (seen == null) {
            if (places.size() >= MAX_PLACES) {
                tooMany = true;
                return;
            }
            seen = new SeenValues();
            places.put(path, seen);
        }
        JsonKind kind = JsonKind.of(json, from, to);
        seen.add(json, from, to, kind);
        if (kind == JsonKind.OBJECT) {
            JsonWalk walk = new JsonWalk(json, from);
            while (walk.next()) {
                gather(path.then(Step.of(walk.key())), json, walk.start(), walk.end());
            }
        } else if (kind == JsonKind.ARRAY) {
            elements(path, json, from);
        }
    }

    private void elements(FieldPath path, byte[] json, int from) {
        JsonWalk walk = new JsonWalk(json, from);
        int length = 0;
        for (; walk.next(); length++) {
            if (length < MAX_ELEMENTS) {
                gather(path.then(Step.of(length)), json, walk.start(), walk.end());
            }
        }
        Lengths lengths = lists.computeIfAbsent(path, first -> new Lengths());
        lengths.least = Math.min(lengths.least, length);
        lengths.most = Math.max(lengths.most, length);
    }

    private ModelProposal propose(PayloadFormat format, int payloads) {
        places.forEach((path, seen) -> place(path, seen, payloads));
        lists.forEach(this::leftOut);
        if (tooMany) {
            note(
                    Reason.of(
                            Reason.Code.PROPOSED_MANY,
                            "max",
                            String.valueOf(ModelRules.MAX_FIELDS)),
                    "There are more than "
                            + ModelRules.MAX_FIELDS
                            + " values; those beyond are left out.");
        }
        Model model = new Model(fields, UnknownFields.ALLOW, fields.isEmpty() ? null : quality);
        return new ModelProposal(format, model, payloads, notes, reasons);
    }

    private void place(FieldPath path, SeenValues seen, int payloads) {
        if (seen.isStructure() || isInOpenList(path)) {
            return;
        }
        boolean top = path.steps().size() == 1;
        String name = FieldName.normalized(path.name());
        if (top && times.isName(name) && seen.isTime()) {
            note(
                    seen.lacksOffset()
                            ? Reason.Code.PROPOSED_LOCAL_TIME
                            : Reason.Code.PROPOSED_TIME,
                    name,
                    " is read as the source time"
                            + (seen.lacksOffset()
                                    ? "; it has no offset, so the topic or a path above it needs a"
                                            + " timeZone."
                                    : "."));
            return;
        }
        if (top
                && quality == null
                && QUALITY_NAMES.contains(name.toLowerCase(Locale.ROOT))
                && seen.isQuality()) {
            quality = path.name();
            note(
                    Reason.Code.PROPOSED_QUALITY,
                    name,
                    " is read as the quality that the source says.");
            return;
        }
        FieldType type = seen.type();
        String problem = FieldName.problemOf(name);
        String source = top ? null : sourceOf(path);
        if (type == null) {
            note(Reason.Code.PROPOSED_MIXED, name, " is left out: it was " + seen.mixture() + ".");
        } else if (problem != null) {
            note(Reason.Code.PROPOSED_NAME, name, " is left out: the name " + problem + ".");
        } else if (fields.size() >= ModelRules.MAX_FIELDS) {
            tooMany = true;
        } else if (source != null && source.length() > FieldPath.MAX_LENGTH
                || names.contains(name)
                || !sources.add(source == null ? name : source)) {
            note(
                    Reason.Code.PROPOSED_SAME_NAME,
                    name,
                    " is left out: another field has its name, or it is too deep.");
        } else {
            if (seen.isUnknown()) {
                note(
                        Reason.Code.PROPOSED_NULL,
                        name,
                        " was null in "
                                + (payloads == 1 ? "the payload" : "all payloads")
                                + ", which says nothing of its type: DOUBLE is a guess.");
            }
            names.add(name);
            fields.add(
                    Field.of(name, type)
                            .withType(type, seen.isNullable(), seen.needsCoerce())
                            .withSource(source));
        }
    }

    /** A text that is no key of the payloads, because such a key would come first. */
    private String sourceOf(FieldPath path) {
        String text = path.text();
        boolean isKey = places.containsKey(new FieldPath(List.of(Step.of(text))));
        return isKey ? path.quotedText() : text;
    }

    /** Whether it is in a list that is left out. */
    private boolean isInOpenList(FieldPath path) {
        for (int i = 1; i < path.steps().size(); i++) {
            if (path.steps().get(i).key() == null) {
                Lengths lengths = lists.get(new FieldPath(path.steps().subList(0, i)));
                if (lengths == null || !lengths.isFixed()) {
                    return true;
                }
            }
        }
        return false;
    }

    private void leftOut(FieldPath path, Lengths lengths) {
        if (!lengths.isFixed() && !isInOpenList(path)) {
            note(
                    Reason.of(
                            Reason.Code.PROPOSED_LIST,
                            "found",
                            JsonText.clip(path.name()),
                            "max",
                            String.valueOf(MAX_ELEMENTS)),
                    quoted(path.name())
                            + " is left out: a list of "
                            + (lengths.least == lengths.most
                                    ? Integer.toString(lengths.most)
                                    : lengths.least + " to " + lengths.most)
                            + " elements (expected: always as many, 1 to "
                            + MAX_ELEMENTS
                            + "). In a State or Action it can be a field of type ARRAY.");
        }
    }

    private static String quoted(String name) {
        return '"' + JsonText.clip(name) + '"';
    }

    /** Says something of a value. */
    private void note(Reason.Code code, String name, String text) {
        note(Reason.of(code, "found", JsonText.clip(name)), quoted(name) + text);
    }

    private void note(Reason reason, String text) {
        if (notes.size() < MAX_NOTES) {
            notes.add(text);
            reasons.add(reason);
        }
    }
}

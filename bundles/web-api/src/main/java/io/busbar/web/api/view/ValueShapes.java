package io.busbar.web.api.view;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.QualityReason;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.UnmodeledTopic;
import io.busbar.api.uns.Violation;
import io.busbar.json.Json;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.state.LiveIds;
import io.busbar.web.api.state.TopicRates;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Current values in the form of the API, complete or shortened. Thread-safe. */
public final class ValueShapes {
    /** Longest payload text that is shown, in characters. */
    public static final int MAX_RAW_CHARACTERS = PayloadText.MAX_CHARACTERS;

    private static final int MAX_SHORT_CHARACTERS = 48;
    private static final BigDecimal MAX_SAFE = BigDecimal.valueOf(9_007_199_254_740_992L);

    private final Backend services;
    private final LiveIds liveIds;
    private final TopicRates rates;

    public ValueShapes(Backend services, LiveIds liveIds, TopicRates rates) {
        this.services = services;
        this.liveIds = liveIds;
        this.rates = rates;
    }

    /** The value of a topic, modelled or not; a modelled topic without data has one, too. */
    public Optional<TopicValue> find(String topic) {
        return services.namespace().value(topic);
    }

    /** The API's Value. */
    public JsonObject toJson(TopicValue value) {
        Node node = node(value);
        byte[] payload = value.payload();
        PayloadText raw = payload == null ? null : PayloadText.of(payload);
        String text = raw == null || raw.truncated() ? null : raw.whole();
        return new JsonShape()
                .put("topic", value.topic())
                .put("nodeId", value.nodeId() == null ? null : value.nodeId().toString())
                .put("liveId", liveIds.idOf(value.topic()))
                .put("quality", value.quality().text())
                .put("reason", reason(value.reason()))
                .put("timestamp", value.timestamp())
                .put("receivedAt", value.receivedAt())
                .put("value", text == null ? JsonNull.INSTANCE : json(text))
                .put("raw", raw == null ? null : raw.text())
                .put("rawEncoding", raw == null ? "text" : raw.encoding())
                .put("truncated", raw != null && raw.truncated())
                .put("bytes", payload == null ? 0 : payload.length)
                .put("qos", value.qos() == null ? 0 : value.qos().value())
                .put("retain", value.retain())
                .put("publisher", value.publisher() == null ? null : publisher(value.publisher()))
                .put("fields", JsonShape.array(value.fields(), field -> field(field, value, node)))
                .put("messages", value.messages())
                .put("perSecond", StatsShapes.rounded(rates.of(value.topic(), value.messages())))
                .put("violations", value.violations())
                .put("violationsInARow", value.violationsInARow())
                .put("violationsSince", value.violationsSince())
                .put("late", value.late())
                .put(
                        "lastViolation",
                        value.lastViolation() == null
                                ? null
                                : ViolationShapes.violation(value.lastViolation()))
                .build();
    }

    /** The API's LiveValue. */
    public JsonObject live(int id, TopicValue value) {
        String text = shortText(value);
        Instant received = value.receivedAt();
        JsonShape shape =
                new JsonShape()
                        .put("i", id)
                        .put("x", text == null ? "" : text)
                        .put("q", letter(value.quality()))
                        .put("t", received == null ? 0 : received.toEpochMilli())
                        .put("w", value.violationsInARow());
        String unit = unit(value);
        return (unit == null ? shape : shape.put("u", unit)).build();
    }

    /**
     * The API's UnmodeledTopic.
     *
     * @param value null if the topic was forgotten in this moment
     */
    public JsonObject unmodeled(UnmodeledTopic topic, @Nullable TopicValue value) {
        byte[] payload = value == null ? null : value.payload();
        return new JsonShape()
                .put("topic", topic.topic())
                .put("liveId", liveIds.idOf(topic.topic()))
                .put("lastSeenAt", topic.lastSeenAt())
                .put("messages", topic.messages())
                .put("bytes", payload == null ? 0 : payload.length)
                .put("text", value == null ? null : shortText(value))
                .put(
                        "publisher",
                        value == null || value.publisher() == null
                                ? null
                                : publisher(value.publisher()))
                .build();
    }

    /** At most 48 characters that stand for the value; null without data. */
    public @Nullable String shortText(TopicValue value) {
        FieldValue field = shownField(value);
        if (field != null && field.json() != null) {
            return abbreviated(field.json());
        }
        byte[] payload = value.payload();
        if (payload == null) {
            return null;
        }
        String text = PayloadText.readable(payload);
        return text == null ? payload.length + " bytes" : limited(text.strip());
    }

    /** The unit of what {@link #shortText} shows; null if it has none. */
    public @Nullable String unit(TopicValue value) {
        FieldValue shown = shownField(value);
        Node node = node(value);
        if (shown == null || node == null) {
            return null;
        }
        String name = shown.name();
        return node.payload().model().fields().stream()
                .filter(field -> field.name().equals(name))
                .map(Field::unit)
                .filter(unit -> unit != null)
                .findFirst()
                .orElse(null);
    }

    /** The node of the topic; null if it is not modelled. */
    private @Nullable Node node(TopicValue value) {
        return value.nodeId() == null
                ? null
                : services.findNamespace().flatMap(n -> n.get(value.nodeId())).orElse(null);
    }

    private static @Nullable FieldValue shownField(TopicValue value) {
        for (FieldValue field : value.fields()) {
            if (field.json() != null) {
                return field;
            }
        }
        return null;
    }

    private static String abbreviated(String json) {
        char first = json.isEmpty() ? ' ' : json.charAt(0);
        if (first == '{') {
            return "{…}";
        } else if (first == '[') {
            return "[…]";
        } else if (first == '"') {
            JsonElement text = json(json);
            return limited(text.isJsonPrimitive() ? text.getAsString() : json);
        }
        return limited(json);
    }

    private static String limited(String text) {
        return text.length() <= MAX_SHORT_CHARACTERS
                ? text
                : text.substring(0, MAX_SHORT_CHARACTERS - 1) + "…";
    }

    private static String letter(Quality quality) {
        return switch (quality) {
            case GOOD -> "G";
            case GOOD_NO_DATA -> "N";
            case UNCERTAIN -> "U";
            case BAD -> "B";
        };
    }

    private static JsonObject field(FieldValue field, TopicValue value, @Nullable Node node) {
        Violation violation = value.lastViolation();
        boolean mine =
                violation != null
                        && field.quality() == Quality.BAD
                        && violation.field().equals(field.name());
        boolean modeled =
                node != null
                        && node.payload().model().fields().stream()
                                .map(Field::name)
                                .anyMatch(field.name()::equals);
        return new JsonShape()
                .put("name", field.name())
                .put("value", field.json() == null ? JsonNull.INSTANCE : exact(json(field.json())))
                .put("quality", field.quality().text())
                .put("reason", reason(field.reason()))
                .put("timestamp", field.timestamp())
                .put("modeled", modeled)
                .put("violation", mine ? ViolationShapes.violation(violation) : null)
                .build();
    }

    /** The API's QualityReason. */
    private static @Nullable JsonObject reason(@Nullable QualityReason reason) {
        return reason == null
                ? null
                : new JsonShape()
                        .put("code", reason.code())
                        .put("seconds", reason.seconds() == 0 ? null : reason.seconds())
                        .build();
    }

    /** Whole numbers beyond 2^53 become text: a browser would round them. */
    static JsonElement exact(JsonElement json) {
        if (json.isJsonPrimitive() && json.getAsJsonPrimitive().isNumber()) {
            BigDecimal number = json.getAsBigDecimal();
            boolean whole = number.scale() <= 0 || number.stripTrailingZeros().scale() <= 0;
            if (whole && number.abs().compareTo(MAX_SAFE) > 0) {
                return new JsonPrimitive(number.toBigInteger().toString());
            }
        }
        return json;
    }

    static JsonObject publisher(Publisher publisher) {
        return new JsonShape()
                .put(
                        "credentialId",
                        publisher.principalId().isEmpty() ? null : publisher.principalId())
                .put("description", publisher.description())
                .put("clientId", publisher.clientId())
                .put("address", publisher.address())
                .build();
    }

    private static JsonElement json(String text) {
        try {
            return Json.parse(text);
        } catch (IllegalArgumentException e) {
            // Payloads need not be JSON: then there is only the raw view.
            return JsonNull.INSTANCE;
        }
    }
}

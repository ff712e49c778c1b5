package io.busbar.testkit.contract;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import io.busbar.api.uns.PayloadValues;
import io.busbar.api.uns.Quality;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records the values that a payload reader finds, and refuses what the namespace would refuse. */
public final class RecordedValues implements PayloadValues {
    private static final Gson GSON =
            new GsonBuilder().setStrictness(Strictness.STRICT).serializeNulls().create();

    private final List<Value> values = new ArrayList<>();
    private @Nullable String problem;
    private @Nullable Instant time;
    private Quality quality = Quality.GOOD;
    private boolean bare;

    /**
     * One recorded value.
     *
     * @param name empty for a single value without a name
     * @param json the value as JSON text
     * @param time the time that the reader has set for it, or null
     */
    public record Value(String name, String json, @Nullable Instant time, Quality quality) {}

    /** What was found, in its order. */
    public List<Value> values() {
        return List.copyOf(values);
    }

    /** Why the payload cannot be read, or null if it can. */
    public @Nullable String problem() {
        return problem;
    }

    @Override
    public void time(Instant newTime) {
        time = newTime;
    }

    @Override
    public void quality(Quality newQuality) {
        quality = newQuality;
    }

    @Override
    public void number(String name, double value) {
        if (Double.isFinite(value)) {
            add(name, Double.toString(value), quality);
        } else {
            add(name, "null", Quality.BAD);
        }
    }

    @Override
    public void number(String name, long value) {
        add(name, Long.toString(value), quality);
    }

    @Override
    public void bool(String name, boolean value) {
        add(name, Boolean.toString(value), quality);
    }

    @Override
    public void text(String name, String value) {
        add(name, GSON.toJson(new JsonPrimitive(value)), quality);
    }

    @Override
    public void json(String name, String json) {
        add(name, json, quality);
    }

    @Override
    public void json(byte[] name, int nameFrom, int nameTo, byte[] json, int from, int to) {
        add(text(name, nameFrom, nameTo), text(json, from, to), quality);
    }

    @Override
    public void bare(byte[] json, int from, int to) {
        add("", text(json, from, to), quality);
        bare = true;
        if (values.size() > 1) {
            throw new IllegalStateException("a bare value is the only one of its payload");
        }
    }

    @Override
    public void unreadable(String why) {
        problem = why;
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private void add(String name, String json, Quality valueQuality) {
        if (bare) {
            throw new IllegalStateException("a bare value is the only one of its payload");
        }
        try {
            if (GSON.fromJson(json, JsonElement.class) == null || !json.equals(json.strip())) {
                throw new JsonParseException("empty, or space around it");
            }
        } catch (JsonParseException e) {
            throw new IllegalArgumentException("json: '" + json + "' (expected: one value)", e);
        }
        if (values.size() == MAX_VALUES) {
            throw new IllegalStateException("more than " + MAX_VALUES + " values in one payload");
        }
        values.add(new Value(name, json, time, valueQuality));
    }
}

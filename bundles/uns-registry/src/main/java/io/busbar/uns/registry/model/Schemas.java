package io.busbar.uns.registry.model;

import io.busbar.api.uns.Model;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.ValidationMode;
import io.busbar.uns.registry.payload.SourceTime;
import java.lang.ref.WeakReference;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Compiled models, one for all topics that are checked alike: thousands of machines of one type
 * have the same model. One that no topic uses any more is forgotten. Thread-safe.
 */
public final class Schemas {
    /** A power of two. */
    private static final int RECENT = 256;

    private final SourceTime times;
    private final long maxFutureMicros;

    /** By what they were made of, which each of them holds. Guarded by this. */
    private final Map<Source, WeakReference<Schema>> known = new WeakHashMap<>();

    /**
     * What was found lately, by the model's identity, to be found again without comparing all its
     * fields: many topics have few models. Guarded by this.
     */
    private final List<WeakReference<Schema>> recent =
            new ArrayList<>(Collections.nCopies(RECENT, new WeakReference<>(null)));

    /**
     * What a schema is made of.
     *
     * @param checks whether what does not fit is a violation
     * @param zone where sources are whose times do not say so; null if nobody knows
     */
    record Source(Model model, PayloadFormat format, boolean checks, @Nullable ZoneId zone) {}

    /**
     * Starts with none.
     *
     * @param maxFutureMicros how far ahead of the server's clock a source's time may be
     */
    public Schemas(SourceTime times, long maxFutureMicros) {
        this.times = times;
        this.maxFutureMicros = maxFutureMicros;
    }

    /**
     * The schema of a model; null if it has no fields, because then there is nothing to check.
     *
     * @param zone where sources are whose times do not say so; null if nobody knows
     */
    public synchronized @Nullable Schema of(
            Model model, PayloadFormat format, ValidationMode validation, @Nullable ZoneId zone) {
        if (model.fields().isEmpty()) {
            return null;
        }
        boolean checks = validation != ValidationMode.OFF;
        Source source = new Source(model, format, checks, zone);
        int place = System.identityHashCode(model) + (checks ? 1 : 0) & RECENT - 1;
        Schema before = recent.get(place).get();
        if (before != null && before.isOf(source)) {
            return before;
        }
        WeakReference<Schema> reference = known.get(source);
        Schema schema = reference == null ? null : reference.get();
        if (schema == null) {
            schema = new Schema(source, times, maxFutureMicros);
            // The key has to be the one that this schema holds.
            known.remove(source);
            known.put(source, new WeakReference<>(schema));
        }
        recent.set(place, new WeakReference<>(schema));
        return schema;
    }
}

package io.busbar.uns.registry.model;

import io.busbar.api.uns.Model;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.ValidationMode;
import io.busbar.uns.registry.payload.SourceTime;
import java.lang.ref.WeakReference;
import java.time.ZoneId;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Compiled models, one for all topics that are checked alike: thousands of machines of one type
 * have the same model. One that no topic uses any more is forgotten. Thread-safe.
 */
public final class Schemas {
    private final SourceTime times;
    private final long maxFutureMicros;

    /** By what they were made of, which each of them holds. Guarded by this. */
    private final Map<Source, WeakReference<Schema>> known = new WeakHashMap<>();

    /** What was found last: topics of one model often follow one another. Guarded by this. */
    private WeakReference<Schema> last = new WeakReference<>(null);

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
        Source source = new Source(model, format, validation != ValidationMode.OFF, zone);
        Schema recent = last.get();
        if (recent != null && recent.isOf(source)) {
            return recent;
        }
        WeakReference<Schema> reference = known.get(source);
        Schema schema = reference == null ? null : reference.get();
        if (schema == null) {
            schema = new Schema(source, times, maxFutureMicros);
            // The key has to be the one that this schema holds.
            known.remove(source);
            known.put(source, new WeakReference<>(schema));
        }
        last = new WeakReference<>(schema);
        return schema;
    }
}

package io.busbar.uns.registry.sample;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.Sample;
import io.busbar.uns.registry.model.FieldSink;
import io.busbar.uns.registry.payload.SourceTime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a schema finds in one payload as samples, and passes it on. Used for one payload
 * only.
 */
public final class SampleTap implements FieldSink {
    private final FieldSink next;
    private final List<Field> fields;
    private final List<Sample> samples = new ArrayList<>();
    private long micros;
    private boolean sureTime = true;

    /** Passes on to a sink that knows the same fields. */
    public SampleTap(FieldSink next, List<Field> fields) {
        this.next = next;
        this.fields = fields;
    }

    /** What was found so far. */
    public List<Sample> samples() {
        return samples;
    }

    @Override
    public void begin(long receivedMicros) {
        micros = receivedMicros;
        next.begin(receivedMicros);
    }

    @Override
    public void time(long newMicros, boolean sure) {
        micros = newMicros;
        sureTime = sure;
        next.time(newMicros, sure);
    }

    @Override
    public void unreadable() {
        next.unreadable();
    }

    @Override
    public boolean good(int index, byte[] json, int from, int to, boolean sure) {
        String text = new String(json, from, to - from, StandardCharsets.UTF_8);
        boolean late = next.good(index, json, from, to, sure);
        add(index, text, sure && sureTime ? Quality.GOOD : Quality.UNCERTAIN, late);
        return late;
    }

    @Override
    public boolean bad(int index, boolean said) {
        boolean late = next.bad(index, said);
        add(index, null, Quality.BAD, late);
        return late;
    }

    private void add(int index, @Nullable String json, Quality quality, boolean late) {
        String field = fields.get(index).name();
        samples.add(new Sample(field, json, quality, SourceTime.instant(micros), late));
    }

    @Override
    public void missing(int index) {
        next.missing(index);
    }

    @Override
    public boolean touched(int index) {
        return next.touched(index);
    }

    @Override
    public void unknown(String name, byte[] json, int from, int to, Quality quality) {
        next.unknown(name, json, from, to, quality);
    }
}

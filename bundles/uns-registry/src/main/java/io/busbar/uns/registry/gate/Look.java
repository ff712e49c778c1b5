package io.busbar.uns.registry.gate;

import io.busbar.api.uns.Quality;
import io.busbar.uns.registry.model.FieldSink;
import io.busbar.uns.registry.model.Schema;
import io.busbar.uns.registry.payload.Reading;
import java.util.Arrays;

/**
 * Room to look at one payload in, without keeping any of its values. Reused from payload to
 * payload; for one thread at a time.
 */
final class Look {
    private static final int FIELDS = 32;

    /** Room for more fields is not kept. */
    private static final int MOST_FIELDS = 256;

    private final Reading reading = new Reading();
    private final Touched touched = new Touched();

    Reading reading() {
        return reading;
    }

    /** Takes what is found of the fields of a model. */
    FieldSink fields(Schema schema) {
        touched.begin(schema.fields().size());
        return touched;
    }

    /** Notes only which fields the payload has. */
    private static final class Touched implements FieldSink {
        private boolean[] fields = new boolean[FIELDS];

        void begin(int count) {
            if (fields.length < count || fields.length > MOST_FIELDS) {
                fields = new boolean[Math.max(FIELDS, count)];
            } else {
                Arrays.fill(fields, 0, count, false);
            }
        }

        @Override
        public void begin(long receivedMicros) {
            // No value is kept.
        }

        @Override
        public void time(long micros, boolean sure) {
            // No value is kept.
        }

        @Override
        public void unreadable() {
            // No value is kept.
        }

        @Override
        public boolean good(int index, byte[] json, int from, int to, boolean sure) {
            fields[index] = true;
            return false;
        }

        @Override
        public boolean bad(int index, boolean said) {
            fields[index] = true;
            return false;
        }

        @Override
        public void missing(int index) {
            // The check says so itself.
        }

        @Override
        public boolean touched(int index) {
            return fields[index];
        }

        @Override
        public void unknown(String name, byte[] json, int from, int to, Quality quality) {
            // No value is kept.
        }
    }
}

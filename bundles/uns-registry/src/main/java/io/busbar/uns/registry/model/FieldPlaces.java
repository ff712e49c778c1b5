package io.busbar.uns.registry.model;

import io.busbar.uns.registry.payload.JsonWalk;
import io.busbar.uns.registry.payload.Reading;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the fields with a path are: a tree of the keys and places on the way to them. Immutable
 * once it is made.
 */
final class FieldPlaces {
    /** Receives the values that are found. */
    interface Finder {
        void found(int field, byte[] json, int from, int to);
    }

    private final Place root = new Place(FieldPath.Step.of(""));

    /** One key or place, and what is in it. */
    static final class Place {
        private final byte @Nullable [] key;
        private final int index;
        private final List<Place> inside = new ArrayList<>(0);
        private int field = -1;

        private Place(FieldPath.Step step) {
            String name = step.key();
            key = name == null ? null : name.getBytes(StandardCharsets.UTF_8);
            index = step.place();
        }

        /** Finds the values of fields in a value that is here. */
        void find(byte[] json, int from, int to, Finder finder) {
            if (field >= 0) {
                finder.found(field, json, from, to);
            }
            boolean object = json[from] == '{';
            if (inside.isEmpty() || !object && json[from] != '[') {
                return;
            }
            JsonWalk walk = new JsonWalk(json, from);
            for (int i = 0; walk.next(); i++) {
                for (Place each : inside) {
                    if (each.isAt(walk, object, i)) {
                        each.find(json, walk.start(), walk.end(), finder);
                    }
                }
            }
        }

        private boolean isAt(JsonWalk walk, boolean object, int place) {
            byte[] own = key;
            return own == null ? !object && index == place : object && walk.keyIs(own);
        }

        private Place then(FieldPath.Step step) {
            String name = step.key();
            byte[] wanted = name == null ? null : name.getBytes(StandardCharsets.UTF_8);
            for (Place each : inside) {
                if (Arrays.equals(each.key, wanted) && each.index == step.place()) {
                    return each;
                }
            }
            Place added = new Place(step);
            inside.add(added);
            return added;
        }
    }

    /** Puts a field where its path leads. */
    void put(FieldPath path, int field) {
        Place at = root;
        for (FieldPath.Step step : path.steps()) {
            at = at.then(step);
        }
        at.field = field;
    }

    /** What is inside of a value of the payload; null if no field is. */
    @Nullable Place of(Reading reading, int value) {
        for (Place each : root.inside) {
            byte[] key = each.key;
            if (key != null && reading.nameIs(value, key)) {
                return each;
            }
        }
        return null;
    }
}

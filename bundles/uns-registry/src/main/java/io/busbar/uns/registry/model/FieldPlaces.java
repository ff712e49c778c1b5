package io.busbar.uns.registry.model;

import io.busbar.uns.registry.payload.JsonWalk;
import io.busbar.uns.registry.payload.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
        /** The step's key, for comparing paths; null for an element. */
        private final @Nullable String name;

        private final @Nullable PayloadKey key;
        private final int index;
        private final List<Place> inside = new ArrayList<>(0);
        private int field = -1;

        private Place(FieldPath.Step step) {
            name = step.key();
            key = name == null ? null : new PayloadKey(name);
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
            PayloadKey own = key;
            return own == null ? !object && index == place : object && own.isOf(walk);
        }

        private Place then(FieldPath.Step step) {
            for (Place each : inside) {
                if (Objects.equals(each.name, step.key()) && each.index == step.place()) {
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
            PayloadKey key = each.key;
            if (key != null && key.isOf(reading, value)) {
                return each;
            }
        }
        return null;
    }
}

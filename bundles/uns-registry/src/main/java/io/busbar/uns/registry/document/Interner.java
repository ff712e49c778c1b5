package io.busbar.uns.registry.document;

import io.busbar.api.uns.NodeLabels;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes equal parts of many nodes one object. Hundreds of thousands of topics have few different
 * models, names and authors. It lives as long as a load or an import; of each kind a bounded number
 * of different values is looked after, the others stay as they are. Confined to one thread.
 */
public final class Interner {
    /** Of one kind, so that many names leave room for models. */
    private static final int MAX_VALUES = 20_000;

    private final Map<Class<?>, Map<Object, Object>> kinds = new HashMap<>();

    /** A value that is equal to this one and was met first. */
    public <T> T one(T value) {
        return made(value, first -> first);
    }

    /** The same for what may be null. */
    public <T> @Nullable T oneOrNull(@Nullable T value) {
        return value == null ? null : one(value);
    }

    /** Labels whose lists and maps, or which themselves, are those of other nodes. */
    public NodeLabels labels(NodeLabels labels) {
        if (labels.equals(NodeLabels.NONE)) {
            return NodeLabels.NONE;
        }
        NodeLabels known =
                new NodeLabels(
                        labels.displayName(),
                        labels.description(),
                        one(labels.labels()),
                        one(labels.extendProperties()),
                        oneOrNull(labels.isa95Level()));
        return labels.displayName() == null && labels.description() == null ? one(known) : known;
    }

    /** What was made of an equal key before, or is made now. */
    @SuppressWarnings("unchecked") // A key of this class always leads to such a value.
    <K, V> V made(K key, Function<K, V> maker) {
        Map<Object, Object> values = kinds.computeIfAbsent(key.getClass(), kind -> new HashMap<>());
        Object known = values.get(key);
        if (known != null) {
            return (V) known;
        }
        V value = maker.apply(key);
        if (values.size() < MAX_VALUES) {
            values.put(key, value);
        }
        return value;
    }
}

package io.busbar.uns.registry.model;

import io.busbar.api.uns.Model;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.spi.ModelSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the model of a topic: asks the sources in their order and uses the node's own model if none
 * has one. Thread-safe.
 */
public final class Models {
    private static final Logger LOG = LoggerFactory.getLogger(Models.class);

    /** The model that stands in the node. */
    private static final ModelSource OWN = node -> node.payload().model();

    /** Others that were added, the first to be asked first. Guarded by this. */
    private final List<Ranked> others = new ArrayList<>();

    private volatile List<ModelSource> asked = List.of(OWN);

    private record Ranked(ModelSource source, int rank) {}

    /** Asks a source from now on, the one of the highest rank first. */
    public synchronized void add(ModelSource source, int rank) {
        others.removeIf(other -> other.source() == source);
        others.add(new Ranked(source, rank));
        others.sort(Comparator.comparingInt(Ranked::rank).reversed());
        choose();
    }

    /** Asks a source no more. */
    public synchronized void remove(ModelSource source) {
        others.removeIf(other -> other.source() == source);
        choose();
    }

    private void choose() {
        asked = Stream.concat(others.stream().map(Ranked::source), Stream.of(OWN)).toList();
    }

    /** The model that a topic's payloads are held against. */
    public Model of(Node node) {
        for (ModelSource source : asked) {
            Model model = ask(source, node);
            if (model != null) {
                return model;
            }
        }
        return Model.ANY;
    }

    private static @Nullable Model ask(ModelSource source, Node node) {
        try {
            return source.modelOf(node);
        } catch (RuntimeException | LinkageError e) {
            LOG.warn(
                    "Model source {} failed, the next one is asked (path={})",
                    source.getClass().getName(),
                    node.path(),
                    e);
            return null;
        }
    }
}

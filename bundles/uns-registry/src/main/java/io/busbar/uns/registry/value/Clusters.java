package io.busbar.uns.registry.value;

import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.UnmodeledCluster;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gathers topics by what their last payloads look like. Confined to one look. */
final class Clusters {
    private final Map<Shape, Gathered> byShape = new HashMap<>();

    /**
     * What a payload looks like.
     *
     * @param fields the names of its values, sorted
     */
    record Shape(PayloadFormat format, List<String> fields) {}

    private static final class Gathered {
        final Map<String, Integer> branches = new HashMap<>();
        final Set<String> publishers = new LinkedHashSet<>();
        final List<String> examples = new ArrayList<>();
        int topics;
    }

    /** Adds a topic; topics come in their order. */
    void add(String topic, Shape shape, String publisher) {
        Gathered same = byShape.computeIfAbsent(shape, each -> new Gathered());
        same.topics++;
        int slash = topic.indexOf('/');
        same.branches.merge(slash < 0 ? topic : topic.substring(0, slash), 1, Integer::sum);
        if (!publisher.isEmpty() && same.publishers.size() < UnmodeledCluster.MOST_PUBLISHERS) {
            same.publishers.add(publisher);
        }
        if (same.examples.size() < UnmodeledCluster.MOST_EXAMPLES) {
            same.examples.add(topic);
        }
    }

    /** The clusters, those of the most topics first. */
    List<UnmodeledCluster> largest(int limit) {
        return byShape.entrySet().stream()
                .map(each -> cluster(each.getKey(), each.getValue()))
                .sorted(
                        Comparator.comparingInt((UnmodeledCluster each) -> -each.topics())
                                .thenComparing(each -> each.examples().get(0)))
                .limit(limit)
                .toList();
    }

    private static UnmodeledCluster cluster(Shape shape, Gathered same) {
        List<String> fields = shape.fields();
        int shown = Math.min(fields.size(), UnmodeledCluster.MOST_FIELDS);
        return new UnmodeledCluster(
                shape.format(),
                fields.subList(0, shown),
                fields.size() - shown,
                same.topics,
                List.copyOf(same.publishers),
                same.branches.entrySet().stream()
                        .map(each -> new UnmodeledCluster.Branch(each.getKey(), each.getValue()))
                        .sorted(
                                Comparator.comparingInt(
                                                (UnmodeledCluster.Branch each) -> -each.topics())
                                        .thenComparing(UnmodeledCluster.Branch::path))
                        .limit(UnmodeledCluster.MOST_BRANCHES)
                        .toList(),
                same.examples);
    }
}

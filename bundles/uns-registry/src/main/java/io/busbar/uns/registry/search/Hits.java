package io.busbar.uns.registry.search;

import io.busbar.api.uns.Node;
import io.busbar.api.uns.SearchHit;
import io.busbar.api.uns.SearchHit.Matched;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The best hits of a search, as many as are wanted. Confined to one search. */
final class Hits {
    private static final Comparator<Hit> BEST_FIRST =
            Comparator.comparingInt(Hit::rank)
                    .thenComparingInt(Hit::sum)
                    .thenComparingInt(hit -> hit.topic().length())
                    .thenComparing(Hit::topic);

    private final int limit;
    private final PriorityQueue<Hit> best = new PriorityQueue<>(BEST_FIRST.reversed());
    private boolean more;

    Hits(int limit) {
        this.limit = limit;
    }

    /**
     * A hit.
     *
     * @param rank of the word that counts least, 0 = best
     * @param sum of the ranks of all words
     * @param word the word that counts least, folded
     * @param field the field whose value was found
     * @param text what was found
     */
    record Hit(
            int rank,
            int sum,
            String topic,
            @Nullable Node node,
            Matched matched,
            String word,
            @Nullable String field,
            @Nullable String text) {}

    void add(Hit hit) {
        if (best.size() == limit) {
            more = true;
            if (BEST_FIRST.compare(hit, best.element()) >= 0) {
                return;
            }
            best.remove();
        }
        best.add(hit);
    }

    /** Whether there are more than are wanted. */
    boolean more() {
        return more;
    }

    /** The hits, the best first. */
    List<SearchHit> sorted() {
        return best.stream().sorted(BEST_FIRST).map(Hits::shown).toList();
    }

    private static SearchHit shown(Hit hit) {
        Node node = hit.node();
        String field = hit.field();
        String text = hit.text();
        if (node != null && field == null) {
            switch (hit.matched()) {
                case FIELD -> field = fieldOf(node, hit.word());
                case LABEL -> text = labelOf(node, hit.word());
                case DESCRIPTION -> text = node.labels().description();
                case WIRE_TOPIC -> text = node.payload().wireTopic();
                default -> {}
            }
        }
        return new SearchHit(hit.topic(), node, hit.matched(), field, text);
    }

    private static @Nullable String fieldOf(Node node, String word) {
        return node.payload().model().fields().stream()
                .map(each -> each.name())
                .filter(name -> Folding.fold(name).contains(word))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String labelOf(Node node, String word) {
        return node.labels().labels().stream()
                .filter(label -> Folding.fold(label).contains(word))
                .findFirst()
                .orElse(null);
    }
}

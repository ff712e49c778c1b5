package io.busbar.uns.registry.search;

import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.SearchQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a search looks for: words, and topic filters, all of which have to fit. Sets of words are
 * bits, the first word is bit 0. Immutable.
 */
public final class SearchWords {
    private static final Pattern WORD = Pattern.compile("\"([^\"]+)\"|(\\S+)");

    private final List<String> words = new ArrayList<>();
    private final List<TopicFilter> filters = new ArrayList<>();

    /** Words that may be in more than one level of a path. */
    private int across;

    /**
     * Takes a query apart.
     *
     * @throws IllegalArgumentException if it is too long
     */
    public SearchWords(String text) {
        if (text.length() > SearchQuery.MAX_CHARACTERS) {
            throw new IllegalArgumentException(
                    "q: "
                            + text.length()
                            + " characters (expected: at most "
                            + SearchQuery.MAX_CHARACTERS
                            + ")");
        }
        Matcher each = WORD.matcher(text);
        int count = 0;
        while (each.find()) {
            if (++count > SearchQuery.MAX_WORDS) {
                throw new IllegalArgumentException(
                        "q: more words (expected: at most " + SearchQuery.MAX_WORDS + ")");
            }
            add(each.group(1) == null ? each.group(2) : each.group(1));
        }
    }

    private void add(String word) {
        TopicFilter filter = filterOf(word);
        if (filter != null) {
            filters.add(filter);
            return;
        }
        if (word.indexOf('/') >= 0) {
            across |= 1 << words.size();
        }
        words.add(Folding.fold(word));
    }

    private static @Nullable TopicFilter filterOf(String word) {
        boolean wild = word.indexOf('+') >= 0 || word.indexOf('#') >= 0;
        if (!wild || TopicFilter.problemOf(word) != null) {
            return null;
        }
        TopicFilter filter = TopicFilter.of(word);
        return filter.isShared() || !filter.hasWildcard() ? null : filter;
    }

    /** Whether nothing is looked for. */
    boolean isEmpty() {
        return words.isEmpty() && filters.isEmpty();
    }

    /** All words. */
    int all() {
        return (1 << words.size()) - 1;
    }

    int size() {
        return words.size();
    }

    String get(int index) {
        return words.get(index);
    }

    /** Those of some words that are in a folded text. */
    int in(String folded, int wanted) {
        int found = 0;
        for (int left = wanted; left != 0; left &= left - 1) {
            int word = Integer.numberOfTrailingZeros(left);
            if (folded.contains(words.get(word))) {
                found |= 1 << word;
            }
        }
        return found;
    }

    /** Those of some words that are in a path with a '/' in between. */
    int across(String path, int wanted) {
        int found = 0;
        for (int left = wanted & across; left != 0; left &= left - 1) {
            int word = Integer.numberOfTrailingZeros(left);
            if (Folding.contains(path, words.get(word))) {
                found |= 1 << word;
            }
        }
        return found;
    }

    /** Whether the filters match a node's path, or the topic of its values. */
    boolean match(Node node) {
        for (TopicFilter filter : filters) {
            if (!filter.matches(node.path())
                    && !(node.type() == NodeType.TOPIC && filter.matches(node.topic()))) {
                return false;
            }
        }
        return true;
    }

    /** Whether the filters match a topic. */
    boolean match(String topic) {
        for (TopicFilter filter : filters) {
            if (!filter.matches(topic)) {
                return false;
            }
        }
        return true;
    }
}

package io.busbar.uns.registry.search;

import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.SearchHit.Matched;
import io.busbar.api.uns.SearchQuery;
import io.busbar.api.uns.SearchResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Searches nodes, topics without a node, and the current values of both. Publishing costs nothing
 * of it: names are folded when a node is made, values are looked at when somebody asks. The first
 * values are looked at one by one, because frequent words are found in them. If that does not end
 * the search, {@link TextSign}s say which of the others are worth a look. The order of the hits is
 * always the same: first what was found in names, values at last. Thread-safe.
 */
public final class NamespaceSearch {
    /** Bytes of payloads that a search looks through; reading one counts more than once. */
    static final long MAX_VALUE_BYTES = 64 << 20;

    /** So many topics have their values looked at before signs are. */
    static final int LOOKED_AT_ANYWAY = 500;

    private static final int IN_PATH = 5;
    private static final int IN_VALUE = 7;

    private final Searched searched;

    public NamespaceSearch(Searched searched) {
        this.searched = searched;
    }

    /**
     * Searches.
     *
     * @throws IllegalArgumentException if the text is too long
     */
    public SearchResult search(SearchQuery query) {
        return run(query).result();
    }

    Run run(SearchQuery query) {
        Run run = new Run(searched, query);
        if (!run.words.isEmpty() && query.limit() > 0) {
            run.go();
        }
        return run;
    }

    /** One search, and what it took. Confined to one thread. */
    static final class Run implements NodeVisitor {
        private final Searched searched;
        private final SearchQuery query;
        private final SearchWords words;
        private final ValueFinder values;
        private final Hits hits;

        /** Topics whose values decide. They are looked at when the nodes may change again. */
        private final List<Unclear> unclear = new ArrayList<>();

        /** Is a hit already, because the text is its alias. */
        private @Nullable Node aliased;

        /** How many nodes, and topics without one, were compared. */
        private int compared;

        /** The fields that were compared last, which often are those of the next node too. */
        private String lastFields = "";

        /** The words that are in them. */
        private int inLastFields;

        /** How many texts of fields were compared. */
        private int fieldsCompared;

        /** How many topics had their values looked at. */
        private int looked;

        /** The words that are in some name. */
        private int named;

        /** The topics whose values are worth a look; null as long as it is not known. */
        private @Nullable Likely likely;

        /**
         * A topic, and the words that its value has to have.
         *
         * @param name its name if it has no node
         */
        private record Unclear(@Nullable Node node, String name, int missing) {
            String topic() {
                return node == null ? name : node.topic();
            }

            String path() {
                return node == null ? name : node.path();
            }
        }

        private Run(Searched searched, SearchQuery query) {
            this.searched = searched;
            this.query = query;
            this.words = new SearchWords(query.text());
            this.values = new ValueFinder(words, MAX_VALUE_BYTES);
            this.hits = new Hits(query.limit());
        }

        int compared() {
            return compared;
        }

        int fieldsCompared() {
            return fieldsCompared;
        }

        int looked() {
            return looked;
        }

        /** How many payloads without a model were read. */
        int read() {
            return values.read();
        }

        SearchResult result() {
            return new SearchResult(hits.sorted(), hits.more() || values.isShort());
        }

        private void go() {
            if (query.scope() != SearchQuery.Scope.UNMODELED) {
                Node node = searched.byAlias(query.text().strip());
                if (node != null && takes(node)) {
                    hits.add(new Hits.Hit(0, 0, node.path(), node, Matched.ALIAS, "", null, null));
                    aliased = node;
                }
                searched.nodes(this);
            }
            boolean nodesOnly =
                    query.scope() == SearchQuery.Scope.NODES
                            || query.type() == NodeType.PATH
                            || query.topicType() != null
                            || query.label() != null;
            if (!nodesOnly) {
                searched.unmodeled().forEach(this::visitUnmodeled);
            }
            unclear.forEach(this::look);
        }

        private boolean takes(Node node) {
            return (query.type() == null || node.type() == query.type())
                    && (query.topicType() == null
                            || node.payload().topicType() == query.topicType())
                    && (query.label() == null || node.labels().labels().contains(query.label()));
        }

        /** Returns the words that are in names at or above the node. */
        @Override
        public int visit(Node node, String text, String fields, int above) {
            compared++;
            int all = words.all();
            int own = words.in(text, all);
            int found = above | own | inFields(fields);
            found |= words.across(node.path(), all & ~found);
            named |= found;
            if (!node.equals(aliased) && takes(node) && words.match(node)) {
                int missing = all & ~found;
                if (missing == 0) {
                    add(node, text, fields, above);
                } else if (node.type() == NodeType.TOPIC && !hits.more()) {
                    unclear.add(new Unclear(node, "", missing));
                }
            }
            return own == 0 ? above : above | words.in(nameOf(text), own);
        }

        /** The words that are in the fields of a node. */
        private int inFields(String fields) {
            if (!fields.equals(lastFields)) {
                lastFields = fields;
                inLastFields = words.in(fields, words.all());
                fieldsCompared++;
            }
            return inLastFields;
        }

        private static String nameOf(String text) {
            return text.substring(0, NodeText.nameEnd(text));
        }

        private void add(Node node, String text, String fields, int above) {
            Ranks ranks = new Ranks();
            int inFields = inFields(fields);
            for (int i = 0; i < words.size(); i++) {
                String word = words.get(i);
                int at = text.indexOf(word);
                Matched where = NodeText.section(text, at, (inFields & 1 << i) != 0);
                int rank = rank(where, word, at, NodeText.nameEnd(text));
                if (rank > IN_PATH && (above & 1 << i) != 0) {
                    where = Matched.PATH;
                    rank = IN_PATH;
                }
                ranks.add(rank, where, word);
            }
            hits.add(ranks.hit(node.path(), node));
        }

        private static int rank(Matched where, String word, int at, int nameEnd) {
            return switch (where) {
                case NAME -> inName(word, at, nameEnd);
                case DISPLAY_NAME -> 3;
                case LABEL, FIELD -> 4;
                case DESCRIPTION -> 6;
                default -> IN_PATH;
            };
        }

        /** How well a word fits that is in a name of some length. */
        private static int inName(String word, int at, int length) {
            return at > 0 ? 2 : word.length() == length ? 0 : 1;
        }

        /** Looks at a topic without a node. */
        private void visitUnmodeled(String topic) {
            compared++;
            if (!words.match(topic)) {
                return;
            }
            String folded = Folding.fold(topic);
            int name = folded.lastIndexOf('/') + 1;
            int found = words.in(folded, words.all());
            int missing = words.all() & ~found;
            named |= found;
            if (missing != 0) {
                if (!hits.more()) {
                    unclear.add(new Unclear(null, topic, missing));
                }
                return;
            }
            Ranks ranks = new Ranks();
            for (int i = 0; i < words.size(); i++) {
                String word = words.get(i);
                int at = folded.indexOf(word, name);
                int rank = at < 0 ? IN_PATH : inName(word, at - name, folded.length() - name);
                ranks.add(rank, at < 0 ? Matched.PATH : Matched.NAME, word);
            }
            hits.add(ranks.hit(topic, null));
        }

        /**
         * Looks for words in the values of a topic, unless hits that are better, or that come
         * before it in the tree, are more than enough.
         */
        private void look(Unclear at) {
            if (hits.more() || values.isShort() || !isLikely(at)) {
                return;
            }
            looked++;
            values.begin(at.missing());
            searched.values(at.topic(), values);
            if (values.foundAll()) {
                hits.add(
                        new Hits.Hit(
                                IN_VALUE,
                                looked,
                                at.path(),
                                at.node(),
                                values.text() == null ? Matched.FIELD : Matched.VALUE,
                                "",
                                values.field(),
                                values.text()));
            }
        }

        /** Whether the values of a topic are worth a look. */
        private boolean isLikely(Unclear at) {
            if (looked < LOOKED_AT_ANYWAY) {
                return true;
            }
            Likely known = likely;
            if (known == null) {
                known = new Likely(words, words.all() & ~named, values);
                likely = known;
                searched.signs(known);
            }
            return !known.isEmpty() && known.mayHave(at.topic(), at.missing());
        }

        /** Sums up how well the words of a search fit. */
        private static final class Ranks {
            private int worst = -1;
            private int sum;
            private Matched where = Matched.FILTER;
            private String word = "";

            void add(int rank, Matched newWhere, String newWord) {
                sum += rank;
                if (rank > worst) {
                    worst = rank;
                    where = newWhere;
                    word = newWord;
                }
            }

            Hits.Hit hit(String topic, @Nullable Node node) {
                return new Hits.Hit(Math.max(0, worst), sum, topic, node, where, word, null, null);
            }
        }
    }
}

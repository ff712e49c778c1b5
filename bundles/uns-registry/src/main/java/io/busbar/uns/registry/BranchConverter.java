package io.busbar.uns.registry;

import io.busbar.api.audit.Actor;
import io.busbar.api.uns.BranchConversion;
import io.busbar.api.uns.ConversionReport;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.ModelProposal;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.NodeName;
import io.busbar.api.uns.NodePayload;
import io.busbar.api.uns.TopicType;
import io.busbar.uns.registry.payload.JsonText;
import io.busbar.uns.registry.value.LiveValues;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;

/**
 * Models all topics of a branch that have no node, each with the model that is proposed for it when
 * it is modelled alone. Models are proposed before the nodes are locked, so other changes do not
 * wait for it. Thread-safe.
 */
final class BranchConverter {
    private static final int MAX_NAME = 63;

    private final LiveValues live;
    private final Function<String, ModelProposal> proposals;
    private final NodeChanges changes;

    BranchConverter(
            LiveValues live, Function<String, ModelProposal> proposals, NodeChanges changes) {
        this.live = live;
        this.proposals = proposals;
        this.changes = changes;
    }

    /**
     * Models a branch.
     *
     * @throws IllegalArgumentException if there are too many topics, or the path cannot be one
     * @throws NoSuchElementException if there are none
     */
    ConversionReport convert(BranchConversion wanted, boolean dryRun, Actor actor) {
        String problem = NodeName.pathProblemOf(wanted.path());
        if (problem != null) {
            throw new IllegalArgumentException(
                    "path: '" + JsonText.clip(wanted.path()) + "' " + problem);
        }
        List<String> topics = live.unmodeledAt(wanted.branch(), BranchConversion.MAX_TOPICS + 1);
        if (topics.isEmpty()) {
            throw new NoSuchElementException(
                    "branch: '" + JsonText.clip(wanted.branch()) + "' (nothing came under it)");
        }
        if (topics.size() > BranchConversion.MAX_TOPICS) {
            throw new IllegalArgumentException(
                    "branch: '"
                            + JsonText.clip(wanted.branch())
                            + "' has more topics than can be modelled at once (expected: at most "
                            + BranchConversion.MAX_TOPICS
                            + "; choose a branch below it)");
        }
        return changes.convert(nodes(wanted, topics), dryRun, actor);
    }

    /**
     * Models one topic with what is proposed for it; its path is the topic, or like it. What
     * somebody else has modelled meanwhile is left as it is.
     *
     * @throws IllegalArgumentException if it cannot be a node; says why
     */
    void convert(String topic, Actor actor) {
        String path = likeNames("/" + topic).substring(1);
        ConversionReport report =
                changes.convert(
                        nodes(new BranchConversion(topic, path, typeOf(path)), List.of(topic)),
                        false,
                        actor);
        for (ConversionReport.Row row : report.topics()) {
            if (row.problem() != null) {
                throw new IllegalArgumentException(row.problem());
            }
        }
    }

    /** What the folder of a topic says that it is; else a measurement. */
    private static TopicType typeOf(String path) {
        List<String> levels = List.of(path.split("/"));
        for (TopicType type : TopicType.values()) {
            if (levels.size() > 1 && levels.get(levels.size() - 2).equals(type.folder())) {
                return type;
            }
        }
        return TopicType.METRIC;
    }

    private List<Conversion> nodes(BranchConversion wanted, List<String> topics) {
        // Equal models are one object: they are counted once.
        Map<Model, Model> models = new HashMap<>();
        List<Conversion> nodes = new ArrayList<>(topics.size());
        for (String topic : topics) {
            ModelProposal proposal;
            try {
                proposal = proposals.apply(topic);
            } catch (NoSuchElementException e) {
                // It was forgotten, or modelled, in this moment.
                continue;
            }
            Model model = models.computeIfAbsent(proposal.model(), Function.identity());
            NodePayload payload = new NodePayload(wanted.topicType(), proposal.format(), model);
            String path = wanted.path() + likeNames(topic.substring(wanted.branch().length()));
            int slash = path.lastIndexOf('/');
            NewNode node =
                    NewNode.topic(
                            slash < 0 ? "" : path.substring(0, slash),
                            path.substring(slash + 1),
                            wanted.topicType(),
                            model);
            nodes.add(
                    new Conversion(
                            topic,
                            path,
                            node.withPayload(
                                    path.equals(topic) ? payload : payload.withWireTopic(topic))));
        }
        return nodes;
    }

    /**
     * A topic and the node that it becomes.
     *
     * @param path of the node
     */
    record Conversion(String topic, String path, NewNode node) {}

    /** The levels below a branch, each with the '/' before it, as names that are like them. */
    private static String likeNames(String levels) {
        if (levels.isEmpty()) {
            return levels;
        }
        StringBuilder names = new StringBuilder(levels.length());
        for (String level : levels.substring(1).split("/", -1)) {
            names.append('/').append(NodeName.problemOf(level) == null ? level : likeName(level));
        }
        return names.toString();
    }

    /** A name that is like a level which cannot be one. */
    static String likeName(String level) {
        StringBuilder name = new StringBuilder();
        Normalizer.normalize(level, Normalizer.Form.NFC)
                .codePoints()
                .map(c -> Character.isWhitespace(c) || Character.isSpaceChar(c) ? ' ' : c)
                .filter(c -> NodeName.problemOf("a" + Character.toString(c) + "a") == null)
                .limit(MAX_NAME)
                .forEach(name::appendCodePoint);
        String text = name.toString().strip();
        if (text.startsWith("$")) {
            text = "_" + text.substring(1);
        }
        return NodeName.problemOf(text) == null ? text : "_";
    }
}

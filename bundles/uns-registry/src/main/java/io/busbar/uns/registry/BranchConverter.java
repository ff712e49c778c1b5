package io.busbar.uns.registry;

import io.busbar.api.audit.Actor;
import io.busbar.api.uns.BranchConversion;
import io.busbar.api.uns.ConversionReport;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.ModelProposal;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.NodeName;
import io.busbar.api.uns.NodePayload;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RefusedException;
import io.busbar.api.uns.TopicType;
import io.busbar.uns.registry.payload.JsonText;
import io.busbar.uns.registry.tree.NodeRules;
import io.busbar.uns.registry.value.LiveValues;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Models all topics of a branch that have no node, each with the model that is proposed for it when
 * it is modelled alone. Models are proposed before the nodes are locked, so other changes do not
 * wait for it. Thread-safe.
 */
final class BranchConverter {
    private final LiveValues live;
    private final Predicate<String> exists;
    private final Function<String, ModelProposal> proposals;
    private final NodeChanges changes;

    /**
     * Converts nothing yet.
     *
     * @param exists whether there is a node at a path
     * @param proposals the model of a topic
     */
    BranchConverter(
            LiveValues live,
            Predicate<String> exists,
            Function<String, ModelProposal> proposals,
            NodeChanges changes) {
        this.live = live;
        this.exists = exists;
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
        NodeRules.checkPath(wanted.path(), exists);
        List<String> topics = live.unmodeledAt(wanted.branch(), BranchConversion.MAX_TOPICS + 1);
        if (topics.isEmpty()) {
            throw new NoSuchElementException(
                    "branch: '" + JsonText.clip(wanted.branch()) + "' (nothing came under it)");
        }
        if (topics.size() > BranchConversion.MAX_TOPICS) {
            throw new RefusedException(
                    "branch: '"
                            + JsonText.clip(wanted.branch())
                            + "' has more topics than can be modelled at once (expected: at most "
                            + BranchConversion.MAX_TOPICS
                            + "; choose a branch below it)",
                    Reason.Code.BRANCH_TOO_LARGE,
                    "max",
                    String.valueOf(BranchConversion.MAX_TOPICS));
        }
        return changes.convert(nodes(wanted, topics), dryRun, actor);
    }

    /**
     * Models one topic that no node has, with what is proposed for it. Only under its own name: by
     * one that is like it a device would come to where it may not publish.
     *
     * @throws IllegalArgumentException if it cannot be a node; says why
     */
    void convert(String topic, Actor actor) {
        changes.requireNew(topic);
        ConversionReport report =
                changes.convert(
                        nodes(new BranchConversion(topic, topic, typeOf(topic)), List.of(topic)),
                        false,
                        actor);
        for (ConversionReport.Row row : report.topics()) {
            if (row.problem() != null) {
                throw new IllegalArgumentException(String.valueOf(row.problem()));
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
            String path = pathFor(topic.substring(wanted.branch().length()), wanted.path());
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

    /**
     * Where a topic of a branch goes: below the path of the branch, under levels that are called as
     * in the topic if they can be or are there already, else by names that are like them.
     *
     * @param levels those below the branch, each with the '/' before it
     * @param path of the branch; empty = the root
     */
    private String pathFor(String levels, String path) {
        if (levels.isEmpty()) {
            return path;
        }
        StringBuilder whole = new StringBuilder(path);
        int asked = 0;
        for (String level : levels.substring(1).split("/", -1)) {
            if (whole.length() > 0) {
                whole.append('/');
            }
            boolean possible =
                    NodeName.problemOf(level) == null
                            // No node is deeper than that.
                            || ++asked <= NodeName.MAX_LEVELS && exists.test(whole + level);
            whole.append(possible ? level : likeName(level));
        }
        return whole.toString();
    }

    /** A name that is like a level which cannot be one. */
    static String likeName(String level) {
        StringBuilder name = new StringBuilder();
        Normalizer.normalize(level, Normalizer.Form.NFC)
                .codePoints()
                .map(c -> Character.isWhitespace(c) || Character.isSpaceChar(c) ? ' ' : c)
                .filter(c -> NodeName.problemOf("a" + Character.toString(c) + "a") == null)
                .limit(NodeName.MAX_LENGTH)
                .forEach(name::appendCodePoint);
        String text = name.toString().strip();
        if (text.startsWith("$")) {
            text = "_" + text.substring(1);
        }
        return NodeName.problemOf(text) == null ? text : "_";
    }
}

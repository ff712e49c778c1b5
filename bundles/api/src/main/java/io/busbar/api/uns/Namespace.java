package io.busbar.api.uns;

import io.busbar.api.audit.Actor;
import io.busbar.api.broker.ProviderView;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The Unified Namespace as a service: the tree of nodes and the current values of their topics.
 *
 * <p>Thread-safe. Reads use memory only and never block. Changes are durable when the call returns;
 * they access the disk, so never make one from an event loop. The name of the actor is stored with
 * a changed node, see {@link NodeStamp}, and in the record of a deleted one.
 *
 * <p>Errors of changes, none of which changes anything: {@link IllegalArgumentException} if a value
 * is out of bounds (the message names field, value and what was expected); {@link
 * io.busbar.api.storage.ConflictException} if a path or alias exists already, or a revision is not
 * the current one; {@link java.util.NoSuchElementException} if there is no node with this id or
 * path; {@link NamespaceFullException} if there would be more nodes than there may be; {@link
 * io.busbar.api.storage.StorageException} if the store fails.
 */
@ProviderType
public interface Namespace {
    /** Returns the node with this id, or empty if there is none. */
    Optional<Node> get(UUID id);

    /** Returns the node at this path, or empty if there is none. */
    Optional<Node> byPath(String path);

    /**
     * Returns in a few words why no node can be made at this path, or null if one can: see {@link
     * NodeName}. Names of nodes that are there may stay, whatever the rules for new ones are.
     */
    default @org.jspecify.annotations.Nullable String pathProblemOf(String path) {
        return NodeName.pathProblemOf(path, level -> byPath(level).isPresent());
    }

    /** The same as {@link #pathProblemOf}, with the reason for programs. */
    default @org.jspecify.annotations.Nullable NameProblem pathProblem(String path) {
        return NodeName.pathProblem(path, level -> byPath(level).isPresent());
    }

    /**
     * Returns the TOPIC node whose values come on an MQTT topic, or empty if there is none: the one
     * with this {@link NodePayload#wireTopic}, or the one with this path that has none.
     */
    Optional<Node> byTopic(String topic);

    /** Returns the nodes that have a {@link NodePayload#wireTopic}, in no order. */
    List<Node> withWireTopic();

    /** Returns the node with this alias, or empty if there is none. */
    Optional<Node> byAlias(String alias);

    /**
     * Returns the children of a node: paths before topics, each sorted by name. Empty if there is
     * no such node.
     *
     * @param parentId the node; null = the root
     */
    List<Node> children(@org.jspecify.annotations.Nullable UUID parentId);

    /**
     * Returns some of the children of a node, in the same order.
     *
     * @param parentId the node; null = the root
     * @param from the index of the first, from 0
     * @param limit most nodes to return
     */
    List<Node> children(@org.jspecify.annotations.Nullable UUID parentId, int from, int limit);

    /** Returns how many children a node has; 0 if there is no such node. */
    int childCount(@org.jspecify.annotations.Nullable UUID parentId);

    /** Returns the index of a node among its siblings, from 0; -1 if there is no such node. */
    int indexOf(UUID id);

    /**
     * Returns the policies that hold for a node: each as the nearest node, at or above it, says.
     * {@link EffectivePolicy#DEFAULT} if there is no such node.
     */
    EffectivePolicy policyOf(UUID id);

    /** Returns how many topics are at or below a node. */
    long topicsBelow(UUID id);

    /**
     * Searches nodes, topics without a node, and current values. A word is found, ignoring case, in
     * the name, the display name, a label, the name of a field, the wire topic, the description,
     * the levels of the path above, or a current value; an alias only as a whole. Hits in names
     * come first, those in values last; the order is always the same.
     *
     * @throws IllegalArgumentException if the text is too long
     */
    SearchResult search(SearchQuery query);

    /** Creates a node, and its parents if they do not exist. */
    Node create(NewNode wanted, Actor actor);

    /**
     * Changes a node.
     *
     * @param expectedRevision the revision that the change is based on, or 0 to change any revision
     * @return the node after the change
     */
    Node update(UUID id, long expectedRevision, NodeChange change, Actor actor);

    /**
     * Moves a node to another place, or renames it, with all that is below it. What subscribers and
     * values know it by stays if its topics stay, see {@link NodeMove#keepTopics}.
     *
     * @param expectedRevision the node's revision, or 0 for any
     * @return the node there
     */
    Node move(UUID id, long expectedRevision, NodeMove move, Actor actor);

    /**
     * Makes nodes like a node and all that is below it, at another place. They have new ids and
     * aliases, and topics of their own: their paths.
     *
     * @param parentPath the path of the node that the copy comes below, made if there is none;
     *     empty = the root
     * @param name the name of the copy
     * @return the copy of the node itself
     */
    Node copy(UUID id, String parentPath, String name, Actor actor);

    /**
     * Deletes a node and all nodes below it; they can be restored from the {@link #recycleBin}.
     *
     * @param expectedRevision the node's revision, or 0 for any
     * @throws IllegalArgumentException if they are more than the recycle bin holds; nothing has
     *     changed
     */
    void delete(UUID id, long expectedRevision, Actor actor);

    /**
     * Deletes a node and all nodes below it for good.
     *
     * @param expectedRevision the node's revision, or 0 for any
     */
    void deleteForGood(UUID id, long expectedRevision, Actor actor);

    /** The nodes that were deleted and can be restored. */
    RecycleBin recycleBin();

    /** Who changed what of the nodes. */
    NodeHistory history();

    /**
     * Creates the nodes of a document that do not exist yet, the templates and versions of
     * templates that do not, and the rules that ignore topics ({@link #ignore}), all of them or
     * none; of the rules as many as there may be. What is there stays as it is. The document is
     * read piece by piece; a second time only if its templates come after the nodes that use them,
     * or a node has keys after its children.
     *
     * @param document in one of Tier0's formats: {@code {"labels":[],"templates":[],
     *     "namespace":[…]}} or {@code {"Label":[],"Template":[],"UNS":[…]}}; the filters of the
     *     rules in {@code "ignored":[]}. What of it cannot be kept is listed in {@link
     *     ImportResult#notes}
     * @param dryRun true = change nothing, only return what would happen
     * @throws IOException if the document cannot be read; nothing has changed
     */
    ImportResult importJson(TextSource document, boolean dryRun, Actor actor) throws IOException;

    /**
     * Creates the nodes that the bootstrap file declares and that do not exist yet. Nodes that were
     * deleted before are not created again; rules that ignore topics are not made, nor templates
     * that none of the created nodes pins. A payload format may be one whose reader starts later.
     *
     * @param document as for {@link #importJson}
     * @param dryRun true = change nothing, only return what would happen
     * @throws IOException if the document cannot be read; nothing has changed
     */
    ImportResult ensure(TextSource document, boolean dryRun, Actor actor) throws IOException;

    /**
     * Returns the nodes at and below a node as they are now, to be written as a document that
     * {@link #importJson} can read, with the templates that they pin. A document of the whole tree
     * has all templates, and the rules that ignore topics.
     *
     * @param id the node; null = the whole tree
     */
    NamespaceExport export(@org.jspecify.annotations.Nullable UUID id);

    /**
     * Returns the payload formats that can be read at the moment. A topic can only be given one of
     * these.
     */
    List<PayloadFormat> formats();

    /**
     * Proposes a model for payloads like a sample. Numbers become DOUBLE, because a round one says
     * nothing of the next. What is inside of objects and lists becomes fields with a path ({@link
     * Field#source}). The source's time and quality become no fields.
     *
     * @throws IllegalArgumentException if the sample is not a JSON object or value
     */
    ModelProposal propose(String jsonSample);

    /**
     * Proposes a model for a topic from the payloads of it that are kept: the last one, and some
     * before it.
     *
     * @throws java.util.NoSuchElementException if nothing has arrived on it
     */
    ModelProposal proposeFor(String topic);

    /**
     * Returns the fields of a topic's model that keep refusing values because of their type, each
     * with a wider one; empty if there are none, or there is no such topic. Reads payloads that are
     * kept since the first violation, so it costs some time.
     */
    List<FieldWidening> widenings(String topic);

    /**
     * Returns the current state of a topic, with or without a node; empty if the topic is not
     * known.
     *
     * @param topic an MQTT topic, or the path of a TOPIC node
     */
    Optional<TopicValue> value(String topic);

    /**
     * Returns what was wrong with the messages of a topic; empty if the topic is not known.
     *
     * @param topic an MQTT topic, or the path of a TOPIC node
     */
    Optional<TopicViolations> violations(String topic);

    /**
     * Returns topics whose last message did not fit their model, the latest violation first.
     *
     * @param limit most topics to return
     */
    List<TopicValue> violating(int limit);

    /**
     * Returns the topics whose values are stale now, those first that have been for the longest
     * time. Topics that never had a value are not among them.
     */
    List<StaleTopic> stale();

    /** Returns how many topics have values that are stale now. */
    int staleCount();

    /** The messages that were held back because they did not fit. */
    Quarantine quarantine();

    /** The models that many topics share. */
    Templates templates();

    /** What is asked of messages, and said of one. */
    Contracts contracts();

    /**
     * Returns the topics that had messages which did not fit their model, as far as their kinds are
     * remembered, the latest violation first.
     *
     * @param limit most topics to return
     */
    List<ViolatedTopic> violated(int limit);

    /**
     * Counts the violations of a topic anew, and forgets their kinds. Whether the last message fits
     * stays as it is.
     *
     * @param topic an MQTT topic, or the path of a TOPIC node
     * @throws java.util.NoSuchElementException if the topic is not known
     */
    void resetViolations(String topic, Actor actor);

    /**
     * Returns topics that have received messages but have no node, sorted level by level.
     *
     * @param prefix only topics that begin with this text
     * @param limit most topics to return
     */
    List<TopicValue> unmodeled(String prefix, int limit);

    /**
     * Returns all topics that have received messages but have no node, sorted level by level. Their
     * values are not read; {@link #value} has them.
     */
    List<UnmodeledTopic> unmodeledTopics();

    /**
     * Returns the topics that have received messages but have no node, gathered by what their last
     * payloads look like, those of the most topics first. All payloads are read: that takes about a
     * second for 100,000 topics.
     *
     * @param limit most clusters to return
     */
    List<UnmodeledCluster> unmodeledClusters(int limit);

    /**
     * Returns some of the levels just below a branch of topics that have no node, sorted by name.
     *
     * @param under all levels down to the branch, with a '/' after each; empty for the root
     * @param after only levels after the one with this name; null = from the first
     * @param limit most levels to return
     */
    UnmodeledBranch unmodeledBranch(
            String under, @org.jspecify.annotations.Nullable String after, int limit);

    /**
     * Returns one of the levels just below a branch of topics that have no node; empty if there is
     * none of this name.
     *
     * @param under as for {@link #unmodeledBranch}
     */
    Optional<UnmodeledLevel> unmodeledLevel(String under, String name);

    /**
     * Returns which topics without a node came or went after a revision, as far as that is
     * remembered.
     *
     * @param since the {@link UnmodeledChanges#revision} of an earlier answer
     */
    UnmodeledChanges unmodeledChanges(long since);

    /**
     * Creates the node for a topic that has received messages without one. The value is kept.
     * Levels above the node are created as PATH nodes; no type folder is inserted.
     *
     * @param path the path of the node: the topic itself, or any other if devices shall keep
     *     publishing the topic and the node be called otherwise
     */
    Node convert(String topic, String path, TopicType topicType, Model model, Actor actor);

    /**
     * Creates the nodes for all topics of a branch that have received messages without one, each
     * with the model that {@link #proposeFor} proposes: all of them, or none if one of them cannot
     * be created. A PATH node in the place of one becomes the topic. Topics that have a node in the
     * meantime are left as they are. Their values are kept.
     *
     * @param dryRun true = change nothing, only return what would happen
     * @throws IllegalArgumentException if the branch has more than {@link
     *     BranchConversion#MAX_TOPICS} topics
     * @throws java.util.NoSuchElementException if it has none
     */
    ConversionReport convert(BranchConversion wanted, boolean dryRun, Actor actor);

    /** Returns which topics without a node are not remembered, sorted by filter. */
    List<IgnoreRule> ignoreRules();

    /**
     * Remembers topics without a node no more, and forgets those that there are.
     *
     * @param filter an MQTT topic filter
     * @throws IllegalArgumentException if it is not valid, or there are {@link
     *     IgnoreRule#MAX_RULES} rules already
     */
    IgnoreRule ignore(String filter, Actor actor);

    /** Takes a rule back: the topics are found again with their next message. */
    void removeIgnoreRule(UUID id);

    /**
     * Returns all that the namespace calls on threads that it needs itself, and that other bundles
     * implement: payload readers, sample listeners and value listeners.
     */
    List<ProviderView> providers();

    /** Returns sizes and counters. */
    NamespaceStats stats();
}

package io.busbar.api.uns;

import io.busbar.api.audit.Actor;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The tree of nodes and the values under them. Reads are from memory and never block. Changes are
 * durable when they return, so they touch the disk and never come from an event loop. Thread-safe.
 *
 * <p>Who makes a change is kept with the node, see {@link NodeStamp}, and with what was deleted.
 *
 * <p>Failures of changes: {@link IllegalArgumentException} for a value out of bounds, naming field,
 * value and what was expected; {@link io.busbar.api.storage.ConflictException} for a path or alias
 * that exists already or a revision that is not the current one; {@link
 * java.util.NoSuchElementException} for an id or path that does not exist. None of them changes
 * anything.
 */
@ProviderType
public interface Namespace {
    Optional<Node> get(UUID id);

    Optional<Node> byPath(String path);

    Optional<Node> byAlias(String alias);

    /**
     * Children of a node in the order of their names, paths before topics; null = the root's. Empty
     * if there is no such node.
     */
    List<Node> children(@org.jspecify.annotations.Nullable UUID parentId);

    /** How many topics are at or below a node. */
    long topicsBelow(UUID id);

    /**
     * Nodes whose path, name, display name, description, alias, label or field names hold the text,
     * ignoring case; best first.
     */
    List<Node> search(String text, int limit);

    Node create(NewNode wanted, Actor actor);

    /**
     * Changes a node.
     *
     * @param expectedRevision the revision the change was made from, or 0 to change whatever is
     *     there
     */
    Node update(UUID id, long expectedRevision, NodeChange change, Actor actor);

    /** Deletes a node and all below it. */
    void delete(UUID id, long expectedRevision, Actor actor);

    /**
     * Makes the nodes of a document in one of Tier0's shapes that do not exist yet, all or none.
     *
     * @param json {@code {"namespace":[…]}} or {@code {"Label":[],"Template":[],"UNS":[…]}}
     * @param dryRun only say what would happen
     */
    ImportResult importJson(String json, boolean dryRun, Actor actor);

    /**
     * Makes the nodes that do not exist and that nobody has deleted before: the declarative start.
     * A payload format may be one whose reader starts later.
     *
     * @param dryRun only say what would happen
     */
    ImportResult ensure(String json, boolean dryRun, Actor actor);

    /**
     * The tree below a node, or all of it for null, as a document that {@link #importJson} reads.
     */
    String exportJson(@org.jspecify.annotations.Nullable UUID id);

    /** The payload formats that can be read at the moment; a topic may have no other. */
    List<PayloadFormat> formats();

    /**
     * Reads the fields of a model off a sample payload; a timestamp of a known name is left out.
     * Throws IllegalArgumentException if it is no JSON object or value.
     */
    List<Field> infer(String jsonSample);

    /** What is known of a topic, modelled or not. */
    Optional<TopicValue> value(String topic);

    /** The topics that arrived and that nobody has modelled, by name. */
    List<TopicValue> unmodeled(String prefix, int limit);

    /**
     * Models a topic that arrived unmodelled, under exactly its name; its value stays. Levels above
     * it are made as paths.
     */
    Node convert(String topic, TopicType topicType, Model model, Actor actor);

    NamespaceStats stats();
}

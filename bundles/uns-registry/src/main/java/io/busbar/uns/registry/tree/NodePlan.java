package io.busbar.uns.registry.tree;

import io.busbar.api.audit.Actor;
import io.busbar.api.uns.NamespaceFullException;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeIdentity;
import io.busbar.api.uns.NodePayload;
import io.busbar.api.uns.NodeStamp;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RefusedException;
import io.busbar.api.uns.TakenException;
import io.busbar.api.uns.TopicType;
import io.busbar.uns.registry.payload.JsonText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that one change will create, seen together with the existing tree. So the change is
 * checked as a whole before anything is written. Confined to one thread.
 */
public final class NodePlan {
    private static final String ALIAS_DIGITS = "abcdefghijklmnopqrstuvwxyz234567";

    private final NodeTree tree;
    private final UuidV7 ids;
    private final Instant now;
    private final Actor actor;
    private final long maxNodes;
    private final long room;
    private final Runnable refused;
    private Map<String, Node> byPath = new HashMap<>();
    private Map<String, Node> byAlias = new HashMap<>();
    private Map<String, Node> byWireTopic = new HashMap<>();
    private final List<Node> created = new ArrayList<>();

    /** Nodes that are there as paths, as they will be: topics. */
    private final List<Node> turned = new ArrayList<>();

    /** The same as they are now. */
    private final List<Node> replaced = new ArrayList<>();

    /**
     * Plans nothing yet.
     *
     * @param maxNodes how many nodes there may be
     * @param refused called if one more would be too many
     */
    public NodePlan(
            NodeTree tree, long maxNodes, Runnable refused, UuidV7 ids, Instant now, Actor actor) {
        this.refused = refused;
        this.maxNodes = maxNodes;
        this.room = maxNodes - tree.size();
        this.tree = tree;
        this.ids = ids;
        this.now = now;
        this.actor = actor;
    }

    /** The new nodes, parents before their children. */
    public List<Node> created() {
        return created;
    }

    /** The nodes that are there already and become topics, as they will be. */
    public List<Node> turned() {
        return turned;
    }

    /** The same as they are now: as paths. */
    public List<Node> replaced() {
        return replaced;
    }

    /** The new nodes, then those that become topics. */
    public List<Node> written() {
        if (turned.isEmpty()) {
            return created;
        }
        List<Node> written = new ArrayList<>(created);
        written.addAll(turned);
        return written;
    }

    /**
     * Ends the planning: the nodes as {@link #written}; what was there to plan them takes no more
     * memory.
     */
    public List<Node> done() {
        byPath = Map.of();
        byAlias = Map.of();
        byWireTopic = Map.of();
        return written();
    }

    /** The node at a path that is there already. */
    public @Nullable Node existing(String path) {
        return tree.byPath(path);
    }

    /** The node at a path, there already or planned. */
    public @Nullable Node at(String path) {
        Node planned = byPath.get(path);
        return planned != null ? planned : tree.byPath(path);
    }

    private boolean exists(String path) {
        return at(path) != null;
    }

    /**
     * Plans a node under just its path; missing levels above it become paths.
     *
     * @throws NamespaceFullException if there would be more nodes than there may be
     */
    public Node add(NewNode wanted) {
        String path = join(wanted.parentPath(), wanted.name());
        Node parent = parentOfNew(path);
        UUID id = ids.next();
        String alias =
                wanted.alias() == null || wanted.alias().isEmpty()
                        ? newAlias(wanted.name(), id)
                        : wanted.alias();
        NodePayload payload = wanted.payload();
        if (wanted.type() != NodeType.TOPIC) {
            payload =
                    payload.topicType() == null
                            ? payload.withTopicType(typeOfFolder(wanted.name()))
                            : payload;
            payload = payload.withFormat(PayloadFormat.JSON);
        }
        Node node =
                new Node(
                        new NodeIdentity(
                                id,
                                parent == null ? null : parent.id(),
                                wanted.type(),
                                wanted.name(),
                                path,
                                alias),
                        wanted.labels(),
                        payload,
                        wanted.policy(),
                        NodeStamp.created(now, actor));
        return place(node, () -> NodeRules.check(node, this::exists));
    }

    /**
     * Plans a node that was there before, with its id and alias; missing levels above it become
     * paths. What it had may stay, whatever the rules for new ones are.
     *
     * @param path where it comes
     * @param root what of a new path is new to it; empty if it comes where it was
     */
    public Node restore(Node deleted, String path, String root) {
        Node parent = parentOfNew(path);
        Node node =
                deleted.withIdentity(
                                deleted.identity()
                                        .withPlace(parent == null ? null : parent.id(), path))
                        .withStamp(deleted.stamp().updated(now, actor).withRevision(1));
        return place(
                node,
                () -> {
                    if (!root.isEmpty()) {
                        NodeRules.checkPath(
                                path, level -> exists(level) || level.startsWith(root + "/"));
                    }
                    NodeRules.check(deleted, node);
                });
    }

    /** The node above a new one; throws if there is no place for it. */
    private @Nullable Node parentOfNew(String path) {
        if (at(path) != null) {
            throw pathExists(path);
        }
        Node parent = levelAbove(path);
        if (created.size() >= room) {
            refused.run();
            throw new NamespaceFullException(maxNodes);
        }
        return parent;
    }

    private Node place(Node node, Runnable check) {
        String alias = node.identity().alias();
        if (byAlias.containsKey(alias) || tree.byAlias(alias) != null) {
            throw new TakenException(
                    "alias: '" + alias + "' exists already",
                    Reason.Code.ALIAS_EXISTS,
                    "at",
                    "alias",
                    "found",
                    JsonText.clip(alias));
        }
        check.run();
        if (node.type() == NodeType.TOPIC) {
            requireFree(node.topic());
        }
        String wireTopic = node.payload().wireTopic();
        if (wireTopic != null) {
            byWireTopic.put(wireTopic, node);
        }
        byPath.put(node.path(), node);
        byAlias.put(alias, node);
        created.add(node);
        return node;
    }

    /** The node just above a path, there already or planned now; null for the root. */
    public @Nullable Node levelAbove(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? null : level(path.substring(0, slash));
    }

    /** Plans a topic; a path in its place, there already or planned, becomes the topic. */
    public void addOrTurn(NewNode wanted) {
        Node there = at(join(wanted.parentPath(), wanted.name()));
        if (there == null || there.type() != NodeType.PATH) {
            add(wanted);
        } else {
            turn(there, wanted.payload());
        }
    }

    /** Plans that a path becomes a topic, with all that is below it. */
    private void turn(Node path, NodePayload payload) {
        Node topic =
                path.withIdentity(path.identity().withType(NodeType.TOPIC)).withPayload(payload);
        NodeRules.check(path, topic);
        requireFree(topic.topic());
        int planned = created.indexOf(path);
        if (planned >= 0) {
            created.set(planned, topic);
        } else {
            NodeStamp stamp = path.stamp().updated(now, actor);
            topic = topic.withStamp(stamp.withRevision(path.revision() + 1));
            turned.add(topic);
            replaced.add(path);
        }
        if (payload.wireTopic() != null) {
            byWireTopic.put(payload.wireTopic(), topic);
        }
        byPath.put(topic.path(), topic);
    }

    /** Throws if the values of another node come on a topic. */
    private void requireFree(String topic) {
        Node other = byWireTopic.get(topic);
        Node planned = byPath.get(topic);
        if (other == null
                && planned != null
                && planned.type() == NodeType.TOPIC
                && planned.payload().wireTopic() == null) {
            other = planned;
        }
        other = other == null ? tree.byTopic(topic) : other;
        if (other != null) {
            throw taken(topic, other);
        }
    }

    /** Says that there is a node of a path. */
    public static TakenException pathExists(String path) {
        return new TakenException(
                "path: '" + path + "' exists already",
                Reason.Code.PATH_EXISTS,
                "found",
                JsonText.clip(path));
    }

    /** Says that the values of another node come on a topic. */
    public static TakenException taken(String topic, Node other) {
        return new TakenException(
                "topic: '"
                        + JsonText.clip(topic)
                        + "' is that of the node '"
                        + other.path()
                        + "' already",
                Reason.Code.TOPIC_TAKEN,
                "found",
                JsonText.clip(topic),
                "node",
                JsonText.clip(other.path()));
    }

    /** Where a topic goes that people want below a path: into the folder of its type there. */
    public String folderFor(String parentPath, TopicType topicType) {
        if (parentPath.isEmpty()) {
            return topicType.folder();
        }
        Node parent = at(parentPath);
        TopicType folder =
                parent != null
                        ? parent.payload().topicType()
                        : typeOfFolder(parentPath.substring(parentPath.lastIndexOf('/') + 1));
        if (parent != null && parent.type() == NodeType.TOPIC) {
            folder = null;
        }
        if (folder == topicType) {
            return parentPath;
        }
        if (folder != null) {
            throw new RefusedException(
                    "topicType: "
                            + topicType
                            + " (expected: "
                            + folder
                            + ", the type of the folder '"
                            + parentPath
                            + "'; choose the path above it)",
                    Reason.Code.OTHER_FOLDER,
                    "node",
                    JsonText.clip(parentPath),
                    "type",
                    folder.name());
        }
        return join(parentPath, topicType.folder());
    }

    private Node level(String path) {
        Node there = at(path);
        if (there != null) {
            return there;
        }
        NodeRules.checkPath(path, this::exists);
        int slash = path.lastIndexOf('/');
        return add(
                NewNode.path(slash < 0 ? "" : path.substring(0, slash), path.substring(slash + 1)));
    }

    /** A readable part of the name, and enough of the id's random part to make it unique. */
    private static String newAlias(String name, UUID id) {
        StringBuilder alias = new StringBuilder();
        for (int i = 0; i < name.length() && alias.length() < 40; i++) {
            char c = name.charAt(i);
            alias.append(c < 0x80 && Character.isLetterOrDigit(c) ? c : '_');
        }
        String readable = alias.toString().toLowerCase(Locale.ROOT);
        alias.setLength(0);
        alias.append(readable).append('_');
        long random = id.getLeastSignificantBits();
        for (int i = 0; i < 12; i++) {
            alias.append(ALIAS_DIGITS.charAt((int) (random & 31)));
            random >>>= 5;
        }
        return alias.toString();
    }

    public static @Nullable TopicType typeOfFolder(String name) {
        for (TopicType type : TopicType.values()) {
            if (type.folder().equals(name)) {
                return type;
            }
        }
        return null;
    }

    public static String join(String parentPath, String name) {
        return parentPath.isEmpty() ? name : parentPath + "/" + name;
    }
}

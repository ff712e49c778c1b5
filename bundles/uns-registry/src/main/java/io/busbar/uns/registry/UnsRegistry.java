package io.busbar.uns.registry;

import io.busbar.api.audit.Actor;
import io.busbar.api.broker.spi.MessageSubscriber;
import io.busbar.api.mqtt.Message;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.storage.Documents;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.ImportResult;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.NamespaceStats;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.NodePayload;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.spi.NamespaceListener;
import io.busbar.api.uns.spi.ValueListener;
import io.busbar.uns.registry.document.NodeDocuments;
import io.busbar.uns.registry.exchange.NamespaceFile;
import io.busbar.uns.registry.model.FieldInference;
import io.busbar.uns.registry.payload.JsonText;
import io.busbar.uns.registry.payload.SourceTime;
import io.busbar.uns.registry.tree.NodePlan;
import io.busbar.uns.registry.tree.NodeRules;
import io.busbar.uns.registry.tree.NodeTree;
import io.busbar.uns.registry.tree.UuidV7;
import io.busbar.uns.registry.value.Limits;
import io.busbar.uns.registry.value.LiveValues;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The namespace as a service: changes of the tree go to the documents store first, messages of the
 * broker go to {@link LiveValues}.
 */
@Component(
        service = {Namespace.class, MessageSubscriber.class},
        property = MessageSubscriber.TOPIC_FILTER + "=#",
        configurationPid = "io.busbar.uns.registry")
@Designate(ocd = UnsRegistry.Config.class)
public final class UnsRegistry implements Namespace, MessageSubscriber {
    private static final Logger LOG = LoggerFactory.getLogger(UnsRegistry.class);

    /** How much the namespace reads and remembers. */
    @ObjectClassDefinition(name = "Unified Namespace")
    public @interface Config {
        @AttributeDefinition(
                description =
                        "Topics without a model that are remembered; more are counted and dropped")
        int unmodeled_topics() default 100000;

        @AttributeDefinition(
                description =
                        "Bytes of payload that are kept for all topics without a model together")
        long unmodeled_bytes() default 67108864;

        @AttributeDefinition(
                description =
                        "Payloads of more bytes are not read: violation SIZE on a modelled topic")
        int payload_max_bytes() default 262144;

        @AttributeDefinition(
                description =
                        "Names under which sources send their time, with commas, the more trusted"
                                + " first")
        String time_names() default "timestamp, timeStamp, timestamp_ms, _timestamp, ts, time";

        @AttributeDefinition(
                description =
                        "A source's time may be ahead of the server's by so many seconds; beyond it"
                                + " the server's counts and the value is Uncertain")
        int time_max_ahead_seconds() default 600;

        @AttributeDefinition(
                description =
                        "Listeners such as the console hear of a topic at most once in so many"
                                + " milliseconds")
        int notify_interval_ms() default 50;
    }

    private final NodeDocuments documents;
    private final Clock clock;
    private final UuidV7 ids;
    private final SourceTime times;
    private final NodeTree tree = new NodeTree();
    private final LiveValues live;
    private final ScheduledExecutorService thread;
    private final Set<String> deleted;

    /** One change of the tree at a time. */
    private final Object changes = new Object();

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile List<ValueListener> valueListeners = List.of();

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile List<NamespaceListener> namespaceListeners = List.of();

    @Activate
    public UnsRegistry(@Reference Documents documents, Config config) {
        this(
                documents,
                limits(config),
                names(config.time_names()),
                atLeast("notify.interval.ms", config.notify_interval_ms(), 1),
                Clock.systemUTC());
    }

    UnsRegistry(
            Documents documents,
            Limits limits,
            List<String> timeNames,
            int notifyIntervalMs,
            Clock clock) {
        this.documents = new NodeDocuments(documents);
        this.clock = clock;
        this.ids = new UuidV7(clock);
        this.times = new SourceTime(timeNames);
        this.thread =
                Executors.newSingleThreadScheduledExecutor(
                        task -> {
                            Thread own = new Thread(task, "busbar-uns");
                            own.setDaemon(true);
                            return own;
                        });
        this.live =
                new LiveValues(
                        limits,
                        times,
                        clock,
                        () -> valueListeners,
                        () -> schedule(this::flush, notifyIntervalMs));
        this.deleted = new HashSet<>(this.documents.deletedPaths());
        List<Node> nodes = this.documents.load();
        tree.add(nodes);
        nodes.forEach(live::bind);
        this.thread.scheduleWithFixedDelay(this::checkStale, 1, 1, TimeUnit.SECONDS);
        LOG.info(
                "Namespace ready (paths={}, topics={})",
                tree.size() - tree.topics(),
                tree.topics());
    }

    private static List<String> names(String list) {
        return Arrays.stream(list.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static Limits limits(Config config) {
        return new Limits(
                atLeast("payload.max.bytes", config.payload_max_bytes(), 1),
                atLeast("time.max.ahead.seconds", config.time_max_ahead_seconds(), 0) * 1_000_000L,
                atLeast("unmodeled.topics", config.unmodeled_topics(), 0),
                config.unmodeled_bytes());
    }

    private static int atLeast(String key, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    key + ": " + value + " (expected: at least " + least + ")");
        }
        return value;
    }

    @Deactivate
    void deactivate() {
        thread.shutdownNow();
    }

    /** For use without a container: who hears of changes. */
    void listen(List<ValueListener> values, List<NamespaceListener> nodes) {
        valueListeners = List.copyOf(values);
        namespaceListeners = List.copyOf(nodes);
    }

    private void schedule(Runnable task, int delayMs) {
        try {
            thread.schedule(task, delayMs, TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.RejectedExecutionException ignored) {
            LOG.debug("Namespace stopped: a value is not told to its listeners");
        }
    }

    private void flush() {
        try {
            live.flush();
        } catch (RuntimeException e) {
            LOG.error("Namespace: telling values to listeners failed, it goes on with the next", e);
        }
    }

    void checkStale() {
        try {
            live.checkStale();
        } catch (RuntimeException e) {
            LOG.error("Namespace: looking for stale values failed, it is tried again", e);
        }
    }

    @Override
    public void onMessage(Message message, boolean retained) {
        live.accept(message, retained);
    }

    @Override
    public Optional<Node> get(UUID id) {
        return Optional.ofNullable(tree.get(id));
    }

    @Override
    public Optional<Node> byPath(String path) {
        return Optional.ofNullable(tree.byPath(path));
    }

    @Override
    public Optional<Node> byAlias(String alias) {
        return Optional.ofNullable(tree.byAlias(alias));
    }

    @Override
    public List<Node> children(@Nullable UUID parentId) {
        return tree.children(parentId);
    }

    @Override
    public long topicsBelow(UUID id) {
        return tree.topicsBelow(id);
    }

    @Override
    public List<Node> search(String text, int limit) {
        return tree.search(text, limit);
    }

    @Override
    public Node create(NewNode wanted, Actor actor) {
        synchronized (changes) {
            NodePlan plan = plan(actor);
            NewNode placed = wanted;
            if (wanted.type() == NodeType.TOPIC) {
                TopicType topicType = wanted.payload().topicType();
                if (topicType == null) {
                    throw new IllegalArgumentException(
                            "topicType: missing (expected: METRIC, STATE or ACTION)");
                }
                placed = wanted.withParentPath(plan.folderFor(wanted.parentPath(), topicType));
            }
            plan.add(placed);
            return carryOut(plan);
        }
    }

    private NodePlan plan(Actor actor) {
        return new NodePlan(tree, ids, now(), actor);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** Writes and shows what is planned; returns the last of it, which is what was asked for. */
    private Node carryOut(NodePlan plan) {
        List<Node> written = documents.create(plan.created());
        show(written);
        changed(written.get(0).path());
        return written.get(written.size() - 1);
    }

    private void show(List<Node> created) {
        tree.add(created);
        created.forEach(live::bind);
    }

    @Override
    public Node update(UUID id, long expectedRevision, NodeChange change, Actor actor) {
        synchronized (changes) {
            Node before = existing(id, expectedRevision);
            Node after = change.applyTo(before).withStamp(before.stamp().updated(now(), actor));
            sameTopicType(before, after);
            NodeRules.check(after);
            List<String> gone = new ArrayList<>();
            if (!after.path().equals(before.path())) {
                if (tree.byPath(after.path()) != null) {
                    throw new ConflictException("path: '" + after.path() + "' exists already");
                }
                tree.subtree(id).forEach(node -> gone.add(node.path()));
            }
            gone.removeIf(deleted::contains);
            Node written =
                    documents
                            .save(List.of(), List.of(after), gone, ids.next(), now(), actor)
                            .get(0);
            deleted.addAll(gone);
            List<NodeTree.Moved> moved = tree.replace(written);
            for (NodeTree.Moved each : moved) {
                live.unbind(each.before().path());
            }
            for (NodeTree.Moved each : moved) {
                live.bind(each.after());
            }
            if (moved.isEmpty()) {
                live.bind(written);
                changed(written.path());
            } else {
                int slash = written.path().lastIndexOf('/');
                changed(slash < 0 ? "" : written.path().substring(0, slash));
            }
            return written;
        }
    }

    private static void sameTopicType(Node before, Node after) {
        TopicType topicType = after.payload().topicType();
        if (topicType != before.payload().topicType()) {
            throw new IllegalArgumentException(
                    "topicType: "
                            + topicType
                            + " (expected: as it is, because it is part of the topic's path)");
        }
    }

    private Node existing(UUID id, long expectedRevision) {
        Node node = tree.get(id);
        if (node == null) {
            throw new NoSuchElementException("id: " + id + " (no such node)");
        }
        if (expectedRevision != 0 && expectedRevision != node.revision()) {
            throw new ConflictException(
                    "revision: "
                            + expectedRevision
                            + " (the current one is "
                            + node.revision()
                            + ", changed by "
                            + node.stamp().updatedBy()
                            + ")");
        }
        return node;
    }

    @Override
    public void delete(UUID id, long expectedRevision, Actor actor) {
        synchronized (changes) {
            Node node = existing(id, expectedRevision);
            List<Node> going = tree.subtree(id);
            List<String> gone =
                    going.stream().map(Node::path).filter(path -> !deleted.contains(path)).toList();
            documents.delete(going, gone, ids.next(), now(), actor);
            deleted.addAll(gone);
            tree.remove(id);
            going.forEach(each -> live.unbind(each.path()));
            changed(node.path());
        }
    }

    @Override
    public ImportResult importJson(String json, boolean dryRun, Actor actor) {
        synchronized (changes) {
            NodePlan plan = plan(actor);
            ImportResult result = new NamespaceFile(plan).read(json);
            return dryRun ? result : carryOut(plan, result);
        }
    }

    @Override
    public ImportResult ensure(String json, Actor actor) {
        synchronized (changes) {
            NodePlan plan = plan(actor);
            return carryOut(plan, new NamespaceFile(plan, deleted::contains).read(json));
        }
    }

    private ImportResult carryOut(NodePlan plan, ImportResult result) {
        if (result.errors().isEmpty() && !plan.created().isEmpty()) {
            show(documents.create(plan.created()));
            changed("");
        }
        return result;
    }

    @Override
    public String exportJson(@Nullable UUID id) {
        if (id == null) {
            return NamespaceFile.write(tree, List.of(), tree.children(null));
        }
        Node node = existing(id, 0);
        List<Node> above = new ArrayList<>();
        for (UUID parent = node.identity().parentId(); parent != null; ) {
            Node each = existing(parent, 0);
            above.add(0, each);
            parent = each.identity().parentId();
        }
        return NamespaceFile.write(tree, above, List.of(node));
    }

    @Override
    public List<Field> infer(String jsonSample) {
        return FieldInference.of(jsonSample, times);
    }

    @Override
    public Optional<TopicValue> value(String topic) {
        return live.value(topic);
    }

    @Override
    public List<TopicValue> unmodeled(String prefix, int limit) {
        return live.unmodeled(prefix, limit);
    }

    @Override
    public Node convert(String topic, TopicType topicType, Model model, Actor actor) {
        synchronized (changes) {
            if (!live.isUnmodeled(topic)) {
                if (tree.byPath(topic) != null) {
                    throw new ConflictException("topic: '" + topic + "' is modelled already");
                }
                throw new NoSuchElementException(
                        "topic: '" + JsonText.clip(topic) + "' (nothing came under it)");
            }
            PayloadFormat format =
                    live.value(topic).map(TopicValue::format).orElse(PayloadFormat.JSON);
            NodePayload payload = new NodePayload(topicType, format, model);
            Node there = tree.byPath(topic);
            if (there != null) {
                Node after =
                        there.withIdentity(there.identity().withType(NodeType.TOPIC))
                                .withPayload(payload)
                                .withStamp(there.stamp().updated(now(), actor));
                NodeRules.check(after);
                Node written =
                        documents
                                .save(
                                        List.of(),
                                        List.of(after),
                                        List.of(),
                                        ids.next(),
                                        now(),
                                        actor)
                                .get(0);
                tree.replace(written);
                live.bind(written);
                changed(written.path());
                return written;
            }
            int slash = topic.lastIndexOf('/');
            NodePlan plan = plan(actor);
            plan.add(
                    NewNode.topic(
                                    slash < 0 ? "" : topic.substring(0, slash),
                                    topic.substring(slash + 1),
                                    topicType,
                                    model)
                            .withPayload(payload));
            return carryOut(plan);
        }
    }

    @Override
    public NamespaceStats stats() {
        long topics = tree.topics();
        return new NamespaceStats(
                tree.size() - topics,
                topics,
                live.unmodeledCount(),
                live.dropped(),
                live.messages(),
                live.violations());
    }

    private void changed(String path) {
        for (NamespaceListener listener : namespaceListeners) {
            try {
                listener.onChange(path);
            } catch (RuntimeException e) {
                LOG.warn(
                        "Namespace listener {} failed, the change stands",
                        listener.getClass().getName(),
                        e);
            }
        }
    }
}

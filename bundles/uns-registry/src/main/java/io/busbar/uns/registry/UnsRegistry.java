package io.busbar.uns.registry;

import io.busbar.api.audit.Actor;
import io.busbar.api.broker.ProviderView;
import io.busbar.api.broker.spi.MessageSubscriber;
import io.busbar.api.config.Restart;
import io.busbar.api.memory.MemoryBudget;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.Documents;
import io.busbar.api.uns.BranchConversion;
import io.busbar.api.uns.Contracts;
import io.busbar.api.uns.ConversionReport;
import io.busbar.api.uns.EffectivePolicy;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldWidening;
import io.busbar.api.uns.IgnoreRule;
import io.busbar.api.uns.ImportResult;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.ModelProposal;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.NamespaceExport;
import io.busbar.api.uns.NamespaceStats;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.NodeHistory;
import io.busbar.api.uns.NodeMove;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Quarantine;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RecycleBin;
import io.busbar.api.uns.SearchQuery;
import io.busbar.api.uns.SearchResult;
import io.busbar.api.uns.StaleTopic;
import io.busbar.api.uns.Templates;
import io.busbar.api.uns.TextSource;
import io.busbar.api.uns.TopicPolicy;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.TopicViolations;
import io.busbar.api.uns.UnmodeledBranch;
import io.busbar.api.uns.UnmodeledChanges;
import io.busbar.api.uns.UnmodeledCluster;
import io.busbar.api.uns.UnmodeledLevel;
import io.busbar.api.uns.UnmodeledTopic;
import io.busbar.api.uns.ViolatedTopic;
import io.busbar.api.uns.spi.ModelSource;
import io.busbar.api.uns.spi.NamespaceListener;
import io.busbar.api.uns.spi.PayloadReader;
import io.busbar.api.uns.spi.SampleListener;
import io.busbar.api.uns.spi.ValueListener;
import io.busbar.uns.registry.exchange.NamespaceWriter;
import io.busbar.uns.registry.gate.Gates;
import io.busbar.uns.registry.history.Versions;
import io.busbar.uns.registry.ignore.IgnoreRules;
import io.busbar.uns.registry.model.ModelProposer;
import io.busbar.uns.registry.model.Models;
import io.busbar.uns.registry.payload.JsonText;
import io.busbar.uns.registry.payload.Readers;
import io.busbar.uns.registry.payload.SourceTime;
import io.busbar.uns.registry.quarantine.MessageStore;
import io.busbar.uns.registry.recycle.RecycledNodes;
import io.busbar.uns.registry.sample.SampleFeed;
import io.busbar.uns.registry.search.NamespaceSearch;
import io.busbar.uns.registry.template.TemplateStore;
import io.busbar.uns.registry.tree.NodeMemory;
import io.busbar.uns.registry.tree.NodeTree;
import io.busbar.uns.registry.value.Limits;
import io.busbar.uns.registry.value.LiveValues;
import io.busbar.uns.registry.watch.CallWatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers the namespace as a service. Changes of the tree are written to the document store first;
 * messages from the broker go to {@link LiveValues}.
 */
@Component(
        service = {Namespace.class, MessageSubscriber.class},
        property = MessageSubscriber.TOPIC_FILTER + "=#",
        configurationPid = "io.busbar.uns.registry")
@Designate(ocd = NamespaceConfig.class)
public final class UnsRegistry implements Namespace, MessageSubscriber {
    private static final Logger LOG = LoggerFactory.getLogger(UnsRegistry.class);

    private final NamespaceSettings settings;
    private final Clock clock;
    private final SourceTime times;
    private final NodeMemory nodes;
    private final NodeTree tree;
    private final Models models = new Models();
    private final CallWatch watch;
    private final Readers readers;
    private final SampleFeed samples;
    private final IgnoreRules ignored;
    private final TemplateRoom templates;
    private final MessageStore held;
    private final QuarantineRoom quarantine;
    private final RecycleRoom recycleBin;
    private final Versions history;
    private final ContractRoom contracts;
    private final LiveValues live;
    private final NamespaceSearch search;
    private final NodeChanges changes;

    /** When the listeners were told of values last, in milliseconds since the epoch. */
    private volatile long flushedMillis;

    private final BranchConverter branches;
    private final AutoCreation creation;
    private final Gates gates;
    private final ScheduledExecutorService thread;

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
    public UnsRegistry(
            @Reference(policyOption = ReferencePolicyOption.GREEDY) Documents documents,
            @Reference MemoryBudget memory,
            NamespaceConfig config,
            BundleContext context) {
        this(
                documents,
                memory,
                NamespaceSettings.of(config),
                Clock.systemUTC(),
                new GateServices(context));
    }

    UnsRegistry(
            Documents documents,
            MemoryBudget memory,
            NamespaceSettings settings,
            Clock clock,
            Gates.Offers gateOffers) {
        Limits limits = settings.limits();
        this.settings = settings;
        this.clock = clock;
        this.watch = new CallWatch(settings.callTimeoutMs());
        this.times = new SourceTime(settings.timeNames());
        this.readers = new Readers(times, watch);
        this.nodes = new NodeMemory(memory);
        TopicPolicy outermost = settings.topicPolicy();
        this.tree = new NodeTree(nodes, EffectivePolicy.DEFAULT.withTopicPolicy(outermost));
        this.samples = new SampleFeed(limits.samplesQueueBytes(), memory, watch);
        this.thread =
                Executors.newSingleThreadScheduledExecutor(
                        task -> {
                            Thread own = new Thread(task, "busbar-uns");
                            own.setDaemon(true);
                            return own;
                        });
        this.ignored = new IgnoreRules(documents, clock);
        TemplateStore shelf = new TemplateStore(documents, nodes);
        this.held = new MessageStore(documents, clock, settings.quarantine());
        this.live =
                new LiveValues(
                        limits,
                        times,
                        readers,
                        models,
                        tree::policyOf,
                        samples,
                        clock,
                        () -> valueListeners,
                        ignored,
                        watch,
                        atOnce -> schedule(this::flush, untilFlush(atOnce)),
                        this::ripe,
                        held,
                        memory);
        this.search = new NamespaceSearch(new SearchedNamespace(tree, live));
        RecycledNodes recycled =
                new RecycledNodes(documents, settings.recycle(), shelf.shelf()::loaded);
        this.changes =
                new NodeChanges(
                        tree,
                        nodes,
                        documents,
                        live,
                        readers,
                        ignored,
                        shelf,
                        recycled,
                        clock,
                        settings.maxNodes(),
                        this::changed);
        this.templates = new TemplateRoom(shelf, tree, changes, live, clock);
        this.recycleBin = new RecycleRoom(recycled, changes);
        this.history =
                new Versions(
                        documents,
                        shelf.shelf()::loaded,
                        id -> changes.existing(id, 0),
                        changes::update);
        this.branches =
                new BranchConverter(
                        live, path -> tree.byPath(path) != null, this::proposeFor, changes);
        this.quarantine = new QuarantineRoom(held, live::guardOf, this::fieldsOf, clock);
        this.contracts = new ContractRoom(tree, models, live::guardFor);
        this.creation =
                new AutoCreation(
                        topic -> tree.policyAbove(topic).topicPolicy().value(),
                        topic -> branches.convert(topic, Actor.SERVER),
                        () -> tree.size() < settings.maxNodes() / 2);
        this.gates = new Gates(live::guardOf, live, gateOffers, clock, outermost);
        refreshGates();
        this.thread.scheduleWithFixedDelay(this::checkStale, 1, 1, TimeUnit.SECONDS);
        this.thread.scheduleWithFixedDelay(this::expire, 1, 10, TimeUnit.MINUTES);
        if (tree.size() > settings.maxNodes()) {
            LOG.warn(
                    "Namespace: the store has more nodes than there may be; all are shown, no more"
                            + " are taken (nodes={}, max.nodes={})",
                    tree.size(),
                    settings.maxNodes());
        }
        LOG.info(
                "Namespace ready (paths={}, topics={})",
                tree.size() - tree.topics(),
                tree.topics());
    }

    /**
     * Values that changed need a new registry; whatever else changes in the file disturbs nobody.
     */
    @Modified
    void modified(NamespaceConfig config, ComponentContext component) {
        if (!NamespaceSettings.of(config).equals(settings)) {
            LOG.info("The namespace starts again with a changed configuration");
            Restart.of(component, UnsRegistry.class);
        }
    }

    @Deactivate
    void deactivate() {
        gates.close();
        creation.close();
        thread.shutdownNow();
        samples.close();
        watch.close();
        live.close();
        nodes.close();
    }

    /** For use without a container: who hears of changes. */
    void listen(List<ValueListener> values, List<NamespaceListener> nodes) {
        valueListeners = List.copyOf(values);
        namespaceListeners = List.copyOf(nodes);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addSampleListener(SampleListener listener) {
        samples.add(listener);
    }

    void removeSampleListener(SampleListener listener) {
        samples.remove(listener);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            updated = "addPayloadReader")
    void addPayloadReader(PayloadReader reader, Map<String, ?> properties) {
        Set<PayloadFormat> formats =
                ServiceProperties.formats(properties, reader.getClass().getName());
        readAnew(
                readers.add(
                        reader,
                        ServiceProperties.name(properties, reader),
                        formats,
                        ServiceProperties.rank(properties)));
        if (!formats.isEmpty()) {
            LOG.info(
                    "Payloads are read (formats={}, reader={})",
                    formats,
                    reader.getClass().getName());
        }
    }

    void removePayloadReader(PayloadReader reader) {
        Set<PayloadFormat> formats = readers.remove(reader);
        readAnew(formats);
        if (!formats.isEmpty()) {
            LOG.info(
                    "Payloads are not read any more by this reader (formats={}, reader={})",
                    formats,
                    reader.getClass().getName());
        }
    }

    private void bindAnew(Predicate<Node> which) {
        changes.undisturbed(
                () -> {
                    live.rebind(which);
                    refreshGates();
                });
    }

    private void refreshGates() {
        if (gates.refresh(tree.saying(), live.apart())) {
            live.unmodeledPoliciesChanged();
        }
    }

    private void readAnew(Set<PayloadFormat> formats) {
        bindAnew(node -> formats.contains(node.payload().format()));
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            updated = "addModelSource")
    void addModelSource(ModelSource source, Map<String, ?> properties) {
        models.add(source, ServiceProperties.rank(properties));
        bindAnew(node -> true);
    }

    void removeModelSource(ModelSource source) {
        models.remove(source);
        bindAnew(node -> true);
    }

    private void schedule(Runnable task, int delayMs) {
        try {
            thread.schedule(task, delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException ignored) {
            LOG.debug("Namespace stopped: what was due is not done any more");
        }
    }

    /** The fields that would be proposed for a payload; none if it is no JSON. */
    private List<Field> fieldsOf(byte[] payload) {
        try {
            return ModelProposer.ofSample(payload, readers, times).model().fields();
        } catch (IllegalArgumentException noJson) {
            return List.of();
        }
    }

    private boolean ripe(String topic) {
        return creation.ripe(topic);
    }

    /** How long the listeners are left in peace: not at all if nothing was told lately. */
    private int untilFlush(boolean atOnce) {
        long past = atOnce ? Math.max(0, clock.millis() - flushedMillis) : 0;
        return (int) Math.max(0, settings.notifyIntervalMs() - past);
    }

    private void flush() {
        flushedMillis = clock.millis();
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

    void expire() {
        try {
            held.expire();
        } catch (RuntimeException e) {
            LOG.warn("Namespace: old messages of the quarantine stay, it is tried again", e);
        }
        try {
            recycleBin.expire(clock.instant());
        } catch (RuntimeException e) {
            LOG.warn("Namespace: old deleted nodes stay in the bin, it is tried again", e);
        }
    }

    private void changed(String path) {
        refreshGates();
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

    @Override
    public void onMessage(Message message, boolean retained) {
        live.accept(message, retained);
    }

    @Override
    public void onMissed(@Nullable TopicName topic, long messages) {
        if (topic == null) {
            samples.miss(messages);
        } else {
            live.missed(topic.value(), messages);
        }
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
    public Optional<Node> byTopic(String topic) {
        return Optional.ofNullable(tree.byTopic(topic));
    }

    @Override
    public List<Node> withWireTopic() {
        return tree.withWireTopic();
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
    public List<Node> children(@Nullable UUID parentId, int from, int limit) {
        return tree.children(parentId, from, limit);
    }

    @Override
    public int childCount(@Nullable UUID parentId) {
        return tree.childCount(parentId);
    }

    @Override
    public int indexOf(UUID id) {
        return tree.indexOf(id);
    }

    @Override
    public EffectivePolicy policyOf(UUID id) {
        return tree.policyOf(id);
    }

    @Override
    public long topicsBelow(UUID id) {
        return tree.topicsBelow(id);
    }

    @Override
    public SearchResult search(SearchQuery query) {
        return search.search(query);
    }

    @Override
    public Node create(NewNode wanted, Actor actor) {
        return changes.create(wanted, actor);
    }

    @Override
    public Node update(UUID id, long expectedRevision, NodeChange change, Actor actor) {
        return changes.update(id, expectedRevision, change, actor);
    }

    @Override
    public Node move(UUID id, long expectedRevision, NodeMove move, Actor actor) {
        return changes.move(id, expectedRevision, move, actor);
    }

    @Override
    public Node copy(UUID id, String parentPath, String name, Actor actor) {
        return changes.copy(id, parentPath, name, actor);
    }

    @Override
    public void delete(UUID id, long expectedRevision, Actor actor) {
        changes.delete(id, expectedRevision, false, actor);
    }

    @Override
    public void deleteForGood(UUID id, long expectedRevision, Actor actor) {
        changes.delete(id, expectedRevision, true, actor);
    }

    @Override
    public RecycleBin recycleBin() {
        return recycleBin;
    }

    @Override
    public NodeHistory history() {
        return history;
    }

    @Override
    public ImportResult importJson(TextSource document, boolean dryRun, Actor actor)
            throws IOException {
        return changes.importJson(document, dryRun, actor);
    }

    @Override
    public ImportResult ensure(TextSource document, boolean dryRun, Actor actor)
            throws IOException {
        return changes.ensure(document, dryRun, actor);
    }

    @Override
    public NamespaceExport export(@Nullable UUID id) {
        List<Node> nodes = tree.withParents(id);
        if (id != null && nodes.isEmpty()) {
            throw new NoSuchElementException("id: " + id + " (no such node)");
        }
        List<String> rules =
                id == null ? ignored.list().stream().map(IgnoreRule::filter).toList() : List.of();
        return new NamespaceWriter(
                nodes, rules, id == null ? templates.list() : templates.pinnedBy(nodes));
    }

    @Override
    public List<PayloadFormat> formats() {
        return readers.readable();
    }

    @Override
    public ModelProposal propose(String jsonSample) {
        return ModelProposer.ofSample(jsonSample.getBytes(StandardCharsets.UTF_8), readers, times);
    }

    @Override
    public ModelProposal proposeFor(String topic) {
        TopicValue value = live.value(topic).orElse(null);
        if (value == null || value.payload() == null) {
            throw new NoSuchElementException("topic: '" + topic + "' (nothing came under it)");
        }
        List<byte[]> payloads = live.payloads(topic);
        boolean json =
                value.format().equals(PayloadFormat.JSON)
                        || value.format().equals(PayloadFormat.SCALAR);
        if (payloads.isEmpty() || !json) {
            return new ModelProposal(
                    value.format(),
                    Model.ANY,
                    0,
                    List.of("The payload is no JSON, so no fields can be read off it."),
                    List.of(Reason.of(Reason.Code.PROPOSED_NOTHING)));
        }
        return ModelProposer.of(payloads, readers, times);
    }

    @Override
    public List<FieldWidening> widenings(String topic) {
        return live.widenings(topic);
    }

    @Override
    public Optional<TopicValue> value(String topic) {
        return live.value(mqttTopic(topic));
    }

    /** The topic under which values come, of a topic or the path of its node. */
    private String mqttTopic(String topicOrPath) {
        Node node = tree.byPath(topicOrPath);
        return node == null || node.type() == NodeType.PATH ? topicOrPath : node.topic();
    }

    @Override
    public Optional<TopicViolations> violations(String topic) {
        return live.violations(mqttTopic(topic));
    }

    @Override
    public List<TopicValue> violating(int limit) {
        return live.violating(limit);
    }

    @Override
    public List<StaleTopic> stale() {
        return live.stale();
    }

    @Override
    public int staleCount() {
        return live.staleCount();
    }

    @Override
    public void resetViolations(String topic, Actor actor) {
        if (!live.resetViolations(mqttTopic(topic))) {
            throw new NoSuchElementException("topic: '" + JsonText.clip(topic) + "' (not known)");
        }
        LOG.info("Violations are counted anew (topic={}, by={})", topic, actor.name());
    }

    @Override
    public List<TopicValue> unmodeled(String prefix, int limit) {
        return live.unmodeled(prefix, limit);
    }

    @Override
    public List<UnmodeledTopic> unmodeledTopics() {
        return live.unmodeledTopics();
    }

    @Override
    public List<UnmodeledCluster> unmodeledClusters(int limit) {
        return live.unmodeledClusters(limit);
    }

    @Override
    public List<ViolatedTopic> violated(int limit) {
        return live.violated(limit);
    }

    @Override
    public Optional<UnmodeledLevel> unmodeledLevel(String under, String name) {
        return live.unmodeledLevel(under, name);
    }

    @Override
    public UnmodeledChanges unmodeledChanges(long since) {
        return live.unmodeledChanges(since);
    }

    @Override
    public UnmodeledBranch unmodeledBranch(String under, @Nullable String after, int limit) {
        return live.unmodeledBranch(under, after, limit);
    }

    @Override
    public Node convert(String topic, String path, TopicType topicType, Model model, Actor actor) {
        return changes.convert(topic, path, topicType, model, actor);
    }

    @Override
    public ConversionReport convert(BranchConversion wanted, boolean dryRun, Actor actor) {
        return branches.convert(wanted, dryRun, actor);
    }

    @Override
    public List<IgnoreRule> ignoreRules() {
        return ignored.list();
    }

    @Override
    public IgnoreRule ignore(String filter, Actor actor) {
        IgnoreRule rule = ignored.add(filter, actor);
        live.forgetIgnored();
        return rule;
    }

    @Override
    public void removeIgnoreRule(UUID id) {
        ignored.remove(id);
    }

    @Override
    public Quarantine quarantine() {
        return quarantine;
    }

    @Override
    public Templates templates() {
        return templates;
    }

    @Override
    public Contracts contracts() {
        return contracts;
    }

    @Override
    public List<ProviderView> providers() {
        List<ProviderView> all = new ArrayList<>(readers.views());
        all.addAll(live.listeners());
        all.addAll(samples.views());
        return all;
    }

    @Override
    public NamespaceStats stats() {
        long topics = tree.topics();
        return new NamespaceStats(
                tree.size() - topics,
                topics,
                changes.maxNodes(),
                changes.refused(),
                live.unmodeledCount(),
                live.dropped(),
                live.recentForgotten(),
                live.messages(),
                live.violations(),
                live.violatingCount(),
                live.late(),
                samples.lost());
    }
}

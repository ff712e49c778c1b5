package io.busbar.uns.registry.value;

import io.busbar.api.broker.ProviderView;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryBudget;
import io.busbar.api.memory.MemoryHolder;
import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.EffectivePolicy;
import io.busbar.api.uns.FieldWidening;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.StaleTopic;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.TopicViolations;
import io.busbar.api.uns.UnmodeledBranch;
import io.busbar.api.uns.UnmodeledChanges;
import io.busbar.api.uns.UnmodeledCluster;
import io.busbar.api.uns.UnmodeledLevel;
import io.busbar.api.uns.UnmodeledTopic;
import io.busbar.api.uns.ValidationMode;
import io.busbar.api.uns.ViolatedTopic;
import io.busbar.api.uns.Violation;
import io.busbar.api.uns.spi.ValueListener;
import io.busbar.uns.registry.gate.Guard;
import io.busbar.uns.registry.gate.Refusals;
import io.busbar.uns.registry.ignore.IgnoreRules;
import io.busbar.uns.registry.model.Models;
import io.busbar.uns.registry.model.Schema;
import io.busbar.uns.registry.model.Schemas;
import io.busbar.uns.registry.payload.FormatReader;
import io.busbar.uns.registry.payload.Readers;
import io.busbar.uns.registry.payload.SourceTime;
import io.busbar.uns.registry.policy.Inheritance;
import io.busbar.uns.registry.quarantine.MessageStore;
import io.busbar.uns.registry.sample.SampleFeed;
import io.busbar.uns.registry.search.Likely;
import io.busbar.uns.registry.search.ValueFinder;
import io.busbar.uns.registry.watch.CallWatch;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The latest value of every topic that has a node or has received a message. Messages are taken
 * over at once. Payloads of topics with a node are checked against the model when they arrive; all
 * others are read when somebody looks at them. Listeners are told a topic's latest value at most
 * once per {@link #flush}. Thread-safe.
 */
public final class LiveValues implements Refusals, AutoCloseable {
    /** How much of the memory topics without a model may take, in percent. */
    private static final int UNMODELED_PART = 15;

    private static final String VALUES = "values";

    /** How much of the memory values may take, in percent. */
    private static final int VALUES_PART = 60;

    /** The part of what they take that topics without a model give back in one go. */
    private static final int GIVE_BACK = 8;

    /** It is not worth it to take back less. */
    private static final long LEAST_BACK = 1 << 20;

    /**
     * So many topics are read anew in one go because of their policies. The rest waits for the
     * next, so that nobody waits for all of them.
     */
    private static final int PORTION = 5000;

    private final Shared shared;
    private final Models models;
    private final Schemas schemas;
    private final Function<UUID, EffectivePolicy> policies;
    private final IgnoreRules ignored;
    private final Clock clock;
    private final ValueNotices notices;
    private final Predicate<String> ripe;
    private final MessageStore held;

    private final ConcurrentHashMap<String, TopicState> topics = new ConcurrentHashMap<>();
    private final UnmodeledTopics unmodeled;
    private final ConcurrentHashMap<String, TopicState> perishable = new ConcurrentHashMap<>();

    /** Topics whose messages have to be asked for by name before they are delivered. */
    private final ConcurrentHashMap<String, Guard> apart = new ConcurrentHashMap<>();

    private final ViolatingTopics violating = new ViolatingTopics();

    /** Topics for which another policy holds than what came last was read with. */
    private final Queue<TopicState> outdated = new ConcurrentLinkedQueue<>();

    /** Topics of which messages were refused that may not be counted yet. */
    private final Queue<TopicState> refused = new ConcurrentLinkedQueue<>();

    private final LongAdder messages = new LongAdder();
    private final LongAdder violations = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    /** Goes up when what is said of topics without a model changes. */
    private final AtomicInteger unmodeledPolicies = new AtomicInteger();

    /** Guards which topics there are. */
    private final Object structure = new Object();

    /** Scratch of {@link #accept}, and its guard. */
    private final Acceptance acceptance = new Acceptance();

    /**
     * Starts with no topics.
     *
     * @param readers read the payloads
     * @param models say what is expected of them
     * @param policies knows which policies hold for a node
     * @param samples takes what every message brings
     * @param listeners who wants to hear of values, at this moment
     * @param ignored topics that are not remembered as long as they have no node
     * @param watch notices listeners that hang
     * @param flushWanted called when {@link #flush} should run, not again before it ran; with true
     *     if it should at once, else soon
     * @param ripe is told, while a message is taken, of topics without a model that have had enough
     *     messages to be given one; if it says false, it is told again with the next message
     * @param held takes messages that are held back
     * @param memory is asked before more is kept
     */
    public LiveValues(
            Limits limits,
            SourceTime times,
            Readers readers,
            Models models,
            Function<UUID, EffectivePolicy> policies,
            SampleFeed samples,
            Clock clock,
            Supplier<List<ValueListener>> listeners,
            IgnoreRules ignored,
            CallWatch watch,
            Consumer<Boolean> flushWanted,
            Predicate<String> ripe,
            MessageStore held,
            MemoryBudget memory) {
        this.ripe = ripe;
        this.held = held;
        this.models = models;
        this.policies = policies;
        this.ignored = ignored;
        this.schemas = new Schemas(times, limits.maxFutureMicros());
        this.clock = clock;
        // In milliseconds, with room for a thousand changes in each.
        this.unmodeled = new UnmodeledTopics(clock.millis() * 1_000);
        this.notices = new ValueNotices(listeners, this::snapshot, watch, flushWanted);
        MemoryAccount topicsAccount =
                memory.open(
                        MemoryArea.HEAP, Shared.UNMODELED, UNMODELED_PART, this::unmodeledHolder);
        MemoryAccount values =
                memory.open(MemoryArea.HEAP, VALUES, VALUES_PART, this::valuesHolder);
        this.shared =
                new Shared(
                        limits,
                        readers,
                        times,
                        samples,
                        topicsAccount,
                        values,
                        new AtomicBoolean(),
                        new LongAdder());
    }

    /** Gives back the memory; nothing may be asked any more. */
    @Override
    public void close() {
        shared.unmodeled().close();
        shared.values().close();
    }

    /** Takes a message of the broker; {@code $}-topics are not for the namespace. */
    public void accept(Message message, boolean replayed) {
        if (message.topic().isSystem()) {
            return;
        }
        synchronized (acceptance) {
            if (!replayed) {
                messages.increment();
            }
            String topic = message.topic().value();
            TopicState state = topics.get(topic);
            if (message.payload().length == 0 && message.retain()) {
                cleared(state);
                return;
            }
            if (state == null) {
                state = ignored.keepAway(topic) ? null : discover(topic);
                if (state == null) {
                    return;
                }
            }
            acceptance.policies = unmodeledPolicies.get();
            state.accept(message, replayed, acceptance);
            if (acceptance.dropped) {
                dropped.increment();
                forgetRecent();
            }
            if (acceptance.late) {
                late.increment();
            }
            if (acceptance.violated) {
                violations.increment();
            }
            if (acceptance.turned || acceptance.violated && !violating.remembers(state)) {
                violating.look(state);
            }
            if (acceptance.ripe && ripe.test(topic)) {
                state.ripe(acceptance.policies);
            }
            Node sampled = acceptance.sampled;
            if (sampled != null && !acceptance.samples.isEmpty()) {
                shared.samples().offer(sampled, message.receivedAt(), acceptance.samples);
            }
            notices.changed(state);
        }
    }

    /**
     * Something else is said of topics without a model: those that have had enough messages to be
     * given one are told of again.
     */
    public void unmodeledPoliciesChanged() {
        unmodeledPolicies.incrementAndGet();
    }

    /**
     * An empty retained message takes the retained one away [MQTT5-3.3.1-6]: it is no value, and a
     * topic that nobody modelled is forgotten with it.
     */
    private void cleared(@Nullable TopicState state) {
        if (state == null) {
            return;
        }
        state.count();
        forget(state);
    }

    /** Whoever sees that there is one topic less finds it nowhere any more. */
    private void forget(TopicState state) {
        synchronized (structure) {
            if (unmodeled.has(state)) {
                topics.remove(state.topic);
                unmodeled.remove(state);
                state.forget();
            }
        }
    }

    /**
     * Forgets the topics without a model that are ignored since now. The rule is in force already:
     * who adds a topic looks at the rules under the same lock, so what was added by those before is
     * known here, and nothing that the rule matches is added after.
     */
    public void forgetIgnored() {
        List<TopicState> known;
        synchronized (structure) {
            known = new ArrayList<>(unmodeled.all());
        }
        for (TopicState state : known) {
            if (ignored.matches(state.topic)) {
                forget(state);
            }
        }
    }

    private @Nullable TopicState discover(String topic) {
        synchronized (structure) {
            TopicState state = topics.get(topic);
            if (state != null) {
                return state;
            }
            if (ignored.keepAway(topic)) {
                // Since now: it was not when the message came.
                return null;
            }
            long bytes = TopicState.footprint(topic);
            if (unmodeled.count() >= shared.limits().unmodeledTopics()
                    || !shared.takeUnmodeled(bytes)
                            && !(forgetRecent() && shared.takeUnmodeled(bytes))) {
                dropped.increment();
                return null;
            }
            state = new TopicState(topic, shared, bytes);
            topics.put(topic, state);
            unmodeled.add(state);
            return state;
        }
    }

    /**
     * Lets go of what topics without a model only keep to be modelled, because one needs the room.
     *
     * @return whether there was any
     */
    private boolean forgetRecent() {
        if (!shared.recentKept().getAndSet(false)) {
            return false;
        }
        unmodeled.all().forEach(TopicState::forgetRecent);
        return true;
    }

    /** All topics without a model together: those are forgotten that were heard longest ago. */
    private @Nullable MemoryHolder unmodeledHolder() {
        if (unmodeled.count() == 0) {
            return null;
        }
        long held = shared.unmodeled().bytes();
        long back = Math.max(held / GIVE_BACK, LEAST_BACK);
        return held < LEAST_BACK
                ? null
                : new MemoryHolder(Shared.UNMODELED, held, back, () -> forget(back));
    }

    /** Forgets topics without a model until so many bytes are given back. */
    private void forget(long bytes) {
        List<TopicState.Age> ages = new ArrayList<>();
        for (TopicState state : unmodeled.all()) {
            ages.add(state.age());
        }
        ages.sort(Comparator.comparingLong(TopicState.Age::receivedAt));
        long left = bytes;
        for (TopicState.Age age : ages) {
            if (left <= 0) {
                return;
            }
            left -= age.bytes();
            forget(age.state());
        }
    }

    /** All values together: they let go of payloads, at which only people look. */
    private @Nullable MemoryHolder valuesHolder() {
        long spare = 0;
        for (TopicState state : topics.values()) {
            spare += state.spare();
        }
        long held = shared.values().bytes();
        long back = Math.min(spare, Math.max(held / GIVE_BACK, LEAST_BACK));
        return back < LEAST_BACK
                ? null
                : new MemoryHolder(VALUES, held, back, () -> forgetPayloads(back));
    }

    /** Lets go of the largest payloads of values, until so many bytes are given back. */
    private void forgetPayloads(long bytes) {
        record Spare(TopicState state, long bytes) {}
        List<Spare> spares = new ArrayList<>();
        for (TopicState state : topics.values()) {
            long spare = state.spare();
            if (spare > 0) {
                spares.add(new Spare(state, spare));
            }
        }
        spares.sort(Comparator.comparingLong(Spare::bytes).reversed());
        long left = bytes;
        for (Spare spare : spares) {
            if (left <= 0) {
                return;
            }
            left -= spare.bytes();
            spare.state().forgetPayload();
            notices.changed(spare.state());
        }
    }

    /** Puts the topic of a node under its model. Nodes that are no topics are ignored. */
    public void bind(Node node) {
        bind(node, true);
    }

    /**
     * The policies of nodes may have changed; their models have not. Only what its policies let
     * mean something else is read anew: before anybody looks at it, and all of it in portions, by
     * {@link #flush}. No node may change meanwhile.
     */
    public void applyPolicies(List<Node> nodes) {
        nodes.forEach(node -> bind(node, false));
        if (!outdated.isEmpty()) {
            notices.askForFlush();
        }
    }

    /**
     * Counts a portion of what was refused, reads a portion of what policies let mean something
     * else, and takes note of which of these topics fit their models now.
     */
    private void catchUp() {
        catchUp(refused, TopicState::countRefusals);
        catchUp(outdated, TopicState::catchUp);
    }

    private void catchUp(Queue<TopicState> from, Consumer<TopicState> step) {
        for (int i = 0; i < PORTION; i++) {
            TopicState state = from.poll();
            if (state == null) {
                return;
            }
            step.accept(state);
            violating.look(state);
        }
        notices.askForFlush();
    }

    private void bind(Node node, boolean anew) {
        if (node.type() != NodeType.TOPIC) {
            return;
        }
        PayloadFormat format = node.payload().format();
        EffectivePolicy policy = policies.apply(node.id());
        ZoneId zone = Inheritance.zone(policy);
        Schema schema = schemas.of(models.of(node), format, policy.validation().value(), zone);
        FormatReader reader = shared.readers().of(format);
        boolean checked = policy.validation().value() != ValidationMode.OFF;
        int mostBytes = checked ? policy.maxPayloadBytes().value() : 0;
        int staleAfterSeconds = policy.staleAfterSeconds().value();
        String topic = node.topic();
        TopicState state;
        boolean changed = false;
        synchronized (structure) {
            state = topics.computeIfAbsent(topic, name -> new TopicState(name, shared, 0));
            unmodeled.remove(state);
            boolean bounded = state.mostBytes(mostBytes, clock.millis());
            if (anew || !state.isBound(node, schema)) {
                state.bind(node, reader, schema, zone, clock.millis());
                violating.look(state);
                changed = true;
            } else if (state.applyPolicy(schema, zone, clock.millis()) || bounded) {
                outdated.add(state);
                changed = true;
            }
            int readable = shared.limits().maxPayloadBytes();
            guard(state, Guard.of(node, policy, schema, reader, readable, state.guard()));
            changed |= state.staleAfter(staleAfterSeconds);
            if (staleAfterSeconds > 0) {
                perishable.put(topic, state);
            } else {
                perishable.remove(topic);
            }
        }
        if (changed) {
            notices.changed(state);
        }
    }

    private void guard(TopicState state, @Nullable Guard guard) {
        state.guard(guard);
        if (guard != null && guard.isApart()) {
            apart.put(state.topic, guard);
        } else {
            apart.remove(state.topic);
        }
    }

    /** What is asked of the messages of a topic before they are delivered; null if nothing is. */
    public @Nullable Guard guardOf(String topic) {
        TopicState state = topics.get(topic);
        return state == null ? null : state.guard();
    }

    /**
     * What would be asked of the messages of a topic's node with this model and this mode, whatever
     * that is; null if nothing would.
     */
    public @Nullable Guard guardFor(Node node, Model model, ValidationMode mode) {
        PayloadFormat format = node.payload().format();
        EffectivePolicy policy = policies.apply(node.id());
        return Guard.judging(
                node,
                mode,
                schemas.of(model, format, mode, Inheritance.zone(policy)),
                shared.readers().of(format),
                policy.maxPayloadBytes().value(),
                shared.limits().maxPayloadBytes());
    }

    /** The topics whose messages have to be asked for by name, with what is asked of them. */
    public Map<String, Guard> apart() {
        return Map.copyOf(apart);
    }

    @Override
    public boolean isModeled(String topic) {
        TopicState state = topics.get(topic);
        return state != null && state.hasNode();
    }

    @Override
    public boolean hold(Message message, Violation wrong, long revision) {
        if (!held.add(message, wrong, revision)) {
            return false;
        }
        refused(message, wrong);
        return true;
    }

    @Override
    public void refused(Message message, Violation wrong) {
        TopicState state = topics.get(message.topic().value());
        if (state != null) {
            messages.increment();
            violations.increment();
            if (state.refused(message, wrong)) {
                refused.add(state);
                notices.askForFlush();
            }
            notices.changed(state);
        }
    }

    /**
     * Puts the topics of some nodes under their models anew, because a reader or a source of models
     * has come or gone. No node may change meanwhile.
     */
    public void rebind(Predicate<Node> which) {
        for (TopicState state : topics.values()) {
            Node node = state.node();
            if (node == null) {
                state.forgetSign();
            } else if (which.test(node)) {
                bind(node);
            }
        }
    }

    /** Messages of a topic did not come, because the broker's queue was full. */
    public void missed(String topic, long count) {
        TopicState state = topics.get(topic);
        Node node = state == null ? null : state.node();
        if (node != null) {
            shared.samples().miss(node, count);
        }
    }

    /**
     * The topic has no node any more; if something came under it, it is an unmodelled one from now
     * on.
     */
    public void unbind(String topic) {
        synchronized (structure) {
            TopicState state = topics.get(topic);
            if (state == null || unmodeled.has(topic)) {
                return;
            }
            perishable.remove(topic);
            apart.remove(topic);
            boolean room = state.unbind();
            int most = shared.limits().unmodeledTopics();
            boolean wanted = state.hasMessage() && !ignored.matches(topic);
            if (room && wanted && unmodeled.count() < most) {
                unmodeled.add(state);
            } else {
                topics.remove(topic);
                state.forget();
            }
            violating.look(state);
            notices.changed(state);
        }
    }

    /** The payloads of a topic that are kept, the oldest first; none if there are none. */
    public List<byte[]> payloads(String topic) {
        TopicState state = topics.get(topic);
        return state == null ? List.of() : state.payloads();
    }

    /** The fields of a topic whose type keeps refusing values. */
    public List<FieldWidening> widenings(String topic) {
        TopicState state = topics.get(topic);
        return state == null ? List.of() : state.widenings();
    }

    /**
     * Tries the payloads of a topic that are kept against another model of its node. Violations are
     * told of even where the policy does not ask for them.
     *
     * @param node as it would be
     */
    public Trial trial(Node node) {
        TopicState state = topics.get(node.topic());
        Node now = state == null ? null : state.node();
        return state == null || now == null
                ? Trial.NOTHING
                : Trial.of(state.messages(), examined(now), examined(node));
    }

    /** What is asked of the messages of a node before they would be delivered. */
    private @Nullable Guard examined(Node node) {
        return guardFor(node, models.of(node), ValidationMode.REJECT);
    }

    public Optional<TopicValue> value(String topic) {
        TopicState state = topics.get(topic);
        return state == null ? Optional.empty() : Optional.of(snapshot(state));
    }

    /** What was wrong with the messages of a topic. */
    public Optional<TopicViolations> violations(String topic) {
        return Optional.ofNullable(topics.get(topic)).map(TopicState::violations);
    }

    /**
     * The topics that do not fit their models now, the latest violation first. Of many whose
     * policies have just changed, those are missing that were not read anew yet.
     */
    public List<TopicValue> violating(int limit) {
        catchUp();
        return violating.latest(limit).stream().map(this::snapshot).toList();
    }

    /** The topics that had messages which did not fit, the latest violation first. */
    public List<ViolatedTopic> violated(int limit) {
        catchUp();
        List<ViolatedTopic> found = new ArrayList<>();
        for (TopicState state : violating.remembered(limit)) {
            Node node = state.node();
            TopicViolations seen = state.violations();
            if (node != null && !seen.kinds().isEmpty()) {
                found.add(new ViolatedTopic(state.topic, node.id(), seen));
            }
        }
        return found;
    }

    /** How many topics do not fit their models now. */
    public int violatingCount() {
        catchUp();
        return violating.count();
    }

    /** Counts the violations of a topic anew; false if there is no such topic. */
    public boolean resetViolations(String topic) {
        TopicState state = topics.get(topic);
        if (state == null) {
            return false;
        }
        state.resetViolations(clock.instant());
        violating.look(state);
        notices.changed(state);
        return true;
    }

    public boolean isUnmodeled(String topic) {
        return unmodeled.has(topic);
    }

    public List<TopicValue> unmodeled(String prefix, int limit) {
        return unmodeled.startingWith(prefix, limit).stream().map(this::snapshot).toList();
    }

    /** The levels just below a branch of topics without a model. */
    public UnmodeledBranch unmodeledBranch(String under, @Nullable String after, int limit) {
        return unmodeled.branch(under, after, limit);
    }

    /** One of these levels. */
    public Optional<UnmodeledLevel> unmodeledLevel(String under, String name) {
        return unmodeled.find(under, name);
    }

    /** Which topics without a model came or went after a revision. */
    public UnmodeledChanges unmodeledChanges(long since) {
        return unmodeled.changesSince(since);
    }

    /** The topics without a model at and below a level, in their order. */
    public List<String> unmodeledAt(String path, int limit) {
        return unmodeled.at(path, limit);
    }

    /** The topics without a model, in their order; they may come and go meanwhile. */
    public Set<String> unmodeledNames() {
        return unmodeled.names();
    }

    /** Shows the topics that have values, with the signs of these. */
    public void signs(Likely into) {
        for (TopicState state : topics.values()) {
            state.sign(into);
        }
    }

    /** Lets somebody look through the current values of a topic. */
    public void find(String topic, ValueFinder into) {
        TopicState state = topics.get(topic);
        if (state != null) {
            state.find(into);
        }
    }

    /** The topics without a model by what their last payloads look like. */
    public List<UnmodeledCluster> unmodeledClusters(int limit) {
        Clusters clusters = new Clusters();
        unmodeled.all().forEach(state -> state.addTo(clusters));
        return clusters.largest(limit);
    }

    public List<UnmodeledTopic> unmodeledTopics() {
        List<UnmodeledTopic> all = new ArrayList<>();
        unmodeled.all().forEach(state -> all.add(state.unmodeled()));
        return all;
    }

    /** The value listeners, as operators see them. */
    public List<ProviderView> listeners() {
        return notices.views();
    }

    public long messages() {
        return messages.sum();
    }

    public long violations() {
        return violations.sum();
    }

    public long late() {
        return late.sum();
    }

    public long dropped() {
        return dropped.sum();
    }

    /** Payloads to propose models from that were not kept for want of room. */
    public long recentForgotten() {
        return shared.recentForgotten().sum();
    }

    public int unmodeledCount() {
        return unmodeled.count();
    }

    private TopicValue snapshot(TopicState state) {
        return state.snapshot(clock.millis());
    }

    /**
     * Tells the listeners the latest value of the topics that changed. Called from one thread only.
     */
    public void flush() {
        notices.flush();
        catchUp();
    }

    /** Tells the listeners of topics whose value has become older than it should be. */
    public void checkStale() {
        long now = clock.millis();
        for (TopicState state : perishable.values()) {
            if (state.becameStale(now)) {
                notices.changed(state);
            }
        }
    }

    /** How many topics are stale now. */
    public int staleCount() {
        long now = clock.millis();
        int count = 0;
        for (TopicState state : perishable.values()) {
            count += state.isStale(now) ? 1 : 0;
        }
        return count;
    }

    /** The topics that are stale now, those first that have been for the longest time. */
    public List<StaleTopic> stale() {
        long now = clock.millis();
        List<StaleTopic> found = new ArrayList<>();
        for (TopicState state : perishable.values()) {
            StaleTopic stale = state.staleSince(now);
            if (stale != null) {
                found.add(stale);
            }
        }
        found.sort(Comparator.comparing(StaleTopic::since).thenComparing(StaleTopic::path));
        return found;
    }
}

package io.busbar.uns.registry.ignore;

import io.busbar.api.audit.Actor;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.Documents;
import io.busbar.api.uns.IgnoreRule;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RefusedException;
import io.busbar.api.uns.TakenException;
import io.busbar.json.JsonMapper;
import io.busbar.uns.registry.payload.JsonText;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules which topics without a node are not to be remembered; one document each. They are
 * looked at for unknown topics only, so what is modelled or remembered costs nothing. Thread-safe;
 * changes access the disk, readers never wait.
 */
public final class IgnoreRules {
    private static final String COLLECTION = "uns_ignored";
    private static final Logger LOG = LoggerFactory.getLogger(IgnoreRules.class);
    private static final JsonMapper MAPPER = JsonMapper.builder().tolerateUnknownKeys().build();

    private final Documents documents;
    private final Clock clock;
    private volatile List<Rule> rules;

    /** As it is stored. */
    private record Stored(String filter, Instant createdAt, String createdBy) {}

    private record Rule(UUID id, TopicFilter filter, Stored stored, LongAdder messages) {
        IgnoreRule view() {
            return new IgnoreRule(
                    id, filter.value(), stored.createdAt(), stored.createdBy(), messages.sum());
        }
    }

    /**
     * Loads the rules. Documents that cannot be read stay where they are and are named in the log.
     */
    public IgnoreRules(Documents documents, Clock clock) {
        this.documents = documents;
        this.clock = clock;
        List<Rule> loaded = new ArrayList<>();
        documents.scan(COLLECTION, document -> load(document, loaded));
        this.rules = sorted(loaded);
    }

    private static void load(Document document, List<Rule> into) {
        try {
            into.add(
                    rule(
                            UUID.fromString(document.key()),
                            MAPPER.read(document.json(), Stored.class)));
        } catch (IllegalArgumentException e) {
            LOG.warn(
                    "Namespace: a rule cannot be read and ignores nothing; its document is kept"
                            + " (collection={}, key={})",
                    document.collection(),
                    document.key(),
                    e);
        }
    }

    private static Rule rule(UUID id, Stored stored) {
        return new Rule(id, TopicFilter.of(stored.filter()), stored, new LongAdder());
    }

    private static List<Rule> sorted(List<Rule> unsorted) {
        return unsorted.stream()
                .sorted(Comparator.comparing(each -> each.filter().value()))
                .toList();
    }

    /** Whether a topic is not to be remembered. */
    public boolean matches(String topic) {
        for (Rule each : rules) {
            if (each.filter().matches(topic)) {
                return true;
            }
        }
        return false;
    }

    /** The same for a message that came under it, which is counted. */
    public boolean keepAway(String topic) {
        for (Rule each : rules) {
            if (each.filter().matches(topic)) {
                each.messages().increment();
                return true;
            }
        }
        return false;
    }

    /** The rules, sorted by filter. */
    public List<IgnoreRule> list() {
        return rules.stream().map(Rule::view).toList();
    }

    /**
     * Makes a rule.
     *
     * @throws IllegalArgumentException if the filter is not valid, or there are too many rules
     * @throws TakenException if there is one with this filter
     */
    public synchronized IgnoreRule add(String filter, Actor actor) {
        requireValid(filter);
        if (filters().contains(filter)) {
            throw new TakenException(
                    "filter: '" + filter + "' is ignored already",
                    Reason.Code.IGNORED_ALREADY,
                    "at",
                    "filter",
                    "found",
                    filter);
        }
        requireRoom(rules.size());
        return make(List.of(filter), actor, documents::commit).get(0).view();
    }

    /** A plan of rules to make; nothing is changed by it. */
    public IgnorePlan plan() {
        return new IgnorePlan(filters());
    }

    /**
     * Makes the rules of a plan, but for those that are there in the meantime.
     *
     * @param commit writes the changes that are given to it, with others or alone; if it throws, no
     *     rule is made
     * @throws IllegalArgumentException if there are too many rules
     */
    public synchronized void carryOut(
            IgnorePlan plan, Actor actor, Consumer<List<DocumentChange>> commit) {
        Set<String> there = filters();
        List<String> missing = plan.planned();
        missing.removeAll(there);
        if (!missing.isEmpty()) {
            requireRoom(there.size() + missing.size() - 1);
        }
        make(missing, actor, commit);
    }

    private List<Rule> make(
            List<String> filters, Actor actor, Consumer<List<DocumentChange>> commit) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        List<Rule> made = new ArrayList<>();
        List<DocumentChange> changes = new ArrayList<>();
        for (String filter : filters) {
            Stored stored = new Stored(filter, now, actor.name());
            Rule rule = rule(UUID.randomUUID(), stored);
            made.add(rule);
            changes.add(
                    DocumentChange.create(COLLECTION, rule.id().toString(), MAPPER.write(stored)));
        }
        commit.accept(changes);
        List<Rule> more = new ArrayList<>(rules);
        more.addAll(made);
        rules = sorted(more);
        return made;
    }

    private Set<String> filters() {
        return rules.stream().map(each -> each.filter().value()).collect(Collectors.toSet());
    }

    /** Throws if a filter cannot be that of a rule. */
    static void requireValid(String filter) {
        String problem = TopicFilter.problemOf(filter);
        if (problem == null && TopicFilter.of(filter).isShared()) {
            problem = "is a Shared Subscription (expected: a topic filter)";
        }
        if (problem != null) {
            throw new RefusedException(
                    "filter: '" + JsonText.clip(filter) + "' " + problem,
                    Reason.Code.FILTER,
                    "at",
                    "filter",
                    "found",
                    JsonText.clip(filter));
        }
    }

    /** Whether there may be one more rule than there are already. */
    static boolean hasRoom(int there) {
        return there < IgnoreRule.MAX_RULES;
    }

    private static void requireRoom(int there) {
        if (!hasRoom(there)) {
            throw new RefusedException(
                    "filter: one more rule (expected: at most " + IgnoreRule.MAX_RULES + ")",
                    Reason.Code.FULL,
                    "at",
                    "filter",
                    "max",
                    String.valueOf(IgnoreRule.MAX_RULES));
        }
    }

    /**
     * Takes a rule back.
     *
     * @throws NoSuchElementException if there is none
     */
    public synchronized void remove(UUID id) {
        if (rules.stream().noneMatch(each -> each.id().equals(id))) {
            throw new NoSuchElementException("id: " + id + " (no such rule)");
        }
        documents.commit(List.of(DocumentChange.delete(COLLECTION, id.toString())));
        rules = rules.stream().filter(each -> !each.id().equals(id)).toList();
    }
}

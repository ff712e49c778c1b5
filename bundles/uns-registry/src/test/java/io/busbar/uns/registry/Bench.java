package io.busbar.uns.registry;

import io.busbar.api.audit.Actor;
import io.busbar.api.memory.MemoryBudget;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.uns.ImportResult;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.SearchHit;
import io.busbar.api.uns.SearchQuery;
import io.busbar.api.uns.TextSource;
import io.busbar.api.uns.TopicPolicy;
import io.busbar.memory.ProcessMemory;
import io.busbar.testkit.storage.FakeDocuments;
import io.busbar.testkit.time.ManualClock;
import io.busbar.uns.registry.quarantine.QuarantineLimits;
import io.busbar.uns.registry.recycle.RecycleLimits;
import io.busbar.uns.registry.value.Limits;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A namespace to test on, with a clock that is moved by hand. */
public final class Bench {
    static final Actor ANNA = Actor.user("anna", "192.0.2.1");
    static final Actor BEN = Actor.user("ben", "192.0.2.2");

    static final Instant START = Instant.parse("2026-11-23T08:16:00Z");
    static final Publisher GATEWAY =
            new Publisher("c1", "Line 1 gateway", "uns1", "10.0.0.7:41000");
    static final Limits LIMITS = new Limits(262_144, 600_000_000L, 1000, 1_000_000, 1_000_000);
    static final QuarantineLimits QUARANTINE = new QuarantineLimits(100, 1 << 20, 7);
    static final RecycleLimits RECYCLE = new RecycleLimits(1000, 30);
    static final List<String> TIME_NAMES =
            List.of("timestamp", "timeStamp", "timestamp_ms", "_timestamp", "ts", "time");

    final FakeDocuments documents;
    final ManualClock clock = new ManualClock(START);
    final GateFront gates = new GateFront();
    final ProcessMemory memory;
    UnsRegistry registry;

    Bench() {
        this(new FakeDocuments());
    }

    Bench(FakeDocuments documents) {
        this(documents, new ProcessMemory(256 << 20, 256 << 20, Clock.systemUTC()));
    }

    Bench(FakeDocuments documents, ProcessMemory memory) {
        this.documents = documents;
        this.memory = memory;
        registry = open(LIMITS);
    }

    /** With another memory and another clock. */
    UnsRegistry open(MemoryBudget otherMemory, Clock otherClock) {
        return new UnsRegistry(
                documents,
                otherMemory,
                new NamespaceSettings(
                        LIMITS,
                        TIME_NAMES,
                        20,
                        1_000_000,
                        QUARANTINE,
                        RECYCLE,
                        250,
                        TopicPolicy.ALLOW),
                otherClock,
                new GateFront());
    }

    UnsRegistry open(Limits limits) {
        return open(limits, 1_000_000);
    }

    UnsRegistry open(Limits limits, long maxNodes) {
        return open(limits, maxNodes, QUARANTINE, TopicPolicy.ALLOW);
    }

    private UnsRegistry open(
            Limits limits, long maxNodes, QuarantineLimits quarantine, TopicPolicy topicPolicy) {
        return new UnsRegistry(
                documents,
                memory,
                new NamespaceSettings(
                        limits, TIME_NAMES, 20, maxNodes, quarantine, RECYCLE, 250, topicPolicy),
                clock,
                gates);
    }

    /** Starts again with another answer to topics that no path says anything of. */
    void restartedWith(TopicPolicy topicPolicy) {
        registry.deactivate();
        registry = open(LIMITS, 1_000_000, QUARANTINE, topicPolicy);
    }

    /** Starts again with other bounds of what is held back. */
    void restartedWith(QuarantineLimits quarantine) {
        registry.deactivate();
        registry = open(LIMITS, 1_000_000, quarantine, TopicPolicy.ALLOW);
    }

    Namespace restarted() {
        registry.deactivate();
        registry = open(LIMITS);
        return registry;
    }

    /** The nodes that a search finds. */
    static List<Node> found(Namespace in, String text) {
        return in.search(SearchQuery.of(text, 10)).hits().stream()
                .map(SearchHit::node)
                .filter(Objects::nonNull)
                .toList();
    }

    static ImportResult importJson(Namespace into, String json, boolean dryRun, Actor actor) {
        try {
            return into.importJson(TextSource.of(json), dryRun, actor);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ImportResult ensure(Namespace into, String json, boolean dryRun) {
        try {
            return into.ensure(TextSource.of(json), dryRun, Actor.BOOTSTRAP);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String export(Namespace from) {
        return export(from, null);
    }

    static String export(Namespace from, @Nullable UUID id) {
        StringWriter text = new StringWriter();
        try {
            from.export(id).writeAll(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    void publish(String topic, String payload) {
        publish(topic, payload.getBytes(StandardCharsets.UTF_8));
    }

    void publish(String topic, byte[] payload) {
        registry.onMessage(message(topic, payload, false), false);
    }

    Message message(String topic, byte[] payload, boolean retain) {
        return new Message(
                TopicName.of(topic),
                payload,
                Qos.AT_LEAST_ONCE,
                retain,
                MessageProperties.NONE,
                GATEWAY,
                clock.millis());
    }

    public static String sample(String name) {
        try (var in = Bench.class.getResourceAsStream("/samples/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

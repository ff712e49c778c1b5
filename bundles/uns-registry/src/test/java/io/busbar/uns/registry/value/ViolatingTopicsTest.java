package io.busbar.uns.registry.value;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.audit.Actor;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeIdentity;
import io.busbar.api.uns.NodeLabels;
import io.busbar.api.uns.NodePayload;
import io.busbar.api.uns.NodePolicy;
import io.busbar.api.uns.NodeStamp;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.ValidationMode;
import io.busbar.memory.ProcessMemory;
import io.busbar.uns.registry.model.Schemas;
import io.busbar.uns.registry.payload.Readers;
import io.busbar.uns.registry.payload.SourceTime;
import io.busbar.uns.registry.sample.SampleFeed;
import io.busbar.uns.registry.watch.CallWatch;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ViolatingTopicsTest {
    private static final Model MODEL =
            new Model(List.of(Field.of("speed", FieldType.DOUBLE)), UnknownFields.WARN);
    private static final UUID ID = UUID.randomUUID();
    private static final Node NODE =
            new Node(
                    new NodeIdentity(ID, null, NodeType.TOPIC, "fan", "fan", "fan"),
                    NodeLabels.NONE,
                    NodePayload.json(TopicType.METRIC, MODEL),
                    NodePolicy.INHERITED,
                    NodeStamp.created(Instant.EPOCH, Actor.SERVER));

    private final CallWatch watch = new CallWatch(1000);
    private final ProcessMemory memory = new ProcessMemory(256 << 20, 256 << 20, Clock.systemUTC());
    private final SourceTime times = new SourceTime(List.of("ts"));
    private final SampleFeed samples = new SampleFeed(1_000_000, memory, watch);
    private final Readers readers = new Readers(times, watch);
    private final Shared shared =
            new Shared(
                    new Limits(262_144, 0, 100_000, 1 << 26, 1_000_000),
                    readers,
                    times,
                    samples,
                    memory.open(MemoryArea.HEAP, "topics", 50, null),
                    memory.open(MemoryArea.HEAP, "values", 50, null),
                    new AtomicBoolean(),
                    new LongAdder());
    private final Schemas schemas = new Schemas(times, 0);
    private final ViolatingTopics violating = new ViolatingTopics();

    @AfterEach
    void close() {
        samples.close();
        watch.close();
        shared.unmodeled().close();
        shared.values().close();
        memory.close();
    }

    /** A topic whose last message does not fit. */
    private TopicState misfit() {
        TopicState state = new TopicState("fan", shared, 0);
        state.bind(
                NODE,
                readers.of(PayloadFormat.JSON),
                schemas.of(MODEL, PayloadFormat.JSON, ValidationMode.OBSERVE, null),
                null,
                0);
        state.accept(
                new Message(
                        TopicName.of("fan"),
                        "{\"speed\":\"fast\"}".getBytes(UTF_8),
                        Qos.AT_MOST_ONCE,
                        false,
                        MessageProperties.NONE,
                        Publisher.SERVER,
                        1),
                false,
                new Acceptance());
        assertThat(state.isViolating()).isTrue();
        return state;
    }

    @Test
    void topicThatIsUnbound_isTakenOut() {
        TopicState state = misfit();
        violating.look(state);
        assertThat(violating.latest(10)).containsExactly(state);

        state.unbind();
        violating.look(state);

        assertThat(violating.count()).isZero();
    }

    @Test
    void topicThatFitsAgain_isRemembered_untilItsViolationsAreReset() {
        TopicState state = misfit();
        violating.look(state);

        state.resetViolations(Instant.EPOCH);
        violating.look(state);

        assertThat(violating.latest(10)).containsExactly(state);
        assertThat(violating.remembered(10)).isEmpty();
        assertThat(violating.remembers(state)).isFalse();
    }

    /** Whoever took the last message may look only after the topic was unbound and bound anew. */
    @Test
    void lateLookAtAForgottenTopic_leavesTheOneThatIsThereNow() {
        TopicState gone = misfit();
        violating.look(gone);
        gone.unbind();
        gone.forget();
        TopicState now = misfit();
        violating.look(now);

        violating.look(gone);

        assertThat(violating.latest(10)).containsExactly(now);
    }
}

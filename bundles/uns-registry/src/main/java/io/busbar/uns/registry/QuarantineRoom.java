package io.busbar.uns.registry;

import io.busbar.api.audit.Actor;
import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Quarantine;
import io.busbar.api.uns.QuarantineStats;
import io.busbar.api.uns.QuarantinedMessage;
import io.busbar.api.uns.Violation;
import io.busbar.uns.registry.gate.Guard;
import io.busbar.uns.registry.model.Relaxation;
import io.busbar.uns.registry.model.Schema;
import io.busbar.uns.registry.quarantine.MessageStore;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is held, and how it fits the models of now. */
final class QuarantineRoom implements Quarantine {
    private static final Logger LOG = LoggerFactory.getLogger(QuarantineRoom.class);

    private final MessageStore store;
    private final Function<String, @Nullable Guard> guards;
    private final Function<byte[], List<Field>> proposals;
    private final Clock clock;

    /**
     * Shows what a store holds.
     *
     * @param guards what is asked of the messages of a topic
     * @param proposals the fields that a payload has
     */
    QuarantineRoom(
            MessageStore store,
            Function<String, @Nullable Guard> guards,
            Function<byte[], List<Field>> proposals,
            Clock clock) {
        this.clock = clock;
        this.store = store;
        this.guards = guards;
        this.proposals = proposals;
    }

    @Override
    public List<QuarantinedMessage> list(@Nullable String topic, @Nullable UUID before, int limit) {
        return store.list(topic, before, limit);
    }

    @Override
    public Optional<QuarantinedMessage> get(UUID id) {
        return store.get(id);
    }

    @Override
    public QuarantineStats stats() {
        return store.stats();
    }

    @Override
    public Optional<Violation> check(QuarantinedMessage held) {
        Message message = now(held.message());
        Guard guard = guards.apply(message.topic().value());
        Violation wrong = guard == null ? null : guard.examine(message);
        return guard == null || !guard.keeps(wrong) ? Optional.empty() : Optional.of(wrong);
    }

    @Override
    public Optional<Model> accepting(QuarantinedMessage held) {
        Message message = now(held.message());
        Guard guard = guards.apply(message.topic().value());
        Schema schema = guard == null ? null : guard.schema();
        return guard == null || schema == null || !guard.mode().isBeforeDelivery()
                ? Optional.empty()
                : Relaxation.of(
                        schema.model(),
                        proposals.apply(message.payload()),
                        model -> {
                            Violation wrong = guard.with(schema.with(model)).examine(message);
                            return guard.keeps(wrong) ? wrong : null;
                        });
    }

    /** As it would be if it came now: its time may have been ahead of the server's. */
    private Message now(Message message) {
        return new Message(
                message.topic(),
                message.payload(),
                message.qos(),
                message.retain(),
                message.properties(),
                message.publisher(),
                clock.millis());
    }

    @Override
    public boolean remove(UUID id, Actor actor) {
        boolean removed = store.remove(id);
        if (removed) {
            LOG.info("A message left the quarantine (id={}, by={})", id, actor.name());
        }
        return removed;
    }

    @Override
    public int removeAll(@Nullable String topic, Actor actor) {
        int removed = store.removeAll(topic);
        LOG.info(
                "Messages left the quarantine (topic={}, messages={}, by={})",
                topic == null ? "#" : topic,
                removed,
                actor.name());
        return removed;
    }
}

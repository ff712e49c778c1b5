package io.busbar.web.api;

import io.busbar.api.audit.Actor;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Quarantine;
import io.busbar.api.uns.QuarantineStats;
import io.busbar.api.uns.QuarantinedMessage;
import io.busbar.api.uns.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Holds what a test puts into it. */
final class FakeQuarantine implements Quarantine {
    final TreeMap<UUID, QuarantinedMessage> held = new TreeMap<>();

    /** What is wrong with all of them by the model of now. */
    @Nullable Violation wrong;

    @Nullable Model accepting;

    void put(QuarantinedMessage message) {
        held.put(message.id(), message);
    }

    @Override
    public List<QuarantinedMessage> list(@Nullable String topic, @Nullable UUID before, int limit) {
        List<QuarantinedMessage> found = new ArrayList<>();
        for (QuarantinedMessage each :
                (before == null ? held : held.headMap(before, false)).descendingMap().values()) {
            if (topic == null || each.message().topic().value().equals(topic)) {
                found.add(each);
            }
        }
        return found.stream().limit(limit).toList();
    }

    @Override
    public Optional<QuarantinedMessage> get(UUID id) {
        return Optional.ofNullable(held.get(id));
    }

    @Override
    public QuarantineStats stats() {
        return new QuarantineStats(held.size(), held.size() * 100L, 3, 4);
    }

    @Override
    public Optional<Violation> check(QuarantinedMessage message) {
        return Optional.ofNullable(wrong);
    }

    @Override
    public Optional<Model> accepting(QuarantinedMessage message) {
        return Optional.ofNullable(accepting);
    }

    @Override
    public boolean remove(UUID id, Actor actor) {
        return held.remove(id) != null;
    }

    @Override
    public int removeAll(@Nullable String topic, Actor actor) {
        int before = held.size();
        held.values()
                .removeIf(each -> topic == null || each.message().topic().value().equals(topic));
        return before - held.size();
    }
}

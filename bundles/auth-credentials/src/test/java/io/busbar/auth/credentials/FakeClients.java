package io.busbar.auth.credentials;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.Principal;
import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.Clients;
import io.busbar.api.broker.SessionView;
import io.busbar.api.broker.Transport;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.storage.SubscriptionRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Remembers who is connected and what was done to them. */
final class FakeClients implements Clients {
    /** Runs at the beginning of each update of a principal. */
    volatile Runnable beforeUpdate = () -> {};

    final List<ClientView> connected = new ArrayList<>();
    final List<String> calls = new ArrayList<>();
    final List<Actor> actors = new ArrayList<>();

    ClientView connect(String clientId, Principal principal, String address) {
        ClientView view =
                new ClientView(
                        clientId,
                        principal,
                        address,
                        "tcp",
                        Transport.TCP,
                        ProtocolVersion.MQTT_5_0,
                        60,
                        true,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        Instant.EPOCH,
                        Instant.EPOCH);
        connected.add(view);
        return view;
    }

    @Override
    public void each(Consumer<? super ClientView> consumer) {
        List.copyOf(connected).forEach(consumer);
    }

    @Override
    public Optional<ClientView> get(String clientId) {
        return connected.stream().filter(view -> view.clientId().equals(clientId)).findFirst();
    }

    @Override
    public void eachSession(Consumer<? super SessionView> consumer) {}

    @Override
    public Optional<SessionView> session(String clientId) {
        return Optional.empty();
    }

    @Override
    public boolean endSession(String clientId, String text, Actor actor) {
        actors.add(actor);
        calls.add("endSession " + clientId);
        return false;
    }

    @Override
    public List<SubscriptionRecord> subscriptions(String clientId) {
        return List.of();
    }

    @Override
    public boolean disconnect(String clientId, ReasonCode reason, String text, Actor actor) {
        actors.add(actor);
        calls.add("disconnect " + clientId + " " + reason);
        return connected.removeIf(view -> view.clientId().equals(clientId));
    }

    @Override
    public int disconnectAll(
            String principalId, ReasonCode reason, String text, boolean endSessions, Actor actor) {
        actors.add(actor);
        calls.add("disconnectAll " + reason + (endSessions ? " and end sessions" : ""));
        connected.removeIf(view -> view.principal().id().equals(principalId));
        return 0;
    }

    @Override
    public void update(Principal principal, Actor actor) {
        beforeUpdate.run();
        actors.add(actor);
        calls.add("update " + principal.acl().size() + " rules");
    }
}

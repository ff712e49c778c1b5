package io.busbar.web.api.live;

import io.busbar.api.auth.CredentialService;
import io.busbar.api.broker.Broker;
import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.Clients;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.TopicValue;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.state.ClientRates;
import io.busbar.web.api.state.ClientTraffic;
import io.busbar.web.api.state.StatsSampler;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks once a second for changes that no listener reports: figures, credentials that were changed
 * elsewhere, counters of clients, values that have become too old. While nobody watches, it only
 * takes the samples of the figures and of the clients. Confined to the thread of {@link
 * LiveStreams}.
 */
public final class ChangeWatch {
    private static final int RATE_SECONDS = 5;
    private static final int SLOW_SECONDS = 2;

    private final Backend services;
    private final LiveStreams streams;
    private final StatsSampler sampler;
    private final ClientRates rates;
    private final ClientTraffic traffic;
    private long second;
    private Map<String, Long> credentials = Map.of();
    private boolean credentialsKnown;
    private Map<String, Counters> clients = Map.of();
    private boolean clientsKnown;
    private long unmodeled = -1;
    private final Map<String, Seen> qualities = new HashMap<>();

    public ChangeWatch(
            Backend services,
            LiveStreams streams,
            StatsSampler sampler,
            ClientRates rates,
            ClientTraffic traffic) {
        this.services = services;
        this.streams = streams;
        this.sampler = sampler;
        this.rates = rates;
        this.traffic = traffic;
    }

    /** One turn, once a second. */
    public void turn() {
        second++;
        sampler.sample(services.findBroker().map(Broker::stats).orElse(null));
        if (second % RATE_SECONDS == 0) {
            services.findClients().ifPresent(rates::sample);
        }
        if (second % ClientTraffic.STEP_SECONDS == 1) {
            services.findClients().ifPresent(traffic::sample);
        }
        streams.statsChanged();
        watchCredentials();
        if (second % SLOW_SECONDS == 0) {
            watchClients();
            watchValues();
        }
        watchUnmodeled();
    }

    private void watchCredentials() {
        Optional<CredentialService> service = services.findCredentials();
        if (!streams.watched(Channel.CREDENTIALS) || service.isEmpty()) {
            credentialsKnown = false;
            return;
        }
        Map<String, Long> now = new HashMap<>();
        service.get().each(credential -> now.put(credential.id(), credential.revision()));
        if (credentialsKnown) {
            now.forEach(
                    (id, revision) -> {
                        if (!revision.equals(credentials.get(id))) {
                            streams.credentialChanged(id);
                        }
                    });
            credentials.keySet().stream()
                    .filter(id -> !now.containsKey(id))
                    .forEach(streams::credentialChanged);
        }
        credentials = now;
        credentialsKnown = true;
    }

    private void watchClients() {
        Optional<Clients> service = services.findClients();
        if (!streams.watched(Channel.CLIENTS) || service.isEmpty()) {
            clientsKnown = false;
            clients = Map.of();
            return;
        }
        Map<String, Counters> now = new HashMap<>();
        Optional<Set<String>> shown = streams.shownClients();
        if (shown.isPresent()) {
            for (String id : shown.get()) {
                counters(service.get(), id).ifPresent(counters -> now.put(id, counters));
            }
        } else {
            service.get().each(client -> now.put(client.clientId(), counters(client)));
        }
        // Rows that have just come on screen are told once: they may be some seconds old.
        if (clientsKnown || shown.isPresent()) {
            now.forEach(
                    (id, counters) -> {
                        if (!counters.equals(clients.get(id))) {
                            streams.figuresChanged(id);
                        }
                    });
        }
        clients = now;
        clientsKnown = true;
    }

    private Optional<Counters> counters(Clients service, String id) {
        return service.get(id)
                .map(this::counters)
                .or(
                        () ->
                                service.session(id)
                                        .map(
                                                session ->
                                                        new Counters(
                                                                session.subscriptions(),
                                                                0,
                                                                0,
                                                                session.queued(),
                                                                ClientRates.Rate.NONE)));
    }

    private Counters counters(ClientView client) {
        return new Counters(
                client.subscriptions(),
                client.messagesIn(),
                client.messagesOut(),
                client.queued(),
                rates.of(client));
    }

    private void watchValues() {
        Optional<Namespace> namespace = services.findNamespace();
        if (namespace.isEmpty()) {
            return;
        }
        var watched = streams.watchedTopics();
        qualities.keySet().retainAll(watched);
        for (String topic : watched) {
            Optional<TopicValue> value = namespace.get().value(topic);
            if (value.isPresent()) {
                Seen now = new Seen(value.get().quality(), value.get().receivedAt());
                Seen before = qualities.put(topic, now);
                // With a new message comes a call of the listener: only what aged by itself is told
                // here.
                if (before != null
                        && before.quality != now.quality
                        && Objects.equals(before.receivedAt, now.receivedAt)) {
                    streams.valueAged(value.get());
                }
            }
        }
    }

    private void watchUnmodeled() {
        long now =
                services.findNamespace()
                        .map(n -> n.unmodeledChanges(Long.MAX_VALUE).revision())
                        .orElse(0L);
        if (unmodeled >= 0 && now != unmodeled) {
            streams.unmodeledChanged();
        }
        unmodeled = now;
    }

    private record Seen(Quality quality, @Nullable Instant receivedAt) {}

    /** With the rate, which falls to 0 after the last message was counted. */
    private record Counters(
            int subscriptions, long in, long out, long queued, ClientRates.Rate rate) {}
}

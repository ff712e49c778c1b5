package io.busbar.web.api.state;

import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.Clients;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Messages per second of each connected client, as the mean between two samples. Samples are taken
 * only while somebody watches. Thread-safe.
 */
public final class ClientRates {
    private static final Duration INTEREST = Duration.ofSeconds(60);

    private final Clock clock;
    private volatile Instant askedAt = Instant.EPOCH;
    private volatile Map<String, Sample> samples = Map.of();

    public ClientRates(Clock clock) {
        this.clock = clock;
    }

    /**
     * Takes a sample if somebody asked lately, else forgets the last one. To be called every five
     * seconds or so.
     */
    public void sample(Clients clients) {
        Instant now = clock.instant();
        if (Duration.between(askedAt, now).compareTo(INTEREST) > 0) {
            samples = Map.of();
            return;
        }
        Map<String, Sample> before = samples;
        Map<String, Sample> after = new HashMap<>();
        clients.each(
                client -> {
                    Sample last = before.get(client.clientId());
                    boolean same = last != null && last.connectedAt.equals(client.connectedAt());
                    double seconds =
                            same ? seconds(last.at, now) : seconds(client.connectedAt(), now);
                    long in = client.messagesIn() - (same ? last.in : 0);
                    long out = client.messagesOut() - (same ? last.out : 0);
                    after.put(
                            client.clientId(),
                            new Sample(
                                    client.connectedAt(),
                                    now,
                                    client.messagesIn(),
                                    client.messagesOut(),
                                    new Rate(in / seconds, out / seconds)));
                });
        samples = after;
    }

    /** The client's rates; while there is no sample yet, the mean since it connected. */
    public Rate of(ClientView client) {
        Instant now = clock.instant();
        askedAt = now;
        Sample sample = samples.get(client.clientId());
        if (sample != null && sample.connectedAt.equals(client.connectedAt())) {
            return sample.rate;
        }
        double seconds = seconds(client.connectedAt(), now);
        return new Rate(client.messagesIn() / seconds, client.messagesOut() / seconds);
    }

    private static double seconds(Instant from, Instant to) {
        return Math.max(1.0, Duration.between(from, to).toMillis() / 1000.0);
    }

    /** Messages per second. */
    public record Rate(double in, double out) {
        public static final Rate NONE = new Rate(0, 0);
    }

    private record Sample(Instant connectedAt, Instant at, long in, long out, Rate rate) {}
}

package io.busbar.web.api.session;

import io.busbar.api.accounts.User;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * All sessions. The cookie's secret is 256 random bits; here only its SHA-256 is kept. Bounded:
 * beyond the limit the one that was idle longest ends. Thread-safe.
 */
public final class Sessions {
    /** How often a session is compared with the account behind it. */
    private static final Duration CHECK = Duration.ofSeconds(5);

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Supplier<Limits> limits;
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();

    /**
     * Makes an empty set.
     *
     * @param limits asked again at every use, so that a new configuration counts at once
     */
    public Sessions(Clock clock, Supplier<Limits> limits) {
        this.clock = clock;
        this.limits = limits;
    }

    /** Signs a person in. */
    public Opened open(User user) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Instant now = clock.instant();
        Session session =
                new Session(
                        sha256(secret),
                        user.username(),
                        user.role(),
                        now,
                        now.plus(limits.get().absolute()));
        synchronized (this) {
            evict(limits.get().maxSessions() - 1, s -> true);
            evict(limits.get().maxSessionsPerUser() - 1, s -> s.username().equals(user.username()));
            sessions.put(session.key(), session);
        }
        return new Opened(session, secret);
    }

    private void evict(int keep, Predicate<Session> which) {
        List<Session> candidates = new ArrayList<>(sessions.values());
        candidates.removeIf(which.negate());
        candidates.sort(Comparator.comparing(Session::lastActivityAt));
        for (int i = 0; i < candidates.size() - keep; i++) {
            end(candidates.get(i));
        }
    }

    /**
     * Finds the session of a cookie.
     *
     * @param account asked now and then whether the person still exists and has the same role; else
     *     the session ends
     */
    public Optional<Session> find(String secret, Predicate<Session> account) {
        if (secret.length() > 128) {
            return Optional.empty();
        }
        Session session = sessions.get(sha256(secret));
        if (session == null || !alive(session)) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        if (Duration.between(session.checkedAt(), now).compareTo(CHECK) >= 0) {
            if (!account.test(session)) {
                end(session);
                return Optional.empty();
            }
            session.checked(now);
        }
        return Optional.of(session);
    }

    /** Notes that the person did something: the idle time begins anew. */
    public void active(Session session) {
        session.active(clock.instant());
    }

    /** Whether the session still counts; ends it if its time is over. */
    public boolean alive(Session session) {
        if (session.ended()) {
            return false;
        }
        Instant now = clock.instant();
        boolean over =
                !now.isBefore(session.expiresAt())
                        || Duration.between(session.lastActivityAt(), now)
                                        .compareTo(limits.get().idle())
                                >= 0;
        if (over) {
            end(session);
        }
        return !over;
    }

    /** Ends a session: it never comes back. */
    public void end(Session session) {
        session.end();
        sessions.remove(session.key());
    }

    /** Ends all whose time is over. */
    public void sweep() {
        sessions.values().forEach(this::alive);
    }

    /** How many there are. */
    public int size() {
        return sessions.size();
    }

    private static String sha256(String secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing in this Java", e);
        }
    }

    /** How long and how many. */
    public record Limits(
            Duration idle, Duration absolute, int maxSessions, int maxSessionsPerUser) {}

    /**
     * A new session.
     *
     * @param secret what goes into the cookie and is known to nobody else
     */
    public record Opened(Session session, String secret) {
        @Override
        public String toString() {
            return "Opened[session=" + session + "]";
        }
    }
}

package io.busbar.web.session;

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
import org.osgi.annotation.versioning.ProviderType;

/**
 * The sessions of all signed-in people. Published as a service: the wing for signing in opens and
 * ends sessions, and every wing finds them here.
 *
 * <p>A session is identified by a secret of 256 random bits in the browser's cookie; only its
 * SHA-256 hash is kept here. The number of sessions is limited: beyond the limit, the session that
 * was idle for the longest time ends. Thread-safe.
 */
@ProviderType
public final class WebSessions {
    /** How often a session is compared with the account behind it. */
    private static final Duration CHECK = Duration.ofSeconds(5);

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Supplier<SessionLimits> limits;
    private final SessionCookie cookie;
    private final Map<String, WebSession> sessions = new ConcurrentHashMap<>();

    /**
     * Creates it without any sessions.
     *
     * @param cookie what stands for a session in a browser
     * @param limits returns the current limits, so that a new configuration applies at once
     */
    public WebSessions(Clock clock, SessionCookie cookie, Supplier<SessionLimits> limits) {
        this.cookie = cookie;
        this.clock = clock;
        this.limits = limits;
    }

    /** Returns the cookie that identifies a session in a browser. */
    public SessionCookie cookie() {
        return cookie;
    }

    /** Opens a session for a person whose password was checked. */
    public Opened open(User user) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Instant now = clock.instant();
        WebSession session =
                new WebSession(
                        sha256(secret),
                        user.username(),
                        user.role(),
                        now,
                        now.plus(limits.get().absolute()));
        synchronized (this) {
            sessions.values().forEach(this::alive);
            evict(limits.get().maxSessions() - 1, s -> true);
            evict(limits.get().maxSessionsPerUser() - 1, s -> s.username().equals(user.username()));
            sessions.put(session.key(), session);
        }
        return new Opened(session, secret);
    }

    private void evict(int keep, Predicate<WebSession> which) {
        List<WebSession> candidates = new ArrayList<>(sessions.values());
        candidates.removeIf(which.negate());
        candidates.sort(Comparator.comparing(WebSession::lastActivityAt));
        for (int i = 0; i < candidates.size() - keep; i++) {
            end(candidates.get(i));
        }
    }

    /**
     * Finds the session of a cookie.
     *
     * @param secret the secret in the cookie
     * @param account returns whether the account still exists with the same role; asked every few
     *     seconds. If not, the session ends
     */
    public Optional<WebSession> find(String secret, Predicate<WebSession> account) {
        if (secret.length() > 128) {
            return Optional.empty();
        }
        WebSession session = sessions.get(sha256(secret));
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

    /** Records activity of the person: the idle time of the session starts again. */
    public void active(WebSession session) {
        session.active(clock.instant());
    }

    /** Whether the session is still valid. Ends it if its time is over. */
    public boolean alive(WebSession session) {
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

    /** Ends a session for good. */
    public void end(WebSession session) {
        session.end();
        sessions.remove(session.key());
    }

    /** Ends all other sessions of the person whose session it is. */
    public void endOthers(WebSession session) {
        for (WebSession other : List.copyOf(sessions.values())) {
            if (other != session && other.username().equals(session.username())) {
                end(other);
            }
        }
    }

    /** How long a session may be idle before it ends. */
    public Duration idleTimeout() {
        return limits.get().idle();
    }

    private static String sha256(String secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing in this Java", e);
        }
    }

    /**
     * A new session.
     *
     * @param secret the secret for the cookie, which nobody else knows
     */
    public record Opened(WebSession session, String secret) {
        @Override
        public String toString() {
            return "Opened[session=" + session + "]";
        }
    }
}

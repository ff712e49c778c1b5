package io.busbar.web.session;

import io.busbar.api.accounts.Role;
import java.time.Instant;

/** A person who is signed in, in one browser. Thread-safe. */
public final class WebSession {
    private final String key;
    private final String username;
    private final Role role;
    private final Instant createdAt;
    private final Instant expiresAt;
    private volatile Instant lastActivityAt;
    private volatile Instant checkedAt;
    private volatile boolean ended;

    WebSession(String key, String username, Role role, Instant createdAt, Instant expiresAt) {
        this.key = key;
        this.username = username;
        this.role = role;
        this.createdAt = createdAt;
        this.expiresAt = expiresAt;
        this.lastActivityAt = createdAt;
        this.checkedAt = createdAt;
    }

    /** SHA-256 of the secret in the cookie, which is kept nowhere. */
    String key() {
        return key;
    }

    public String username() {
        return username;
    }

    public Role role() {
        return role;
    }

    public Instant createdAt() {
        return createdAt;
    }

    /** The absolute end, however active the person is. */
    public Instant expiresAt() {
        return expiresAt;
    }

    /** Whether it has ended; then it never comes back. */
    public boolean ended() {
        return ended;
    }

    Instant lastActivityAt() {
        return lastActivityAt;
    }

    void active(Instant now) {
        lastActivityAt = now;
    }

    Instant checkedAt() {
        return checkedAt;
    }

    void checked(Instant now) {
        checkedAt = now;
    }

    void end() {
        ended = true;
    }

    @Override
    public String toString() {
        return "WebSession[username=" + username + ", role=" + role + "]";
    }
}

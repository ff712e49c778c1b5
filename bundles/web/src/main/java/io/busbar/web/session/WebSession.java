package io.busbar.web.session;

import io.busbar.api.accounts.Role;
import java.time.Instant;

/** The session of a person who is signed in with one browser. Thread-safe. */
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

    /** The SHA-256 hash of the secret in the cookie. The secret itself is not kept. */
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

    /** When the session ends at the latest, however active the person is. */
    public Instant expiresAt() {
        return expiresAt;
    }

    /** Whether the session has ended. An ended session never becomes valid again. */
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

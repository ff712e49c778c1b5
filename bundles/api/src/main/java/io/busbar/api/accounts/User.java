package io.busbar.api.accounts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A person who may sign in. */
public record User(
        String username,
        Role role,
        Instant createdAt,
        @Nullable Instant lastLoginAt,
        long revision) {}

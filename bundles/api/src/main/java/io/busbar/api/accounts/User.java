package io.busbar.api.accounts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The account of a person who may sign in.
 *
 * @param username the name to sign in with; unique
 * @param role what the person may do
 * @param lastLoginAt when the person last signed in; null = never
 * @param revision increases with every change
 */
public record User(
        String username,
        Role role,
        Instant createdAt,
        @Nullable Instant lastLoginAt,
        long revision) {}

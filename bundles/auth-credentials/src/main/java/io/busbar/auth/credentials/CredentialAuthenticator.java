package io.busbar.auth.credentials;

import io.busbar.api.auth.ClientIdPolicy;
import io.busbar.api.auth.Credential;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.AuthResult.Cause;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.api.auth.spi.PasswordHashes;
import io.busbar.api.auth.spi.PasswordHashes.Verdict;
import io.busbar.api.auth.spi.Throttle;
import io.busbar.api.auth.spi.Throttle.Attempt;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Judges a CONNECT: first the password, and only when that was right anything that would tell
 * something. A generated password is verified on the caller's thread in a few microseconds; a
 * chosen one by {@link PasswordHashes}, and refused while there are none. Thread-safe.
 */
final class CredentialAuthenticator {
    private static final byte[] NO_PASSWORD = {};

    /** A refusal names so many further Client Identifiers that were expected. */
    private static final int MAX_NAMED = 3;

    /**
     * Work that only takes time gets its turn, but nothing is computed if so much real work waits
     * by then: a flood of unknown names must not keep out known ones.
     */
    private static final int DUMMY_WAITING = 16;

    private final Clock clock;
    private final Settings settings;
    private final Throttle throttle;
    private final VerifiedPasswords verified;

    CredentialAuthenticator(Clock clock, Settings settings, Secrets secrets) {
        this.clock = clock;
        this.settings = settings;
        this.throttle =
                new Throttle(
                        clock,
                        settings.freeFailures(),
                        settings.freeFailuresOfAddress(),
                        settings.longestDelaySeconds());
        this.verified = new VerifiedPasswords(clock, secrets.bytes(32));
    }

    CompletionStage<AuthResult> authenticate(
            CredentialStore store, @Nullable PasswordHashes hashes, ConnectRequest request) {
        String username = request.username();
        if (username == null) {
            return answer(AuthResult.ABSTAIN);
        }
        Entry entry = store.byUsername(username);
        if (entry == null) {
            return nobody(store, hashes, request, username);
        }
        byte[] presented = request.password();
        byte[] password = presented == null ? NO_PASSWORD : presented;
        Attempt attempt = throttle.attempt(request.address(), username);
        if (entry.verifier() instanceof Verifier.Generated generated) {
            ServerKey key = store.keyOf(generated);
            if (key == null) {
                return answer(refused(Cause.UNAVAILABLE, entry));
            }
            if (generated.matches(key, entry.id(), password)) {
                // Also while others guess from behind the same address: 161 random bits are not
                // found by trying.
                return answer(rightPassword(entry, request, attempt));
            }
            return attempt.mustWait()
                    ? answer(refused(Cause.THROTTLED, entry))
                    : dummyWork(store, hashes, password)
                            .thenApply(
                                    not ->
                                            not == null
                                                    ? wrongPassword(entry, presented, attempt)
                                                    : refused(not, entry));
        }
        return slow(store, hashes, entry, (Verifier.Chosen) entry.verifier(), request, attempt);
    }

    /** The gate says that the client is refused, and that this provider did not decide it. */
    CompletionStage<Void> refused(
            CredentialStore store,
            @Nullable PasswordHashes hashes,
            ConnectRequest request,
            boolean asked) {
        String username = request.username();
        if (username == null) {
            return CompletableFuture.completedFuture(null);
        }
        return (asked ? answer(AuthResult.ABSTAIN) : nobody(store, hashes, request, username))
                .thenAccept(ignored -> throttle.attempt(request.address(), username).failed());
    }

    /**
     * A name that is not of this provider: counted only when it turns out that it is nobody's. The
     * answers and their time are those of a wrong password, or they would tell which names there
     * are.
     */
    private CompletionStage<AuthResult> nobody(
            CredentialStore store,
            @Nullable PasswordHashes hashes,
            ConnectRequest request,
            String username) {
        byte[] presented = request.password();
        byte[] password = presented == null ? NO_PASSWORD : presented;
        store.serverKey().mac("nobody", password);
        if (throttle.attempt(request.address(), username).mustWait()) {
            return answer(new AuthResult.Abstain(Cause.THROTTLED));
        }
        return dummyWork(store, hashes, password)
                .thenApply(not -> not == null ? AuthResult.ABSTAIN : new AuthResult.Abstain(not));
    }

    /** The answer to a client that has proven to know its password in another way, or failed to. */
    AuthResult judge(Entry entry, ConnectRequest request, boolean proven) {
        Attempt attempt = throttle.attempt(request.address(), entry.credential().username());
        return proven
                ? rightPassword(entry, request, attempt)
                : wrongPassword(entry, NO_PASSWORD, attempt);
    }

    /**
     * The answer to a client that failed to prove that it knows the password of a name of nobody.
     */
    AuthResult.Refused judgeNobody(String username, ConnectRequest request) {
        Cause cause =
                throttle.attempt(request.address(), username).failed() > 0
                        ? Cause.THROTTLED
                        : Cause.UNKNOWN_USER;
        return new AuthResult.Refused(cause, null, null);
    }

    private CompletionStage<AuthResult> slow(
            CredentialStore store,
            @Nullable PasswordHashes hashes,
            Entry entry,
            Verifier.Chosen verifier,
            ConnectRequest request,
            Attempt attempt) {
        if (attempt.mustWait()) {
            return answer(refused(Cause.THROTTLED, entry));
        }
        byte[] presented = request.password();
        // Its own copy: the request's is wiped if the broker loses patience.
        byte[] password = presented == null ? NO_PASSWORD : presented.clone();
        if (verified.contains(verifier.phc(), password)) {
            return answer(rightPassword(entry, request, attempt));
        }
        if (hashes == null) {
            return answer(refused(Cause.UNAVAILABLE, entry));
        }
        return hashes.verify(password, verifier.phc(), () -> !attempt.mustWait())
                .thenApply(
                        verdict ->
                                switch (verdict) {
                                    case BUSY -> refused(Cause.BUSY, entry);
                                    case WRONG -> wrongPassword(entry, presented, attempt);
                                    case RIGHT ->
                                            rightHash(
                                                    store, entry, verifier, password, request,
                                                    attempt);
                                })
                .whenComplete((result, failure) -> Arrays.fill(password, (byte) 0));
    }

    /** The credential may have been changed while the hash was computed. */
    private AuthResult rightHash(
            CredentialStore store,
            Entry entry,
            Verifier.Chosen verifier,
            byte[] password,
            ConnectRequest request,
            Attempt attempt) {
        Entry now = store.byId(entry.id());
        if (now == null || !now.verifier().equals(verifier)) {
            return refused(Cause.WRONG_PASSWORD, entry);
        }
        verified.add(verifier.phc(), password, settings.cacheSeconds());
        return rightPassword(now, request, attempt);
    }

    /**
     * Takes as long for a name that nobody has as for a wrong password, where some passwords take
     * long.
     *
     * @return why there is no verdict, as it would be with a real one; null if there is one
     */
    private static CompletionStage<@Nullable Cause> dummyWork(
            CredentialStore store, @Nullable PasswordHashes hashes, byte[] password) {
        if (!store.hasChosenPasswords()) {
            return CompletableFuture.completedFuture(null);
        }
        if (hashes == null) {
            return CompletableFuture.completedFuture(Cause.UNAVAILABLE);
        }
        return hashes.verify(password, null, () -> hashes.waiting() < DUMMY_WAITING)
                .thenApply(verdict -> verdict == Verdict.BUSY ? Cause.BUSY : null);
    }

    private AuthResult wrongPassword(Entry entry, byte @Nullable [] presented, Attempt attempt) {
        if (attempt.failed() > 0) {
            return refused(Cause.THROTTLED, entry);
        }
        return refused(presented == null ? Cause.NO_CREDENTIALS : Cause.WRONG_PASSWORD, entry);
    }

    private AuthResult rightPassword(Entry entry, ConnectRequest request, Attempt attempt) {
        attempt.succeeded();
        Credential credential = entry.credential();
        if (!credential.enabled()) {
            return refused(Cause.DISABLED, entry);
        }
        if (entry.isExpired(clock.instant())) {
            return refused(Cause.EXPIRED, entry);
        }
        if (!entry.allows(request.address())) {
            return new AuthResult.Refused(
                    Cause.ADDRESS_NOT_ALLOWED,
                    entry.id(),
                    String.join(", ", credential.allowedNetworks()));
        }
        if (!credential.accepts(request.clientId())) {
            return new AuthResult.Refused(
                    Cause.CLIENT_ID_NOT_ALLOWED, entry.id(), expectedClientId(credential));
        }
        return new AuthResult.Granted(entry.principal());
    }

    /** What may be used, for people; the credential's own first, and not more than a few. */
    private static String expectedClientId(Credential credential) {
        List<String> expected = new ArrayList<>();
        expected.add(
                credential.clientIdPolicy() == ClientIdPolicy.PREFIX
                        ? credential.clientId() + "-*"
                        : credential.clientId());
        credential.otherClientIds().stream().limit(MAX_NAMED).forEach(expected::add);
        if (credential.otherClientIds().size() > MAX_NAMED) {
            expected.add("…");
        }
        return String.join(", ", expected);
    }

    private static AuthResult refused(Cause cause, Entry entry) {
        return new AuthResult.Refused(cause, entry.id(), null);
    }

    private static CompletionStage<AuthResult> answer(AuthResult result) {
        return CompletableFuture.completedFuture(result);
    }
}

package io.busbar.auth.credentials;

import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.AuthResult.Cause;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.api.auth.spi.EnhancedAuthenticator;
import io.busbar.api.auth.spi.EnhancedAuthenticator.Step;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of one SCRAM-SHA-256 exchange without channel binding: RFC 5802 section 5, RFC
 * 7677. A name that nobody has, or whose password has no SCRAM keys, goes through all of it with a
 * salt that looks real and stays the same, and fails at the end like a wrong password.
 *
 * <p>Not thread-safe: one client's calls come one after the other. A few microseconds each.
 */
final class ScramExchange implements EnhancedAuthenticator.Exchange {
    static final String METHOD = "SCRAM-SHA-256";

    /** What RFC 5802 section 7 calls attributes: a letter, {@code =}, a value without commas. */
    private static final Pattern CLIENT_FIRST =
            Pattern.compile(
                    "(?<gs2>[ny],(?:a=(?<as>[^,]+))?,)(?<bare>n=(?<name>[^,]+),r=(?<nonce>[!-+\\--~]+)(?:,.*)?)");

    private static final Pattern CLIENT_FINAL =
            Pattern.compile(
                    "(?<start>c=(?<binding>[A-Za-z0-9+/=]+),r=(?<nonce>[!-+\\--~]+)(?:,(?!p=).*)?),p=(?<proof>[A-Za-z0-9+/=]+)");

    /** For people only: the client is answered like one that nobody knows. */
    private static final String GENERATED_PASSWORD =
            "a generated password: SCRAM-SHA-256 cannot check one that a person chose";

    private static final int NONCE_BYTES = 18;
    private static final int SALT_BYTES = 16;
    private static final ScramKeys NOBODYS = ScramKeys.of("nobody", new byte[SALT_BYTES]);

    private final CredentialStore store;
    private final CredentialAuthenticator judge;
    private final ConnectRequest request;
    private final String serverNonce;

    private @Nullable String gs2;
    private @Nullable String clientFirst;
    private @Nullable String serverFirst;
    private String username = "";
    private String nonce = "";
    private @Nullable Entry entry;
    private ScramKeys keys = NOBODYS;

    ScramExchange(
            CredentialStore store,
            CredentialAuthenticator judge,
            Secrets secrets,
            ConnectRequest request) {
        this(
                store,
                judge,
                request,
                Base64.getEncoder().withoutPadding().encodeToString(secrets.bytes(NONCE_BYTES)));
    }

    /** With a nonce that is known beforehand: for the examples of the RFC. */
    ScramExchange(
            CredentialStore store,
            CredentialAuthenticator judge,
            ConnectRequest request,
            String serverNonce) {
        this.store = store;
        this.judge = judge;
        this.request = request;
        this.serverNonce = serverNonce;
    }

    @Override
    public CompletionStage<Step> next(byte @Nullable [] data) {
        String message = data == null ? null : text(data);
        Step step;
        if (message == null) {
            step = malformed();
        } else if (serverFirst == null) {
            step = first(message);
        } else {
            step = last(message, serverFirst);
        }
        return CompletableFuture.completedFuture(step);
    }

    private Step first(String message) {
        Matcher parts = CLIENT_FIRST.matcher(message);
        String name = parts.matches() ? name(parts.group("name")) : null;
        if (name == null) {
            return malformed();
        }
        gs2 = parts.group("gs2");
        clientFirst = parts.group("bare");
        nonce = parts.group("nonce") + serverNonce;
        String as = parts.group("as");
        username = name;
        entry = store.byUsername(name);
        ScramKeys known = entry == null ? null : entry.scram();
        if (known == null
                || as != null && !name.equals(name(as))
                || request.username() != null && !name.equals(request.username())) {
            entry = null;
        } else {
            keys = known;
        }
        String salt = entry == null ? saltOfNobody(name) : keys.salt();
        String answer = "r=" + nonce + ",s=" + salt + ",i=" + keys.iterations();
        serverFirst = answer;
        return new Step.Continue(Bytes.utf8(answer));
    }

    private Step last(String message, String challenge) {
        Matcher parts = CLIENT_FINAL.matcher(message);
        if (!parts.matches()) {
            return malformed();
        }
        String expectedBinding = Base64.getEncoder().encodeToString(Bytes.utf8(gs2));
        boolean proven =
                proves(
                        parts.group("proof"),
                        Bytes.utf8(clientFirst + "," + challenge + "," + parts.group("start")));
        Entry now = entry == null ? null : store.byId(entry.id());
        if (now == null || !keys.equals(now.scram())) {
            return refused(notProven());
        }
        proven &= parts.group("nonce").equals(nonce);
        proven &= parts.group("binding").equals(expectedBinding);
        AuthResult result = judge.judge(now, request, proven);
        if (!(result instanceof AuthResult.Granted)) {
            return refused(result);
        }
        byte[] signature =
                Bytes.hmacSha256(
                        Base64.getDecoder().decode(keys.serverKey()),
                        Bytes.utf8(clientFirst + "," + challenge + "," + parts.group("start")));
        return new Step.Done(
                result, Bytes.ascii("v=" + Base64.getEncoder().encodeToString(signature)));
    }

    /** The client is not told that the name exists; people see why SCRAM does not help it. */
    private AuthResult notProven() {
        AuthResult.Refused refused = judge.judgeNobody(username, request);
        Entry named = store.byUsername(username);
        return named == null || named.scram() != null
                ? refused
                : new AuthResult.Refused(refused.cause(), named.id(), GENERATED_PASSWORD);
    }

    /** Whether the client knows the key whose hash is stored. */
    private boolean proves(String proof, byte[] message) {
        byte[] storedKey = Base64.getDecoder().decode(keys.storedKey());
        byte[] clientKey = Bytes.hmacSha256(storedKey, message);
        byte[] given;
        try {
            given = Base64.getDecoder().decode(proof);
        } catch (IllegalArgumentException e) {
            return false;
        }
        if (given.length != clientKey.length) {
            return false;
        }
        for (int i = 0; i < clientKey.length; i++) {
            clientKey[i] ^= given[i];
        }
        try {
            return MessageDigest.isEqual(
                    MessageDigest.getInstance("SHA-256").digest(clientKey), storedKey);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private String saltOfNobody(String name) {
        byte[] salt = Base64.getDecoder().decode(store.serverKey().mac("scram", Bytes.utf8(name)));
        return Base64.getEncoder().encodeToString(Arrays.copyOf(salt, SALT_BYTES));
    }

    /** A name as it was written, or null if it was written wrongly. */
    private static @Nullable String name(String written) {
        String left = written.replace("=2C", "").replace("=3D", "");
        return left.indexOf('=') >= 0 ? null : written.replace("=2C", ",").replace("=3D", "=");
    }

    private static @Nullable String text(byte[] data) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static Step malformed() {
        return refused(new AuthResult.Refused(Cause.NO_CREDENTIALS, null, null));
    }

    private static Step refused(AuthResult result) {
        return new Step.Done(result, null);
    }
}

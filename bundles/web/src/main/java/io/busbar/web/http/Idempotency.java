package io.busbar.web.http;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.busbar.json.FieldError;
import io.busbar.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Makes sure that a request that is sent twice, e.g. by a double click, is carried out once. A
 * request with the same {@code Idempotency-Key} from the same person within ten minutes gets the
 * answer to the first one. An endpoint has an instance of its own: keys of different changes do not
 * meet.
 *
 * <p>Answers are kept in memory only, the last 256 of them; failures are not kept. Thread-safe: a
 * second request waits until the first is answered.
 */
public final class Idempotency {
    private static final Duration KEEP = Duration.ofMinutes(10);
    private static final int MAX_KEPT = 256;

    private final Clock clock;
    private final Map<String, Kept> kept = new LinkedHashMap<>();

    public Idempotency(Clock clock) {
        this.clock = clock;
    }

    /**
     * Returns the answer to the request: a new one, or that to the first request with the same key.
     *
     * @param body the request's body; it must be the same for the same key
     * @param make carries out the request
     * @throws Problem if the key is not valid, or was used with another body
     */
    public JsonObject once(Request request, JsonElement body, Supplier<JsonObject> make) {
        Optional<String> key = request.header("Idempotency-Key");
        if (key.isEmpty()) {
            return make.get();
        }
        if (key.get().length() < 8 || key.get().length() > 64) {
            throw Problem.validation(
                    FieldError.parameter(
                            "Idempotency-Key",
                            "length",
                            "Idempotency-Key has "
                                    + key.get().length()
                                    + " characters (expected: 8 to 64)"));
        }
        String mine = request.caller().name() + "\n" + key.get();
        byte[] digest = sha256(body);
        Kept first;
        boolean isFirst = false;
        synchronized (kept) {
            forget();
            first = kept.get(mine);
            if (first == null) {
                first = new Kept(digest, clock.instant(), new CompletableFuture<>());
                kept.put(mine, first);
                isFirst = true;
            }
        }
        if (!Arrays.equals(first.digest, digest)) {
            throw Problem.of(
                    ProblemType.IDEMPOTENCY_CONFLICT,
                    "This Idempotency-Key was used for another request within ten minutes: use a"
                            + " new one.");
        }
        if (!isFirst) {
            try {
                return first.answer.join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof RuntimeException cause ? cause : e;
            }
        }
        try {
            JsonObject answer = make.get();
            first.answer.complete(answer);
            return answer;
        } catch (RuntimeException e) {
            synchronized (kept) {
                kept.remove(mine, first);
            }
            first.answer.completeExceptionally(e);
            throw e;
        }
    }

    private void forget() {
        Instant old = clock.instant().minus(KEEP);
        Iterator<Kept> oldestFirst = kept.values().iterator();
        while (oldestFirst.hasNext()) {
            Kept oldest = oldestFirst.next();
            if (!oldest.at.isBefore(old) && kept.size() < MAX_KEPT) {
                return;
            }
            // What is still carried out stays known: its repetition has to wait for it.
            if (oldest.answer.isDone()) {
                oldestFirst.remove();
            }
        }
    }

    /** A body may be large: only what tells it from others is kept. */
    private static byte[] sha256(JsonElement body) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(Json.write(body).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing in this Java", e);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // It is compared with Arrays.equals only.
    private record Kept(byte[] digest, Instant at, CompletableFuture<JsonObject> answer) {}
}

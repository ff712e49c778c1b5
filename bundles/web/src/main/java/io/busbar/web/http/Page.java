package io.busbar.web.http;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.busbar.json.FieldError;
import io.busbar.json.JsonShape;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a sorted list. The cursor remembers the last item's key and its place: if the item is
 * still there, the next page begins after it, else at the place, so that a list that changes
 * meanwhile is neither shown twice nor cut.
 */
public final class Page {
    private Page() {}

    /**
     * The page that the request's {@code cursor} and {@code limit} ask for, as items, nextCursor
     * and total.
     */
    public static <T> JsonObject of(
            Request request,
            List<T> all,
            Function<T, String> key,
            Function<T, ? extends JsonElement> toJson,
            int defaultLimit,
            int maxLimit) {
        Slice<T> slice = slice(request, all, key, defaultLimit, maxLimit);
        return new JsonShape()
                .put("items", JsonShape.array(slice.items(), item -> toJson.apply(item)))
                .put("nextCursor", slice.nextCursor())
                .put("total", all.size())
                .build();
    }

    /** As {@link #of}, with 100 and at most 500 items. */
    public static <T> JsonObject of(
            Request request,
            List<T> all,
            Function<T, String> key,
            Function<T, ? extends JsonElement> toJson) {
        return of(request, all, key, toJson, 100, 500);
    }

    /** The items of the page. */
    public static <T> Slice<T> slice(
            Request request, List<T> all, Function<T, String> key, int defaultLimit, int maxLimit) {
        int limit = request.queryInteger("limit", 1, maxLimit, defaultLimit);
        int from = request.query("cursor").map(cursor -> start(cursor, all, key)).orElse(0);
        int to = Math.min(all.size(), from + limit);
        String next = to < all.size() ? cursor(to, key.apply(all.get(to - 1))) : null;
        return new Slice<>(all.subList(from, to), next);
    }

    private static String cursor(int place, String key) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((place + ":" + key).getBytes(StandardCharsets.UTF_8));
    }

    private static <T> int start(String cursor, List<T> all, Function<T, String> key) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            int place = Integer.parseInt(text.substring(0, colon));
            String last = text.substring(colon + 1);
            for (int i = 0; i < all.size(); i++) {
                if (key.apply(all.get(i)).equals(last)) {
                    return i + 1;
                }
            }
            return Math.max(0, Math.min(place, all.size()));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw Problem.validation(
                    FieldError.parameter(
                            "cursor",
                            "pattern",
                            "cursor: not one of ours (expected: nextCursor of the page before)"));
        }
    }

    /**
     * Some items.
     *
     * @param nextCursor null if these are the last ones
     */
    public record Slice<T>(List<T> items, @Nullable String nextCursor) {}
}

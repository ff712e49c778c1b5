package io.busbar.web.http;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.busbar.json.JsonShape;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Returns a sorted list in pages. The cursor holds the key of the last item and its position. If
 * that item still exists, the next page begins after it; otherwise it begins at the position. So
 * changes of the list between two requests do not usually repeat or skip items.
 */
public final class Page {
    private Page() {}

    /**
     * Returns the page that the request's parameters {@code cursor} and {@code limit} ask for, as
     * an object with {@code items}, {@code nextCursor} and {@code total}.
     *
     * @param all the whole sorted list
     * @param key a unique key of an item, for the cursor
     * @param toJson converts an item
     * @throws Problem if a parameter is not valid
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

    /** Same with a default limit of 100 and a maximum of 500 items. */
    public static <T> JsonObject of(
            Request request,
            List<T> all,
            Function<T, String> key,
            Function<T, ? extends JsonElement> toJson) {
        return of(request, all, key, toJson, 100, 500);
    }

    /**
     * Returns the items of the page that the request asks for, without converting them.
     *
     * @throws Problem if a parameter is not valid
     */
    public static <T> Slice<T> slice(
            Request request, List<T> all, Function<T, String> key, int defaultLimit, int maxLimit) {
        int limit = request.queryInteger("limit", 1, maxLimit, defaultLimit);
        int from =
                request.query("cursor")
                        .map(cursor -> start(cursor, all.size(), last -> indexOf(all, key, last)))
                        .orElse(0);
        int to = Math.min(all.size(), from + limit);
        String next = to < all.size() ? cursor(to, key.apply(all.get(to - 1))) : null;
        return new Slice<>(all.subList(from, to), next);
    }

    /**
     * A sorted list that is not made for a request, because it may be long.
     *
     * @param <T> what it consists of
     */
    public interface Rows<T> {
        /** How many there are. */
        int size();

        /**
         * Some of them.
         *
         * @param from the index of the first
         * @param limit how many at most
         */
        List<T> range(int from, int limit);

        /** The index of the one with this key; -1 if there is none. */
        int indexOf(String key);
    }

    /**
     * The same for a list that is looked into only where the page is.
     *
     * @throws Problem if a parameter is not valid
     */
    public static <T> Slice<T> slice(
            Request request,
            Rows<T> rows,
            Function<T, String> key,
            int defaultLimit,
            int maxLimit) {
        int limit = request.queryInteger("limit", 1, maxLimit, defaultLimit);
        int from =
                request.query("cursor")
                        .map(cursor -> start(cursor, rows.size(), rows::indexOf))
                        .orElse(0);
        List<T> items = rows.range(from, limit);
        int to = from + items.size();
        String next =
                items.isEmpty() || to >= rows.size()
                        ? null
                        : cursor(to, key.apply(items.get(items.size() - 1)));
        return new Slice<>(items, next);
    }

    private static String cursor(int place, String key) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((place + ":" + key).getBytes(StandardCharsets.UTF_8));
    }

    private static <T> int indexOf(List<T> all, Function<T, String> key, String wanted) {
        for (int i = 0; i < all.size(); i++) {
            if (key.apply(all.get(i)).equals(wanted)) {
                return i;
            }
        }
        return -1;
    }

    private static int start(String cursor, int size, ToIntFunction<String> indexOf) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            int place = Integer.parseInt(text.substring(0, colon));
            int last = indexOf.applyAsInt(text.substring(colon + 1));
            return last >= 0 ? last + 1 : Math.max(0, Math.min(place, size));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw RowPage.notOurs();
        }
    }

    /**
     * The items of a page.
     *
     * @param nextCursor the cursor of the next page; null if this is the last page
     */
    public record Slice<T>(List<T> items, @Nullable String nextCursor) {}
}

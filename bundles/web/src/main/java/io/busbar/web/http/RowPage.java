package io.busbar.web.http;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.busbar.json.FieldError;
import io.busbar.json.JsonShape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Picks one page of rows that come by in no order, such as all sessions, so that a request holds a
 * page and never the list. The cursor says where the last row of the page before stands. So rows
 * that come or go between two requests neither repeat nor hide others. For a list that is kept in
 * its order see {@link Page}. Confined to the thread of a request.
 *
 * @param <T> the rows
 */
public final class RowPage<T> {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 500;

    private final RowOrder<T> order;
    private final Comparator<RowOrder.Place> places;
    private final int limit;
    private final RowOrder.@Nullable Place after;

    /** The first rows after {@link #after}, the last of them on top; one more than the page has. */
    private final PriorityQueue<Placed<T>> best;

    private int total;

    private record Placed<T>(RowOrder.Place place, T row) {}

    /**
     * The page that the request's parameters {@code cursor} and {@code limit} (100, at most 500)
     * ask for.
     *
     * @throws Problem if a parameter is not valid
     */
    public RowPage(Request request, RowOrder<T> order) {
        this.order = order;
        this.places = order.places();
        this.limit = request.queryInteger("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
        this.after = request.query("cursor").map(RowPage::place).orElse(null);
        this.best = new PriorityQueue<>(Comparator.comparing(Placed<T>::place, places).reversed());
    }

    /** Takes a row of the list. */
    public void add(T row) {
        total++;
        RowOrder.Place place = order.placeOf(row);
        if (after != null && places.compare(place, after) <= 0) {
            return;
        }
        if (best.size() > limit) {
            if (places.compare(place, best.element().place()) >= 0) {
                return;
            }
            best.remove();
        }
        best.add(new Placed<>(place, row));
    }

    /** The rows of the page in their order, once all of the list were taken. */
    public List<T> rows() {
        return sorted().stream().map(Placed::row).toList();
    }

    private List<Placed<T>> sorted() {
        List<Placed<T>> sorted = new ArrayList<>(best);
        sorted.sort(Comparator.comparing(Placed::place, places));
        return sorted.subList(0, Math.min(limit, sorted.size()));
    }

    /** An object with {@code items}, {@code nextCursor} and {@code total}. */
    public JsonObject toJson(Function<T, ? extends JsonElement> toJson) {
        List<Placed<T>> page = sorted();
        boolean more = best.size() > page.size();
        return new JsonShape()
                .put("items", JsonShape.array(page, each -> toJson.apply(each.row())))
                .put("nextCursor", more ? cursor(page.get(page.size() - 1).place()) : null)
                .put("total", total)
                .build();
    }

    private static String cursor(RowOrder.Place place) {
        String text =
                (place.behind() ? "1:" : "0:")
                        + place.number()
                        + ":"
                        + place.text().length()
                        + ":"
                        + place.text()
                        + place.key();
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static RowOrder.Place place(String cursor) {
        try {
            String all = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            String[] parts = all.split(":", 4);
            int length = Integer.parseInt(parts[2]);
            return new RowOrder.Place(
                    parts[0].equals("1"),
                    Long.parseLong(parts[1]),
                    parts[3].substring(0, length),
                    parts[3].substring(length));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw notOurs();
        }
    }

    /** The answer to a cursor that the server has not made. */
    static Problem notOurs() {
        return Problem.validation(
                FieldError.parameter(
                        "cursor",
                        "pattern",
                        "cursor: not one of ours (expected: nextCursor of the page before)"));
    }
}

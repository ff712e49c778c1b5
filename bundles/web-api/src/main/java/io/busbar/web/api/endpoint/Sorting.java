package io.busbar.web.api.endpoint;

import io.busbar.web.http.Request;
import io.busbar.web.http.RowOrder;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The {@code sort} parameter: the name of a column, with {@code -} in front for descending. */
final class Sorting {
    private Sorting() {}

    /**
     * The order that a request asks for.
     *
     * @param otherwise the order if it asks for none
     * @param behind rows that come after all others
     * @param key a unique key of a row, which decides between rows that are equal
     */
    static <T> RowOrder<T> of(
            Request request,
            Map<String, RowOrder.Column<T>> columns,
            String otherwise,
            Predicate<T> behind,
            Function<T, String> key) {
        String sort = sort(request, columns, otherwise);
        boolean descending = sort.startsWith("-");
        return new RowOrder<>(
                columns.get(descending ? sort.substring(1) : sort), descending, behind, key);
    }

    /** What a request asks for. */
    static String sort(Request request, Map<String, ?> columns, String otherwise) {
        List<String> choices = new ArrayList<>();
        columns.keySet().forEach(column -> choices.addAll(List.of(column, "-" + column)));
        return request.queryChoice("sort", choices).orElse(otherwise);
    }

    /** Text for comparing without regard to case and Unicode normal form; null as empty. */
    static String folded(@Nullable String text) {
        return text == null
                ? ""
                : Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }
}

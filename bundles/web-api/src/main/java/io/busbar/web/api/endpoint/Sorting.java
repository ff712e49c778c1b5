package io.busbar.web.api.endpoint;

import io.busbar.web.http.Request;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The {@code sort} parameter: the name of a column, with {@code -} in front for descending. */
final class Sorting {
    private Sorting() {}

    static <T> Comparator<T> of(
            Request request, Map<String, Comparator<T>> columns, String otherwise) {
        List<String> choices = new ArrayList<>();
        columns.keySet().forEach(column -> choices.addAll(List.of(column, "-" + column)));
        String sort = request.queryChoice("sort", choices).orElse(otherwise);
        return sort.startsWith("-") ? columns.get(sort.substring(1)).reversed() : columns.get(sort);
    }

    /** Text for comparing without regard to case; null as empty. */
    static String folded(@Nullable String text) {
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }
}

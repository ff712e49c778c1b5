package io.busbar.itests.fuzz;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether two values are the same, with arrays compared by what is in them. */
final class Same {
    private Same() {}

    static boolean records(@Nullable Object a, @Nullable Object b) {
        if (a == null || b == null || a.getClass() != b.getClass()) {
            return a == b || a instanceof List<?> x && b instanceof List<?> y && lists(x, y);
        }
        if (a instanceof List<?> x) {
            return lists(x, (List<?>) b);
        }
        if (!a.getClass().isRecord()) {
            return Objects.deepEquals(a, b);
        }
        try {
            for (RecordComponent part : a.getClass().getRecordComponents()) {
                part.getAccessor().setAccessible(true);
                if (!records(part.getAccessor().invoke(a), part.getAccessor().invoke(b))) {
                    return false;
                }
            }
            return true;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean lists(List<?> a, List<?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!records(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }
}

package io.busbar.itests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Every number that can be configured has bounds in its annotation: with them the guard of
 * configuration keeps values that are not allowed away from components.
 */
class ConfigurationBoundsTest {
    private static final Pattern IN_WORDS =
            Pattern.compile("(?:^|[ ,])(\\d[\\d,]*) to (\\d[\\d,]*)");

    @Test
    void everyNumber_hasALowerBoundThatItsDefaultKeeps() throws Exception {
        List<String> wrong = new ArrayList<>();
        forEachNumber(
                (name, key) -> {
                    if (key.min().isEmpty()) {
                        wrong.add(name + " has no min");
                    } else if (!key.defaultValue().isEmpty()) {
                        long value = Long.parseLong(key.defaultValue());
                        long most =
                                key.max().isEmpty() ? Long.MAX_VALUE : Long.parseLong(key.max());
                        if (value < Long.parseLong(key.min()) || value > most) {
                            wrong.add(name + " does not allow its own default " + value);
                        }
                    }
                });

        assertThat(wrong).isEmpty();
    }

    /** What people read must be what is checked. 0 can have a meaning of its own. */
    @Test
    void boundsInWords_areThoseThatAreChecked() throws Exception {
        List<String> wrong = new ArrayList<>();
        forEachNumber(
                (name, key) -> {
                    Matcher words = IN_WORDS.matcher(key.description());
                    if (words.find()) {
                        String least = words.group(1).replace(",", "");
                        boolean same =
                                key.max().equals(words.group(2).replace(",", ""))
                                        && (key.min().equals(least)
                                                || key.min().equals("0")
                                                        && key.description().contains("0 ="));
                        if (!same) {
                            wrong.add(name + ": " + key.min() + " to " + key.max());
                        }
                    }
                });

        assertThat(wrong).isEmpty();
    }

    private interface Taker {
        void take(String name, Metatype.Key key);
    }

    private static void forEachNumber(Taker taker) throws Exception {
        Metatype.read()
                .forEach(
                        (pid, component) ->
                                component.keys().stream()
                                        .filter(key -> key.type().matches("Integer|Long"))
                                        .forEach(key -> taker.take(pid + " " + key.name(), key)));
    }
}

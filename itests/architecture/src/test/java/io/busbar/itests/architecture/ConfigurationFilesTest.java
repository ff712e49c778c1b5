package io.busbar.itests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Keeps the shipped files in {@code config/} equal to the annotations in the bundles, which are the
 * only source of a key and its default: every key is in its file, no file has a key that nobody
 * reads, and a default that is shown is the true one.
 */
class ConfigurationFilesTest {

    private static final Path CONFIG = Path.of("..", "..", "config");

    /** Their presence switches something on, so none is shipped. */
    private static final Set<String> WITHOUT_FILE =
            Set.of("io.busbar.auth.anonymous", "io.busbar.auth.certificate", "io.busbar.auth.file");

    /** A line such as {@code key = value} or {@code #key = value}. */
    private static final Pattern KEY = Pattern.compile("^(#?)([a-z][A-Za-z0-9.]*) ?=(.*)$");

    /** Keys and defaults by PID. */
    private static final Map<String, Map<String, String>> DECLARED = new TreeMap<>();

    @BeforeAll
    static void readMetatype() throws Exception {
        Metatype.read()
                .forEach(
                        (pid, component) -> {
                            Map<String, String> keys = new LinkedHashMap<>();
                            component
                                    .keys()
                                    .forEach(key -> keys.put(key.name(), key.defaultValue()));
                            DECLARED.put(pid, keys);
                        });
    }

    @Test
    void metatype_isFound() {
        assertThat(DECLARED).containsKey("io.busbar.startup");
    }

    @TestFactory
    Stream<DynamicTest> everyPid_hasAFileWithExactlyItsKeys() {
        return DECLARED.entrySet().stream()
                .filter(e -> !WITHOUT_FILE.contains(e.getKey()))
                .map(
                        e ->
                                DynamicTest.dynamicTest(
                                        e.getKey(), () -> check(e.getKey(), e.getValue())));
    }

    @Test
    void everyFileOfOurs_hasAReader() throws IOException {
        try (Stream<Path> files = Files.list(CONFIG)) {
            List<String> orphans =
                    files.map(f -> f.getFileName().toString())
                            .filter(f -> f.startsWith("io.busbar."))
                            .filter(f -> !DECLARED.containsKey(f.replaceAll("(-.*)?\\.cfg$", "")))
                            .toList();

            assertThat(orphans).isEmpty();
        }
    }

    private static void check(String pid, Map<String, String> keys) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(CONFIG)) {
            all.filter(
                            f ->
                                    f.getFileName()
                                            .toString()
                                            .matches(Pattern.quote(pid) + "(-[a-z0-9]+)?\\.cfg"))
                    .forEach(files::add);
        }
        assertThat(files).as("config/%s.cfg", pid).isNotEmpty();
        for (Path file : files) {
            Set<String> shown = new TreeSet<>();
            for (String line : Files.readAllLines(file)) {
                Matcher matcher = KEY.matcher(line);
                if (!matcher.matches()) {
                    continue;
                }
                String key = matcher.group(2);
                String value = matcher.group(3).trim();
                shown.add(key);
                String expected = keys.get(key);
                if (matcher.group(1).equals("#") && expected != null && !expected.isEmpty()) {
                    assertThat(value).as("default of %s in %s", key, file).isEqualTo(expected);
                }
            }
            assertThat(shown).as("keys in %s", file).isEqualTo(new TreeSet<>(keys.keySet()));
        }
    }
}

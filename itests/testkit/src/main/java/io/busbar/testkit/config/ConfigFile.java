package io.busbar.testkit.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares a shipped {@code config/<pid>.cfg} with the annotation that defines its keys and
 * defaults.
 */
public final class ConfigFile {
    private static final Pattern KEY = Pattern.compile("^#?\\s?([a-z][A-Za-z0-9.]*)\\s*=\\s*(.*)$");

    private ConfigFile() {}

    /**
     * Fails unless the file shows just the keys of the annotation, with their defaults.
     *
     * @param file below the folder {@code config} of the repository, e.g. {@code
     *     io.busbar.auth.file.cfg}
     */
    public static void assertShows(Class<?> annotation, String file) {
        Map<String, String> expected = new TreeMap<>();
        for (Method method : annotation.getDeclaredMethods()) {
            expected.put(key(method.getName()), text(method.getDefaultValue()));
        }

        Map<String, String> shown = new TreeMap<>();
        Path path = configFolder().resolve(file);
        try {
            for (String line : Files.readAllLines(path)) {
                Matcher matcher = KEY.matcher(line);
                if (matcher.matches()) {
                    shown.put(matcher.group(1), matcher.group(2).strip());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }

        assertThat(shown).as("keys of " + path).isEqualTo(expected);
    }

    private static Path configFolder() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve("karaf-distribution"))) {
            folder = folder.getParent();
        }
        assertThat(folder).as("the repository's root").isNotNull();
        return folder.resolve("config");
    }

    /**
     * The key that Declarative Services derives from a method's name: {@code a_b} is {@code a.b}.
     */
    private static String key(String method) {
        return method.replace('_', '.');
    }

    private static String text(Object value) {
        if (value == null) {
            return "";
        }
        if (value.getClass().isArray()) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < Array.getLength(value); i++) {
                text.append(i == 0 ? "" : ", ").append(Array.get(value, i));
            }
            return text.toString();
        }
        return value.toString();
    }
}

package io.busbar.itests.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The normative statements of both versions, and what shows them. */
final class Statements {
    private static final Path CLASSES =
            Path.of("target", "test-classes", "io", "busbar", "itests", "conformance");
    private static final Path BUNDLES = Path.of("..", "..", "bundles");
    private static final Pattern CITED = Pattern.compile("MQTT(?:5|311)-[0-9.]+-[0-9]+");

    private Statements() {}

    /**
     * A normative statement.
     *
     * @param id as in the text, with the version: {@code MQTT5-3.3.1-6}
     * @param binds server, client or both
     * @param summary what it says, in few words of ours
     * @param untestable why no test can show it of this server, or null
     */
    record Statement(String id, String binds, String summary, @Nullable String untestable) {
        boolean bindsServer() {
            return !binds.equals("client");
        }
    }

    /** All of a version, {@code MQTT5} or {@code MQTT311}, in the order of the text. */
    static List<Statement> of(String version) {
        List<Statement> all = new ArrayList<>();
        try (BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(
                                        Statements.class.getResourceAsStream(
                                                "/" + version + ".tsv")),
                                StandardCharsets.UTF_8))) {
            for (String line; (line = in.readLine()) != null; ) {
                String[] parts = line.split("\t");
                all.add(
                        new Statement(
                                version + "-" + parts[0],
                                parts[1],
                                parts[2],
                                parts.length > 3 ? parts[3] : null));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    /** The test methods of this module by the statements that they name. */
    static Map<String, TreeSet<String>> byTests() throws Exception {
        Map<String, TreeSet<String>> shown = new TreeMap<>();
        try (Stream<Path> files = Files.list(CLASSES)) {
            for (Path file : files.filter(f -> f.toString().endsWith("Test.class")).toList()) {
                String name = file.getFileName().toString().replace(".class", "");
                Class<?> type = Class.forName(Statements.class.getPackageName() + "." + name);
                Arrays.stream(type.getDeclaredMethods())
                        .filter(method -> method.isAnnotationPresent(Spec.class))
                        .forEach(
                                method -> {
                                    for (String id : method.getAnnotation(Spec.class).value()) {
                                        add(shown, id, name + "#" + method.getName());
                                    }
                                });
            }
        }
        return shown;
    }

    /**
     * How many vectors and dialogues of which packets name a statement. What only a server may send
     * shows nothing of what this server sends: a client sends it here, and is refused.
     */
    static Map<String, TreeMap<String, Integer>> byVectors() {
        Map<String, TreeMap<String, Integer>> shown = new TreeMap<>();
        Dialogue.all()
                .filter(named -> !named.dialogue().fromServer())
                .forEach(
                        named ->
                                named.dialogue()
                                        .statements()
                                        .forEach(
                                                id ->
                                                        shown.computeIfAbsent(
                                                                        id, key -> new TreeMap<>())
                                                                .merge(
                                                                        named.type().name(),
                                                                        1,
                                                                        Integer::sum)));
        return shown;
    }

    /** The test classes of the bundles that cite a statement. */
    static Map<String, TreeSet<String>> byBundles() throws IOException {
        Map<String, TreeSet<String>> shown = new TreeMap<>();
        for (String bundle : new String[] {"mqtt-codec", "mqtt-broker", "mqtt-transport"}) {
            Path tests = BUNDLES.resolve(bundle).resolve(Path.of("src", "test", "java"));
            try (Stream<Path> files = Files.walk(tests)) {
                for (Path file : files.filter(f -> f.toString().endsWith("Test.java")).toList()) {
                    Matcher ids = CITED.matcher(Files.readString(file));
                    String name = file.getFileName().toString().replace(".java", "");
                    while (ids.find()) {
                        add(shown, ids.group(), bundle + " " + name);
                    }
                }
            }
        }
        return shown;
    }

    private static void add(Map<String, TreeSet<String>> shown, String id, String by) {
        shown.computeIfAbsent(id, key -> new TreeSet<>()).add(by);
    }
}

package io.busbar.itests.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.itests.conformance.Statements.Statement;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Keeps {@code docs/conformance.md} equal to the statements and the tests that name them. After a
 * change: {@code ./mvnw -pl itests/conformance test -Dtest=ConformanceDocumentTest
 * -Dbusbar.docs.update=true}.
 */
class ConformanceDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "..", "docs", "conformance.md");

    private static final String HEAD =
            """
            # Conformance

            This page lists every normative statement of MQTT 5.0 and MQTT 3.1.1 (the OASIS standards), in our words, with the tests that show it. Every statement that binds a server has a test, or the table says why it cannot have one; the build
            fails otherwise. Tests named `Class#method` and the vectors are in [itests/conformance](../itests/conformance/) and talk to a listener over TCP. Tests named with a bundle are in that bundle.

            A test of that module makes this page. After a change, run

            ```sh
            ./mvnw -pl itests/conformance test -Dtest=ConformanceDocumentTest -Dbusbar.docs.update=true
            ```

            All tests pass on Busbar, or the build fails. The last column says whether the tests of itests/conformance in that row also pass on %s (an empty cell: there is no such test). You can run the tests against any server:

            ```sh
            ./mvnw -pl itests/conformance test -Dbusbar.conformance.server=127.0.0.1:1883
            itests/conformance/compare.sh mosquitto        # what the last column was made with
            ```
            """;

    @Test
    void statements_thatTestsName_exist() throws Exception {
        Set<String> known = new HashSet<>();
        for (String version : new String[] {"MQTT5", "MQTT311"}) {
            Statements.of(version).forEach(statement -> known.add(statement.id()));
        }
        List<String> named = new ArrayList<>(Statements.byTests().keySet());
        named.addAll(Statements.byVectors().keySet());
        named.addAll(Statements.byBundles().keySet());

        assertThat(named.stream().filter(id -> id.matches("MQTT\\d+-.*")))
                .allSatisfy(id -> assertThat(known).contains(id));
    }

    @Test
    void statements_thatBindAServer_areShown() throws Exception {
        Set<String> shown = new HashSet<>(Statements.byTests().keySet());
        shown.addAll(Statements.byVectors().keySet());
        shown.addAll(Statements.byBundles().keySet());

        assertThat(
                        Stream.of("MQTT5", "MQTT311")
                                .flatMap(version -> Statements.of(version).stream())
                                .filter(Statement::bindsServer)
                                .filter(statement -> statement.untestable() == null)
                                .map(Statement::id)
                                .filter(id -> !shown.contains(id)))
                .isEmpty();
    }

    @Test
    void document_equalsStatementsAndTests() throws Exception {
        Peer peer = Peer.read();
        StringBuilder text = new StringBuilder(HEAD.formatted(peer.name));
        text.append(
                "\n| version | statements | bind a server | shown by tests | cannot be tested |\n");
        text.append("|---|---:|---:|---:|---:|\n");
        count(text, "MQTT 5.0", "MQTT5");
        count(text, "MQTT 3.1.1", "MQTT311");
        table(text, "MQTT 5.0", "MQTT5", peer);
        table(text, "MQTT 3.1.1", "MQTT311", peer);
        if (Boolean.getBoolean("busbar.docs.update")) {
            Files.writeString(DOCUMENT, text);
        }

        assertThat(DOCUMENT).content().isEqualToNormalizingNewlines(text.toString());
    }

    private static void count(StringBuilder text, String title, String version) {
        List<Statement> all = Statements.of(version);
        long server = all.stream().filter(Statement::bindsServer).count();
        long untestable =
                all.stream()
                        .filter(Statement::bindsServer)
                        .filter(statement -> statement.untestable() != null)
                        .count();
        text.append("| ").append(title);
        for (long number : new long[] {all.size(), server, server - untestable, untestable}) {
            text.append(" | ").append(number);
        }
        text.append(" |\n");
    }

    private static void table(StringBuilder text, String title, String version, Peer peer)
            throws Exception {
        Map<String, TreeSet<String>> tests = Statements.byTests();
        Map<String, TreeMap<String, Integer>> vectors = Statements.byVectors();
        Map<String, TreeSet<String>> bundles = Statements.byBundles();
        text.append("\n## ").append(title).append("\n\n");
        text.append("| statement | binds | what it says | shown by | ")
                .append(peer.name)
                .append(" |\n|---|---|---|---|---|\n");
        for (Statement statement : Statements.of(version)) {
            String id = statement.id();
            List<String> by = new ArrayList<>();
            tests.getOrDefault(id, new TreeSet<>()).forEach(test -> by.add("`" + test + "`"));
            vectors.getOrDefault(id, new TreeMap<>())
                    .forEach((type, n) -> by.add(n + (n == 1 ? " vector " : " vectors ") + type));
            bundles.getOrDefault(id, new TreeSet<>()).forEach(test -> by.add("`" + test + "`"));
            if (by.isEmpty()) {
                String reason = statement.untestable();
                by.add(reason != null ? "not tested: " + reason : "client only");
            }
            text.append("| ").append(id.substring(version.length() + 1));
            text.append(" | ").append(statement.binds());
            text.append(" | ").append(statement.summary());
            text.append(" | ").append(String.join("<br>", by));
            text.append(" | ").append(peer.verdict(tests.getOrDefault(id, new TreeSet<>())));
            text.append(" |\n");
        }
    }

    /** Another server, the tests that it was asked, and those that it fails. */
    private record Peer(String name, Set<String> asked, Set<String> failed) {
        static Peer read() throws Exception {
            try (InputStream in = Peer.class.getResourceAsStream("/peer.txt")) {
                String[] lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n");
                Peer peer = new Peer(lines[0], new HashSet<>(), new HashSet<>());
                for (String line : Arrays.asList(lines).subList(1, lines.length)) {
                    String test = line.substring(line.indexOf(' ') + 1);
                    peer.asked.add(test);
                    if (line.startsWith("fail ")) {
                        peer.failed.add(test);
                    }
                }
                return peer;
            }
        }

        String verdict(Set<String> tests) {
            long answers = tests.stream().filter(asked::contains).count();
            if (answers == 0) {
                return "";
            }
            long failures = tests.stream().filter(failed::contains).count();
            return failures == 0 ? "yes" : failures == answers ? "no" : "in part";
        }
    }
}

package io.busbar.itests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Keeps the shipped files in {@code config/} equal to the annotations in the bundles, which are the
 * only source of a key and its default: every key is in its file, no file has a key that nobody
 * reads, and a default that is shown is the true one.
 */
class ConfigurationFilesTest {

    private static final Path CONFIG = Path.of("..", "..", "config");

    /** Their presence switches something on, so none is shipped. */
    private static final Set<String> WITHOUT_FILE =
            Set.of("io.busbar.auth.anonymous", "io.busbar.auth.file");

    /** A line such as {@code key = value} or {@code #key = value}. */
    private static final Pattern KEY = Pattern.compile("^(#?)([a-z][A-Za-z0-9.]*) ?=(.*)$");

    /** Keys and defaults by PID. */
    private static final Map<String, Map<String, String>> DECLARED = new TreeMap<>();

    @BeforeAll
    static void readMetatype() throws Exception {
        for (URL folder :
                Collections.list(
                        ConfigurationFilesTest.class
                                .getClassLoader()
                                .getResources("OSGI-INF/metatype"))) {
            if (folder.getProtocol().equals("file")) {
                readFolder(Path.of(folder.toURI()));
            } else {
                String jar = folder.toString();
                URI uri = URI.create(jar.substring(0, jar.indexOf('!')));
                try (FileSystem zip = FileSystems.newFileSystem(uri, Map.of())) {
                    readFolder(zip.getPath("OSGI-INF/metatype"));
                }
            }
        }
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

    private static void readFolder(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    (Iterable<Path>) files.filter(f -> f.toString().endsWith(".xml"))::iterator) {
                read(file);
            }
        }
    }

    private static void read(Path file) throws Exception {
        Element root;
        try (InputStream in = Files.newInputStream(file)) {
            root =
                    DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .parse(in)
                            .getDocumentElement();
        }
        NodeList designates = root.getElementsByTagName("Designate");
        for (int i = 0; i < designates.getLength(); i++) {
            Element designate = (Element) designates.item(i);
            String pid =
                    designate.hasAttribute("factoryPid")
                            ? designate.getAttribute("factoryPid")
                            : designate.getAttribute("pid");
            if (!pid.startsWith("io.busbar.")) {
                continue;
            }
            Map<String, String> keys =
                    DECLARED.computeIfAbsent(pid, unused -> new LinkedHashMap<>());
            NodeList attributes = root.getElementsByTagName("AD");
            for (int j = 0; j < attributes.getLength(); j++) {
                Element attribute = (Element) attributes.item(j);
                // Lists are escaped once more in metatype than in a file.
                keys.put(
                        attribute.getAttribute("id"),
                        attribute.getAttribute("default").replace("\\", ""));
            }
        }
    }
}

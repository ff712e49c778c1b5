import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Writes down what the distribution is made of: {@code THIRD-PARTY.txt} for people, {@code licences/} with the texts,
 * {@code sbom.cdx.json} (CycloneDX 1.6) for programs. It looks at the jars that are really shipped, and at the artifacts
 * that were packed into them. The build fails if a licence is unknown or not accepted, or if a part has a known
 * vulnerability ({@code advisories.txt}) that nobody has judged.
 *
 * <p>Run by the build: {@code java Inventory.java ASSEMBLY CONSOLE VERSION TIMESTAMP}, where CONSOLE is the list of npm
 * packages in the console: lines of name, version, licence and file of its text, divided by tabs.
 */
final class Inventory {
    private static final String OWN_GROUP = "io.busbar";

    /** How the licences are named in jars, in lower case and without the protocol, to their SPDX name. */
    private static final Map<String, String> SPDX =
            Map.of(
                    "apache.org/licenses/license-2.0", "Apache-2.0",
                    "apache-2.0", "Apache-2.0",
                    "apache license, version 2.0", "Apache-2.0",
                    "opensource.org/licenses/bsd-3-clause", "BSD-3-Clause",
                    "bsd-3-clause", "BSD-3-Clause",
                    "eclipse.org/org/documents/edl-v10", "BSD-3-Clause");

    /** One artifact, shipped as a jar or packed into one ({@code inside}; null if it is a jar itself). */
    private record Part(
            String type, String group, String name, String version, String qualifier, String licence, String sha256, String inside) {
        String coordinates() {
            return group.isEmpty() ? name : group + (type.equals("npm") ? "/" : ":") + name;
        }

        String purl() {
            String path = group.isEmpty() ? name : group + "/" + name;
            return "pkg:" + type + "/" + path.replace("@", "%40") + "@" + version
                    + (qualifier.isEmpty() ? "" : "?classifier=" + qualifier);
        }
    }

    private final Path assembly;
    private final Path here;
    private final Properties licences = new Properties();
    private final List<Part> parts = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    private Inventory(Path assembly, Path here) {
        this.assembly = assembly;
        this.here = here;
    }

    public static void main(String[] args) throws Exception {
        if (args.length != 4) {
            throw new IllegalArgumentException("usage: java Inventory.java ASSEMBLY CONSOLE VERSION TIMESTAMP");
        }
        // The source launcher tells no place: the build runs this in the folder of this file.
        Inventory inventory = new Inventory(Path.of(args[0]), Path.of("").toAbsolutePath());
        inventory.read(Path.of(args[1]));
        inventory.judge();
        if (!inventory.faults.isEmpty()) {
            inventory.faults.forEach(System.err::println);
            System.exit(1);
        }
        inventory.write(args[2], args[3]);
    }

    // ---- reading

    private void read(Path console) throws Exception {
        try (InputStream in = Files.newInputStream(here.resolve("licences.properties"))) {
            licences.load(in);
        }
        deleteTree(assembly.resolve("licences"));
        for (String folder : List.of("system", "lib")) {
            List<Path> jars;
            try (Stream<Path> files = Files.walk(assembly.resolve(folder))) {
                jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
            }
            for (Path jar : jars) {
                readJar(jar, folder.equals("system"));
            }
        }
        for (String line : Files.readAllLines(console)) {
            String[] column = line.split("\t");
            String name = column[0];
            int slash = name.indexOf('/');
            Part part =
                    new Part(
                            "npm",
                            slash < 0 ? "" : name.substring(0, slash),
                            name.substring(slash + 1),
                            column[1],
                            "",
                            column[2],
                            "",
                            "the console");
            parts.add(part);
            copyText(part, Path.of(column[3]).getFileName().toString(), Files.readAllBytes(Path.of(column[3])));
        }
        parts.sort(Comparator.comparing(Part::coordinates).thenComparing(Part::version).thenComparing(Part::qualifier));
    }

    private void readJar(Path jar, boolean isRepository) throws IOException, NoSuchAlgorithmException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            List<Properties> poms = new ArrayList<>();
            for (ZipEntry entry : zip.stream().map(ZipEntry.class::cast).toList()) {
                if (entry.getName().matches("META-INF/maven/.*/pom\\.properties")) {
                    Properties pom = new Properties();
                    try (InputStream in = zip.getInputStream(entry)) {
                        pom.load(in);
                    }
                    poms.add(pom);
                }
            }
            String file = jar.getFileName().toString();
            String group;
            String name;
            String version;
            if (isRepository) {
                // system/ is a Maven repository: group/…/name/version/name-version.jar.
                Path path = assembly.resolve("system").relativize(jar);
                int count = path.getNameCount();
                group = path.subpath(0, count - 3).toString().replace(jar.getFileSystem().getSeparator(), ".");
                name = path.getName(count - 3).toString();
                version = path.getName(count - 2).toString();
            } else {
                Properties own =
                        poms.stream()
                                .filter(pom -> file.startsWith(pom.getProperty("artifactId") + "-" + pom.getProperty("version")))
                                .findFirst()
                                .orElseThrow(() -> new IllegalStateException(file + " does not say which artifact it is"));
                group = own.getProperty("groupId");
                name = own.getProperty("artifactId");
                version = own.getProperty("version");
            }
            if (group.equals(OWN_GROUP)) {
                addPacked(zip, poms, group + ":" + name);
                return;
            }
            String qualifier = file.substring(name.length() + 1 + version.length(), file.length() - ".jar".length());
            Part part =
                    new Part(
                            "maven", group, name, version, qualifier.isEmpty() ? "" : qualifier.substring(1),
                            licenceOf(zip, group + ":" + name), sha256(jar), null);
            if (parts.contains(part)) {
                return; // the same jar in two folders
            }
            parts.add(part);
            copyTexts(zip, part);
            for (Properties pom : poms) {
                String inner = pom.getProperty("groupId") + ":" + pom.getProperty("artifactId");
                if (!inner.equals(part.coordinates())) {
                    parts.add(
                            new Part(
                                    "maven", pom.getProperty("groupId"), pom.getProperty("artifactId"), pom.getProperty("version"),
                                    "", licences.getProperty(inner, part.licence()), "", part.coordinates()));
                }
            }
        }
    }

    /** Works of others that were packed into a bundle of ours, with their texts. */
    private void addPacked(ZipFile zip, List<Properties> poms, String into) throws IOException {
        for (Properties pom : poms) {
            String group = pom.getProperty("groupId");
            String name = pom.getProperty("artifactId");
            if (!group.equals(OWN_GROUP)) {
                Part part =
                        new Part(
                                "maven", group, name, pom.getProperty("version"), "",
                                licences.getProperty(group + ":" + name, ""), "", into);
                parts.add(part);
                copyTexts(zip, part);
            }
        }
    }

    /** The licence of a jar: as decided in {@code licences.properties}, else as its manifest says. */
    private String licenceOf(ZipFile zip, String coordinates) throws IOException {
        String decided = licences.getProperty(coordinates);
        if (decided != null) {
            return decided;
        }
        ZipEntry manifest = zip.getEntry("META-INF/MANIFEST.MF");
        if (manifest != null) {
            try (InputStream in = zip.getInputStream(manifest)) {
                String said = new java.util.jar.Manifest(in).getMainAttributes().getValue("Bundle-License");
                String text = said == null ? "" : said.toLowerCase(Locale.ROOT);
                for (Map.Entry<String, String> known : SPDX.entrySet()) {
                    if (text.contains(known.getKey())) {
                        return known.getValue();
                    }
                }
            }
        }
        return "";
    }

    private void copyTexts(ZipFile zip, Part part) throws IOException {
        boolean hasLicence = false;
        for (ZipEntry entry : zip.stream().map(ZipEntry.class::cast).toList()) {
            String name = entry.getName();
            if (name.matches("(META-INF/(maven/[^/]+/[^/]+/)?)?(?i:LICENSE|NOTICE)[^/]*")) {
                try (InputStream in = zip.getInputStream(entry)) {
                    copyText(part, name.substring(name.lastIndexOf('/') + 1), in.readAllBytes());
                }
                hasLicence |= name.toLowerCase(Locale.ROOT).contains("license");
            }
        }
        if (!hasLicence && !part.licence().equals("Apache-2.0")) {
            Path text = here.resolve("licences").resolve(part.group() + ".txt");
            if (Files.exists(text)) {
                copyText(part, "LICENSE.txt", Files.readAllBytes(text));
            } else {
                faults.add(part.coordinates() + " has no licence text in it: put one into licences/" + part.group() + ".txt");
            }
        }
    }

    private void copyText(Part part, String name, byte[] text) throws IOException {
        Path folder = assembly.resolve("licences").resolve(part.coordinates().replace(':', '_').replace('/', '_'));
        Files.createDirectories(folder);
        Files.write(folder.resolve(name), text);
    }

    // ---- judging

    private void judge() throws IOException {
        List<String> accepted = List.of(licences.getProperty("accepted").split("\\s+"));
        for (Part part : parts) {
            if (!accepted.contains(part.licence())) {
                faults.add(part.coordinates() + " " + part.version() + " has the licence '" + part.licence()
                        + "' (accepted: " + String.join(", ", accepted) + "): decide in licences.properties");
            }
        }
        for (String line : Files.readAllLines(here.resolve("advisories.txt"))) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] column = line.split("\\|", -1);
            if (column.length != 5) {
                throw new IllegalArgumentException("advisories.txt: not five columns: " + line);
            }
            String pattern = column[0].strip();
            String from = column[1].strip();
            String fixed = column[2].strip();
            for (Part part : parts) {
                boolean isMeant = pattern.endsWith("*")
                        ? part.coordinates().startsWith(pattern.substring(0, pattern.length() - 1))
                        : part.coordinates().equals(pattern);
                if (isMeant && compare(part.version(), from) >= 0 && compare(part.version(), fixed) < 0
                        && column[4].isBlank()) {
                    faults.add(part.coordinates() + " " + part.version()
                            + (part.inside() == null ? "" : " inside " + part.inside())
                            + " is known to be vulnerable: " + column[3].strip() + ", fixed in " + fixed);
                }
            }
        }
    }

    /** Compares versions of numbers with dots; what follows the numbers does not count. */
    private static int compare(String left, String right) {
        long[] a = numbers(left);
        long[] b = numbers(right);
        for (int i = 0; i < Math.max(a.length, b.length); i++) {
            int order = Long.compare(i < a.length ? a[i] : 0, i < b.length ? b[i] : 0);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static long[] numbers(String version) {
        return Stream.of(version.split("[.\\-]"))
                .takeWhile(step -> step.matches("\\d{1,18}"))
                .mapToLong(Long::parseLong)
                .toArray();
    }

    // ---- writing

    private void write(String version, String timestamp) throws IOException {
        Map<String, List<Part>> byLicence = new TreeMap<>(parts.stream().collect(Collectors.groupingBy(Part::licence)));
        StringBuilder text = new StringBuilder();
        text.append("Busbar ").append(version).append(" contains the following works of others.\n")
                .append("Their licence texts and notices are in the folder licences.\n");
        byLicence.forEach((licence, works) -> {
            text.append('\n').append(licence).append('\n');
            for (Part part : works) {
                text.append("  ").append(part.coordinates()).append(' ').append(part.version())
                        .append(part.qualifier().isEmpty() ? "" : " (" + part.qualifier() + ")")
                        .append(part.inside() == null ? "" : ", in " + part.inside()).append('\n');
            }
        });
        Files.writeString(assembly.resolve("THIRD-PARTY.txt"), text);

        String components =
                parts.stream()
                        .map(part -> """
                                    {
                                      "type": "library",
                                      "bom-ref": %s,
                                      "group": %s,
                                      "name": %s,
                                      "version": %s,
                                      "purl": %s,
                                      %s"licenses": [{ "expression": %s }]
                                    }"""
                                .formatted(
                                        quoted(part.purl() + (part.inside() == null ? "" : "#in-" + part.inside())),
                                        quoted(part.group()), quoted(part.name()), quoted(part.version()), quoted(part.purl()),
                                        part.sha256().isEmpty() ? ""
                                                : "\"hashes\": [{ \"alg\": \"SHA-256\", \"content\": \"" + part.sha256() + "\" }],\n      ",
                                        quoted(part.licence()))
                                .indent(4).stripTrailing())
                        .collect(Collectors.joining(",\n"));
        Files.writeString(
                assembly.resolve("sbom.cdx.json"),
                """
                {
                  "bomFormat": "CycloneDX",
                  "specVersion": "1.6",
                  "version": 1,
                  "metadata": {
                    "timestamp": %s,
                    "component": { "type": "application", "bom-ref": "busbar", "group": "io.busbar", "name": "busbar", "version": %s,
                      "licenses": [{ "expression": "Apache-2.0" }] }
                  },
                  "components": [
                %s
                  ]
                }
                """.formatted(quoted(timestamp), quoted(version), components));
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c < ' ') {
                throw new IllegalArgumentException("control character in " + text);
            }
            quoted.append(c == '"' || c == '\\' ? "\\" : "").append(c);
        }
        return quoted.append('"').toString();
    }

    private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    private static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}

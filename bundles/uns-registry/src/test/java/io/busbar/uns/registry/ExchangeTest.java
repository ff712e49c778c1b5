package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.busbar.api.uns.ImportProblem;
import io.busbar.api.uns.ImportResult;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NamespaceExport;
import io.busbar.api.uns.NamespaceFullException;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.TopicType;
import io.busbar.uns.registry.value.Limits;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Namespace files, of any length and with any names. */
class ExchangeTest {
    private final Bench bench = new Bench();
    private final UnsRegistry registry = bench.registry;

    /** Random nodes with the awkward names of the samples, escapes and texts of all planes. */
    private static final class Generated {
        private static final String[] TEXTS = {
            "",
            "\"quoted\" \\ back",
            "line\nbreak\ttab",
            "\u0000\u001f\u007f",
            "Größe 温度 😀",
            "</script>",
            "\u2028\u2029",
            "true",
            "null",
            "-1e5"
        };

        private final Random random;
        private final List<String> names = new ArrayList<>();
        int nodes;

        Generated(long seed) {
            random = new Random(seed);
            JsonParser.parseString(Bench.sample("names.json"))
                    .getAsJsonObject()
                    .getAsJsonArray("valid")
                    .forEach(name -> names.add(name.getAsString()));
        }

        String document() {
            JsonObject root = new JsonObject();
            root.add("namespace", children(0));
            return root.toString();
        }

        private JsonArray children(int depth) {
            JsonArray children = new JsonArray();
            for (String name : names) {
                if (random.nextInt(3) > 0) {
                    children.add(node(name, depth));
                }
            }
            return children;
        }

        private JsonObject node(String name, int depth) {
            nodes++;
            JsonObject node = new JsonObject();
            node.addProperty("name", name);
            boolean topic = random.nextInt(2) == 0;
            node.addProperty("type", topic ? "TOPIC" : "PATH");
            if (topic) {
                node.addProperty("topicType", random.nextBoolean() ? "STATE" : "METRIC");
                node.add("fields", fields());
                node.addProperty("staleAfterSeconds", random.nextInt(3));
                node.addProperty("enableHistory", random.nextBoolean());
                node.addProperty("writable", random.nextBoolean());
                node.addProperty("validation", random.nextBoolean() ? "OFF" : "OBSERVE");
                node.addProperty("unknownFields", random.nextBoolean() ? "WARN" : "ALLOW");
            }
            node.addProperty("displayName", text());
            node.addProperty("description", text());
            node.addProperty("isa95Level", random.nextBoolean() ? "Site" : "");
            JsonArray labels = new JsonArray();
            labels.add("label " + text());
            node.add("labels", labels);
            JsonObject properties = new JsonObject();
            properties.addProperty("key " + text(), text());
            node.add("extendProperties", properties);
            if (depth < 3) {
                node.add("children", children(depth + 1));
            }
            return node;
        }

        private JsonElement fields() {
            JsonArray fields = new JsonArray();
            for (int i = random.nextInt(4); i > 0; i--) {
                JsonObject field = new JsonObject();
                field.addProperty("name", "f" + i);
                field.addProperty("type", i == 1 ? "DOUBLE" : "STRING");
                if (i == 1) {
                    field.addProperty("min", -0.1);
                    field.addProperty("max", 1e300);
                    field.addProperty("unit", "CEL");
                } else {
                    field.addProperty("pattern", "[a-z\"\\\\]*");
                }
                field.addProperty("description", text());
                fields.add(field);
            }
            return fields;
        }

        private String text() {
            return TEXTS[random.nextInt(TEXTS.length)];
        }
    }

    private static String many(int count, String last) {
        StringBuilder json = new StringBuilder("{\"namespace\":[\n");
        for (int i = 0; i < count; i++) {
            json.append("{\"name\":\"t").append(i).append("\",\"type\":\"PATH\"},\n");
        }
        return json + last + "\n]}";
    }

    private ImportResult read(String json) {
        return Bench.importJson(registry, json, false, Bench.ANNA);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void export_ofAGeneratedNamespace_isTheSameElsewhereAndAfterARestart(long seed) {
        Generated generated = new Generated(seed);
        ImportResult made = read(generated.document());
        assertThat(made.problems()).isEmpty();
        assertThat(made.created()).isEqualTo(generated.nodes);

        String exported = Bench.export(registry);
        Bench other = new Bench();
        ImportResult again = Bench.importJson(other.registry, exported, false, Bench.BEN);

        assertThat(again.problems()).isEmpty();
        assertThat(again.created()).isEqualTo(generated.nodes);
        assertThat(Bench.export(other.registry)).isEqualTo(exported);
        assertThat(Bench.export(bench.restarted())).isEqualTo(exported);
        assertThat(read(exported).unchanged()).isEqualTo(generated.nodes);
    }

    @Test
    void whatIsAroundADocument_isPassedOver_andNoted() {
        String document = "{\"namespace\":[{\"name\":\"Acme\",\"type\":\"PATH\"}]}";

        ImportResult result =
                Bench.importJson(registry, "\uFEFF" + document + "\n\0\0\n", true, Bench.ANNA);

        assertThat(result.problems()).isEmpty();
        assertThat(result.created()).isEqualTo(1);
        assertThat(result.notes())
                .extracting(ImportProblem::message)
                .containsExactly(
                        "passed over: a byte order mark before the document",
                        "passed over: NULs after the document");
        for (String broken : List.of(document + "\0 {}", document.replace("[", "[\0"))) {
            ImportResult refused = Bench.importJson(registry, broken, true, Bench.ANNA);
            assertThat(refused.malformed()).as(broken).isTrue();
            assertThat(refused.notes()).isEmpty();
        }
    }

    @Test
    void export_ofOneNode_hasWhatIsAboveAndBelowIt_andNothingBeside() {
        registry.create(NewNode.path("a/b/c", "d"), Bench.ANNA);
        registry.create(NewNode.path("a/x", "y"), Bench.ANNA);
        registry.create(NewNode.path("a/b", "e"), Bench.ANNA);

        String exported =
                Bench.export(registry, registry.byPath("a/b").map(Node::id).orElseThrow());

        Bench other = new Bench();
        Bench.importJson(other.registry, exported, false, Bench.BEN);
        assertThat(other.registry.stats().paths()).isEqualTo(5);
        assertThat(other.registry.byPath("a/b/c/d")).isPresent();
        assertThat(other.registry.byPath("a/b/e")).isPresent();
        assertThat(other.registry.byPath("a/x")).isEmpty();
        assertThatThrownBy(() -> registry.export(UUID.randomUUID()))
                .isInstanceOf(java.util.NoSuchElementException.class);
    }

    @Test
    void export_whileTheNamespaceChanges_isThatOfItsBeginning() throws IOException {
        read(many(100, "{\"name\":\"last\",\"type\":\"PATH\"}"));
        String before = Bench.export(registry);
        NamespaceExport export = registry.export(null);
        StringWriter text = new StringWriter();
        export.writeNext(text);
        export.writeNext(text);

        registry.delete(registry.byPath("t50").orElseThrow().id(), 0, Bench.BEN);
        registry.create(NewNode.path("t60", "new"), Bench.BEN);
        export.writeAll(text);

        assertThat(text.toString()).isEqualTo(before);
    }

    @Test
    void export_ofManyNodes_isMadeInSmallPieces() throws IOException {
        read(many(5_000, "{\"name\":\"last\",\"type\":\"PATH\"}"));
        NamespaceExport export = registry.export(null);
        long pieces = 0;
        int longest = 0;

        for (StringWriter piece = new StringWriter(); export.writeNext(piece); ) {
            longest = Math.max(longest, piece.getBuffer().length());
            piece.getBuffer().setLength(0);
            pieces++;
        }

        assertThat(pieces).isEqualTo(5_003);
        assertThat(longest).isLessThan(300);
    }

    @Test
    void import_withAMistakeInItsLastLine_changesNothingAndNamesThePlace() {
        ImportResult result = read(many(5000, "{\"name\":\"bad/name\",\"type\":\"PATH\"}"));

        assertThat(result.created()).isZero();
        ImportProblem problem = result.problems().get(0);
        assertThat(problem.pointer()).isEqualTo("/namespace/5000");
        assertThat(problem.line()).isEqualTo(5002);
        assertThat(problem.message()).contains("name: 'bad/name'");
        assertThat(registry.children(null)).isEmpty();
        assertThat(bench.documents.commits()).isZero();
    }

    @Test
    void import_thatIsCutOff_changesNothing() {
        String whole = many(5000, "{\"name\":\"last\",\"type\":\"PATH\"}");

        ImportResult result = read(whole.substring(0, whole.length() - 2));

        assertThat(result.malformed()).isTrue();
        assertThat(result.problems()).hasSize(1).first().asString().contains("line 5003");
        assertThat(registry.children(null)).isEmpty();
    }

    @Test
    void import_whoseCommitFails_changesNothing() {
        bench.documents.failCommits(true);

        assertThatThrownBy(() -> read(many(10, "{\"name\":\"last\",\"type\":\"PATH\"}")))
                .hasMessageContaining("disk is full");
        assertThat(registry.children(null)).isEmpty();
        bench.documents.failCommits(false);
        assertThat(read(many(10, "{\"name\":\"last\",\"type\":\"PATH\"}")).created()).isEqualTo(11);
    }

    @Test
    void import_withManyMistakes_listsTheFirstAndCountsTheOthers() {
        ImportResult result =
                read(
                        "{\"namespace\":["
                                + "{\"name\":\"x\",\"type\":\"ROAD\"},".repeat(249)
                                + "7]}");

        assertThat(result.problems()).hasSize(ImportResult.MAX_PROBLEMS);
        assertThat(result.moreProblems()).isEqualTo(150);
    }

    @Test
    void import_withTemplatesAfterTheNodes_findsThem() {
        ImportResult result =
                read(
                        "{\"UNS\":[{\"name\":\"t\",\"type\":\"TOPIC\",\"topicType\":\"METRIC\","
                                + "\"template\":\"pump\"}],\"Template\":[{\"name\":\"pump\","
                                + "\"fields\":[{\"name\":\"rpm\",\"type\":\"int\"}]}]}");

        assertThat(result.problems()).isEmpty();
        assertThat(registry.byPath("t").orElseThrow().payload().model().fields()).hasSize(1);
        assertThat(
                        read("{\"UNS\":[{\"name\":\"u\",\"type\":\"TOPIC\",\"topicType\":\"METRIC\","
                                 + "\"template\":\"fan\"}],\"Template\":[]}")
                                .problems())
                .first()
                .asString()
                .contains("template: 'fan'");
    }

    @Test
    void import_withKeysAfterTheChildren_isTheSame() {
        ImportResult result =
                read(
                        "{\"namespace\":[{\"children\":[{\"children\":[],\"name\":\"b\"},"
                                + "{\"name\":\"t\",\"type\":\"TOPIC\"}],"
                                + "\"name\":\"Metric\",\"type\":\"PATH\"}]}");

        assertThat(result.problems()).isEmpty();
        assertThat(result.created()).isEqualTo(3);
        assertThat(registry.byPath("Metric/t").orElseThrow().payload().topicType())
                .isEqualTo(TopicType.METRIC);
        assertThat(registry.byPath("Metric/b")).isPresent();
    }

    @Test
    void import_largeWithKeysAfterTheChildren_isRefused() {
        String blank = " ".repeat(4_000_000);

        ImportResult result =
                read("{\"namespace\":[{\"children\":[],\"name\":\"b\"}" + blank + "]}");

        assertThat(result.problems())
                .singleElement()
                .asString()
                .startsWith("/namespace/0, line 1: has keys after 'children'");
        assertThat(registry.children(null)).isEmpty();
    }

    @Test
    void nodes_beyondTheLimit_areRefusedAndCounted() {
        UnsRegistry small =
                bench.open(new Limits(262_144, 600_000_000L, 1000, 1_000_000, 1_000_000), 4);
        small.create(NewNode.topic("a", "b", TopicType.STATE, Model.ANY), Bench.ANNA);

        assertThatThrownBy(() -> small.create(NewNode.path("x", "y"), Bench.ANNA))
                .isInstanceOf(NamespaceFullException.class)
                .hasMessageContaining("at most 4");
        ImportResult result =
                Bench.importJson(
                        small, many(3, "{\"name\":\"t9\",\"type\":\"PATH\"}"), false, Bench.ANNA);

        assertThat(result.problems()).singleElement().asString().contains("max.nodes");
        assertThat(small.byPath("x")).isEmpty();
        assertThat(small.byPath("t0")).isEmpty();
        assertThat(small.stats().nodesRefused()).isEqualTo(2);
        assertThat(small.stats().maxNodes()).isEqualTo(4);
        small.create(NewNode.path("", "x"), Bench.ANNA);
        assertThat(small.stats().paths() + small.stats().topics()).isEqualTo(4);
    }

    @Test
    void children_inPages_areAllOnceAndInOrder() {
        read(many(1000, "{\"name\":\"T1\",\"type\":\"PATH\"}"));
        List<Node> all = registry.children(null);

        List<Node> paged = new ArrayList<>();
        for (int from = 0; from < registry.childCount(null); from += 300) {
            paged.addAll(registry.children(null, from, 300));
        }

        assertThat(paged).isEqualTo(all).hasSize(1001);
        assertThat(registry.indexOf(all.get(777).id())).isEqualTo(777);
        assertThat(registry.indexOf(UUID.randomUUID())).isEqualTo(-1);
        assertThat(registry.children(null, 5000, 10)).isEmpty();
        assertThat(registry.childCount(UUID.randomUUID())).isZero();
        for (Node node : all) {
            registry.delete(node.id(), 0, Bench.ANNA);
        }
        assertThat(registry.childCount(null)).isZero();
    }
}

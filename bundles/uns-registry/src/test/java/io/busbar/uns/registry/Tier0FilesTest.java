package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.ImportProblem;
import io.busbar.api.uns.ImportResult;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.SemanticVersion;
import io.busbar.api.uns.Template;
import io.busbar.api.uns.TemplatePin;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Files as Tier0 writes them are taken over, and what is not kept of them is said. */
class Tier0FilesTest {
    private final Bench bench = new Bench();
    private final UnsRegistry registry = bench.registry;

    private ImportResult read(String json) {
        return Bench.importJson(registry, json, false, Bench.ANNA);
    }

    private Node node(String path) {
        return registry.byPath(path).orElseThrow();
    }

    private List<Field> fields(String path) {
        return node(path).payload().model().fields();
    }

    @Test
    void ownTemplate_isTakenOver_withLabelsAndTheFieldsOfItsTemplates() {
        ImportResult result = read(Bench.sample("tier0-own-template.json"));

        assertThat(result.problems()).isEmpty();
        assertThat(result.created()).isEqualTo(7);
        assertThat(node("plant9/Cell-A/State").labels().labels())
                .containsExactly("critical", "shift");
        Node orders = node("plant9/Cell-A/Metric/orders");
        assertThat(orders.labels().labels()).containsExactly("critical");
        assertThat(orders.labels().extendProperties()).containsEntry("owner", "mes");
        assertThat(orders.policy().enableHistory()).isTrue();
        assertThat(orders.payload().model().fields())
                .extracting(Field::name, Field::type)
                .containsExactly(tuple("order_no", FieldType.STRING));
        assertThat(result.notes())
                .extracting(ImportProblem::pointer, ImportProblem::path, ImportProblem::message)
                .containsExactly(tuple("/notes", "", "not kept: a remark on the whole document"));
        assertThat(result.moreNotes()).isZero();
        assertThat(result.templates()).isEqualTo(1);
        Template template = registry.templates().list().get(0);
        assertThat(template.name()).isEqualTo("OrderBasics");
        assertThat(template.alias()).isEqualTo("order_basics");
        assertThat(orders.payload().model().template())
                .isEqualTo(new TemplatePin(template.id(), SemanticVersion.FIRST, 1));
    }

    @Test
    void olderShape_isTakenOver_andWhatIsNotKeptIsListedByPath() {
        ImportResult result = read(Bench.sample("tier0-older-shape.json"));

        assertThat(result.problems()).isEmpty();
        assertThat(result.created()).isEqualTo(6);
        assertThat(node("plant8").type()).isEqualTo(NodeType.PATH);
        assertThat(fields("plant8/Metric/a"))
                .extracting(Field::name)
                .containsExactly("timeStamp", "tag", "value", "quality");
        assertThat(node("plant8/Metric/b").labels().labels()).containsExactly("critical", "shift");
        assertThat(fields("plant8/Metric/b"))
                .extracting(Field::name, Field::maxLength)
                .containsExactly(tuple("order_no", 512));
        assertThat(fields("plant8/Metric/c")).extracting(Field::name).containsExactly("x");
        assertThat(result.notes().stream().map(ImportProblem::path))
                .containsExactly("", "plant8", "plant8/Metric/a", "plant8/Metric/d", "");
        assertThat(result.notes().get(2).message())
                .startsWith("not kept: dataType \"TIME_SEQUENCE_TYPE\", fields[0].unique true")
                .contains("fields[1].tbValueName \"tag\"")
                .contains("fields[2].index \"double_1\"")
                .doesNotContain("mockData")
                .doesNotContain("generateDashboard");
        assertThat(result.notes().get(3).message()).contains("refers \"[{");
        assertThat(result.notes().get(4))
                .extracting(ImportProblem::pointer, ImportProblem::message)
                .containsExactly("/Template/0", "not kept: fields[0].index \"str_1\"");
        assertThat(registry.templates().list())
                .extracting(Template::name, Template::alias)
                .containsExactly(
                        tuple("Nested", "nested_1"), tuple("OrderBasics", "order_basics2"));
    }

    @Test
    void templatesThatNobodyHas_areKept_andSuchLabelsAreNoted() {
        ImportResult result =
                read(
                        """
                        {"templates":[{"name":"Pump","alias":"p1","fields":[]}],
                         "labels":[{"name":"night"},"day"],
                         "namespace":[{"name":"P","type":"PATH","label":"day, day,, late"}]}\
                        """);

        assertThat(result.problems()).isEmpty();
        assertThat(node("P").labels().labels()).containsExactly("day", "late");
        assertThat(result.notes())
                .extracting(ImportProblem::pointer, ImportProblem::message)
                .containsExactly(tuple("", "not kept: labels that no node has: night"));
        assertThat(registry.templates().list()).extracting(Template::name).containsExactly("Pump");
    }

    @Test
    void templateThatIsNamedByAlias_isFound_wherever_itStands() {
        ImportResult result =
                read(
                        """
                        {"namespace":[{"name":"t","type":"TOPIC","topicType":"METRIC","fields":[],
                          "templateAlias":"p1"}],
                         "templates":[{"name":"Pump","alias":"p1",
                          "fields":[{"name":"rpm","type":"int"}]}]}\
                        """);

        assertThat(result.problems()).isEmpty();
        assertThat(fields("t")).extracting(Field::name).containsExactly("rpm");
        assertThat(result.notes()).isEmpty();
        assertThat(
                        read("{\"namespace\":[{\"name\":\"u\",\"type\":\"TOPIC\","
                                        + "\"topicType\":\"METRIC\",\"templateAlias\":\"p2\"}]}")
                                .problems())
                .singleElement()
                .asString()
                .contains("template: 'p2' (expected: the name or alias of one in");
    }

    @Test
    void topicWithFieldsOfItsOwn_keepsThem_andNeedsNoTemplate() {
        ImportResult result =
                read(
                        """
                        {"namespace":[{"name":"t","type":"TOPIC","topicType":"METRIC",
                          "templateAlias":"elsewhere","fields":[{"name":"a","type":"int"}]}]}\
                        """);

        assertThat(result.problems()).isEmpty();
        assertThat(fields("t")).extracting(Field::name).containsExactly("a");
        assertThat(result.notes())
                .extracting(ImportProblem::message)
                .containsExactly("not kept: its template, because it has fields of its own");
    }

    @Test
    void misspeltKey_isStillAMistake() {
        assertThat(
                        read("{\"namespace\":[{\"name\":\"t\",\"type\":\"PATH\","
                                        + "\"staleAfterSecond\":5}]}")
                                .problems())
                .singleElement()
                .asString()
                .contains("did you mean 'staleAfterSeconds'?");
    }

    @Test
    void manyNotes_areCountedBeyondTheFirst() {
        StringBuilder json = new StringBuilder("{\"namespace\":[");
        for (int i = 0; i < 150; i++) {
            json.append(i == 0 ? "" : ",")
                    .append("{\"name\":\"n")
                    .append(i)
                    .append("\",\"type\":\"PATH\",\"id\":7,\"mockData\":true}");
        }

        ImportResult result = read(json + "]}");

        assertThat(result.notes()).hasSize(ImportResult.MAX_PROBLEMS);
        assertThat(result.moreNotes()).isEqualTo(50);
        assertThat(result.notes().get(0).message()).isEqualTo("not kept: mockData true");
    }
}

package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.ImportProblem;
import io.busbar.api.uns.ImportResult;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.NewTemplate;
import io.busbar.api.uns.NewTemplateVersion;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.SemanticVersion;
import io.busbar.api.uns.Template;
import io.busbar.api.uns.TemplateFacts;
import io.busbar.api.uns.TemplatePin;
import io.busbar.api.uns.TemplateVersion;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnknownFields;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates are in namespace files, and nothing of them is lost on the way. */
class TemplateFilesTest {
    private static final SemanticVersion V1 = SemanticVersion.FIRST;
    private static final SemanticVersion V2 = new SemanticVersion(2, 0, 0);
    private static final String PUMP =
            "{\"name\":\"Pump\",\"alias\":\"p1\",\"fields\":[{\"name\":\"rpm\",\"type\":\"INT\"}]}";

    private final List<Bench> benches = new ArrayList<>();
    private final Bench bench = bench();

    private Bench bench() {
        Bench made = new Bench();
        benches.add(made);
        return made;
    }

    @AfterEach
    void stop() {
        for (Bench each : benches) {
            each.registry.deactivate();
            each.memory.close();
        }
    }

    private static ImportResult read(Bench into, String json) {
        return Bench.importJson(into.registry, json, false, Bench.ANNA);
    }

    private ImportResult read(String json) {
        return read(bench, json);
    }

    private static String topic(String name, String more) {
        return "{\"name\":\""
                + name
                + "\",\"type\":\"TOPIC\",\"topicType\":\"METRIC\","
                + more
                + "}";
    }

    private static String document(String templates, String nodes) {
        return "{\"templates\":[" + templates + "],\"namespace\":[" + nodes + "]}";
    }

    private static Node node(Bench in, String path) {
        return in.registry.byPath(path).orElseThrow();
    }

    private Model model(String path) {
        return node(bench, path).payload().model();
    }

    private List<Template> templates() {
        return bench.registry.templates().list();
    }

    /** A template with all that one may have, in two versions, and topics that pin each. */
    private Template press() {
        Field temperature =
                Field.of("temperature", FieldType.DOUBLE)
                        .withLimits(new BigDecimal("-5.50"), BigDecimal.TEN)
                        .withSource("t.v");
        Model first = new Model(List.of(temperature), UnknownFields.WARN, "q");
        Template press =
                bench.registry
                        .templates()
                        .create(
                                new NewTemplate(
                                        new TemplateFacts(
                                                "Press, big", "It presses.", List.of("l")),
                                        "press_1",
                                        new NewTemplateVersion(V1, first, "first")),
                                Bench.ANNA);
        Model second =
                new Model(
                        List.of(temperature.withRequired(true), Field.of("n", FieldType.LONG)),
                        UnknownFields.DENY);
        Template both =
                bench.registry
                        .templates()
                        .addVersion(
                                press.id(),
                                0,
                                new NewTemplateVersion(null, second, null),
                                Bench.BEN);
        make("old", both.pin(V1, List.of(Field.of("own", FieldType.STRING)), null, null));
        make("new", both.pin(V2, List.of(), UnknownFields.ALLOW, null));
        return both;
    }

    private void make(String name, Model model) {
        bench.registry.create(NewNode.topic("Plant", name, TopicType.METRIC, model), Bench.ANNA);
    }

    @Test
    void export_hasEverythingOfTemplatesAndPins() {
        Template press = press();
        String exported = Bench.export(bench.registry);
        Bench other = bench();

        ImportResult result = read(other, exported);

        assertThat(result.problems()).isEmpty();
        assertThat(result.notes()).isEmpty();
        assertThat(result.templates()).isEqualTo(2);
        Template there = other.registry.templates().list().get(0);
        assertThat(there.facts()).isEqualTo(press.facts());
        assertThat(there.alias()).isEqualTo("press_1");
        assertThat(there.versions())
                .extracting(TemplateVersion::version, TemplateVersion::model, TemplateVersion::note)
                .containsExactly(
                        tuple(V1, press.require(V1).model(), "first"),
                        tuple(V2, press.require(V2).model(), null));
        Model old = node(other, "Plant/Metric/old").payload().model();
        assertThat(old.template()).isEqualTo(new TemplatePin(there.id(), V1, 1));
        assertThat(old.fields()).isEqualTo(model("Plant/Metric/old").fields());
        assertThat(Bench.export(other.registry)).isEqualTo(exported);
    }

    @Test
    void import_again_changesNothing() {
        press();
        List<Template> before = templates();

        ImportResult result = read(Bench.export(bench.registry));

        assertThat(result.problems()).isEmpty();
        assertThat(result.templates()).isZero();
        assertThat(result.created()).isZero();
        assertThat(templates()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tier0-own-template.json", "tier0-older-shape.json"})
    void tier0File_onceTakenOver_losesNothingAnyMore(String name) {
        read(Bench.sample(name));
        String exported = Bench.export(bench.registry);
        Bench other = bench();

        assertThat(read(other, exported).notes()).isEmpty();

        assertThat(Bench.export(other.registry)).isEqualTo(exported).contains("\"templateAlias\"");
    }

    @Test
    void exportOfABranch_hasOnlyTheTemplatesOfItsTopics() {
        press();
        bench.registry
                .templates()
                .create(
                        new NewTemplate(
                                TemplateFacts.of("Other"),
                                null,
                                new NewTemplateVersion(null, Model.ANY, null)),
                        Bench.ANNA);

        String branch = Bench.export(bench.registry, node(bench, "Plant/Metric/old").id());

        assertThat(branch).contains("Press, big").doesNotContain("Other");
    }

    @Test
    void topicWithFieldsBesideItsTemplate_addsThoseThatTheTemplateHasNot() {
        read(
                document(
                        PUMP,
                        topic(
                                "t",
                                "\"templateAlias\":\"p1\",\"fields\":[{\"name\":\"rpm\","
                                    + "\"type\":\"INT\"},{\"name\":\"own\",\"type\":\"INT\"}]")));

        assertThat(model("t").template()).isNotNull();
        assertThat(model("t").overlay()).extracting(Field::name).containsExactly("own");
    }

    @Test
    void topicThatChangesAFieldOfItsVersion_isAMistake() {
        ImportResult result =
                read(
                        document(
                                PUMP,
                                topic(
                                        "t",
                                        "\"template\":\"Pump\",\"templateVersion\":\"1.0.0\","
                                            + "\"fields\":[{\"name\":\"rpm\",\"type\":\"LONG\"}]")));

        assertThat(result.problems())
                .extracting(each -> each.reason().code())
                .containsExactly(Reason.Code.TEMPLATE_FIELD);
        assertThat(templates()).isEmpty();
    }

    /** As other tools write it, who know nothing of versions. */
    @Test
    void topicThatChangesAFieldButNamesNoVersion_keepsItsFields_andItIsNoted() {
        ImportResult result =
                read(
                        document(
                                PUMP,
                                topic(
                                        "t",
                                        "\"template\":\"Pump\","
                                            + "\"fields\":[{\"name\":\"rpm\",\"type\":\"LONG\"}]")));

        assertThat(result.problems()).isEmpty();
        assertThat(result.notes())
                .extracting(ImportProblem::message)
                .containsExactly("not kept: its template, because it has fields of its own");
        assertThat(model("t").template()).isNull();
    }

    @Test
    void versionThatIsThereWithOtherFields_isAMistake() {
        read(
                document(
                        PUMP.replace(
                                "{\"name\":\"Pump\"", "{\"version\":\"1.0.0\",\"name\":\"Pump\""),
                        ""));

        ImportResult result =
                read(
                        document(
                                "{\"version\":\"1.0.0\",\"name\":\"Pump\",\"alias\":\"p1\","
                                        + "\"fields\":[]}",
                                topic("t", "\"template\":\"Pump\"")));

        assertThat(result.problems())
                .extracting(each -> each.reason().code())
                .contains(Reason.Code.TEMPLATE_DIFFERS);
        assertThat(bench.registry.byPath("t")).isEmpty();
    }

    @Test
    void templateThatIsThereWithOtherFields_getsAVersion_andTopicsStayAsTheyAre() {
        read(document(PUMP, topic("old", "\"template\":\"Pump\"")));

        ImportResult result =
                read(
                        document(
                                PUMP.replace("INT", "DOUBLE"),
                                topic("new", "\"templateAlias\":\"p1\"")));

        assertThat(result.templates()).isEqualTo(1);
        assertThat(templates())
                .singleElement()
                .extracting(each -> each.versions().size())
                .isEqualTo(2);
        assertThat(model("old").fields().get(0).type()).isEqualTo(FieldType.INTEGER);
        assertThat(model("new").template().version()).isEqualTo(new SemanticVersion(1, 1, 0));
    }

    @Test
    void topicThatNamesATemplateOfTheServer_pinsTheLatestVersion() {
        Template press = press();

        read(document("", topic("t", "\"template\":\"press_1\"")));

        assertThat(model("t").template()).isEqualTo(new TemplatePin(press.id(), V2, 2));
    }

    @Test
    void atAStart_onlyTemplatesAreMadeThatNewTopicsPin() {
        String json =
                document(
                        PUMP + ",{\"name\":\"Unused\",\"fields\":[]}",
                        topic("t", "\"template\":\"Pump\""));

        ImportResult result = Bench.ensure(bench.registry, json, false);

        assertThat(templates()).extracting(Template::name).containsExactly("Pump");
        assertThat(result.notes())
                .extracting(each -> each.reason().code())
                .containsExactly(Reason.Code.TEMPLATE_NOT_KEPT);
        bench.registry.delete(node(bench, "t").id(), 0, Bench.ANNA);
        bench.registry.templates().delete(templates().get(0).id(), 0, Bench.ANNA);
        Bench.ensure(bench.registry, json, false);
        assertThat(templates()).isEmpty();
    }

    @Test
    void dryRun_makesNoTemplates() {
        ImportResult result =
                Bench.importJson(bench.registry, document(PUMP, ""), true, Bench.ANNA);

        assertThat(result.templates()).isEqualTo(1);
        assertThat(templates()).isEmpty();
        assertThat(bench.documents.commits()).isZero();
    }
}

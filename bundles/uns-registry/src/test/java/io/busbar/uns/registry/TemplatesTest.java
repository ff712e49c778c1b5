package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.busbar.api.storage.ConflictException;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldChange;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.NewTemplate;
import io.busbar.api.uns.NewTemplateVersion;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.Reasoned;
import io.busbar.api.uns.SemanticVersion;
import io.busbar.api.uns.Template;
import io.busbar.api.uns.TemplateFacts;
import io.busbar.api.uns.TemplateImpact;
import io.busbar.api.uns.TemplateMove;
import io.busbar.api.uns.TemplatePin;
import io.busbar.api.uns.TemplateVersion;
import io.busbar.api.uns.Templates;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnknownFields;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Templates have versions that never change; topics pin one and add fields to it. */
class TemplatesTest {
    private static final SemanticVersion V1 = SemanticVersion.FIRST;
    private static final SemanticVersion V2 = new SemanticVersion(2, 0, 0);

    private final Bench bench = new Bench();

    @AfterEach
    void stop() {
        bench.registry.deactivate();
        bench.memory.close();
    }

    private Templates templates() {
        return bench.registry.templates();
    }

    private static Model model(Field... fields) {
        return new Model(List.of(fields), UnknownFields.WARN);
    }

    private static Field number(String name) {
        return Field.of(name, FieldType.DOUBLE);
    }

    private static Field upTo(String name, int max) {
        return number(name).withLimits(BigDecimal.ZERO, BigDecimal.valueOf(max));
    }

    private Template press() {
        return template("Press", model(number("temperature"), upTo("pressure", 250)));
    }

    private Template template(String name, Model model) {
        return templates()
                .create(
                        new NewTemplate(
                                TemplateFacts.of(name),
                                null,
                                new NewTemplateVersion(null, model, "first")),
                        Bench.ANNA);
    }

    private Template publish(Template template, Model model) {
        return templates()
                .addVersion(
                        template.id(),
                        template.revision(),
                        new NewTemplateVersion(null, model, null),
                        Bench.ANNA);
    }

    private static Model pin(Template template, SemanticVersion version, Field... overlay) {
        return template.pin(version, List.of(overlay), null, null);
    }

    private Node topic(String name, Model model) {
        return bench.registry.create(
                NewNode.topic("Plant", name, TopicType.METRIC, model), Bench.ANNA);
    }

    private Node node(Node of) {
        return bench.registry.get(of.id()).orElseThrow();
    }

    private static Model model(Node node) {
        return node.payload().model();
    }

    private static void refused(Reason.Code code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .asInstanceOf(type(Reasoned.class))
                .extracting(each -> each.reason().code())
                .isEqualTo(code);
    }

    @Test
    void versions_areWritten_andAreThereAfterARestart() {
        Template press = publish(press(), model(number("temperature"), upTo("pressure", 315)));
        Node topic = topic("p1", pin(press, V1, number("own")));

        List<Template> before = templates().list();
        bench.restarted();

        assertThat(templates().list()).isEqualTo(before);
        assertThat(press.versions())
                .extracting(TemplateVersion::version)
                .containsExactly(V1, new SemanticVersion(1, 1, 0));
        assertThat(node(topic)).isEqualTo(topic);
        assertThat(model(node(topic)).fields())
                .extracting(Field::name)
                .containsExactly("temperature", "pressure", "own");
        assertThat(bench.documents.get("uns_nodes", topic.id().toString()).orElseThrow().json())
                .contains("\"own\"")
                .doesNotContain("temperature");
    }

    @Test
    void newVersion_hasToChangeSomething_andToBeGreater() {
        Template press = press();

        refused(Reason.Code.NO_CHANGE, () -> publish(press, press.latest().model()));
        refused(
                Reason.Code.NOT_GREATER,
                () ->
                        templates()
                                .addVersion(
                                        press.id(),
                                        0,
                                        new NewTemplateVersion(V1, model(number("x")), null),
                                        Bench.ANNA));
        assertThat(publish(press, model(number("temperature"))).latest().version()).isEqualTo(V2);
        assertThatThrownBy(() -> publish(press, model(number("y"))))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("the current one is 2");
    }

    @Test
    void nextNumber_saysWhatTheChangeMeans() {
        Model base = model(upTo("a", 10), number("b"));

        assertThat(next(base, model(upTo("a", 10), number("b"), number("c")))).isEqualTo("1.1.0");
        assertThat(next(base, model(upTo("a", 20), number("b")))).isEqualTo("1.1.0");
        assertThat(next(base, model(upTo("a", 5), number("b")))).isEqualTo("2.0.0");
        assertThat(next(base, model(number("b")))).isEqualTo("2.0.0");
        assertThat(next(base, model(upTo("a", 10), number("b").withRequired(true))))
                .isEqualTo("2.0.0");
        assertThat(next(base, model(upTo("a", 10), Field.of("b", FieldType.INTEGER), number("c"))))
                .isEqualTo("2.0.0");
    }

    /** It would come back without its fields, and let everything through. */
    @Test
    void restored_whenItsTemplateIsGone_isRefused_andStaysInTheBin() {
        Template press = press();
        Node pinned = topic("pinned", pin(press, V1));
        bench.registry.delete(pinned.id(), 0, Bench.ANNA);
        templates().delete(press.id(), 0, Bench.ANNA);

        refused(
                Reason.Code.NO_TEMPLATE,
                () -> bench.registry.recycleBin().restore(pinned.id(), null, null, Bench.ANNA));

        assertThat(bench.registry.recycleBin().list()).hasSize(1);
        assertThat(bench.registry.get(pinned.id())).isEmpty();
    }

    @Test
    void restored_hasTheFieldsOfItsTemplate() {
        Node pinned = topic("pinned", pin(press(), V1));
        bench.registry.delete(pinned.id(), 0, Bench.ANNA);

        bench.registry.recycleBin().restore(pinned.id(), null, null, Bench.ANNA);

        assertThat(model(node(pinned))).isEqualTo(model(pinned));
    }

    private static String next(Model before, Model after) {
        return FieldChange.next(V1, before, after).toString();
    }

    @Test
    void names_areTakenOnce_andDescribingChangesNoVersion() {
        Template press = press();
        refused(Reason.Code.TEMPLATE_EXISTS, this::press);
        Template oven = template("Oven", model(number("zone")));
        refused(
                Reason.Code.TEMPLATE_EXISTS,
                () ->
                        templates()
                                .update(
                                        oven.id(),
                                        0,
                                        facts -> TemplateFacts.of("Press"),
                                        Bench.BEN));

        Template changed =
                templates()
                        .update(
                                press.id(),
                                press.revision(),
                                facts -> new TemplateFacts("Press 2", "big ones", List.of("l")),
                                Bench.BEN);

        assertThat(changed.versions()).isEqualTo(press.versions());
        assertThat(changed.stamp().updatedBy()).isEqualTo("ben");
        assertThat(templates().list())
                .extracting(Template::name)
                .containsExactly("Oven", "Press 2");
    }

    @Test
    void delete_whileTopicsPinIt_isRefused_andSaysWhich() {
        Template press = press();
        Node topic = topic("p1", pin(press, V1));

        assertThatThrownBy(() -> templates().delete(press.id(), 0, Bench.ANNA))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("1 topics")
                .hasMessageContaining("Plant/Metric/p1");

        bench.registry.delete(topic.id(), 0, Bench.ANNA);
        templates().delete(press.id(), 0, Bench.ANNA);
        assertThat(templates().list()).isEmpty();
        assertThat(bench.documents.scan("uns_template_versions")).isEmpty();
        bench.restarted();
        assertThat(templates().list()).isEmpty();
        assertThatThrownBy(() -> templates().delete(press.id(), 0, Bench.ANNA))
                .isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void overlay_addsFields_butChangesNone() {
        Template press = press();

        refused(
                Reason.Code.TEMPLATE_FIELD,
                () -> pin(press, V1, Field.of("pressure", FieldType.LONG)));
        Node topic = topic("p1", pin(press, V1, number("own")));
        Model widened =
                model(topic)
                        .withFields(
                                List.of(number("temperature"), number("pressure"), number("own")));
        refused(
                Reason.Code.TEMPLATE_FIELD,
                () ->
                        bench.registry.update(
                                topic.id(),
                                0,
                                NodeChange.ofPayload(payload -> payload.withModel(widened)),
                                Bench.ANNA));
        assertThat(node(topic)).isEqualTo(topic);
    }

    @Test
    void fieldsOfTheTemplate_areThere_whateverAClientLeavesOut() {
        Template press = press();
        Model onlyOwn =
                new Model(
                        List.of(number("own")),
                        UnknownFields.DENY,
                        null,
                        new TemplatePin(press.id(), V1, 0));

        Node topic = topic("p1", onlyOwn);

        assertThat(model(topic))
                .isEqualTo(press.pin(V1, List.of(number("own")), UnknownFields.DENY, null));
    }

    @Test
    void pinOfNothing_isRefused() {
        Template press = press();
        Model unknown =
                new Model(
                        List.of(),
                        UnknownFields.WARN,
                        null,
                        new TemplatePin(new UUID(1, 1), V1, 0));
        Model version =
                new Model(List.of(), UnknownFields.WARN, null, new TemplatePin(press.id(), V2, 0));

        refused(Reason.Code.NO_TEMPLATE, () -> topic("a", unknown));
        refused(Reason.Code.TEMPLATE_VERSION, () -> topic("a", version));
        assertThat(bench.registry.children(null)).isEmpty();
    }

    /** However fields are chosen: either it is refused, or the template's are as they were. */
    @Test
    void randomOverlays_neverChangeAFieldOfTheTemplate() {
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            Template template = template("T" + round, model(fields(random)));
            Field[] overlay = fields(random);
            boolean clash =
                    List.of(overlay).stream()
                            .anyMatch(
                                    each ->
                                            template.latest().model().fields().stream()
                                                    .anyMatch(
                                                            own ->
                                                                    own.name().equals(each.name())
                                                                            && !own.equals(each)));
            Model wanted =
                    new Model(
                            List.of(overlay),
                            UnknownFields.ALLOW,
                            null,
                            new TemplatePin(template.id(), V1, random.nextInt(4)));
            String name = "t" + round;
            if (clash) {
                refused(Reason.Code.TEMPLATE_FIELD, () -> topic(name, wanted));
                continue;
            }
            Model pinned = model(topic(name, wanted));
            int own = template.latest().model().fields().size();
            assertThat(pinned.fields().subList(0, own))
                    .isEqualTo(template.latest().model().fields());
            assertThat(pinned.overlay()).allMatch(each -> List.of(overlay).contains(each));
            assertThat(pinned.fields()).containsAll(List.of(overlay));
        }
        assertThat(templates().list()).allMatch(each -> each.versions().size() == 1);
    }

    private static Field[] fields(Random random) {
        return IntStream.range(0, 8)
                .filter(i -> random.nextInt(3) == 0)
                .mapToObj(
                        i ->
                                random.nextInt(5) == 0
                                        ? Field.of("f" + i, FieldType.LONG)
                                        : number("f" + i))
                .toArray(Field[]::new);
    }

    @Test
    void topicsThatPinAVersionAndAddNothing_haveOneModel() {
        Template press = press();
        Node one = topic("p1", pin(press, V1));
        Node two =
                topic(
                        "p2",
                        new Model(
                                List.of(),
                                UnknownFields.WARN,
                                null,
                                new TemplatePin(press.id(), V1, 0)));

        assertThat(model(node(two))).isSameAs(model(node(one)));
        bench.restarted();
        assertThat(model(node(two))).isSameAs(model(node(one)));
        assertThat(templates().pinned()).isEqualTo(Map.of(press.id(), Map.of(V1, 2)));
        assertThat(templates().pinning(press.id(), null))
                .extracting(Node::name)
                .containsExactly("p1", "p2");
    }

    @Test
    void impact_saysWhichPayloadsWouldFitNoMore_andChangesNothing() {
        Template press = press();
        Node fits = topic("fits", pin(press, V1));
        Node breaks = topic("breaks", pin(press, V1));
        Node silent = topic("silent", pin(press, V1));
        Node clashes = topic("clashes", pin(press, V1, Field.of("tool", FieldType.STRING)));
        bench.publish("Plant/Metric/fits", "{\"pressure\":90}");
        bench.publish("Plant/Metric/breaks", "{\"temperature\":1,\"pressure\":200}");
        Template next = publish(press, model(upTo("pressure", 100), number("tool")));

        TemplateImpact impact = templates().impact(press.id(), V1, next.latest().version());

        assertThat(impact.changes().get(V1))
                .extracting(FieldChange::name, FieldChange::kind)
                .containsExactly(
                        tuple("pressure", FieldChange.Kind.NARROWED),
                        tuple("tool", FieldChange.Kind.ADDED),
                        tuple("temperature", FieldChange.Kind.REMOVED));
        assertThat(impact.nodes())
                .extracting(TemplateImpact.OfNode::path)
                .startsWith("Plant/Metric/clashes", "Plant/Metric/breaks");
        assertThat(impact.nodes().get(0).reason().code()).isEqualTo(Reason.Code.TEMPLATE_FIELD);
        assertThat(impact.nodes().get(1).violation().field()).isEqualTo("pressure");
        assertThat(impact.nodes().get(1).broken()).isEqualTo(1);
        assertThat(List.of(impact.total(), impact.passing(), impact.failing(), impact.refused()))
                .containsExactly(4, 2, 1, 1);
        assertThat(impact.unheard()).isEqualTo(1);
        assertThat(node(fits)).isEqualTo(fits);
        assertThat(node(silent)).isEqualTo(silent);
        assertThat(node(breaks)).isEqualTo(breaks);
        assertThat(node(clashes)).isEqualTo(clashes);
    }

    @Test
    void impactOfADraft_isThatOfTheVersionItWouldBe() {
        Template press = press();
        topic("p1", pin(press, V1));
        bench.publish("Plant/Metric/p1", "{\"temperature\":1,\"pressure\":200}");
        Model draft = model(number("temperature"), upTo("pressure", 100));

        TemplateImpact impact = templates().impact(press.id(), null, draft);

        assertThat(impact.failing()).isEqualTo(1);
        assertThat(templates().get(press.id())).contains(press);
    }

    @Test
    void move_takesAllInOneCommit_withWhatTheyAddAndSay() {
        Template press = press();
        Node one = topic("p1", pin(press, V1, number("own")));
        Node two = topic("p2", press.pin(V1, List.of(), UnknownFields.DENY, null));
        Template next =
                publish(
                        press,
                        new Model(
                                List.of(number("temperature"), number("tool")),
                                UnknownFields.ALLOW));

        TemplateMove.Result result =
                templates()
                        .move(
                                press.id(),
                                next.revision(),
                                new TemplateMove(V1, V2, null, false),
                                Bench.BEN);

        assertThat(result).isEqualTo(new TemplateMove.Result(2, 0));
        assertThat(model(node(one))).isEqualTo(pin(next, V2, number("own")));
        assertThat(model(node(two))).isEqualTo(next.pin(V2, List.of(), UnknownFields.DENY, null));
        assertThat(node(one).revision()).isEqualTo(one.revision() + 1);
        assertThat(node(one).stamp().updatedBy()).isEqualTo("ben");
        bench.publish("Plant/Metric/p1", "{\"tool\":\"x\"}");
        assertThat(bench.registry.value("Plant/Metric/p1").orElseThrow().violations()).isEqualTo(1);
        bench.restarted();
        assertThat(model(node(one))).isEqualTo(pin(next, V2, number("own")));
    }

    @Test
    void move_ofOneThatCannot_movesNone_unlessOnlyThoseShallThatPass() {
        Template press = press();
        Node fits = topic("fits", pin(press, V1));
        Node breaks = topic("breaks", pin(press, V1));
        Node clashes = topic("clashes", pin(press, V1, Field.of("tool", FieldType.STRING)));
        bench.publish("Plant/Metric/breaks", "{\"temperature\":1,\"pressure\":200}");
        Template next =
                publish(press, model(number("temperature"), upTo("pressure", 100), number("tool")));

        refused(Reason.Code.TEMPLATE_NOT_MOVED, () -> move(next, null, false));
        assertThat(node(fits)).isEqualTo(fits);

        assertThat(move(next, null, true)).isEqualTo(new TemplateMove.Result(1, 2));
        assertThat(model(node(fits)).template().version()).isEqualTo(V2);
        assertThat(node(clashes)).isEqualTo(clashes);
        assertThat(node(breaks)).isEqualTo(breaks);

        assertThat(move(next, Set.of(breaks.id()), false)).isEqualTo(new TemplateMove.Result(1, 0));
        assertThat(model(node(breaks)).template().version()).isEqualTo(V2);
    }

    private TemplateMove.Result move(
            Template template, @Nullable Set<UUID> nodes, boolean onlyPassing) {
        return templates()
                .move(
                        template.id(),
                        template.revision(),
                        new TemplateMove(null, V2, nodes, onlyPassing),
                        Bench.ANNA);
    }

    @Test
    void storeThatFails_leavesTemplatesAndTopicsAsTheyWere() {
        Template press = press();
        Node topic = topic("p1", pin(press, V1));
        Template next = publish(press, model(number("tool")));
        bench.documents.failCommits(true);

        assertThatThrownBy(() -> move(next, null, false)).isInstanceOf(RuntimeException.class);
        assertThat(node(topic)).isEqualTo(topic);
        assertThatThrownBy(() -> publish(next, model(number("other"))))
                .isInstanceOf(RuntimeException.class);
        assertThat(templates().get(press.id())).contains(next);
    }

    @Test
    void damagedVersion_leavesTheTopicWithWhatItAdds_andItsPinInPlace() {
        Template press = press();
        Node topic = topic("p1", pin(press, V1, number("own")));
        String key = press.id() + "." + V1;
        String json = bench.documents.get("uns_template_versions", key).orElseThrow().json();
        store(key, "{}");

        bench.restarted();
        assertThat(model(node(topic)).fields()).extracting(Field::name).containsExactly("own");
        bench.registry.update(topic.id(), 0, NodeChange.ofName("renamed"), Bench.ANNA);

        store(key, json);
        bench.restarted();
        assertThat(model(node(topic))).isEqualTo(model(topic));
    }

    private void store(String key, String json) {
        bench.documents.commit(List.of(DocumentChange.put("uns_template_versions", key, json)));
    }
}

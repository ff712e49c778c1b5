package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.spi.PublishVerdict;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.mqtt.UserProperty;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.Quarantine;
import io.busbar.api.uns.QuarantinedMessage;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.ValidationMode;
import io.busbar.api.uns.Violation;
import io.busbar.uns.registry.quarantine.QuarantineLimits;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages that are held back because they do not fit. */
class QuarantineTest {
    private static final String GOOD = "{\"temp\":20.5}";
    private static final String BAD = "{\"temp\":\"hot\"}";

    private final Bench bench = new Bench();
    private String topic = "";

    @BeforeEach
    void makeTopic() {
        topic = make("oven", Field.of("temp", FieldType.DOUBLE));
    }

    private String make(String name, Field... fields) {
        String path =
                bench.registry
                        .create(
                                NewNode.topic(
                                        "Plant",
                                        name,
                                        TopicType.STATE,
                                        new Model(List.of(fields), UnknownFields.DENY)),
                                Bench.ANNA)
                        .path();
        validation(path, ValidationMode.QUARANTINE);
        return path;
    }

    private void validation(String path, ValidationMode mode) {
        bench.registry.update(
                bench.registry.byPath(path).orElseThrow().id(),
                0,
                NodeChange.ofPolicy(policy -> policy.withValidation(mode)),
                Bench.ANNA);
    }

    private PublishVerdict judge(String on, String payload) {
        return bench.gates.judge(
                bench.message(on, payload.getBytes(StandardCharsets.UTF_8), false));
    }

    private Quarantine quarantine() {
        return bench.registry.quarantine();
    }

    private List<String> held() {
        return texts(quarantine().list(null, null, 1_000));
    }

    private static List<String> texts(List<QuarantinedMessage> held) {
        return held.stream()
                .map(each -> new String(each.message().payload(), StandardCharsets.UTF_8))
                .toList();
    }

    private QuarantinedMessage only() {
        return quarantine().list(null, null, 1).get(0);
    }

    @Test
    void whatDoesNotFit_isHeld_andItsPublisherIsToldWhy() {
        assertThat(judge(topic, GOOD)).isSameAs(PublishVerdict.PASS);
        PublishVerdict.Divert held = (PublishVerdict.Divert) judge(topic, BAD);

        assertThat(held.reason())
                .startsWith("held back: TYPE: field temp is STRING: \"hot\"")
                .contains("revision ");
        assertThat(held()).containsExactly(BAD);
        assertThat(only().violation().code()).isEqualTo(Violation.Code.TYPE);
        assertThat(only().revision())
                .isEqualTo(bench.registry.byPath(topic).orElseThrow().revision());
        TopicValue value = bench.registry.value(topic).orElseThrow();
        assertThat(value.violations()).isEqualTo(1);
        assertThat(value.payload()).isNull();
    }

    @Test
    void onlyWhatDoesNotFit_takesACallThatMayBlock() {
        assertThat(
                        bench.gates.isAskedElsewhere(
                                bench.message(topic, GOOD.getBytes(StandardCharsets.UTF_8), false)))
                .isFalse();
        assertThat(
                        bench.gates.isAskedElsewhere(
                                bench.message(topic, BAD.getBytes(StandardCharsets.UTF_8), false)))
                .isTrue();
        assertThat(held()).isEmpty();
    }

    @Test
    void restart_keepsMessagesAsTheyCame() {
        Message message =
                new Message(
                        TopicName.of(topic),
                        new byte[] {0, (byte) 0xFF},
                        Qos.EXACTLY_ONCE,
                        true,
                        new MessageProperties(
                                0,
                                60,
                                "application/octet-stream",
                                "answers",
                                new byte[] {1, 2},
                                List.of(new UserProperty("a", "1"), new UserProperty("a", "2"))),
                        Bench.GATEWAY,
                        bench.clock.millis());
        bench.gates.judge(message);
        QuarantinedMessage before = only();

        bench.restarted();

        QuarantinedMessage after = only();
        assertThat(after.id()).isEqualTo(before.id());
        assertThat(after.violation()).isEqualTo(before.violation());
        assertThat(after.violation().code()).isEqualTo(Violation.Code.FORMAT);
        assertThat(after.violation().reason()).as("why it cannot be read").isNotNull();
        assertThat(after.message())
                .usingRecursiveComparison()
                .ignoringFields("sizeBytes")
                .isEqualTo(message);
        assertThat(quarantine().stats().messages()).isEqualTo(1);
        assertThat(quarantine().stats().bytes()).isEqualTo(message.sizeBytes());
    }

    @Test
    void list_isByTopic_latestFirst_inPages() {
        String other = make("other", Field.of("temp", FieldType.DOUBLE));
        judge(topic, "1x");
        judge(other, "2x");
        judge(topic, "3x");

        assertThat(held()).containsExactly("3x", "2x", "1x");
        assertThat(texts(quarantine().list(topic, null, 10))).containsExactly("3x", "1x");
        UUID last = quarantine().list(null, null, 2).get(1).id();
        assertThat(texts(quarantine().list(null, last, 2))).containsExactly("1x");
    }

    @Test
    void tooMany_theTopicThatTakesMostLosesItsOldest() {
        String quiet = make("quiet", Field.of("temp", FieldType.DOUBLE));
        judge(quiet, "of the quiet one");
        for (int i = 0; i < 105; i++) {
            judge(topic, "noise " + i);
        }

        List<String> held = held();
        assertThat(held).hasSize(Bench.QUARANTINE.messages()).contains("of the quiet one");
        assertThat(held).doesNotContain("noise 5").contains("noise 6");
        assertThat(quarantine().stats().dropped()).isEqualTo(6);
        bench.restarted();
        assertThat(held()).isEqualTo(held);
    }

    @Test
    void tooManyBytes_areBoundedAsWell() {
        String large = "x".repeat(300_000);
        for (int i = 0; i < 5; i++) {
            judge(topic, i + large);
        }

        assertThat(quarantine().stats().messages()).isEqualTo(3);
        assertThat(quarantine().stats().bytes()).isLessThanOrEqualTo(Bench.QUARANTINE.bytes());
    }

    @Test
    void messageThatThereIsNoRoomFor_isDelivered_andAllAreToldSo() {
        judge(topic, "before");

        PublishVerdict.Annotate told = (PublishVerdict.Annotate) judge(topic, "x".repeat(2 << 20));

        assertThat(told.reason())
                .startsWith("there is no room to hold it back, it is delivered: SIZE: ");
        assertThat(told.userProperties()).contains(new UserProperty("uns-valid", "false"));
        assertThat(held()).containsExactly("before");
        assertThat(quarantine().stats().dropped()).isZero();
        bench.restartedWith(new QuarantineLimits(0, 1 << 20, 7));
        assertThat(judge(topic, BAD)).isInstanceOf(PublishVerdict.Annotate.class);
    }

    @Test
    void messageThatWouldGoAtOnce_isNotSaidToBeHeld() {
        bench.restartedWith(new QuarantineLimits(100, 100_000, 7));
        judgeFrom("other", topic, "y".repeat(40_000));

        assertThat(judge(topic, "x".repeat(90_000))).isInstanceOf(PublishVerdict.Annotate.class);

        assertThat(held()).hasSize(1);
        assertThat(quarantine().stats().dropped()).isZero();
    }

    @Test
    void tooMany_publisherThatHasMostLosesThem_onHoweverManyTopics() {
        for (int i = 0; i < 30; i++) {
            judgeFrom("quiet", topic, "quiet " + i);
        }
        for (int t = 0; t < 10; t++) {
            String noisy = make("noisy" + t, Field.of("temp", FieldType.DOUBLE));
            for (int i = 0; i < 20; i++) {
                judgeFrom("noisy", noisy, "noise " + i);
            }
        }

        assertThat(held()).hasSize(100).filteredOn(text -> text.startsWith("quiet")).hasSize(30);
        bench.restarted();
        judgeFrom("noisy", topic, "noise");
        assertThat(held()).hasSize(100).filteredOn(text -> text.startsWith("quiet")).hasSize(30);
    }

    @Test
    void tooManyMessages_areThoseOfWhomHasManyMessages_notMuchText() {
        String large = "x".repeat(300_000);
        judgeFrom("large", topic, large);
        for (int i = 0; i < 105; i++) {
            judgeFrom("many", topic, "many " + i);
        }

        assertThat(held()).hasSize(100).contains(large);
    }

    private PublishVerdict judgeFrom(String principal, String on, String payload) {
        return bench.gates.judge(
                new Message(
                        TopicName.of(on),
                        payload.getBytes(StandardCharsets.UTF_8),
                        Qos.AT_LEAST_ONCE,
                        false,
                        MessageProperties.NONE,
                        new Publisher(principal, principal, "client of " + principal, null),
                        bench.clock.millis()));
    }

    @Test
    void oldMessages_areLetGoOf() {
        judge(topic, "old");
        bench.clock.advance(Duration.ofDays(6));
        judge(topic, "new");
        bench.clock.advance(Duration.ofDays(2));

        bench.registry.expire();

        assertThat(held()).containsExactly("new");
        assertThat(quarantine().stats().expired()).isEqualTo(1);
    }

    @Test
    void manyAtOnce_areAllHeld() {
        List<CompletableFuture<PublishVerdict>> all =
                IntStream.range(0, 80)
                        .mapToObj(i -> CompletableFuture.supplyAsync(() -> judge(topic, i + "x")))
                        .toList();

        assertThat(all)
                .allSatisfy(
                        each -> assertThat(each.join()).isInstanceOf(PublishVerdict.Divert.class));
        assertThat(held()).hasSize(80).doesNotHaveDuplicates();
    }

    @Test
    void removal_isWritten() {
        judge(topic, "1x");
        judge(topic, "2x");
        UUID id = only().id();

        assertThat(quarantine().remove(id, Bench.ANNA)).isTrue();
        assertThat(quarantine().remove(id, Bench.ANNA)).isFalse();

        bench.restarted();
        assertThat(held()).containsExactly("1x");
        assertThat(quarantine().removeAll(topic, Bench.ANNA)).isEqualTo(1);
        assertThat(held()).isEmpty();
    }

    @Test
    void check_isByTheModelOfNow() {
        judge(topic, BAD);
        assertThat(quarantine().check(only())).isPresent();

        validation(topic, ValidationMode.OBSERVE);

        assertThat(quarantine().check(only())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"n\":2.5};INTEGER without fraction becomes DOUBLE",
                "{\"n\":5000000000};more bits",
                "{\"n\":200};a higher limit",
                "{\"n\":-200};a lower limit",
                "{\"n\":null};nullable",
                "{\"n\":\"7\"};a number as text",
                "{\"s\":\"abc\"};not required",
                "{\"n\":1,\"s\":\"too long for it\"};a longer text",
                "{\"n\":1,\"s\":\"ABC\"};another pattern",
                "{\"n\":1,\"e\":\"yellow\"};another text of an enum",
                "{\"n\":1,\"x\":true};a new field",
                "{\"x\":{\"y\":1},\"n\":300.5,\"e\":\"blue\"};all of it",
            })
    void accepting_widensTheModelSoThatTheMessageFits(String payload, String what) {
        String wide =
                make(
                        "wide",
                        new Field(
                                "n",
                                FieldType.INTEGER,
                                true,
                                false,
                                null,
                                BigDecimal.valueOf(-100),
                                BigDecimal.valueOf(100),
                                null,
                                null,
                                List.of(),
                                null,
                                null,
                                null,
                                false),
                        new Field(
                                "s",
                                FieldType.STRING,
                                false,
                                false,
                                null,
                                null,
                                null,
                                null,
                                5,
                                List.of(),
                                "[a-z ]*",
                                null,
                                null,
                                false),
                        new Field(
                                "e",
                                FieldType.ENUM,
                                false,
                                false,
                                null,
                                null,
                                null,
                                null,
                                null,
                                List.of("red", "green"),
                                null,
                                null,
                                null,
                                false));
        assertThat(judge(wide, payload)).as(what).isInstanceOf(PublishVerdict.Divert.class);

        Model accepting = quarantine().accepting(only()).orElseThrow();
        bench.registry.update(
                bench.registry.byPath(wide).orElseThrow().id(),
                0,
                NodeChange.ofPayload(old -> old.withModel(accepting)),
                Bench.ANNA);

        assertThat(quarantine().check(only())).as(what).isEmpty();
        assertThat(judge(wide, payload)).as(what).isSameAs(PublishVerdict.PASS);
        for (String before : List.of("{\"n\":-100}", "{\"n\":100,\"s\":\"abc\",\"e\":\"red\"}")) {
            assertThat(judge(wide, before)).as(what).isSameAs(PublishVerdict.PASS);
        }
    }

    @Test
    void accepting_isNotThereIfNoWiderModelTakesIt() {
        judge(topic, BAD);
        assertThat(quarantine().accepting(only())).isEmpty();

        judge(topic, "no JSON");
        assertThat(quarantine().accepting(only())).isEmpty();
    }
}

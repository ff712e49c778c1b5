package io.busbar.uns.registry.violation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.busbar.api.mqtt.Publisher;
import io.busbar.api.uns.Expectation;
import io.busbar.api.uns.JsonType;
import io.busbar.api.uns.TopicViolations;
import io.busbar.api.uns.Violation;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ViolationLogTest {
    private static final Instant T0 = Instant.parse("2026-11-23T08:16:00Z");
    private static final Publisher GATEWAY = new Publisher("c1", "Gateway", "uns1", "10.0.0.7:1");
    private static final Publisher MES = new Publisher("c2", "MES", "uns2", "10.0.0.8:1");

    private final ViolationLog log = new ViolationLog(2);

    private void add(String field, Publisher publisher, int second) {
        Violation violation =
                new Violation(
                        Violation.Code.TYPE,
                        field,
                        JsonType.STRING,
                        "\"" + second + "\"",
                        Expectation.of(Expectation.Kind.NUMBER),
                        null,
                        "\"" + second + "\" (expected: a number)",
                        T0.plusSeconds(second));
        log.add(violation, publisher, true);
    }

    @Test
    void violations_alike_areOneKindWithTheirCount_theLatestFirst() {
        add("a", GATEWAY, 1);
        add("b", GATEWAY, 2);
        add("a", new Publisher("c1", "Gateway", "uns1", "10.0.0.9:5"), 3);

        TopicViolations shown = log.snapshot(true);

        assertThat(shown.kinds())
                .extracting(
                        kind -> kind.last().field(),
                        kind -> kind.count(),
                        kind -> kind.firstAt(),
                        kind -> kind.last().at(),
                        kind -> kind.publisher().address())
                .containsExactly(
                        tuple("a", 2L, T0.plusSeconds(1), T0.plusSeconds(3), "10.0.0.9:5"),
                        tuple("b", 1L, T0.plusSeconds(2), T0.plusSeconds(2), "10.0.0.7:1"));
        assertThat(shown.total()).isEqualTo(3);
        assertThat(shown.inARow()).isEqualTo(3);
    }

    @Test
    void violations_ofAnotherClient_areAnotherKind() {
        add("a", GATEWAY, 1);
        add("a", MES, 2);

        assertThat(log.snapshot(true).kinds())
                .extracting(kind -> kind.publisher().description())
                .containsExactly("MES", "Gateway");
    }

    @Test
    void kinds_beyondTheBound_areForgottenAndCounted() {
        add("a", GATEWAY, 1);
        add("a", GATEWAY, 2);
        add("b", GATEWAY, 3);
        add("c", GATEWAY, 4);

        TopicViolations shown = log.snapshot(true);

        assertThat(shown.kinds()).extracting(kind -> kind.last().field()).containsExactly("c", "b");
        assertThat(shown.forgotten()).isEqualTo(2);
        assertThat(shown.total()).isEqualTo(4);
    }

    @Test
    void goodMessage_endsTheRow_andSaysWhen() {
        add("a", GATEWAY, 1);

        log.fitted(T0.plusSeconds(2).toEpochMilli());
        log.fitted(T0.plusSeconds(3).toEpochMilli());

        assertThat(log.snapshot(false))
                .isEqualTo(
                        new TopicViolations(
                                false,
                                0,
                                1,
                                null,
                                T0.plusSeconds(2),
                                log.snapshot(false).kinds(),
                                0));
        add("a", GATEWAY, 4);
        assertThat(log.snapshot(true).healedAt()).isNull();
        assertThat(log.snapshot(true).inARow()).isEqualTo(1);
    }

    @Test
    void kindsThatAreLetGoOf_giveTheirMemoryBack_andStayCounted() {
        long empty = log.footprint();
        add("a", GATEWAY, 1);
        assertThat(log.footprint()).isGreaterThan(empty);

        assertThat(log.forgetKinds()).isTrue();

        assertThat(log.footprint()).isEqualTo(empty);
        assertThat(log.snapshot(true).forgotten()).isEqualTo(1);
        assertThat(log.snapshot(true).total()).isEqualTo(1);
        assertThat(log.forgetKinds()).isFalse();
    }
}

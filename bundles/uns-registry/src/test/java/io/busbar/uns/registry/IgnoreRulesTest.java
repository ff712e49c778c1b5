package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryBudget;
import io.busbar.api.memory.MemoryReclaimer;
import io.busbar.api.memory.MemoryShortage;
import io.busbar.api.memory.MemoryUse;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.uns.IgnoreRule;
import io.busbar.api.uns.ImportResult;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnmodeledTopic;
import io.busbar.testkit.time.Await;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IgnoreRulesTest {
    private final Bench bench = new Bench();
    private final UnsRegistry registry = bench.registry;

    @Test
    void ignoredTopics_areForgotten_andNotFoundAgain_andCounted() {
        bench.publish("noise/a", "1");
        bench.publish("gw/a", "1");

        IgnoreRule rule = registry.ignore("noise/#", Bench.ANNA);

        assertThat(registry.unmodeledTopics())
                .extracting(UnmodeledTopic::topic)
                .containsExactly("gw/a");
        bench.publish("noise/a", "1");
        bench.publish("noise/b", "1");
        assertThat(registry.stats().unmodeled()).isEqualTo(1);
        assertThat(registry.value("noise/a")).isEmpty();
        assertThat(registry.ignoreRules())
                .singleElement()
                .satisfies(
                        each -> {
                            assertThat(each.id()).isEqualTo(rule.id());
                            assertThat(each.messages()).isEqualTo(2);
                            assertThat(each.createdBy()).isEqualTo("anna");
                        });
        assertThat(registry.stats().unmodeledDropped()).isZero();
    }

    @Test
    void topicThatIsBeingFound_whileTheRuleIsMade_isForgottenAsWell() {
        AtomicReference<Thread> ruler = new AtomicReference<>();
        UnsRegistry raced =
                bench.open(
                        asked(
                                bench.memory,
                                () -> {
                                    // The rules were looked at; the topic is not added yet.
                                    Runnable rule = () -> bench.registry.ignore("n/#", Bench.ANNA);
                                    Thread other = new Thread(rule, "rule");
                                    if (ruler.compareAndSet(null, other)) {
                                        other.start();
                                        Await.until(() -> isStopped(other));
                                    }
                                }),
                        bench.clock);
        bench.registry = raced;

        bench.publish("n/a", "1");
        Await.until(() -> !ruler.get().isAlive());

        assertThat(raced.ignoreRules()).hasSize(1);
        assertThat(raced.unmodeledTopics()).isEmpty();
        assertThat(raced.value("n/a")).isEmpty();
    }

    /** Whether it has ended, or waits for who finds the topic. */
    private static boolean isStopped(Thread thread) {
        return thread.getState() == Thread.State.TERMINATED
                || thread.getState() == Thread.State.BLOCKED;
    }

    /** A memory with something that happens before anybody is given some of it. */
    private static MemoryBudget asked(MemoryBudget memory, Runnable before) {
        return new MemoryBudget() {
            @Override
            public MemoryAccount open(
                    MemoryArea area,
                    String kind,
                    int percent,
                    @Nullable MemoryReclaimer reclaimer) {
                MemoryAccount account = memory.open(area, kind, percent, reclaimer);
                return (MemoryAccount)
                        Proxy.newProxyInstance(
                                MemoryAccount.class.getClassLoader(),
                                new Class<?>[] {MemoryAccount.class},
                                (proxy, method, arguments) -> {
                                    if (method.getName().equals("take")) {
                                        before.run();
                                    }
                                    return method.invoke(account, arguments);
                                });
            }

            @Override
            public MemoryUse use(MemoryArea area) {
                return memory.use(area);
            }

            @Override
            public List<MemoryShortage> shortages() {
                return memory.shortages();
            }
        };
    }

    @Test
    void ruleThatIsTakenBack_letsTopicsBeFoundAgain() {
        IgnoreRule rule = registry.ignore("noise/+", Bench.ANNA);
        bench.publish("noise/a", "1");

        registry.removeIgnoreRule(rule.id());
        bench.publish("noise/a", "1");

        assertThat(registry.stats().unmodeled()).isEqualTo(1);
        assertThatThrownBy(() -> registry.removeIgnoreRule(rule.id()))
                .isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> registry.removeIgnoreRule(UUID.randomUUID()))
                .isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void rules_outliveARestart_andDoNotConcernNodes() {
        registry.ignore("plant/#", Bench.ANNA);
        bench.restarted();

        bench.publish("plant/x", "1");
        assertThat(bench.registry.stats().unmodeled()).isZero();
        Node node =
                bench.registry.create(
                        NewNode.topic("plant", "t", TopicType.METRIC, Model.ANY), Bench.ANNA);
        bench.publish(node.path(), "1");
        assertThat(bench.registry.value(node.path()).orElseThrow().messages()).isEqualTo(1);
        bench.registry.delete(node.id(), 0, Bench.ANNA);
        assertThat(bench.registry.stats().unmodeled()).isZero();
    }

    @Test
    void rules_areExportedWithTheWholeNamespace_andImportedAgain() {
        Node node = registry.create(NewNode.path("", "plant"), Bench.ANNA);
        registry.ignore("noise/#", Bench.ANNA);
        registry.ignore("gw/\"x\"/+/\u6e29", Bench.ANNA);
        String document = Bench.export(registry);
        assertThat(Bench.export(registry, node.id())).doesNotContain("noise");
        Bench other = new Bench();
        other.registry.ignore("noise/#", Bench.BEN);
        other.publish("gw/\"x\"/a/\u6e29", "1");
        other.publish("gw/a", "1");
        int commits = other.documents.commits();

        ImportResult dry = Bench.importJson(other.registry, document, true, Bench.ANNA);
        assertThat(dry.ignoreRules()).isEqualTo(1);
        assertThat(other.registry.ignoreRules()).hasSize(1);
        ImportResult result = Bench.importJson(other.registry, document, false, Bench.ANNA);

        assertThat(result).isEqualTo(dry);
        assertThat(other.documents.commits()).isEqualTo(commits + 1);
        assertThat(Bench.export(other.registry)).isEqualTo(document);
        assertThat(other.registry.unmodeledTopics())
                .extracting(UnmodeledTopic::topic)
                .containsExactly("gw/a");
        assertThat(other.registry.ignoreRules())
                .extracting(IgnoreRule::createdBy)
                .containsExactly("anna", "ben");
        assertThat(Bench.importJson(other.registry, document, false, Bench.ANNA).ignoreRules())
                .isZero();
    }

    @Test
    void importedRules_areInForce_alsoWithoutNewNodes() {
        bench.publish("noise/a", "1");

        ImportResult result =
                Bench.importJson(
                        registry,
                        "{\"namespace\":[],\"ignored\":[\"noise/#\",\"noise/#\"]}",
                        false,
                        Bench.ANNA);

        assertThat(result.ignoreRules()).isEqualTo(1);
        assertThat(registry.unmodeledTopics()).isEmpty();
        assertThat(bench.restarted().ignoreRules()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"noise\"", "[\"a\",7]", "[\"a\",\"a/#/b\"]", "[\"a\",{}]"})
    void badRulesOfADocument_keepAllOfItFromBeingMade(String ignored) {
        String document =
                "{\"ignored\":" + ignored + ",\"namespace\":[{\"name\":\"p\",\"type\":\"PATH\"}]}";

        ImportResult result = Bench.importJson(registry, document, false, Bench.ANNA);

        assertThat(result.problems())
                .singleElement()
                .satisfies(each -> assertThat(each.pointer()).startsWith("/ignored"));
        assertThat(registry.ignoreRules()).isEmpty();
        assertThat(registry.byPath("p")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void moreRulesInADocumentThanThereMayBe_areNotKept_andAllElseIs(boolean dryRun) {
        registry.ignore("own", Bench.ANNA);
        String filters =
                IntStream.rangeClosed(0, IgnoreRule.MAX_RULES)
                        .mapToObj(i -> "\"n/" + i + "\"")
                        .collect(Collectors.joining(","));

        ImportResult result =
                Bench.importJson(
                        registry,
                        "{\"ignored\":["
                                + filters
                                + ",\"own\"],\"namespace\":[{\"name\":\"p\",\"type\":\"PATH\"}]}",
                        dryRun,
                        Bench.ANNA);

        assertThat(result.problems()).isEmpty();
        assertThat(result.created()).isEqualTo(1);
        assertThat(result.ignoreRules()).isEqualTo(IgnoreRule.MAX_RULES - 1);
        assertThat(result.notes())
                .singleElement()
                .satisfies(
                        each -> {
                            assertThat(each.pointer()).isEqualTo("/ignored");
                            assertThat(each.message())
                                    .isEqualTo(
                                            "not kept: 2 of the rules that ignore topics, because"
                                                    + " there are at most 100: n/99, n/100");
                        });
        assertThat(registry.ignoreRules()).hasSize(dryRun ? 1 : IgnoreRule.MAX_RULES);
        assertThat(registry.byPath("p").isPresent()).isEqualTo(!dryRun);
    }

    @Test
    void declarativeStart_makesNoRules_andSaysSo() {
        ImportResult result =
                Bench.ensure(registry, "{\"namespace\":[],\"ignored\":[\"noise/#\"]}", false);

        assertThat(result.problems()).isEmpty();
        assertThat(result.notes()).hasSize(1);
        assertThat(registry.ignoreRules()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/#/b", "a+", "$share/g/a"})
    void badFilter_isRefused(String filter) {
        assertThatThrownBy(() -> registry.ignore(filter, Bench.ANNA))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("filter: ");
    }

    @Test
    void moreRulesThanThereMayBe_andTheSameTwice_areRefused() {
        for (int i = 0; i < IgnoreRule.MAX_RULES; i++) {
            registry.ignore("noise/" + i, Bench.ANNA);
        }
        assertThatThrownBy(() -> registry.ignore("noise/x", Bench.ANNA))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("100");
        assertThatThrownBy(() -> registry.ignore("noise/1", Bench.ANNA))
                .isInstanceOf(ConflictException.class);
        assertThat(registry.ignoreRules()).hasSize(IgnoreRule.MAX_RULES);
    }
}

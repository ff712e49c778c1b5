package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.storage.ConflictException;
import io.busbar.api.uns.IgnoreRule;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnmodeledTopic;
import java.util.NoSuchElementException;
import java.util.UUID;
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

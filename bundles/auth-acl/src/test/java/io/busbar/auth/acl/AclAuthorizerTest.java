package io.busbar.auth.acl;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.auth.AclFilter;
import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.AclRule.Action;
import io.busbar.api.auth.AclRule.Effect;
import io.busbar.api.auth.Ruling;
import io.busbar.api.auth.spi.Authorizer;
import io.busbar.api.auth.spi.Permissions;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.testkit.contract.AuthorizerContract;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AclAuthorizerTest extends AuthorizerContract {
    @Override
    protected Authorizer authorizer() {
        return new AclAuthorizer();
    }

    @Test
    void ruling_ofSeveralRulesThatAllow_isTheMostPrecise_asItWasWritten() {
        List<AclRule> rules =
                List.of(
                        AclRule.ALLOW_ALL,
                        new AclRule(Effect.ALLOW, Action.PUBLISH, "plant/%c/#"),
                        new AclRule(Effect.ALLOW, Action.SUBSCRIBE, "plant/client1/speed/now"));

        Ruling ruling = ruling(rules, Action.PUBLISH, "plant/client1/speed/now");

        assertThat(ruling.rule()).isEqualTo(rules.get(1));
        assertThat(ruling.position()).isEqualTo(2);
        assertThat(ruling.detail()).isEqualTo("rule 2: allow publish plant/%c/#");
    }

    @Test
    void ruling_ofADenial_isTheRuleThatDenies_howeverPreciseAnotherAllows() {
        AclRule deny = new AclRule(Effect.DENY, Action.BOTH, "plant/#");
        List<AclRule> rules =
                List.of(new AclRule(Effect.ALLOW, Action.BOTH, "plant/line1/speed"), deny);

        assertThat(ruling(rules, Action.SUBSCRIBE, "plant/line1/speed"))
                .isEqualTo(Ruling.by(deny, 2));
    }

    @Test
    void ruling_withoutARule_hasNone() {
        Ruling none = ruling(List.of(), Action.SUBSCRIBE, "plant/a");
        Ruling system = ruling(List.of(AclRule.ALLOW_ALL), Action.PUBLISH, "$SYS/a");

        assertThat(none).isEqualTo(Ruling.without(false, "no rule allows to subscribe here"));
        assertThat(system.allowed()).isFalse();
        assertThat(system.rule()).isNull();
        assertThat(system.detail()).contains("begin with $");
    }

    @Test
    void fill_denialOfAnUnwritableName_deniesFromThereDown() {
        AclRule rule = new AclRule(Effect.DENY, Action.BOTH, "locked/%c/x");

        assertThat(AclPermissions.RuleFilter.fill(rule, "a/b", "u"))
                .isEqualTo(TopicFilter.of("locked/#"));
    }

    @Test
    void fill_percentThatIsNoPlaceholder_staysAsItIs() {
        AclRule rule = new AclRule(Effect.ALLOW, Action.BOTH, "load/100%/%d/%");

        assertThat(AclPermissions.RuleFilter.fill(rule, "a", "u"))
                .isEqualTo(TopicFilter.of("load/100%/%d/%"));
    }

    @ParameterizedTest
    @CsvSource({
        "topics/%#c/%c, topics/%c/a",
        "%#u%u, %uu",
        "100%#/%#%c, 100%/%a",
        "%%c/%%#c, %a/%%c",
    })
    void fill_escapedPercent_isAPercent(String filter, String expected) {
        AclRule rule = new AclRule(Effect.ALLOW, Action.BOTH, filter);

        assertThat(AclPermissions.RuleFilter.fill(rule, "a", "u"))
                .isEqualTo(TopicFilter.of(expected));
    }

    /** Whatever a topic holds, the rule that names it is about it and about no other. */
    @ParameterizedTest
    @ValueSource(strings = {"%c", "a/%u/b", "%%c%u", "100%", "%", "%25c", "$SYS/%c"})
    void literal_ofATopic_allowsExactlyThatTopic(String topic) {
        AclRule rule = new AclRule(Effect.ALLOW, Action.SUBSCRIBE, AclFilter.literal(topic));

        Permissions rights = permissions(List.of(rule), "a", "u");

        assertThat(rights.mayReceive(TopicName.of(topic))).isTrue();
        assertThat(
                        rights.mayReceive(
                                TopicName.of(topic.replace("%c", "a").replace("%u", "u") + "x")))
                .isFalse();
        assertThat(AclPermissions.RuleFilter.fill(rule, "a", "u")).isEqualTo(TopicFilter.of(topic));
    }

    @Test
    void fill_nameThatLooksLikeAPlaceholder_isNotFilledAgain() {
        AclRule rule = new AclRule(Effect.ALLOW, Action.BOTH, "by/%c/%u");

        assertThat(AclPermissions.RuleFilter.fill(rule, "%u", "%c"))
                .isEqualTo(TopicFilter.of("by/%u/%c"));
    }

    @Test
    void fill_filterThatIsNone_opensNothingAndClosesAll() {
        assertThat(
                        AclPermissions.RuleFilter.fill(
                                new AclRule(Effect.ALLOW, Action.BOTH, "a#"), "c", "u"))
                .isNull();
        assertThat(
                        AclPermissions.RuleFilter.fill(
                                new AclRule(Effect.DENY, Action.BOTH, "a#"), "c", "u"))
                .isEqualTo(TopicFilter.of("#"));
    }

    @Test
    void fill_nameThatMakesAShare_opensNothingAndClosesAll() {
        assertThat(
                        AclPermissions.RuleFilter.fill(
                                new AclRule(Effect.ALLOW, Action.BOTH, "$%u/g/#"), "c", "share"))
                .isNull();
        assertThat(
                        AclPermissions.RuleFilter.fill(
                                new AclRule(Effect.DENY, Action.BOTH, "$%u/g/#"), "c", "share"))
                .isEqualTo(TopicFilter.of("#"));
    }

    @Test
    void reason_namesTheLongestDenial() {
        Permissions rights =
                permissions(
                        List.of(
                                new AclRule(Effect.DENY, Action.BOTH, "plant/line1/#"),
                                new AclRule(Effect.DENY, Action.BOTH, "plant/#")),
                        "c",
                        "u");

        assertThat(rights.reason(true, "plant/line1/a"))
                .isEqualTo("rule: deny publish plant/line1/#");
        assertThat(rights.reason(false, "other")).isEqualTo("no rule allows to subscribe here");
        assertThat(rights.reason(true, "$SYS/x")).contains("begin with $");
    }

    /**
     * A granted subscription is never asked about again, so GRANTED must mean that every topic it
     * matches may be received.
     */
    @Test
    void subscribe_granted_neverCoversATopicThatMayNotBeReceived() {
        Random random = new Random(42);
        for (int round = 0; round < 20_000; round++) {
            List<AclRule> rules =
                    random.ints(random.nextInt(4), 0, 3)
                            .mapToObj(
                                    n ->
                                            new AclRule(
                                                    n == 0 ? Effect.DENY : Effect.ALLOW,
                                                    Action.BOTH,
                                                    filter(random)))
                            .toList();
            Permissions rights = permissions(rules, "c", "u");
            TopicFilter asked = TopicFilter.of(filter(random));
            TopicName topic = TopicName.of(topic(random));

            if (asked.matches(topic)) {
                switch (rights.subscribe(asked)) {
                    case GRANTED ->
                            assertThat(rights.mayReceive(topic))
                                    .as("%s of %s with %s", topic, asked, rules)
                                    .isTrue();
                    case DENIED ->
                            assertThat(rights.mayReceive(topic))
                                    .as("%s of %s with %s", topic, asked, rules)
                                    .isFalse();
                    case FILTERED -> {
                        // Each message is asked about.
                    }
                }
            }
        }
    }

    private static String filter(Random random) {
        String[] levels = {"a", "b", "+", "$SYS"};
        StringBuilder filter = new StringBuilder(levels[random.nextInt(4)]);
        for (int i = random.nextInt(3); i > 0; i--) {
            filter.append('/').append(levels[random.nextInt(3)]);
        }
        if (random.nextInt(3) == 0) {
            filter.append("/#");
        }
        return random.nextInt(10) == 0 ? "#" : filter.toString();
    }

    private static String topic(Random random) {
        String[] levels = {"a", "b", "", "$SYS"};
        StringBuilder topic = new StringBuilder(random.nextInt(4) == 0 ? "$SYS" : "a");
        for (int i = random.nextInt(4); i > 0; i--) {
            topic.append('/').append(levels[random.nextInt(3)]);
        }
        return topic.toString();
    }
}

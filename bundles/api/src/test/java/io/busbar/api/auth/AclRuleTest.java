package io.busbar.api.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.auth.AclRule.Action;
import io.busbar.api.auth.AclRule.Effect;
import java.util.List;
import org.junit.jupiter.api.Test;

class AclRuleTest {
    private static AclRule allow(Action action, String filter) {
        return new AclRule(Effect.ALLOW, action, filter);
    }

    @Test
    void defaultRights_areEverything() {
        assertThat(AclRule.allowEverything(AclRule.DEFAULT)).isTrue();
    }

    @Test
    void bothActions_mayBeAllowedByRulesOfTheirOwn() {
        assertThat(
                        AclRule.allowEverything(
                                List.of(allow(Action.PUBLISH, "#"), allow(Action.SUBSCRIBE, "#"))))
                .isTrue();
    }

    @Test
    void whatIsNarrower_isNotEverything() {
        assertThat(AclRule.allowEverything(List.of())).isFalse();
        assertThat(AclRule.allowEverything(List.of(allow(Action.PUBLISH, "#")))).isFalse();
        assertThat(AclRule.allowEverything(List.of(allow(Action.BOTH, "plant/#")))).isFalse();
        assertThat(
                        AclRule.allowEverything(
                                List.of(
                                        AclRule.ALLOW_ALL,
                                        new AclRule(Effect.DENY, Action.PUBLISH, "plant/#"))))
                .isFalse();
    }
}

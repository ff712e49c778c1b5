package io.busbar.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.AclRule.Action;
import io.busbar.api.auth.AclRule.Effect;
import io.busbar.api.auth.Principal;
import io.busbar.api.auth.Ruling;
import io.busbar.api.auth.spi.Authorizer;
import io.busbar.api.auth.spi.Permissions;
import io.busbar.api.auth.spi.Permissions.SubscribeDecision;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Tests that every {@link Authorizer} must pass if it decides by {@link Principal#acl}. One that
 * takes its rules from elsewhere overrides {@link #permissions}, so that the client gets exactly
 * the rights that the given rules describe.
 */
public abstract class AuthorizerContract {
    protected abstract Authorizer authorizer();

    /** What a client of the given rules may do. */
    protected Permissions permissions(List<AclRule> rules, String clientId, String username) {
        return authorizer()
                .permissions(new Principal("p1", "test", username, "A test", rules, 0), clientId)
                .orElseThrow();
    }

    @Test
    public void noRules_nothingIsAllowed() {
        Permissions none = permissions(List.of());

        assertThat(none.mayPublish(TopicName.of("a"))).isFalse();
        assertThat(none.mayReceive(TopicName.of("a"))).isFalse();
        assertThat(none.subscribe(TopicFilter.of("#"))).isEqualTo(SubscribeDecision.DENIED);
        assertThat(none.subscribe(TopicFilter.of("a"))).isEqualTo(SubscribeDecision.DENIED);
    }

    @Test
    public void allowAll_allowsAllButSystemTopics() {
        Permissions all = permissions(List.of(AclRule.ALLOW_ALL));

        assertThat(all.mayPublish(TopicName.of("plant/line1/speed"))).isTrue();
        assertThat(all.mayPublish(TopicName.of("/"))).isTrue();
        assertThat(all.mayPublish(TopicName.of("$SYS/broker/version"))).isFalse();
        assertThat(all.mayPublish(TopicName.of("$other/a"))).isFalse();
        assertThat(all.mayReceive(TopicName.of("plant/line1/speed"))).isTrue();
        assertThat(all.mayReceive(TopicName.of("$SYS/broker/version"))).isFalse();
        assertThat(all.subscribe(TopicFilter.of("#"))).isEqualTo(SubscribeDecision.GRANTED);
        assertThat(all.subscribe(TopicFilter.of("a/+"))).isEqualTo(SubscribeDecision.GRANTED);
        assertThat(all.subscribe(TopicFilter.of("$SYS/#"))).isEqualTo(SubscribeDecision.FILTERED);
    }

    @Test
    public void default_readsTheStateOfTheBroker() {
        Permissions rights = permissions(AclRule.DEFAULT);

        assertThat(rights.subscribe(TopicFilter.of("$SYS/broker/#")))
                .isEqualTo(SubscribeDecision.GRANTED);
        assertThat(rights.subscribe(TopicFilter.of("$SYS/#")))
                .isEqualTo(SubscribeDecision.FILTERED);
        assertThat(rights.mayReceive(TopicName.of("$SYS/broker/version"))).isTrue();
        assertThat(rights.mayReceive(TopicName.of("$SYS/secrets"))).isFalse();
        assertThat(rights.mayPublish(TopicName.of("$SYS/broker/version"))).isFalse();
    }

    @Test
    public void systemTopics_areNeverPublishedByClients_whateverTheRulesSay() {
        Permissions rights = permissions(List.of(allow(Action.BOTH, "$SYS/#")));

        assertThat(rights.mayPublish(TopicName.of("$SYS/broker/version"))).isFalse();
        assertThat(rights.mayReceive(TopicName.of("$SYS/broker/version"))).isTrue();
    }

    @Test
    public void actions_areApart() {
        Permissions rights =
                permissions(
                        List.of(
                                allow(Action.PUBLISH, "out/#"),
                                allow(Action.SUBSCRIBE, "in/#"),
                                allow(Action.BOTH, "both")));

        assertThat(rights.mayPublish(TopicName.of("out/a"))).isTrue();
        assertThat(rights.mayReceive(TopicName.of("out/a"))).isFalse();
        assertThat(rights.subscribe(TopicFilter.of("out/a"))).isEqualTo(SubscribeDecision.DENIED);
        assertThat(rights.mayPublish(TopicName.of("in/a"))).isFalse();
        assertThat(rights.mayReceive(TopicName.of("in/a"))).isTrue();
        assertThat(rights.subscribe(TopicFilter.of("in/a"))).isEqualTo(SubscribeDecision.GRANTED);
        assertThat(rights.mayPublish(TopicName.of("both"))).isTrue();
        assertThat(rights.mayReceive(TopicName.of("both"))).isTrue();
    }

    @Test
    public void deny_winsOverAllow_inAnyOrderAndLength() {
        AclRule deny = new AclRule(Effect.DENY, Action.BOTH, "plant/#");
        AclRule allow = allow(Action.BOTH, "plant/line1/cell/speed");

        for (List<AclRule> rules : List.of(List.of(deny, allow), List.of(allow, deny))) {
            Permissions rights = permissions(rules);
            assertThat(rights.mayPublish(TopicName.of("plant/line1/cell/speed"))).isFalse();
            assertThat(rights.mayReceive(TopicName.of("plant/line1/cell/speed"))).isFalse();
            assertThat(rights.subscribe(TopicFilter.of("plant/line1/cell/speed")))
                    .isEqualTo(SubscribeDecision.DENIED);
        }
    }

    @Test
    public void subscribe_widerThanTheRights_isFiltered() {
        Permissions rights = permissions(List.of(allow(Action.SUBSCRIBE, "plant/+/speed")));

        assertThat(rights.subscribe(TopicFilter.of("plant/line1/speed")))
                .isEqualTo(SubscribeDecision.GRANTED);
        assertThat(rights.subscribe(TopicFilter.of("plant/+/speed")))
                .isEqualTo(SubscribeDecision.GRANTED);
        assertThat(rights.subscribe(TopicFilter.of("plant/line1/+")))
                .isEqualTo(SubscribeDecision.FILTERED);
        assertThat(rights.subscribe(TopicFilter.of("#"))).isEqualTo(SubscribeDecision.FILTERED);
        assertThat(rights.subscribe(TopicFilter.of("plant/line1/other")))
                .isEqualTo(SubscribeDecision.DENIED);
        assertThat(rights.subscribe(TopicFilter.of("other/#"))).isEqualTo(SubscribeDecision.DENIED);
    }

    @Test
    public void subscribe_overlappingADenial_isFiltered() {
        Permissions rights =
                permissions(
                        List.of(
                                AclRule.ALLOW_ALL,
                                new AclRule(Effect.DENY, Action.SUBSCRIBE, "plant/secret/#")));

        assertThat(rights.subscribe(TopicFilter.of("#"))).isEqualTo(SubscribeDecision.FILTERED);
        assertThat(rights.subscribe(TopicFilter.of("plant/open")))
                .isEqualTo(SubscribeDecision.GRANTED);
        assertThat(rights.subscribe(TopicFilter.of("plant/secret/a")))
                .isEqualTo(SubscribeDecision.DENIED);
        assertThat(rights.mayReceive(TopicName.of("plant/secret/a"))).isFalse();
        assertThat(rights.mayPublish(TopicName.of("plant/secret/a"))).isTrue();
    }

    @Test
    public void subscribe_shared_isJudgedByItsInnerFilter() {
        Permissions rights = permissions(List.of(allow(Action.SUBSCRIBE, "jobs/#")));

        assertThat(rights.subscribe(TopicFilter.of("$share/workers/jobs/a")))
                .isEqualTo(SubscribeDecision.GRANTED);
        assertThat(rights.subscribe(TopicFilter.of("$share/jobs/other")))
                .isEqualTo(SubscribeDecision.DENIED);
        assertThat(rights.subscribe(TopicFilter.of("$share/workers/#")))
                .isEqualTo(SubscribeDecision.FILTERED);
    }

    @Test
    public void subscribe_systemTopics_areNeverDenied() {
        assertThat(permissions(List.of()).subscribe(TopicFilter.of("$SYS/#")))
                .isEqualTo(SubscribeDecision.FILTERED);
        assertThat(permissions(List.of()).mayReceive(TopicName.of("$SYS/broker/version")))
                .isFalse();
    }

    @Test
    public void placeholders_standForClientIdAndUsername() {
        List<AclRule> rules =
                List.of(allow(Action.BOTH, "by-id/%c/#"), allow(Action.BOTH, "by-name/x-%u"));
        Permissions rights = permissions(rules, "unsabc", "line1");

        assertThat(rights.mayPublish(TopicName.of("by-id/unsabc/a"))).isTrue();
        assertThat(rights.mayPublish(TopicName.of("by-id/other/a"))).isFalse();
        assertThat(rights.mayPublish(TopicName.of("by-name/x-line1"))).isTrue();
        assertThat(rights.mayPublish(TopicName.of("by-name/x-%u"))).isFalse();
        assertThat(rights.subscribe(TopicFilter.of("by-id/+/a")))
                .isEqualTo(SubscribeDecision.FILTERED);
    }

    @Test
    public void placeholders_withWildcardsOrLevelsInside_neverWiden() {
        List<AclRule> rules = List.of(allow(Action.BOTH, "by-id/%c"), allow(Action.BOTH, "%u/#"));
        for (String evil : List.of("#", "+", "a/#", "a/b", "", "$SYS")) {
            Permissions rights = permissions(rules, evil, evil);
            assertThat(rights.mayPublish(TopicName.of("by-id/a"))).as(evil).isFalse();
            assertThat(rights.mayReceive(TopicName.of("by-id/a"))).as(evil).isFalse();
            assertThat(rights.mayReceive(TopicName.of("by-id/a/b"))).as(evil).isFalse();
            assertThat(rights.mayReceive(TopicName.of("other/b"))).as(evil).isFalse();
            assertThat(rights.mayReceive(TopicName.of("/b"))).as(evil).isFalse();
            assertThat(rights.mayReceive(TopicName.of("$SYS/broker/version"))).as(evil).isFalse();
        }
    }

    @Test
    public void placeholders_ofADenial_withWildcardsOrLevelsInside_stillDeny() {
        List<AclRule> rules =
                List.of(AclRule.ALLOW_ALL, new AclRule(Effect.DENY, Action.BOTH, "locked/%c/x"));

        assertThat(permissions(rules, "a/b", "u").mayPublish(TopicName.of("locked/a/b/x")))
                .isFalse();
        assertThat(permissions(rules, "a", "u").mayPublish(TopicName.of("locked/b/x"))).isTrue();
    }

    @Test
    public void reason_saysSomethingForPeople() {
        Permissions rights =
                permissions(
                        List.of(
                                AclRule.ALLOW_ALL,
                                new AclRule(Effect.DENY, Action.PUBLISH, "plant/#")));

        assertThat(rights.reason(true, "plant/a")).contains("plant/#");
        assertThat(permissions(List.of()).reason(false, "plant/a")).isNotBlank();
    }

    /** What decides about a topic for a client of the given rules. */
    protected Ruling ruling(List<AclRule> rules, Action action, String topic) {
        return authorizer()
                .ruling(
                        new Principal("p1", "test", "user1", "A test", rules, 0),
                        "client1",
                        action,
                        TopicName.of(topic))
                .orElseThrow();
    }

    @Test
    public void ruling_saysWhatThePermissionsSay() {
        List<AclRule> rules =
                List.of(
                        allow(Action.SUBSCRIBE, "plant/+/speed"),
                        allow(Action.PUBLISH, "plant/%c/#"),
                        new AclRule(Effect.DENY, Action.BOTH, "plant/secret/#"),
                        allow(Action.BOTH, "$SYS/#"));
        Permissions rights = permissions(rules);

        for (String topic :
                List.of(
                        "plant/line1/speed",
                        "plant/client1/a",
                        "plant/secret/speed",
                        "other",
                        "$SYS/broker/version")) {
            TopicName name = TopicName.of(topic);
            assertThat(ruling(rules, Action.PUBLISH, topic).allowed())
                    .as("publish " + topic)
                    .isEqualTo(rights.mayPublish(name));
            assertThat(ruling(rules, Action.SUBSCRIBE, topic).allowed())
                    .as("receive " + topic)
                    .isEqualTo(rights.mayReceive(name));
        }
    }

    @Test
    public void ruling_ofADenial_saysWhy() {
        assertThat(ruling(List.of(), Action.PUBLISH, "plant/a").detail()).isNotBlank();
    }

    private Permissions permissions(List<AclRule> rules) {
        return permissions(rules, "client1", "user1");
    }

    private static AclRule allow(Action action, String filter) {
        return new AclRule(Effect.ALLOW, action, filter);
    }
}

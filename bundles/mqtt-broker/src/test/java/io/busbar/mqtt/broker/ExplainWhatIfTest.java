package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.AclRule.Action;
import io.busbar.api.auth.Ruling;
import io.busbar.api.explain.Explanation;
import io.busbar.api.explain.Fate;
import io.busbar.api.explain.Question;
import io.busbar.api.explain.Receiver;
import io.busbar.api.explain.Remark;
import io.busbar.api.explain.WhatIf;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.storage.SubscriptionRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What would become of a message if something were changed, which is not. */
class ExplainWhatIfTest extends ExplainFixture {

    private Explanation explain(String clientId, WhatIf whatIf) {
        Message message = message("p", Qos.AT_LEAST_ONCE);
        return explain(new Question(message.topic(), message, clientId, 100, whatIf));
    }

    private static WhatIf rules(String clientId, AclRule... rules) {
        return new WhatIf(new WhatIf.Access("test:" + clientId, List.of(rules)), null);
    }

    private static WhatIf subscribing(String clientId, String filter, Qos qos) {
        return new WhatIf(
                null,
                new WhatIf.Subscribing(
                        clientId, new SubscriptionRecord(filter, qos, false, false, 0, 0), null));
    }

    private Receiver only(WhatIf whatIf, String clientId) {
        Explanation explanation = explain(clientId, whatIf);
        assertThat(explanation.audience().receivers()).containsExactly(explanation.client());
        return explanation.client();
    }

    @Test
    void ruleThatIsTakenAway_takesTheTopicAway() {
        subscriber("s", "plant/#", Qos.AT_LEAST_ONCE);

        Receiver wanted = only(rules("s", allow(Action.BOTH, "plant/line2/#")), "s");

        assertThat(wanted.fate()).isEqualTo(Fate.NO_RIGHTS);
        assertThat(wanted.ruling())
                .isEqualTo(Ruling.without(false, "no rule allows to subscribe here"));
        assertThat(only(WhatIf.NOTHING, "s").fate()).isEqualTo(Fate.SENT);
    }

    @Test
    void ruleThatIsAdded_givesIt_andIsNamed() {
        rules.put("s", List.of(allow(Action.BOTH, "plant/line2/#")));
        subscriber("s", "plant/#", Qos.AT_LEAST_ONCE);
        AclRule added = allow(Action.SUBSCRIBE, "plant/line1/+");
        assertThat(only(WhatIf.NOTHING, "s").fate()).isEqualTo(Fate.NO_RIGHTS);

        Receiver wanted = only(rules("s", rules.get("s").get(0), added), "s");

        assertThat(wanted.fate()).isEqualTo(Fate.SENT);
        assertThat(wanted.ruling()).isEqualTo(Ruling.by(added, 2));
    }

    @Test
    void rulesOfAnother_changeNothing() {
        subscriber("s", "plant/#", Qos.AT_LEAST_ONCE);

        assertThat(only(rules("t"), "s")).isEqualTo(only(WhatIf.NOTHING, "s"));
    }

    @Test
    void rulesOfThePublisher_sayWhetherItCouldPublish() {
        client("p");
        AclRule deny = deny(Action.PUBLISH, "plant/#");

        Ruling ruling = explain(null, rules("p", AclRule.ALLOW_ALL, deny)).sender().ruling();

        assertThat(ruling).isEqualTo(Ruling.by(deny, 2));
        assertThat(explain(null, WhatIf.NOTHING).sender().ruling().allowed()).isTrue();
    }

    @Test
    void subscriptionThatWasRefused_wouldBeGranted() {
        rules.put("s", List.of(allow(Action.BOTH, "other/#")));
        client("s").says(subscribe("plant/#", Qos.AT_LEAST_ONCE));

        Receiver wanted = explain("s", rules("s", AclRule.ALLOW_ALL)).client();

        assertThat(wanted.fate()).isEqualTo(Fate.SUBSCRIPTION_REFUSED);
        assertThat(remarks(wanted)).containsExactly(Remark.Code.WOULD_BE_GRANTED);
        assertThat(remarks(explain("s", rules("s", rules.get("s").get(0))).client())).isEmpty();
    }

    @Test
    void rightsOfAnAuthorizerThatMayBlock_areNotForeseen() {
        subscriber("s", "plant/#", Qos.AT_LEAST_ONCE);
        broker.gate().authorizers().bind(access, Map.of("service.ranking", 1));

        assertThatIllegalStateException()
                .isThrownBy(() -> explain("s", rules("s", AclRule.ALLOW_ALL)))
                .withMessageContaining("may block");
    }

    @Test
    void subscriptionThatIsAdded_bringsIt() {
        subscriber("s", "other/#", Qos.AT_LEAST_ONCE);

        Receiver wanted = only(subscribing("s", "plant/+/speed", Qos.AT_LEAST_ONCE), "s");

        assertThat(wanted.fate()).isEqualTo(Fate.SENT);
        assertThat(wanted.subscriptions())
                .extracting(SubscriptionRecord::filter)
                .containsExactly("plant/+/speed");
        assertThat(explain("s", WhatIf.NOTHING).client().fate())
                .isEqualTo(Fate.FILTER_DOES_NOT_MATCH);
        assertThat(broker.clients().subscriptions("s")).hasSize(1);
    }

    @Test
    void subscriptionThatIsReplaced_hasTheOtherQos() {
        subscriber("s", TOPIC, Qos.AT_LEAST_ONCE);

        Receiver wanted = only(subscribing("s", TOPIC, Qos.AT_MOST_ONCE), "s");

        assertThat(wanted.qos()).isEqualTo(Qos.AT_MOST_ONCE);
        assertThat(remarks(wanted)).containsExactly(Remark.Code.QOS_LOWERED);
    }

    @Test
    void subscriptionThatIsRemoved_bringsNothing_sharedOrNot() {
        subscriber("s", TOPIC, Qos.AT_LEAST_ONCE);
        subscriber("t", "$share/hall/plant/#", Qos.AT_LEAST_ONCE);

        Explanation alone =
                explain("s", new WhatIf(null, new WhatIf.Subscribing("s", null, TOPIC)));
        Explanation shared =
                explain(
                        "t",
                        new WhatIf(null, new WhatIf.Subscribing("t", null, "$share/hall/plant/#")));

        assertThat(alone.client().fate()).isEqualTo(Fate.NO_SUBSCRIPTIONS);
        assertThat(alone.audience().subscribers()).isEqualTo(1);
        assertThat(shared.client().fate()).isEqualTo(Fate.NO_SUBSCRIPTIONS);
        assertThat(shared.audience().receivers())
                .extracting(Receiver::clientId)
                .containsExactly("s");
    }

    @Test
    void sharedSubscription_cannotBeForeseen() {
        subscriber("s", TOPIC, Qos.AT_LEAST_ONCE);

        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> explain("s", subscribing("s", "$share/a/plant/#", Qos.AT_MOST_ONCE)))
                .withMessageContaining("$share/a/plant/#");
    }
}

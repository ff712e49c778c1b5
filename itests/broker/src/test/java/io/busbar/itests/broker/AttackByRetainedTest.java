package io.busbar.itests.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.Rejection;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PingResp;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.testkit.client.RawClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Retained Messages: too many, too large, cleared at once, asked for again and again. */
class AttackByRetainedTest extends UnderAttack {
    private static final int MOST = 20_000;
    private static final int MOST_BYTES = 4 << 20;
    private static final int WINDOW = 1_000;

    AttackByRetainedTest() {
        super(Map.of("max_retained_messages", MOST, "max_retained_bytes", (long) MOST_BYTES));
    }

    /** Retains under topics with a number; returns how they were answered. */
    private static List<ReasonCode> retain(
            RawClient publisher, int from, int count, String payload) {
        List<ReasonCode> answers = new ArrayList<>();
        for (int done = 0; done < count; done += WINDOW) {
            int some = Math.min(WINDOW, count - done);
            for (int i = 0; i < some; i++) {
                publisher.send(retain("r/" + (from + done + i), payload, Qos.AT_LEAST_ONCE, i + 1));
            }
            for (int i = 0; i < some; i++) {
                answers.add(publisher.expect(PubAck.class).reasonCode());
            }
        }
        return answers;
    }

    @Test
    void moreThanMayBeRetained_areRefused_theOthersStay_andClearingMakesRoom() {
        RawClient publisher = connected("attacker");
        assertThat(retain(publisher, 0, MOST, "x")).noneMatch(ReasonCode::isError);

        assertThat(retain(publisher, MOST, 2_000, "x")).containsOnly(ReasonCode.QUOTA_EXCEEDED);

        assertThat(stats().messages().retained()).isEqualTo(MOST);
        assertThat(refusals(Rejection.Cause.RETAINED_FULL)).isPositive();
        assertThat(broker.running().broker().rejections().total()).isEqualTo(2_000);
        assertThat(retain(publisher, 7, 1, "replaced")).noneMatch(ReasonCode::isError);
        assertThat(text(subscribed("reader", "r/7", Qos.AT_MOST_ONCE).expect(Publish.class)))
                .isEqualTo("replaced");
        assertThat(retain(publisher, 8, 1, "")).noneMatch(ReasonCode::isError);
        assertThat(retain(publisher, MOST, 1, "x")).noneMatch(ReasonCode::isError);
        served();
        assertMemoryBelow(32);
    }

    @Test
    void largerThanMayBeRetained_areRefused_theOthersStay_andClearingMakesRoom() {
        RawClient publisher = connected("attacker");
        String large = "x".repeat(64 << 10);
        int fit = MOST_BYTES / large.length();
        assertThat(retain(publisher, 0, fit, large)).noneMatch(ReasonCode::isError);

        assertThat(retain(publisher, fit, 200, large)).containsOnly(ReasonCode.QUOTA_EXCEEDED);

        assertThat(stats().messages().retained()).isEqualTo(fit);
        assertThat(refusals(Rejection.Cause.RETAINED_FULL)).isEqualTo(200);
        assertThat(retain(publisher, 7, 1, large + "x")).containsOnly(ReasonCode.QUOTA_EXCEEDED);
        assertThat(retain(publisher, 7, 1, "")).noneMatch(ReasonCode::isError);
        assertThat(retain(publisher, fit, 1, large)).noneMatch(ReasonCode::isError);
        served();
        assertMemoryBelow(32);
    }

    @Test
    void clearingAThousand_atOnce_reachesEverybody() {
        RawClient publisher = connected("publisher");
        retain(publisher, 0, 1_000, "x");
        RawClient watcher = subscribed("watcher", "r/#", Qos.AT_MOST_ONCE);
        for (int i = 0; i < 1_000; i++) {
            watcher.expect(Publish.class);
        }

        for (int i = 0; i < 1_000; i++) {
            publisher.send(retain("r/" + i, "", Qos.AT_MOST_ONCE, 0));
        }

        for (int i = 0; i < 1_000; i++) {
            Publish cleared = watcher.expect(Publish.class);
            assertThat(cleared.topic().value()).isEqualTo("r/" + i);
            assertThat(cleared.payload()).isEmpty();
        }
        assertThat(stats().messages().retained()).isZero();
    }

    @Test
    void subscribingAgainAndAgain_withoutReading_costsLittle() {
        retain(connected("publisher"), 0, MOST, "x".repeat(100));
        attackBegins();
        List<RawClient> deaf = new ArrayList<>();
        for (int c = 0; c < 5; c++) {
            RawClient client = connected("attacker" + c);
            deaf.add(client);
            for (int i = 0; i < 1_000; i++) {
                client.send(subscribe("#"), subscribe("r/#"), subscribe("+/+"));
            }
        }

        for (int i = 0; i < 5; i++) {
            served();
        }
        assertMemoryBelow(48);

        // Whoever reads again gets what it asked for.
        RawClient again = deaf.get(0).send(PingReq.INSTANCE);
        int messages = 0;
        boolean answered = false;
        while (messages < MOST || !answered) {
            Object packet = again.next(Duration.ofSeconds(10));
            assertThat(packet).isInstanceOfAny(Publish.class, SubAck.class, PingResp.class);
            messages += packet instanceof Publish ? 1 : 0;
            answered |= packet instanceof PingResp;
        }
    }

    @Test
    void searchThatFindsNothing_amongMany_letsOthersHaveTheirTurn() {
        retain(connected("publisher"), 0, MOST, "x");
        RawClient client = connected("attacker");
        for (int i = 0; i < 2_000; i++) {
            client.send(subscribe("+/+/nothing"));
        }

        served();
        for (int i = 0; i < 2_000; i++) {
            client.expect(SubAck.class);
        }
    }
}

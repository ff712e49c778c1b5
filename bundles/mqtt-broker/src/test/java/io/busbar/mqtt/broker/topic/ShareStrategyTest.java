package io.busbar.mqtt.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Routed;
import io.busbar.mqtt.broker.delivery.Subscriber;
import io.busbar.mqtt.broker.loop.Congestion;
import io.busbar.mqtt.broker.loop.Loop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShareStrategyTest {
    private final Member first = new Member();
    private final Member second = new Member();
    private final Member third = new Member();

    private static final class Member implements Subscriber {
        private int readiness = READY;

        @Override
        public Loop loop() {
            return null;
        }

        @Override
        public void deliver(Loop at, Routed message, Match match) {}

        @Override
        public Congestion congestion() {
            return null;
        }

        @Override
        public boolean isDurable() {
            return false;
        }

        @Override
        public int readiness() {
            return readiness;
        }

        @Override
        public boolean isClient() {
            return true;
        }
    }

    private ShareGroup group(ShareStrategy strategy) {
        ShareGroup group = new ShareGroup("$share/g/t", "g", strategy);
        for (Member member : List.of(first, second, third)) {
            group.add(
                    new Subscription(
                            TopicFilter.of("$share/g/a"),
                            member,
                            Qos.AT_LEAST_ONCE,
                            false,
                            false,
                            0,
                            0));
        }
        return group;
    }

    private static Message message(String publisher) {
        return new Message(
                TopicName.of("a"),
                new byte[0],
                Qos.AT_LEAST_ONCE,
                false,
                MessageProperties.NONE,
                new Publisher("id", "", publisher, null),
                0);
    }

    private static Subscriber choose(ShareGroup group, String publisher) {
        Match match = group.choose(message(publisher), null);
        return match == null ? null : match.subscriber();
    }

    @ParameterizedTest
    @EnumSource(names = "RANDOM", mode = EnumSource.Mode.EXCLUDE)
    void next_asOftenAsAnybodyAsks_isWhoGetsTheMessageThen(ShareStrategy strategy) {
        ShareGroup group = group(strategy);

        for (int i = 0; i < 30; i++) {
            first.readiness = i % 7 == 0 ? Subscriber.GONE : Subscriber.READY;
            second.readiness = i % 5 == 0 ? Subscriber.SLOW : Subscriber.READY;
            Message message = message("p" + i % 4);
            Subscriber foretold = group.next(message).subscriber();
            assertThat(group.next(message).subscriber()).isSameAs(foretold);
            assertThat(group.choose(message, null).subscriber()).isSameAs(foretold);
        }
        assertThat(group.isForeseeable()).isTrue();
    }

    @Test
    void next_atRandom_isNotKnown() {
        ShareGroup group = group(ShareStrategy.RANDOM);

        assertThat(group.next(message("p"))).isNull();
        assertThat(group.isForeseeable()).isFalse();
    }

    @Test
    void next_withoutMembersThatTakeIt_isNobody() {
        ShareGroup group = group(ShareStrategy.ROUND_ROBIN);
        for (Member member : List.of(first, second, third)) {
            member.readiness = Subscriber.GONE;
        }

        assertThat(group.next(message("p"))).isNull();
    }

    private static List<Subscriber> choose(ShareGroup group, int times) {
        List<Subscriber> chosen = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            chosen.add(choose(group, "p"));
        }
        return chosen;
    }

    @Test
    void roundRobin_manyMessages_membersTakeTurns() {
        ShareGroup group = group(ShareStrategy.ROUND_ROBIN);

        assertThat(choose(group, 4)).containsExactly(first, second, third, first);
    }

    @Test
    void random_manyMessages_everyMemberGetsSome() {
        ShareGroup group = group(ShareStrategy.RANDOM);

        assertThat(choose(group, 1_000)).contains(first, second, third);
    }

    @Test
    void sticky_memberBusy_theNextKeepsTheMessagesAfterwards() {
        ShareGroup group = group(ShareStrategy.STICKY);
        assertThat(choose(group, 2)).containsExactly(first, first);

        first.readiness = Subscriber.GONE;
        assertThat(choose(group, 2)).containsExactly(second, second);

        first.readiness = Subscriber.READY;
        assertThat(choose(group, 2)).containsExactly(second, second);
    }

    @Test
    void sticky_memberBeforeLeaves_staysWithItsMember() {
        ShareGroup group = group(ShareStrategy.STICKY);
        first.readiness = Subscriber.GONE;
        assertThat(choose(group, 1)).containsExactly(second);

        group.remove(first);

        assertThat(choose(group, 2)).containsExactly(second, second);
    }

    @Test
    void publisher_manyPublishers_eachHasItsMemberAndAllMembersWork() {
        ShareGroup group = group(ShareStrategy.PUBLISHER);
        Set<Subscriber> all = new HashSet<>();

        for (int i = 0; i < 100; i++) {
            Subscriber member = choose(group, "client-" + i);
            assertThat(choose(group, "client-" + i)).isSameAs(member);
            all.add(member);
        }

        assertThat(all).containsExactlyInAnyOrder(first, second, third);
    }

    @ParameterizedTest
    @EnumSource(ShareStrategy.class)
    void choose_oneMemberTakesMessages_getsThemAll(ShareStrategy strategy) {
        ShareGroup group = group(strategy);
        first.readiness = Subscriber.GONE;
        third.readiness = Subscriber.GONE;

        assertThat(choose(group, 20)).containsOnly(second);
    }

    @ParameterizedTest
    @EnumSource(ShareStrategy.class)
    void of_itsOwnName_isTheStrategy(ShareStrategy strategy) {
        assertThat(ShareStrategy.of(strategy.toString())).isEqualTo(strategy);
    }

    @Test
    void of_anotherName_saysWhatIsExpected() {
        assertThatThrownBy(() -> ShareStrategy.of("hash"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("round-robin, random, sticky, publisher");
    }
}

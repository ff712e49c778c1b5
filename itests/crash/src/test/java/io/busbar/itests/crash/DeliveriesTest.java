package io.busbar.itests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.TopicFilter;
import io.busbar.itests.crash.Fault.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeliveriesTest {
    private final List<Publication> messages = new ArrayList<>();
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final List<Receipt> receipts = new ArrayList<>();
    private Map<String, Long> settled = Map.of();

    @Test
    void everythingDelivered_nothingIsWrong() {
        subscribed("s", "t/#", 0);
        published(1, 2, 10);
        published(2, 1, 20);
        received("s", 1, 2, false, 1, 0);
        received("s", 2, 1, false, 1, 0);

        assertThat(faults()).isEmpty();
    }

    @Test
    void acknowledgedMessageDidNotCome_isLost() {
        subscribed("s", "t/#", 0);
        published(1, 1, 10);

        assertThat(faults()).containsExactly(Kind.LOST);
    }

    @Test
    void qos2MessageThatWasOnItsWayWhenTheServerWasKilled_isTwiceInCrash() {
        subscribed("s", "t/#", 0);
        published(1, 2, 10).sent(12);
        received("s", 1, 2, false, 1, 1);
        received("s", 1, 2, false, 1, 1);
        assertThat(faults()).containsExactly(Kind.TWICE_IN_CRASH);

        received("s", 1, 2, false, 1, 1);
        assertThat(faults()).containsExactly(Kind.DOUBLE);
    }

    @Test
    void messageThatIsNotAcknowledged_mayComeOrNot() {
        subscribed("s", "t/#", 0);
        sent(1, 1, 10);
        sent(2, 2, 20);
        received("s", 2, 2, false, 1, 0);

        assertThat(faults()).isEmpty();
    }

    @Test
    void subscriptionNotAcknowledgedYet_mayMissMessages() {
        subscriptions.add(new Subscription("s", TopicFilter.of("t/#"), 1, 5));
        published(1, 1, 10);

        assertThat(faults()).isEmpty();
    }

    @Test
    void sessionThatEndedAsItShould_missesNothing() {
        subscribed("s", "t/#", 0).forget();
        published(1, 1, 10);

        assertThat(faults()).isEmpty();
    }

    @Test
    void twiceAtQos2_isDouble() {
        subscribed("s", "t/#", 0);
        published(1, 2, 10);
        received("s", 1, 2, false, 1, 0);
        received("s", 1, 2, true, 2, 1);

        assertThat(faults()).containsExactly(Kind.DOUBLE);
    }

    @Test
    void twiceAtQos1WithoutReason_isDouble() {
        subscribed("s", "t/#", 0);
        published(1, 1, 10);
        received("s", 1, 1, false, 1, 0);
        received("s", 1, 1, false, 2, 0);

        assertThat(faults()).containsExactly(Kind.DOUBLE);
    }

    @Test
    void twiceAtQos1_dupOnTheSameConnectionIsNoReason() {
        subscribed("s", "t/#", 0);
        published(1, 1, 10);
        received("s", 1, 1, false, 1, 0);
        received("s", 1, 1, true, 1, 0);

        assertThat(faults()).containsExactly(Kind.DOUBLE);
    }

    @Test
    void twiceAtQos1_withDupOrAfterCrashOrPublishedTwice_isAllowed() {
        subscribed("s", "t/#", 0);
        published(1, 1, 10);
        received("s", 1, 1, false, 1, 0);
        received("s", 1, 1, true, 2, 0);
        published(2, 1, 20);
        received("s", 2, 1, false, 2, 0);
        received("s", 2, 1, false, 3, 1);
        published(3, 1, 30).sent(35);
        received("s", 3, 1, false, 3, 1);
        received("s", 3, 1, false, 3, 1);
        received("s", 3, 1, true, 4, 1);
        received("s", 3, 1, true, 4, 1);

        assertThat(faults()).isEmpty();
    }

    @Test
    void laterMessageFirst_isOutOfOrder() {
        subscribed("s", "t/#", 0);
        published(1, 1, 10);
        published(2, 1, 20);
        received("s", 2, 1, false, 1, 0);
        received("s", 1, 1, false, 1, 0);

        assertThat(faults()).containsExactly(Kind.ORDER);
    }

    @Test
    void sentAgainByItsPublisher_isOutOfOrderOnlyForWhoHadToGetTheFirst() {
        Publication twice = published(1, 1, 10);
        twice.sent(30);
        twice.completed(31);
        subscribed("late", "t/#", 15);
        subscribed("member", "$share/g/t/#", 0);
        published(2, 1, 20);
        received("late", 2, 1, false, 1, 0);
        received("late", 1, 1, false, 1, 0);
        received("member", 2, 1, false, 2, 0);
        received("member", 1, 1, false, 2, 0);
        assertThat(faults()).isEmpty();

        subscribed("s", "t/#", 0);
        received("s", 2, 1, false, 3, 0);
        received("s", 1, 1, false, 3, 0);
        assertThat(faults()).containsExactly(Kind.ORDER);
    }

    @Test
    void redeliveredInOrder_isAllowed() {
        subscribed("s", "t/#", 0);
        published(1, 1, 10);
        published(2, 1, 20);
        received("s", 1, 1, false, 1, 0);
        received("s", 2, 1, false, 1, 0);
        received("s", 1, 1, true, 2, 0);
        received("s", 2, 1, true, 2, 0);

        assertThat(faults()).isEmpty();
    }

    @Test
    void redeliveredInAnotherOrder_isOutOfOrder() {
        subscribed("s", "t/#", 0);
        published(1, 1, 10);
        published(2, 1, 20);
        received("s", 1, 1, false, 1, 0);
        received("s", 2, 1, false, 1, 0);
        received("s", 2, 1, true, 2, 0);
        received("s", 1, 1, true, 2, 0);

        assertThat(faults()).containsExactly(Kind.ORDER);
    }

    @Test
    void publishedAfterUnsuback_isGhost() {
        Subscription subscription = subscribed("s", "t/#", 0);
        subscription.endRequested(5);
        subscription.ended(6);
        published(1, 1, 10);
        received("s", 1, 1, false, 1, 0);

        assertThat(faults()).containsExactly(Kind.GHOST_MESSAGE);
    }

    @Test
    void completedBeforeSubscribe_isGhost() {
        published(1, 1, 10);
        subscribed("s#2", "t/#", 20);
        received("s#2", 1, 1, false, 1, 0);

        assertThat(faults()).containsExactly(Kind.GHOST_MESSAGE);
    }

    @Test
    void neverPublished_isGhost() {
        subscribed("s", "t/#", 0);
        received("s", 7, 1, false, 1, 0);

        assertThat(faults()).containsExactly(Kind.GHOST_MESSAGE);
    }

    @Test
    void whatWasSettledComesAgainAtQos2_isDouble() {
        subscribed("s", "t/#", 0);
        settled = Map.of("p", 7L);
        received("s", 7, 2, true, 1, 1);

        assertThat(faults()).containsExactly(Kind.DOUBLE);
    }

    @Test
    void whatWasSettledComesAgainAtQos1AfterCrash_isAllowed() {
        subscribed("s", "t/#", 0);
        settled = Map.of("p", 7L);
        received("s", 7, 1, true, 1, 1);

        assertThat(faults()).isEmpty();
    }

    @Test
    void sharedAtQos2ToTwoMembers_isDouble() {
        subscribed("a", "$share/g/t/#", 0);
        subscribed("b", "$share/g/t/#", 0);
        published(1, 2, 10);
        received("a", 1, 2, false, 1, 0);
        received("b", 1, 2, false, 1, 0);

        assertThat(faults()).containsExactly(Kind.DOUBLE);
    }

    @Test
    void sharedToOneMember_isEnough() {
        subscribed("a", "$share/g/t/#", 0);
        subscribed("b", "$share/g/t/#", 0);
        published(1, 2, 10);
        received("b", 1, 2, false, 1, 0);

        assertThat(faults()).isEmpty();
    }

    @Test
    void sharedToNobody_isLostOnce() {
        subscribed("a", "$share/g/t/#", 0);
        subscribed("b", "$share/g/t/#", 0);
        published(1, 2, 10);

        assertThat(faults()).containsExactly(Kind.LOST);
    }

    private List<Kind> faults() {
        return new Deliveries(messages, subscriptions, receipts, settled, 0)
                .faults().stream().map(Fault::kind).toList();
    }

    private Subscription subscribed(String session, String filter, long now) {
        Subscription subscription = new Subscription(session, TopicFilter.of(filter), 2, now);
        subscription.acknowledged(now + 1);
        subscriptions.add(subscription);
        return subscription;
    }

    private Publication sent(long number, int qos, long now) {
        Publication message = new Publication(new Publication.Id("p", number), "t/x", qos);
        message.sent(now);
        messages.add(message);
        return message;
    }

    private Publication published(long number, int qos, long now) {
        Publication message = sent(number, qos, now);
        message.completed(now + 1);
        return message;
    }

    private void received(
            String session, long number, int qos, boolean dup, long connection, int life) {
        receipts.add(
                new Receipt(
                        session,
                        new Publication.Id("p", number),
                        "t/x",
                        qos,
                        dup,
                        connection,
                        life,
                        receipts.size()));
    }
}

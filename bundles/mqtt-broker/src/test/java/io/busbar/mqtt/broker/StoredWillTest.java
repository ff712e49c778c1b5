package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.audit.Actor;
import io.busbar.api.mqtt.Qos;
import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.storage.HeldStore;
import org.junit.jupiter.api.Test;

/** After a restart, a will that waits is in the store alone, until it is due. */
class StoredWillTest extends BrokerFixture {
    private static final long DELAY_SECONDS = 10;
    private static final long EXPIRY_SECONDS = 30;

    private final HeldStore held = HeldStore.losing(new MemoryStore());
    private FakeLink watcher;

    StoredWillTest() {
        store = held;
    }

    private FakeLink dying(boolean clean) {
        return connected(
                connect(
                        "d",
                        clean,
                        will("will", DELAY_SECONDS),
                        properties(EXPIRY_SECONDS, 10, 10_000)));
    }

    /** A client has died, and the server has started again. */
    private void restarted() {
        dying(false).lose();
        settle();
        stopBroker();
        startBroker();
        settle();
        watcher = subscriber("w", "will", Qos.AT_LEAST_ONCE);
    }

    @Test
    void will_isReadOnceWhenItIsDue() {
        restarted();
        int before = held.reads();

        advance(9_000);
        assertThat(held.reads()).isEqualTo(before);
        advance(2_000);

        assertThat(watcher.texts()).containsExactly("gone");
        assertThat(held.reads()).isEqualTo(before + 1);
        assertThat(broker.stats().sessions().offline()).isEqualTo(1);
    }

    @Test
    void will_thatCannotBeRead_isReadAgainSomeSecondsLater() {
        restarted();
        held.unreadable(true);
        int before = held.reads();

        advance(11_000);
        assertThat(held.reads()).isEqualTo(before + 1);
        advance(3_000);
        assertThat(held.reads()).isEqualTo(before + 1);
        held.unreadable(false);
        advance(2_000);

        assertThat(watcher.texts()).containsExactly("gone");
        assertThat(held.reads()).isEqualTo(before + 2);
    }

    @Test
    void will_thatCannotBeReadWhenItsSessionExpires_isSentWhenItCan() {
        restarted();
        held.unreadable(true);
        advance(EXPIRY_SECONDS * 1_000 + 1_000);
        assertThat(watcher.texts()).isEmpty();
        held.unreadable(false);

        advance(6_000);

        assertThat(watcher.texts()).containsExactly("gone");
        assertThat(held.sessions()).isZero();
    }

    @Test
    void will_ofASessionThatSomebodyEnds_isSent() {
        restarted();

        broker.clients().endSession("d", "enough", Actor.SERVER);
        settle();

        assertThat(watcher.texts()).containsExactly("gone");
        assertThat(held.sessions()).isZero();
    }

    @Test
    void session_thatSomebodyEnds_endsAlsoIfItsWillCannotBeRead() {
        restarted();
        held.unreadable(true);

        broker.clients().endSession("d", "enough", Actor.SERVER);
        settle();
        held.unreadable(false);
        advance(60_000);

        assertThat(watcher.texts()).isEmpty();
        assertThat(held.sessions()).isZero();
    }

    @Test // [MQTT5-3.1.3-9]
    void will_isNotSent_ifTheClientIsBackBeforeItCouldBeRead() {
        restarted();
        held.unreadable(true);
        advance(11_000);
        held.unreadable(false);

        dying(false);
        advance(60_000);

        assertThat(watcher.texts()).isEmpty();
    }

    @Test // [MQTT5-3.1.2-4]
    void will_isSentIfTheClientStartsClean() {
        restarted();

        dying(true);

        assertThat(watcher.texts()).containsExactly("gone");
        assertThat(broker.stats().sessions().offline()).isZero();
        assertThat(held.sessions()).isEqualTo(1);
    }
}

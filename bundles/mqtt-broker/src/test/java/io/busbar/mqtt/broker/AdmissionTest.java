package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.audit.Actor;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.StorageException;
import io.busbar.api.transfer.BrokerState;
import io.busbar.testkit.time.Await;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A session from elsewhere that the broker does not come to in time. */
class AdmissionTest extends BrokerFixture {
    @Test
    void session_thatIsNotWaitedForAnyMore_comesWithTheNextStart() throws Exception {
        BrokerState.Arrivals arrivals = broker.state().arrivals(false, false, Actor.SERVER);
        BrokerState.Arrival arrival =
                arrivals.begin(new SessionRecord(1, "c", "x", "", 1_000_000, 1, 0, null, 0));
        AtomicReference<Exception> failure = new AtomicReference<>();
        Thread importing =
                new Thread(
                        () -> {
                            try (arrivals) {
                                arrival.complete(() -> {});
                                arrivals.settle();
                            } catch (StorageException late) {
                                failure.set(late);
                            }
                        });
        importing.start();
        Await.until(() -> importing.getState() == Thread.State.TIMED_WAITING);
        importing.interrupt();
        importing.join();
        assertThat(failure).hasValueMatching(StorageException.class::isInstance);

        settle();
        assertThat(broker.clients().session("c")).isEmpty();

        broker.close();
        startBroker();
        settle();
        assertThat(broker.clients().session("c")).isPresent();
    }
}

package io.busbar.mqtt.broker.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.storage.DeliveryMark;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What several shards and loops have of a message is put together, and not mixed up. */
class ServedTest {
    private final Unanswered unanswered = new Unanswered();

    private static DeliveryMark mark(int packetId, int digest, long session, String... shares) {
        return new DeliveryMark(0, 1, 1, packetId, digest, new long[] {session}, List.of(shares));
    }

    @Test
    void served_isWhatAllMarksOfTheMessageName() {
        unanswered.add(0, 1, mark(7, 3, 100, "$share/g/t"));
        unanswered.add(0, 2, mark(7, 3, 101));
        unanswered.add(5, 1, mark(7, 3, 200));
        unanswered.add(5, 2, mark(8, 3, 201, "$share/h/t"));

        Served served = unanswered.served(7, 3);

        assertThat(served).isNotNull();
        assertThat(served.has(0, 100)).isTrue();
        assertThat(served.has(0, 101)).isTrue();
        assertThat(served.has(5, 200)).isTrue();
        assertThat(served.has(5, 100)).as("another shard").isFalse();
        assertThat(served.has(5, 201)).as("another message").isFalse();
        assertThat(served.has("$share/g/t")).isTrue();
        assertThat(served.has("$share/h/t")).isFalse();
    }

    @Test
    void otherMessage_withTheIdentifier_isServedToNobody() {
        unanswered.add(0, 1, mark(7, 3, 100));
        unanswered.add(0, 2, mark(7, 4, 101));

        assertThat(unanswered.served(7, 5)).isNull();
        assertThat(unanswered.served(9, 3)).isNull();
        assertThat(unanswered.served(7, 4)).isNotNull();
        assertThat(unanswered.served(7, 4).has(0, 100)).isFalse();
    }
}

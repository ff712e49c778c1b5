package io.busbar.mqtt.transport.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.Rejection;
import io.busbar.api.memory.MemoryArea;
import io.busbar.memory.ProcessMemory;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private long now = Long.MAX_VALUE - 5; // A clock may turn over.
    private final Places total = new Places(3);
    private final Admission admission =
            new Admission(
                    total,
                    new ProcessMemory(1L << 30, 1L << 30, Clock.systemUTC())
                            .open(MemoryArea.HEAP, "connections", 100, null),
                    () -> now);

    private static InetAddress address(String text) {
        return NetUtil.createInetAddressFromIpAddressString(text);
    }

    private Admission.Seat from(String text) {
        Admission.Seat seat = admission.seat();
        seat.at(address(text));
        return seat;
    }

    @Test
    void memory_isShort_letsInFewOfAnAddress() {
        ProcessMemory memory = new ProcessMemory(32L << 20, 32L << 20, Clock.systemUTC());
        Admission small =
                new Admission(
                        new Places(1_000),
                        memory.open(MemoryArea.HEAP, "connections", 60, null),
                        () -> now);
        memory.open(MemoryArea.HEAP, "others", 100, null).add(30L << 20);
        InetAddress gateway = address("10.0.0.1");

        for (int i = 0; i < 64; i++) {
            Admission.Seat seat = small.seat();
            seat.at(gateway);
            assertThat(seat.refusal()).as("connection %d", i).isNull();
        }
        Admission.Seat oneMore = small.seat();
        oneMore.at(gateway);

        assertThat(oneMore.refusal()).isEqualTo(Rejection.Cause.MEMORY_FULL);
    }

    /** What only passes has used up all for a moment: nobody who comes is to blame. */
    @Test
    void memory_isUsedUp_letsInTheFirst() {
        ProcessMemory memory = new ProcessMemory(32L << 20, 32L << 20, Clock.systemUTC());
        Admission small =
                new Admission(
                        new Places(1_000),
                        memory.open(MemoryArea.HEAP, "connections", 60, null),
                        () -> now);
        memory.open(MemoryArea.HEAP, "passing", 100, null).add(33L << 20);

        int in = 0;
        while (small.seat().refusal() == null) {
            in++;
        }

        assertThat(in).isBetween(300, 350);
    }

    @Test
    void total_isFull_refusesUntilOneLeaves() {
        Admission.Seat first = admission.seat();
        admission.seat();
        admission.seat();

        assertThat(admission.seat().refusal()).isEqualTo(Rejection.Cause.LISTENER_FULL);
        first.leave();
        first.leave();

        assertThat(total.taken()).isEqualTo(2);
        assertThat(admission.seat().refusal()).isNull();
        assertThat(admission.refused()).isEqualTo(1);
    }

    @Test
    void listener_isFull_takesNoPlaceOfTheOthers() {
        admission.limits(new AdmissionLimits(1, 0, 0));
        admission.seat();

        assertThat(admission.seat().refusal()).isEqualTo(Rejection.Cause.LISTENER_FULL);
        assertThat(total.taken()).isEqualTo(1);
    }

    @Test
    void address_hasItsShare_othersHaveTheirs() {
        admission.limits(new AdmissionLimits(0, 1, 0));
        Admission.Seat first = from("10.0.0.1");

        assertThat(first.refusal()).isNull();
        assertThat(from("10.0.0.1").refusal()).isEqualTo(Rejection.Cause.LISTENER_FULL);
        assertThat(total.taken()).isEqualTo(1);
        assertThat(from("10.0.0.2").refusal()).isNull();
        first.leave();
        assertThat(from("10.0.0.1").refusal()).isNull();
    }

    @Test
    void addressOfVersion6_countsWithItsNetwork() {
        admission.limits(new AdmissionLimits(0, 1, 0));

        assertThat(from("2001:db8:0:1::1").refusal()).isNull();
        assertThat(from("2001:db8:0:1::2").refusal()).isEqualTo(Rejection.Cause.LISTENER_FULL);
        assertThat(from("2001:db8:0:2::1").refusal()).isNull();
    }

    @Test
    void rate_lastsForABurstOfOneSecond_andFillsUpAgain() {
        total.limit(0);
        admission.limits(new AdmissionLimits(0, 0, 10));
        for (int i = 0; i < 10; i++) {
            assertThat(admission.seat().refusal()).isNull();
        }

        assertThat(admission.seat().refusal()).isEqualTo(Rejection.Cause.CONNECT_RATE);
        now += TimeUnit.MILLISECONDS.toNanos(100);

        assertThat(admission.seat().refusal()).isNull();
        assertThat(admission.seat().refusal()).isEqualTo(Rejection.Cause.CONNECT_RATE);
        now += TimeUnit.HOURS.toNanos(1);
        for (int i = 0; i < 10; i++) {
            assertThat(admission.seat().refusal()).isNull();
        }
        assertThat(admission.seat().refusal()).isEqualTo(Rejection.Cause.CONNECT_RATE);
    }

    @Test
    void answers_toThoseWhoAreRefused_areBounded() {
        total.limit(1);
        admission.seat();
        Admission.Seat told = admission.seat();
        assertThat(told.mayBeTold()).isTrue();
        int more = 0;
        while (admission.seat().mayBeTold()) {
            more++;
        }

        assertThat(more).isEqualTo(63);
        told.leave();
        assertThat(admission.seat().mayBeTold()).isTrue();
    }
}

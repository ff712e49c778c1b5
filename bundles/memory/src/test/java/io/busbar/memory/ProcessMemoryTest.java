package io.busbar.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryHolder;
import io.busbar.api.memory.MemoryShortage;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProcessMemoryTest {
    private static final long MAXIMUM = 256L << 20;
    private static final long STEP = 64 << 10;

    private final ProcessMemory memory = new ProcessMemory(MAXIMUM, MAXIMUM, Clock.systemUTC());

    @AfterEach
    void stop() {
        memory.close();
    }

    private MemoryAccount heap(String kind) {
        return memory.open(MemoryArea.HEAP, kind, 100, null);
    }

    private static long fill(MemoryAccount account) {
        long held = 0;
        while (account.take(held, STEP)) {
            held += STEP;
        }
        return held;
    }

    @Test
    void oneGreedyHolder_leavesRoomForOthers() {
        long held = fill(heap("queues"));

        assertThat(held).isBetween(MAXIMUM * 7 / 10, MAXIMUM * 8 / 10);
        assertThat(heap("others").take(0, MAXIMUM / 16)).isTrue();
    }

    @Test
    void manyGreedyHolders_shareAndLeaveRoomForSmallOnes() {
        MemoryAccount account = heap("queues");
        long[] held = new long[50];
        for (boolean grown = true; grown; ) {
            grown = false;
            for (int i = 0; i < held.length; i++) {
                if (account.take(held[i], STEP)) {
                    held[i] += STEP;
                    grown = true;
                }
            }
        }

        for (long each : held) {
            assertThat(each).as("like the others").isBetween(held[0] - STEP, held[0] + STEP);
        }
        assertThat(memory.use(MemoryArea.HEAP).usedBytes()).isLessThan(MAXIMUM * 7 / 8);
        assertThat(account.take(0, 8 << 10)).as("somebody who holds little").isTrue();
    }

    @Test
    void whoHoldsLittle_getsTheLastPart_theLessTheLessIsLeft() {
        MemoryAccount forced = heap("forced");
        forced.add(MAXIMUM - (4 << 20));

        assertThat(forced.take(STEP, 1_000)).as("holds much").isFalse();
        assertThat(forced.take(16 << 10, 1_000)).as("holds too much for the rest").isFalse();
        assertThat(forced.take(8 << 10, 1_000)).as("holds little").isTrue();
        forced.add(3 << 20);
        assertThat(forced.take(8 << 10, 1_000)).as("holds too much for less of it").isFalse();
        assertThat(forced.take(0, 3 << 10)).as("holds nothing").isTrue();
        forced.add(1 << 20);
        assertThat(forced.take(0, 1)).as("more than there is").isFalse();
    }

    @Test
    void manyWhoHoldLittle_leaveRoomForWhoComesIn() {
        MemoryAccount account = heap("sessions");
        heap("forced").add(MAXIMUM - MAXIMUM / 8);
        long[] held = new long[1_000];
        for (boolean grown = true; grown; ) {
            grown = false;
            for (int i = 0; i < held.length; i++) {
                if (account.take(held[i], 500)) {
                    held[i] += 500;
                    grown = true;
                }
            }
        }

        assertThat(account.bytes()).as("the last part is used").isGreaterThan(MAXIMUM / 16);
        for (int i = 0; i < 500; i++) {
            assertThat(account.take(0, 8 << 10)).as("client %d that comes in", i).isTrue();
        }
    }

    /** What is counted without asking does not use up what is left for those who hold little. */
    @Test
    void whatIsKeptForAnAccount_isLeftFreeByTheGreedy() {
        MemoryAccount passing = heap("passing");
        passing.keepFree(MAXIMUM / 8);
        MemoryAccount account = heap("queues");
        for (int i = 0; i < 20; i++) {
            fill(account);
        }

        passing.add(MAXIMUM / 8);

        assertThat(memory.use(MemoryArea.HEAP).usedBytes())
                .isBetween(MAXIMUM * 3L / 4, MAXIMUM * 15L / 16);
        assertThat(account.hasRoom(0, 100)).isTrue();
        passing.close();
        assertThat(fill(account)).as("it is there for others again").isPositive();
    }

    @Test
    void whatNobodyPaysFor_leavesRoomForWhoComesIn() {
        MemoryAccount nodes = heap("nodes");
        for (int i = 0; i < MAXIMUM / 500; i++) {
            nodes.take(MemoryAccount.COMMON, 500);
        }

        assertThat(nodes.bytes()).as("most of it is used").isGreaterThan(MAXIMUM * 9 / 10);
        assertThat(heap("sessions").take(0, 4 << 10)).isTrue();
    }

    @Test
    void kind_leavesRoomForOtherKinds_howeverManyHoldIt() {
        MemoryAccount half = memory.open(MemoryArea.HEAP, "half", 50, null);
        for (int i = 0; i < 100_000; i++) {
            half.take(0, 32 << 10);
        }

        assertThat(half.bytes()).isBetween(MAXIMUM * 4 / 10, MAXIMUM / 2);
        assertThat(heap("others").take(0, MAXIMUM / 4)).isTrue();
    }

    @Test
    void whatIsGivenBack_isThereForOthers() {
        MemoryAccount account = heap("queues");
        long held = fill(account);
        account.add(-held);

        assertThat(account.bytes()).isZero();
        assertThat(fill(account)).isEqualTo(held);

        account.close();
        assertThat(memory.use(MemoryArea.HEAP).usedBytes()).isZero();
        account.add(100);
        assertThat(memory.use(MemoryArea.HEAP).usedBytes()).as("closed").isZero();
    }

    @Test
    void areas_areCountedApart() {
        fill(heap("queues"));

        MemoryAccount direct = memory.open(MemoryArea.DIRECT, "backlogs", 100, null);
        assertThat(direct.take(0, MAXIMUM / 2)).isTrue();
        assertThat(memory.use(MemoryArea.DIRECT).kinds())
                .containsOnly(java.util.Map.entry("backlogs", MAXIMUM / 2));
    }

    @Test
    void shortage_makesTheLargestGiveBack_untilThereIsRoom() throws Exception {
        AtomicLong large = new AtomicLong(MAXIMUM / 2);
        AtomicLong small = new AtomicLong(MAXIMUM / 4);
        CountDownLatch done = new CountDownLatch(1);
        MemoryAccount[] accounts = new MemoryAccount[2];
        accounts[0] =
                memory.open(
                        MemoryArea.HEAP,
                        "small",
                        100,
                        () -> holder("small one", small, accounts[0], () -> {}));
        accounts[1] =
                memory.open(
                        MemoryArea.HEAP,
                        "large",
                        100,
                        () -> holder("large one", large, accounts[1], done::countDown));
        accounts[0].add(small.get());
        accounts[1].add(large.get());
        MemoryAccount fixed = heap("fixed");

        fixed.add(MAXIMUM / 4 - 1000);

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(accounts[1].bytes()).isZero();
        assertThat(accounts[0].bytes()).as("need not give back").isEqualTo(MAXIMUM / 4);
        List<MemoryShortage> shortages = memory.shortages();
        assertThat(shortages).hasSize(1);
        assertThat(shortages.get(0).holder()).isEqualTo("large one");
        assertThat(shortages.get(0).reclaimed()).isTrue();
        assertThat(memory.use(MemoryArea.HEAP).reclaims()).isEqualTo(1);
    }

    private static MemoryHolder holder(
            String name, AtomicLong bytes, MemoryAccount account, Runnable after) {
        long held = bytes.get();
        return held == 0
                ? null
                : new MemoryHolder(
                        name,
                        held,
                        held,
                        () -> {
                            account.add(-bytes.getAndSet(0));
                            after.run();
                        });
    }

    @Test
    void refusals_areGatheredByHolder_andBounded() {
        MemoryAccount account = heap("queues");
        account.refused("line-1", 10);
        account.refused("line-1", 20);
        account.refused("line-2", 5);

        assertThat(memory.shortages()).hasSize(2);
        assertThat(memory.shortages().get(0).holder()).isEqualTo("line-2");
        assertThat(memory.shortages().get(1).times()).isEqualTo(2);
        assertThat(memory.shortages().get(1).heldBytes()).isEqualTo(20);
        assertThat(memory.use(MemoryArea.HEAP).refusals()).isEqualTo(3);

        for (int i = 0; i < 10_000; i++) {
            account.refused("x".repeat(1_000) + i, 5);
            account.refused("client " + i, 5);
        }
        assertThat(memory.shortages()).hasSizeLessThanOrEqualTo(256);
        assertThat(memory.shortages())
                .allSatisfy(each -> assertThat(each.holder().length()).isLessThanOrEqualTo(256));
    }

    @Test
    void refusalsOfManyThreads_areAllCounted_andNewOnesNamed() throws Exception {
        MemoryAccount account = heap("queues");
        account.refused("all", 1);
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            String own = "client " + i;
            threads[i] =
                    new Thread(
                            () -> {
                                for (int n = 0; n < 5_000; n++) {
                                    account.refused("all", 1);
                                    account.refused(own, 1);
                                }
                            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(memory.shortages())
                .extracting(MemoryShortage::holder, MemoryShortage::times)
                .containsExactlyInAnyOrder(
                        tuple("all", 20_001L),
                        tuple("client 0", 5_000L),
                        tuple("client 1", 5_000L),
                        tuple("client 2", 5_000L),
                        tuple("client 3", 5_000L));
    }

    @Test
    void floodOfRefusalsOfOneKind_leavesThoseOfOthers() {
        heap("sessions").refused("sensor", 10);
        MemoryAccount values = heap("values");
        for (int i = 0; i < 1_000; i++) {
            values.refused("topic/" + i, 5);
        }

        assertThat(memory.shortages())
                .hasSize(256)
                .extracting(MemoryShortage::holder)
                .contains("sensor", "topic/999");
    }

    @Test
    void accountThatIsClosedWhileOthersAdd_leavesNothingCounted() throws Exception {
        for (int round = 0; round < 200; round++) {
            MemoryAccount account = heap("round");
            CountDownLatch adding = new CountDownLatch(1);
            Thread other =
                    new Thread(
                            () -> {
                                for (int i = 0; i < 20_000; i++) {
                                    account.add(1_000);
                                    adding.countDown();
                                }
                            });
            other.start();
            adding.await();
            account.close();
            account.close();
            other.join();

            assertThat(account.bytes()).isZero();
            assertThat(memory.use(MemoryArea.HEAP).usedBytes()).isZero();
        }
    }

    @Test
    void changedMaximum_countsAtOnce() {
        MemoryAccount account = heap("queues");
        long held = fill(account);
        memory.maxima(MAXIMUM * 2, MAXIMUM);
        assertThat(account.take(held, STEP)).isTrue();
        memory.maxima(MAXIMUM / 4, MAXIMUM);
        assertThat(account.take(0, 1)).isFalse();
    }
}

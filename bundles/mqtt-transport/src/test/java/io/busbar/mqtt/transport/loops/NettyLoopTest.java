package io.busbar.mqtt.transport.loops;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.memory.MemoryArea;
import io.busbar.memory.ProcessMemory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.nio.NioIoHandler;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NettyLoopTest {
    private static final ProcessMemory MEMORY =
            new ProcessMemory(1L << 30, 1L << 30, Clock.systemUTC());

    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final NettyLoop loop =
            new NettyLoop(
                    0,
                    (SingleThreadEventLoop) group.iterator().next(),
                    new PartialPackets(
                            1 << 20,
                            MEMORY.open(MemoryArea.DIRECT, "before", 100, null),
                            MEMORY.open(MemoryArea.DIRECT, "after", 100, null)),
                    MEMORY.open(MemoryArea.HEAP, "names", 100, null));
    private final CountDownLatch over = new CountDownLatch(1);

    // Confined to the loop until it is over.
    private final List<String> log = new ArrayList<>();
    private int turn;

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void awaitTheEnd() throws InterruptedException {
        assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private static NettyLoop.Output output(Runnable flush) {
        return new NettyLoop.Output() {
            @Override
            public void flush(NettyLoop.Reason reason) {
                flush.run();
            }

            @Override
            public boolean isBehind() {
                return false;
            }

            @Override
            public void looked() {}
        };
    }

    /** Counts turns until there were so many. */
    private void countTurns(int most) {
        loop.executeNextTurn(
                () -> {
                    turn++;
                    if (turn < most) {
                        countTurns(most);
                    } else {
                        over.countDown();
                    }
                });
    }

    @Test
    void nextTurn_isAfterAllTasks_alsoThoseThatTasksAdd_andAfterTheFlush() throws Exception {
        loop.execute(
                () -> {
                    loop.executeNextTurn(
                            () -> {
                                log.add("next");
                                over.countDown();
                            });
                    loop.flushLater(output(() -> log.add("flush")), NettyLoop.Reason.MESSAGE);
                    loop.execute(() -> loop.execute(() -> log.add("task")));
                });

        awaitTheEnd();

        assertThat(log).containsExactly("task", "flush", "next");
    }

    @Test
    void manyWithMessages_areFlushedInSeveralTurns_butAnswersInTheirOwn() throws Exception {
        int many = 5 * NettyLoop.MESSAGE_FLUSHES;
        int[] flushedIn = new int[20];
        List<Integer> answeredIn = new ArrayList<>();
        loop.execute(
                () -> {
                    for (int i = 0; i < many; i++) {
                        loop.flushLater(output(() -> flushedIn[turn]++), NettyLoop.Reason.MESSAGE);
                    }
                    loop.flushLater(output(() -> answeredIn.add(turn)), NettyLoop.Reason.ANSWER);
                    loop.executeNextTurn(
                            () ->
                                    loop.flushLater(
                                            output(() -> answeredIn.add(turn)),
                                            NettyLoop.Reason.ANSWER));
                    countTurns(19);
                });

        awaitTheEnd();

        assertThat(answeredIn).containsExactly(0, 1);
        assertThat(flushedIn).startsWith(2 * NettyLoop.MESSAGE_FLUSHES);
        int sum = 0;
        for (int flushes : flushedIn) {
            assertThat(flushes).isLessThanOrEqualTo(2 * NettyLoop.MESSAGE_FLUSHES);
            sum += flushes;
        }
        assertThat(sum).isEqualTo(many);
    }

    @Test
    void outputsThatAreBehind_areLookedAtAgain_alsoIfOneComesMeanwhile() throws Exception {
        NettyLoop.Output late = behind("late", 2, () -> {});
        NettyLoop.Output first = behind("first", 1, () -> loop.lookAfter(late));
        loop.execute(() -> loop.lookAfter(first));

        awaitTheEnd();

        assertThat(log).containsExactly("first", "late", "late");
    }

    /** Is behind a few times; then does something, and tells the test if nobody is left. */
    private NettyLoop.Output behind(String name, int times, Runnable then) {
        return new NettyLoop.Output() {
            private int left = times;

            @Override
            public void flush(NettyLoop.Reason reason) {}

            @Override
            public boolean isBehind() {
                log.add(name);
                return left-- > 1;
            }

            @Override
            public void looked() {
                if (left == 0) {
                    then.run();
                }
                if (left < 0 || name.equals("late") && left == 0) {
                    over.countDown();
                }
            }
        };
    }
}

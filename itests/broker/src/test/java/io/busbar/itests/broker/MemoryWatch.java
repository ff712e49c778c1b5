package io.busbar.itests.broker;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much more memory this JVM holds than when the watch began. The heap is looked at when asked,
 * after a collection, so best while the attack is at its height; memory outside it is sampled all
 * the time, for its peak.
 */
final class MemoryWatch implements AutoCloseable {
    private static final long SAMPLE_MILLIS = 2;

    private final long heapBefore = heap();
    private final long directBefore = direct();
    private final AtomicLong directPeak = new AtomicLong(directBefore);
    private final ScheduledExecutorService sampler =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "memory-watch");
                        thread.setDaemon(true);
                        return thread;
                    });

    MemoryWatch() {
        sampler.scheduleAtFixedRate(this::sample, 0, SAMPLE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void sample() {
        directPeak.accumulateAndGet(direct(), Math::max);
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /**
     * What pools hold counts, used or not. Netty's buffers are among Java's or among its own,
     * depending on the JVM's options; Netty counts those that are Java's as well.
     */
    private static long direct() {
        long java = 0;
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            java += pool.getMemoryUsed();
        }
        long netty = PlatformDependent.usedDirectMemory();
        return PlatformDependent.useDirectBufferNoCleaner() ? java + netty : Math.max(java, netty);
    }

    /** Live heap now and the highest of the rest, beyond what there was. */
    long growth() {
        sample();
        return Math.max(0, heap() - heapBefore) + directPeak.get() - directBefore;
    }

    @Override
    public void close() {
        sampler.shutdownNow();
    }
}

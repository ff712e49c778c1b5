package io.busbar.mqtt.transport.loops;

import io.busbar.mqtt.broker.link.EventLoop;
import io.busbar.mqtt.codec.TopicNameCache;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One event loop, with what its connections share: the cache of topic names, the limit on
 * incomplete packets, and the list of connections that have something to write at the end of the
 * turn.
 */
public final class NettyLoop implements EventLoop, Runnable {
    private static final int TOPIC_NAMES = 32_768;
    private static final int LOOK_MILLIS = 250;

    private final int index;
    private final SingleThreadEventLoop loop;
    private final PartialPackets partialPackets;
    private final TopicNameCache topics = new TopicNameCache(TOPIC_NAMES);
    private List<Output> dirty = new ArrayList<>();
    private List<Output> spare = new ArrayList<>();
    private boolean planned;

    /** Outputs whose sockets have not taken everything, and whether they are looked at. */
    private final ArrayList<Output> behind = new ArrayList<>();

    private boolean looking;

    /** Something that collects output during a turn. */
    public interface Output {
        /** Writes what was gathered. Must not throw: the others are flushed all the same. */
        void flush();

        /** Looks again at what waits; false if nothing does, or it has ended. */
        boolean isBehind();
    }

    /**
     * Wraps a loop of Netty.
     *
     * @param index see {@link EventLoop#index}
     * @param partialPackets shared by all loops
     */
    public NettyLoop(int index, SingleThreadEventLoop loop, PartialPackets partialPackets) {
        this.index = index;
        this.loop = loop;
        this.partialPackets = partialPackets;
    }

    /** The names that packets of this loop had lately. Confined to the loop. */
    public TopicNameCache topics() {
        return topics;
    }

    /** What all connections hold of packets that are not complete. */
    public PartialPackets partialPackets() {
        return partialPackets;
    }

    /**
     * Has the output flushed when this turn of the loop ends: after all reads and tasks of the
     * turn. Confined to the loop.
     */
    public void flushLater(Output output) {
        dirty.add(output);
        if (!planned) {
            planned = true;
            loop.executeAfterEventLoopIteration(this);
        }
    }

    /**
     * Has the output looked at a few times a second as long as it is behind. Confined to the loop.
     */
    public void lookAfter(Output output) {
        behind.add(output);
        if (!looking) {
            looking = true;
            loop.schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        behind.removeIf(output -> !output.isBehind());
        looking = !behind.isEmpty();
        if (looking) {
            loop.schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            behind.trimToSize();
        }
    }

    /** The end of the turn. */
    @Override
    public void run() {
        planned = false;
        List<Output> outputs = dirty;
        dirty = spare;
        for (int i = 0; i < outputs.size(); i++) {
            outputs.get(i).flush();
        }
        outputs.clear();
        spare = outputs;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public boolean inLoop() {
        return loop.inEventLoop();
    }

    @Override
    public void execute(Runnable action) {
        loop.execute(action);
    }

    /** Netty runs what tasks add in the same turn; only what comes after all of them does not. */
    @Override
    public void executeNextTurn(Runnable action) {
        loop.executeAfterEventLoopIteration(() -> loop.execute(action));
    }

    @Override
    public Timer schedule(Runnable action, long delayMillis) {
        Future<?> future = loop.schedule(action, delayMillis, TimeUnit.MILLISECONDS);
        return () -> future.cancel(false);
    }
}

package io.busbar.mqtt.transport.loops;

import io.busbar.api.memory.MemoryAccount;
import io.busbar.mqtt.broker.link.EventLoop;
import io.busbar.mqtt.codec.TopicNameCache;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
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

    /**
     * Outputs with messages that one turn flushes of those that came in it, and of those before. A
     * flush is a system call, of about 5 to 10 µs.
     */
    static final int MESSAGE_FLUSHES = 256;

    private final int index;
    private final SingleThreadEventLoop loop;
    private final PartialPackets partialPackets;
    private final TopicNameCache topics = new TopicNameCache(TOPIC_NAMES);
    private final MemoryAccount names;
    private long counted;
    private List<Output> answers = new ArrayList<>();
    private List<Output> messages = new ArrayList<>();
    private List<Output> spare = new ArrayList<>();

    /** Those with messages that were too many for the turn they came in. */
    private final ArrayDeque<Output> late = new ArrayDeque<>();

    private boolean planned;

    /** Outputs whose sockets have not taken everything, and whether they are looked at. */
    private List<Output> behind = new ArrayList<>();

    private boolean looking;

    /** Something that collects output during a turn. */
    public interface Output {
        /** Writes what was gathered. Must not throw: the others are flushed all the same. */
        void flush(Reason reason);

        /** Looks again at what waits; false if nothing does, or it has ended. Must not throw. */
        boolean isBehind();

        /** All were looked at: it may send what waited for that. Must not throw. */
        void looked();
    }

    /** Why an output is flushed. */
    public enum Reason {
        /** It has an answer to what its own client asked. */
        ANSWER,
        /** It has a message of somebody else. */
        MESSAGE
    }

    /**
     * Wraps a loop of Netty.
     *
     * @param index see {@link EventLoop#index}
     * @param partialPackets shared by all loops
     * @param names counts the topic names that loops remember
     */
    public NettyLoop(
            int index,
            SingleThreadEventLoop loop,
            PartialPackets partialPackets,
            MemoryAccount names) {
        this.names = names;
        this.index = index;
        this.loop = loop;
        this.partialPackets = partialPackets;
    }

    /** The names that packets of this loop had lately. Confined to the loop. */
    public TopicNameCache topics() {
        return topics;
    }

    /** Counts the names that it remembers; without room for them it begins anew. */
    void countNames() {
        if (!names.hasRoom(counted, Math.max(0, topics.bytes() - counted))) {
            topics.clear();
        }
        names.add(topics.bytes() - counted);
        counted = topics.bytes();
    }

    /** What all connections hold of packets that are not complete. */
    public PartialPackets partialPackets() {
        return partialPackets;
    }

    /**
     * Has the output flushed when this turn of the loop ends: after all reads and tasks of the
     * turn. If there are many with messages, because a message has many subscribers, they follow in
     * later turns, so that the loop serves its sockets in between. Confined to the loop; for each
     * reason only once until it is flushed for it.
     */
    public void flushLater(Output output, Reason reason) {
        (reason == Reason.ANSWER ? answers : messages).add(output);
        plan();
    }

    private void plan() {
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
        // Others may come while these are looked at.
        List<Output> outputs = behind;
        behind = new ArrayList<>();
        looking = false;
        for (Output output : outputs) {
            if (output.isBehind()) {
                lookAfter(output);
            }
        }
        for (Output output : outputs) {
            output.looked();
        }
    }

    /** The end of the turn. */
    @Override
    public void run() {
        planned = false;
        List<Output> outputs = answers;
        answers = spare;
        for (int i = 0; i < outputs.size(); i++) {
            outputs.get(i).flush(Reason.ANSWER);
        }
        outputs.clear();
        spare = outputs;
        outputs = messages;
        messages = spare;
        for (int i = 0; i < outputs.size(); i++) {
            if (i < MESSAGE_FLUSHES) {
                outputs.get(i).flush(Reason.MESSAGE);
            } else {
                late.add(outputs.get(i));
            }
        }
        outputs.clear();
        spare = outputs;
        for (int i = 0; i < MESSAGE_FLUSHES && !late.isEmpty(); i++) {
            late.remove().flush(Reason.MESSAGE);
        }
        if (!late.isEmpty()) {
            loop.execute(this::plan); // not at once: that would be in this turn still
        }
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

package io.busbar.mqtt.transport;

import io.busbar.mqtt.broker.link.EventLoop;
import io.busbar.mqtt.codec.TopicNameCache;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop with what its connections share: the topic names seen lately, and the list of
 * those that have something to write when the loop's turn ends.
 */
final class NettyLoop implements EventLoop, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(NettyLoop.class);
    private static final int TOPIC_NAMES = 32_768;

    private final int index;
    private final SingleThreadEventLoop loop;
    private final TopicNameCache topics = new TopicNameCache(TOPIC_NAMES);
    private List<SocketLink> dirty = new ArrayList<>();
    private List<SocketLink> spare = new ArrayList<>();
    private boolean planned;

    NettyLoop(int index, SingleThreadEventLoop loop) {
        this.index = index;
        this.loop = loop;
    }

    TopicNameCache topics() {
        return topics;
    }

    /**
     * Has the link flushed when this turn of the loop ends: after all reads and tasks of the turn.
     */
    void flushLater(SocketLink link) {
        dirty.add(link);
        if (!planned) {
            planned = true;
            loop.executeAfterEventLoopIteration(this);
        }
    }

    /** The end of the turn. */
    @Override
    public void run() {
        planned = false;
        List<SocketLink> links = dirty;
        dirty = spare;
        for (int i = 0; i < links.size(); i++) {
            SocketLink link = links.get(i);
            try {
                link.flush();
            } catch (RuntimeException e) {
                // The others are flushed all the same.
                LOG.error("Writing failed (address={})", link.remoteAddress(), e);
                link.abort();
            }
        }
        links.clear();
        spare = links;
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

    @Override
    public Timer schedule(Runnable action, long delayMillis) {
        Future<?> future = loop.schedule(action, delayMillis, TimeUnit.MILLISECONDS);
        return () -> future.cancel(false);
    }
}

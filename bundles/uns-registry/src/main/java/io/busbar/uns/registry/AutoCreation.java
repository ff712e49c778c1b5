package io.busbar.uns.registry;

import io.busbar.api.uns.TopicPolicy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Models topics that nobody has modelled, where a path says {@link TopicPolicy#AUTO_CREATE}. On a
 * thread of its own, one topic after the other, because each is written to disk. What cannot be a
 * node stays a topic without a model. Thread-safe.
 */
final class AutoCreation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AutoCreation.class);

    /** More topics do not wait; they come again with their next message. */
    private static final int MOST_WAITING = 1_000;

    private final Function<String, TopicPolicy> policies;
    private final Consumer<String> creation;
    private final BooleanSupplier room;
    private final AtomicBoolean fullTold = new AtomicBoolean();
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    task -> {
                        Thread own = new Thread(task, "busbar-uns-creation");
                        own.setDaemon(true);
                        return own;
                    });

    /**
     * Starts with nothing to do.
     *
     * @param policies what holds for a topic without a model
     * @param creation makes the node of a topic
     * @param room whether more nodes may be made of what devices send; the rest is for people
     */
    AutoCreation(
            Function<String, TopicPolicy> policies,
            Consumer<String> creation,
            BooleanSupplier room) {
        this.policies = policies;
        this.creation = creation;
        this.room = room;
    }

    /**
     * A topic without a model has had enough messages.
     *
     * @return false if too many wait: it has to come again
     */
    boolean ripe(String topic) {
        if (policies.apply(topic) != TopicPolicy.AUTO_CREATE) {
            return true;
        }
        if (waiting.size() >= MOST_WAITING) {
            return false;
        }
        if (waiting.add(topic)) {
            try {
                thread.execute(() -> create(topic));
            } catch (RejectedExecutionException stopped) {
                LOG.debug("Namespace stopped: no node is made of a topic (topic={})", topic);
            }
        }
        return true;
    }

    private void create(String topic) {
        try {
            if (!room.getAsBoolean()) {
                full();
            } else if (policies.apply(topic) == TopicPolicy.AUTO_CREATE) {
                creation.accept(topic);
            }
        } catch (RuntimeException e) {
            LOG.debug("No node is made of a topic (topic={})", topic, e);
        } finally {
            waiting.remove(topic);
        }
    }

    private void full() {
        if (!fullTold.getAndSet(true)) {
            LOG.warn(
                    "Namespace: topics become nodes no more by themselves, because half of"
                            + " max.nodes is there; people may make more");
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

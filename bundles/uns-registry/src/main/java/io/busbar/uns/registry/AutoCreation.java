package io.busbar.uns.registry;

import io.busbar.api.storage.ConflictException;
import io.busbar.api.storage.StorageException;
import io.busbar.api.uns.NamespaceFullException;
import io.busbar.api.uns.TopicPolicy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Models topics that nobody has modelled, where a path says {@link TopicPolicy#AUTO_CREATE}. Off
 * the thread that takes messages, one topic after the other, because each is written to disk. What
 * cannot be a node stays a topic without a model. Thread-safe.
 */
final class AutoCreation {
    private static final Logger LOG = LoggerFactory.getLogger(AutoCreation.class);

    /** More topics do not wait; they come again with a later message. */
    private static final int MOST_WAITING = 1_000;

    private final Function<String, TopicPolicy> policies;
    private final Consumer<String> creation;
    private final Executor executor;
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();

    /**
     * Starts with nothing to do.
     *
     * @param policies what holds for a topic without a model
     * @param creation makes the node of a topic
     * @param executor runs one task after the other
     */
    AutoCreation(
            Function<String, TopicPolicy> policies, Consumer<String> creation, Executor executor) {
        this.policies = policies;
        this.creation = creation;
        this.executor = executor;
    }

    /** A topic without a model has had enough messages. */
    void ripe(String topic) {
        if (waiting.size() < MOST_WAITING
                && policies.apply(topic) == TopicPolicy.AUTO_CREATE
                && waiting.add(topic)) {
            executor.execute(() -> create(topic));
        }
    }

    private void create(String topic) {
        try {
            creation.accept(topic);
        } catch (ConflictException | IllegalArgumentException | NamespaceFullException e) {
            LOG.debug("No node is made of a topic (topic={}): {}", topic, e.getMessage());
        } catch (StorageException e) {
            LOG.warn("No node is made of a topic, it is tried again (topic={})", topic, e);
        } finally {
            waiting.remove(topic);
        }
    }
}

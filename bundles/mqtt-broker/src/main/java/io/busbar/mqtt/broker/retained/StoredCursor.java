package io.busbar.mqtt.broker.retained;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.TopicKey;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.retained.Page.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A walk through the store, page by page. */
final class StoredCursor implements RetainedCursor {
    private final StoredRetained retained;
    private final FilterWalk walk;

    /** Where to read on, or null if everything was read. */
    private @Nullable TopicKey position;

    /** Topics that changed while their page was read, or that are not in memory. */
    private List<TopicName> topics = new ArrayList<>(0);

    private List<Found> page = List.of();
    private int at;
    private long asOf;

    /** Whether the page is of {@link #topics}, and not of the walk. */
    private boolean ofTopics;

    private int taken;

    StoredCursor(StoredRetained retained, TopicFilter filter) {
        this.retained = retained;
        this.walk = new FilterWalk(filter);
        if (filter.hasWildcard()) {
            position = TopicKey.of("");
        } else {
            begin(TopicName.of(filter.filter()));
        }
    }

    /** A single topic need not be looked for, and often not be read. */
    private void begin(TopicName topic) {
        asOf = retained.version();
        StoredRetained.Known known = retained.known(topic);
        Message message = known.message();
        if (!known.isKnown()) {
            topics.add(topic);
        } else if (message != null) {
            page = List.of(new Found(TopicKey.of(topic), message, retained.hashOf(topic)));
            ofTopics = true;
        }
    }

    @Override
    public boolean isDone() {
        return at >= page.size() && topics.isEmpty() && position == null;
    }

    @Override
    public boolean needsPage() {
        return at >= page.size() && !isDone();
    }

    @Override
    public int taken() {
        return taken;
    }

    @Override
    public @Nullable Message next(long now, int steps) {
        taken = 0;
        while (taken < steps && at < page.size()) {
            taken++;
            Message message = current(page.get(at++));
            if (message != null && message.expiresAt() > now) {
                return message;
            }
        }
        return null;
    }

    /** The message as it is now; null if there is none, or if it has to be read. */
    private @Nullable Message current(Found found) {
        long version = retained.versionOf(found.hash());
        if (version <= asOf) {
            return version == StoredRetained.NO_VERSION ? null : found.message();
        }
        TopicName topic = found.message().topic();
        StoredRetained.Known known = retained.known(topic);
        if (!known.isKnown()) {
            topics.add(topic);
        }
        return known.message();
    }

    @Override
    public void readPage(Loop loop, int most, Consumer<@Nullable Throwable> then) {
        page = List.of();
        at = 0;
        Callable<Page> read;
        List<TopicName> wanted = topics;
        TopicKey from = position;
        if (!wanted.isEmpty()) {
            topics = new ArrayList<>(0);
            read = () -> retained.readTopics(wanted);
        } else if (from != null) {
            read = () -> retained.pages().read(walk, from, Math.min(most, Pages.MOST_MESSAGES));
        } else {
            throw new IllegalStateException("the walk is over");
        }
        retained.read(
                loop,
                read,
                (result, failure) -> {
                    if (result == null) {
                        topics.addAll(wanted);
                    } else {
                        ofTopics = !wanted.isEmpty();
                        page = result.found();
                        asOf = result.asOf();
                        position = ofTopics ? position : result.next();
                    }
                    then.accept(failure);
                });
    }

    @Override
    public void letGo() {
        if (at < page.size()) {
            if (ofTopics) {
                for (Found found : page.subList(at, page.size())) {
                    topics.add(found.message().topic());
                }
            } else {
                position = page.get(at).key();
            }
        }
        page = List.of();
        at = 0;
    }
}

package io.busbar.mqtt.broker.retained;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.TopicKey;
import io.busbar.mqtt.broker.retained.Page.Found;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A walk through the store for somebody who may wait for it. */
final class StoredWalk implements RetainedWalk {
    private final StoredRetained retained;
    private final List<TopicFilter> filters;
    private final int most;
    private final long upTo;
    private int given;
    private int filter = -1;
    private @Nullable FilterWalk walk;
    private @Nullable TopicKey position;
    private Page page = new Page(0, List.of(), null);
    private int at;

    /**
     * Makes one.
     *
     * @param upTo the number of the last change that is wanted
     */
    StoredWalk(StoredRetained retained, List<TopicFilter> filters, int most, long upTo) {
        this.retained = retained;
        this.filters = filters;
        this.most = most;
        this.upTo = upTo;
    }

    @Override
    public @Nullable Message next() {
        while (given < most) {
            while (at < page.found().size()) {
                Message message = current(page.found().get(at));
                at++;
                if (message != null) {
                    given++;
                    return message;
                }
            }
            FilterWalk walking = walk;
            TopicKey from = position;
            if (walking != null && from != null) {
                page = retained.pages().read(walking, from, Math.min(most, Pages.MOST_MESSAGES));
                at = 0;
                position = page.next();
            } else if (++filter < filters.size()) {
                walk = new FilterWalk(filters.get(filter));
                position = TopicKey.of("");
            } else {
                return null;
            }
        }
        return null;
    }

    private @Nullable Message current(Found found) {
        TopicName topic = found.message().topic();
        for (int i = 0; i < filter; i++) {
            if (filters.get(i).matches(topic)) {
                return null;
            }
        }
        long version = retained.versionOf(found.hash());
        if (version == StoredRetained.NO_VERSION || version > upTo) {
            return null;
        }
        return version <= page.asOf() ? found.message() : retained.get(topic);
    }
}

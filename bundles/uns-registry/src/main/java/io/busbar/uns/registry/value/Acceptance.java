package io.busbar.uns.registry.value;

import io.busbar.api.uns.Node;
import io.busbar.api.uns.Sample;
import io.busbar.uns.registry.payload.Reading;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What taking a message has led to, and room to read it in. Reused from message to message;
 * confined to the thread that takes them.
 */
final class Acceptance {
    final Reading reading = new Reading();

    /** Goes up when what is said of topics without a model changes. */
    int policies;

    /** Whether the payload did not fit. */
    boolean violated;

    /** Whether the topic is violating its model now and was not before, or the other way round. */
    boolean turned;

    /** Whether the payload brought something older than what there is. */
    boolean late;

    /** Whether the payload of a topic without a model found no room and is not kept. */
    boolean dropped;

    /** Whether a topic without a model has had enough messages to be given one. */
    boolean ripe;

    /** The node that the message was of, if its samples are wanted. */
    @Nullable Node sampled;

    /** What the message brought for {@link #sampled}. */
    List<Sample> samples = List.of();

    void begin() {
        violated = false;
        turned = false;
        late = false;
        dropped = false;
        ripe = false;
        sampled = null;
        samples = List.of();
    }
}

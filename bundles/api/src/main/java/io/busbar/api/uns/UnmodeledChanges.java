package io.busbar.api.uns;

import java.util.List;

/**
 * Which topics without a node came or went since some moment.
 *
 * @param revision of this moment, to ask from next time
 * @param complete whether the topics are all there were; false if it is too long ago, or there were
 *     too many: then everything has to be looked at anew
 * @param topics each once, in no order; some may be there again as they were
 */
public record UnmodeledChanges(long revision, boolean complete, List<String> topics) {
    public UnmodeledChanges {
        topics = List.copyOf(topics);
    }
}

package io.busbar.api.uns;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What would happen if topics that pin versions of a template pinned another one.
 *
 * @param changes by the version that is pinned now, in its order: how its fields differ from those
 *     that the topics would get
 * @param nodes the topics, the first of them: those that cannot be moved, then those of which
 *     payloads would fit no more, then the others, each by path
 * @param total how many topics there are
 * @param passing how many of them can be moved without that any kept payload which fits now would
 *     fit no more; those of which no payload is kept among them
 * @param failing how many can be moved, but have such payloads
 * @param refused how many cannot be moved
 * @param unheard of how many of those that pass no payload is kept, so that nothing was tried
 */
public record TemplateImpact(
        Map<SemanticVersion, List<FieldChange>> changes,
        List<OfNode> nodes,
        int total,
        int passing,
        int failing,
        int refused,
        int unheard) {
    /** Most topics that are listed. */
    public static final int MAX_NODES = 500;

    public TemplateImpact {
        nodes = List.copyOf(nodes);
    }

    /**
     * What would happen to a topic.
     *
     * @param version what it pins now
     * @param payloads how many of its payloads are kept, and were tried
     * @param violating how many of them would not fit
     * @param broken how many of those fit now
     * @param violation the first thing that would be wrong with the newest of those, if there are
     *     any, else with the newest that would not fit; null = nothing
     * @param problem why it cannot be moved, for people; null = it can
     * @param reason the same for programs; null = it can, or there is no code for it
     */
    public record OfNode(
            UUID id,
            String path,
            SemanticVersion version,
            int payloads,
            int violating,
            int broken,
            @Nullable Violation violation,
            @Nullable String problem,
            @Nullable Reason reason) {
        /** Whether it can be moved, and no payload that fits now would fit no more. */
        public boolean passes() {
            return problem == null && broken == 0;
        }
    }
}

package io.busbar.api.uns;

import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which topics shall pin another version of a template.
 *
 * @param from only those that pin this version; null = whatever version of the template they pin
 * @param to the version that they shall pin
 * @param nodes only these; null = all
 * @param onlyPassing true = those stay as they are of which kept payloads would fit no more, or
 *     that cannot be moved, see {@link TemplateImpact.OfNode#passes}
 */
public record TemplateMove(
        @Nullable SemanticVersion from,
        SemanticVersion to,
        @Nullable Set<UUID> nodes,
        boolean onlyPassing) {
    /**
     * What was done.
     *
     * @param moved how many topics pin the other version now
     * @param left how many stayed as they are, because they would not pass, or do not pin such a
     *     version any more
     */
    public record Result(int moved, int left) {}
}

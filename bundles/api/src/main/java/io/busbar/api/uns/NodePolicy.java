package io.busbar.api.uns;

import org.jspecify.annotations.Nullable;

/**
 * How the values of a node are treated.
 *
 * @param validation what happens to payloads that do not fit the model
 * @param enableHistory whether past values should be kept
 * @param staleAfterSeconds a value that was measured longer ago is Uncertain, by the source's time
 *     if it can be believed, else by the time of arrival; 0 = never
 * @param writable whether people may publish to it from the console
 * @param timeZone where the sources at and below the node are, for times that do not say their
 *     offset: a name (Europe/Paris) or an offset (+02:00); null = what the nearest node above says
 */
public record NodePolicy(
        ValidationMode validation,
        boolean enableHistory,
        int staleAfterSeconds,
        boolean writable,
        @Nullable String timeZone) {
    /** The policy of a node for which nothing else was chosen. */
    public static final NodePolicy DEFAULT =
            new NodePolicy(ValidationMode.OBSERVE, false, 0, true, null);

    /** Returns this with another validation mode. */
    public NodePolicy withValidation(ValidationMode newValidation) {
        return new NodePolicy(newValidation, enableHistory, staleAfterSeconds, writable, timeZone);
    }

    /** Returns this with another time until the value becomes Uncertain. */
    public NodePolicy withStaleAfterSeconds(int newStaleAfterSeconds) {
        return new NodePolicy(validation, enableHistory, newStaleAfterSeconds, writable, timeZone);
    }

    /**
     * Returns this with another time zone.
     *
     * @param newTimeZone null = what the nearest node above says
     */
    public NodePolicy withTimeZone(@Nullable String newTimeZone) {
        return new NodePolicy(validation, enableHistory, staleAfterSeconds, writable, newTimeZone);
    }
}

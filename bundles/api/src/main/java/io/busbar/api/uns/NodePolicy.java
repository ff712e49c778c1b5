package io.busbar.api.uns;

/**
 * How a node's values are treated.
 *
 * @param validation what happens to payloads that do not fit the model
 * @param enableHistory whether past values shall be kept
 * @param staleAfterSeconds after how long without a message the value is Uncertain; 0 = never
 * @param writable whether people may publish to it from the console
 */
public record NodePolicy(
        ValidationMode validation, boolean enableHistory, int staleAfterSeconds, boolean writable) {
    /** What holds if nobody says otherwise. */
    public static final NodePolicy DEFAULT = new NodePolicy(ValidationMode.OBSERVE, false, 0, true);

    /** The same with payloads treated in another way. */
    public NodePolicy withValidation(ValidationMode newValidation) {
        return new NodePolicy(newValidation, enableHistory, staleAfterSeconds, writable);
    }

    /** The same with values that age faster or slower. */
    public NodePolicy withStaleAfterSeconds(int newStaleAfterSeconds) {
        return new NodePolicy(validation, enableHistory, newStaleAfterSeconds, writable);
    }
}

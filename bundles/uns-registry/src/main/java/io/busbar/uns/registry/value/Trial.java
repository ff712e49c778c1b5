package io.busbar.uns.registry.value;

import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.Violation;
import io.busbar.uns.registry.gate.Guard;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How payloads fit another model.
 *
 * @param payloads how many were tried
 * @param violating how many would not fit
 * @param broken how many of those fit now
 * @param violation the first thing that would be wrong with the newest of those that fit now; if
 *     there are none, with the newest that would not fit; null = all would fit
 */
public record Trial(int payloads, int violating, int broken, @Nullable Violation violation) {
    /** Nothing was tried. */
    public static final Trial NOTHING = new Trial(0, 0, 0, null);

    /**
     * Tries payloads.
     *
     * @param messages the oldest first
     * @param now what is asked of them; null = nothing
     * @param then what would be
     */
    static Trial of(List<Message> messages, @Nullable Guard now, @Nullable Guard then) {
        int violating = 0;
        int broken = 0;
        Violation ofBroken = null;
        Violation ofAny = null;
        for (Message each : messages) {
            Violation wrong = then == null ? null : then.examine(each);
            if (wrong != null) {
                violating++;
                ofAny = wrong;
                if (now == null || now.examine(each) == null) {
                    broken++;
                    ofBroken = wrong;
                }
            }
        }
        return new Trial(messages.size(), violating, broken, broken > 0 ? ofBroken : ofAny);
    }
}

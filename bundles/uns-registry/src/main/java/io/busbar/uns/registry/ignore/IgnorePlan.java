package io.busbar.uns.registry.ignore;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The rules that an import will make, checked before anything is written. Confined to a thread. */
public final class IgnorePlan {
    private final Set<String> existing;
    private final Set<String> planned = new LinkedHashSet<>();

    /** Plans nothing yet. */
    IgnorePlan(Set<String> existing) {
        this.existing = existing;
    }

    /**
     * Plans a rule, unless there is one with this filter already.
     *
     * @return false if it is not planned because there are as many rules as there may be
     * @throws IllegalArgumentException if the filter is not valid
     */
    public boolean add(String filter) {
        IgnoreRules.requireValid(filter);
        if (existing.contains(filter) || planned.contains(filter)) {
            return true;
        }
        return IgnoreRules.hasRoom(existing.size() + planned.size()) && planned.add(filter);
    }

    /** The filters of the rules to make, in their order. */
    public List<String> planned() {
        return new ArrayList<>(planned);
    }
}

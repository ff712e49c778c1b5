package io.busbar.transfer;

import io.busbar.api.transfer.StateExport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What an export leaves out because it is damaged. Not thread-safe. */
final class LeftOut implements Consumer<String> {
    private final List<String> names = new ArrayList<>();
    private long count;

    @Override
    public void accept(String name) {
        count++;
        if (names.size() < StateExport.MOST_NAMED) {
            names.add(Tally.brief(name));
        }
    }

    long count() {
        return count;
    }

    /** The first ones. */
    List<String> names() {
        return List.copyOf(names);
    }
}

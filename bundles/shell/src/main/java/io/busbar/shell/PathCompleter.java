package io.busbar.shell;

import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.jspecify.annotations.Nullable;

/** Completes paths of the namespace, one level at a time. */
@Service
public final class PathCompleter implements Completer {
    /** More would not help a person at a terminal. */
    private static final int MAX_PATHS = 1000;

    @Reference(optional = true)
    @Nullable Namespace namespace;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        return new StringsCompleter(paths(line.getCursorArgument()))
                .complete(session, line, candidates);
    }

    private List<String> paths(@Nullable String begun) {
        Namespace service = namespace;
        if (service == null) {
            return List.of();
        }
        int slash = begun == null ? -1 : begun.lastIndexOf('/');
        UUID parent = null;
        if (slash > 0) {
            Node node = service.byPath(begun.substring(0, slash)).orElse(null);
            if (node == null) {
                return List.of();
            }
            parent = node.id();
        }
        List<String> paths = new ArrayList<>();
        service.children(parent, 0, MAX_PATHS).forEach(node -> paths.add(node.path()));
        return paths;
    }
}

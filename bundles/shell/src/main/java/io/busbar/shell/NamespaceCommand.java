package io.busbar.shell;

import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.Node;
import java.util.NoSuchElementException;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.jspecify.annotations.Nullable;

/** A command about the namespace. */
public abstract class NamespaceCommand extends ShellCommand {
    @Reference(optional = true)
    @Nullable Namespace namespace;

    Namespace namespace() {
        return need(namespace, "namespace");
    }

    /** The path above a path; empty for the root. */
    static String above(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    /** The last level of a path. */
    static String nameIn(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The node at a path. */
    Node at(String path) {
        return namespace()
                .byPath(path)
                .orElseThrow(
                        () -> new NoSuchElementException("No node '" + printable(path) + "'."));
    }
}

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

    /** The node at a path. */
    Node at(String path) {
        return namespace()
                .byPath(path)
                .orElseThrow(
                        () -> new NoSuchElementException("No node '" + printable(path) + "'."));
    }
}

package io.busbar.api.audit;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a change. Every method of a service that changes something takes one, so that what was
 * changed, the log and the events can tell who did it.
 *
 * @param name the user name of a person, or what stands for the server and its start; this is what
 *     is kept beside what was changed, e.g. as {@code createdBy}
 * @param address the IP address that the request came from, or null if it did not come over the
 *     network
 */
public record Actor(Kind kind, String name, @Nullable String address) {
    /** By which door the change came. */
    public enum Kind {
        /** A person who is signed in, by console or API. */
        USER,
        /** A person at the server's shell. */
        SHELL,
        /** The bootstrap file. */
        BOOTSTRAP,
        /** The server itself, e.g. because something has expired. */
        SERVER
    }

    /** The bootstrap file. */
    public static final Actor BOOTSTRAP = new Actor(Kind.BOOTSTRAP, "bootstrap", null);

    /** The server itself. */
    public static final Actor SERVER = new Actor(Kind.SERVER, "Busbar", null);

    public Actor {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
    }

    /** A person who is signed in. */
    public static Actor user(String name, String address) {
        return new Actor(Kind.USER, name, address);
    }

    /** A person at the server's shell. */
    public static Actor shell(String name) {
        return new Actor(Kind.SHELL, name, null);
    }

    /** For the log, e.g. {@code USER ada from 10.0.0.7}. */
    @Override
    public String toString() {
        return kind + " " + name + (address == null ? "" : " from " + address);
    }
}

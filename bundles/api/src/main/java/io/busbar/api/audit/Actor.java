package io.busbar.api.audit;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a change. Service methods that change something take an actor, so that the stored data,
 * the log and the events can say who did it.
 *
 * @param kind where the change came from
 * @param name the user name of a person, or a fixed name for the bootstrap file and the server
 *     itself. It is stored with the change, e.g. as {@code createdBy}
 * @param address the IP address of the request, or null if it did not come over the network
 */
public record Actor(Kind kind, String name, @Nullable String address) {
    /** Where a change came from. */
    public enum Kind {
        /** A signed-in person, through the console or the REST API. */
        USER,
        /** A person at the server's shell. */
        SHELL,
        /** The bootstrap file. */
        BOOTSTRAP,
        /** The server itself, e.g. when a credential expires. */
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

    /**
     * Creates the actor for a signed-in person.
     *
     * @param name the user name
     * @param address the IP address of the request
     */
    public static Actor user(String name, String address) {
        return new Actor(Kind.USER, name, address);
    }

    /** A person at the server's shell. */
    public static Actor shell(String name) {
        return new Actor(Kind.SHELL, name, null);
    }

    /** Returns the form used in the log, e.g. {@code USER ada from 10.0.0.7}. */
    @Override
    public String toString() {
        return kind + " " + name + (address == null ? "" : " from " + address);
    }
}

package io.busbar.web.caller;

import io.busbar.api.accounts.Role;
import io.busbar.api.audit.Actor;
import io.busbar.web.session.WebSession;

/**
 * The signed-in person who sent a request.
 *
 * @param session the person's session
 * @param address the IP address that the request comes from
 */
public record Caller(WebSession session, String address) {
    /** Returns the user name. */
    public String name() {
        return session.username();
    }

    public Role role() {
        return session.role();
    }

    /** Returns the person as the actor of a change, for calls of services. */
    public Actor actor() {
        return Actor.user(name(), address);
    }
}

package io.busbar.web.caller;

import io.busbar.api.accounts.Role;
import io.busbar.api.audit.Actor;
import io.busbar.web.session.WebSession;

/**
 * Who is asking: a person who is signed in.
 *
 * @param address where the request comes from: an IP address
 */
public record Caller(WebSession session, String address) {
    /** The user name. */
    public String name() {
        return session.username();
    }

    public Role role() {
        return session.role();
    }

    /** The same, as services that change something want to know it. */
    public Actor actor() {
        return Actor.user(name(), address);
    }
}

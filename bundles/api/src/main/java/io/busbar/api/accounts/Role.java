package io.busbar.api.accounts;

/** What a person may do. Each role includes the ones before it. */
public enum Role {
    /** May look, but not change anything. */
    VIEWER,
    /** May also disconnect clients and publish values. */
    OPERATOR,
    /** May also change the namespace and credentials. */
    ENGINEER,
    /** May also change users and the server. */
    ADMIN;

    /** Returns whether this role may do everything that the other one may. */
    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }
}

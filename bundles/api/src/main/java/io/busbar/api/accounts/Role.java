package io.busbar.api.accounts;

/** What a person may do; each includes the ones before it. */
public enum Role {
    /** See. */
    VIEWER,
    /** See, disconnect clients, publish values. */
    OPERATOR,
    /** Also change the namespace and credentials. */
    ENGINEER,
    /** Also change users and the server. */
    ADMIN;

    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }
}

package io.busbar.itests.soak;

/** What a client signs in with. */
record Account(String clientId, String username, String password) {
    /** The same credential under another Client Identifier, where its policy allows any. */
    Account as(String otherClientId) {
        return new Account(otherClientId, username, password);
    }

    /** The same with a password that is not right. */
    Account withWrongPassword() {
        return new Account(clientId, username, "not " + password);
    }
}

package io.busbar.web.api;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server for each test, with an administrator who is signed in. */
abstract class SignedInTest {
    Server server;

    @BeforeEach
    final void signIn() throws Exception {
        server = Server.signedIn();
    }

    @AfterEach
    final void stop() throws Exception {
        server.close();
    }
}

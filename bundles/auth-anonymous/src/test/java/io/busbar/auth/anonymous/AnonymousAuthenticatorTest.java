package io.busbar.auth.anonymous;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.api.broker.ListenerView;
import io.busbar.api.broker.Listeners;
import io.busbar.api.broker.Transport;
import io.busbar.testkit.contract.AuthenticatorContract;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AnonymousAuthenticatorTest extends AuthenticatorContract {
    private final AnonymousAuthenticator authenticator = new AnonymousAuthenticator();

    @BeforeEach
    void listen() {
        authenticator.setListeners(listening("127.0.0.1"));
    }

    @Override
    protected Authenticator authenticator() {
        return authenticator;
    }

    @Override
    protected ConnectRequest welcome() {
        return request("bench-1", "whoever", "whatever");
    }

    @Override
    protected @Nullable ConnectRequest wrongPassword() {
        return null;
    }

    @Override
    protected ConnectRequest stranger() {
        return request("bench-1", null, null, "192.168.1.5");
    }

    @Test
    void authenticate_withoutCredentials_isGrantedTheDefaultRights() {
        assertThat(granted(answer(request("bench-1", null, null, "::1"))).acl())
                .isEqualTo(AclRule.DEFAULT);
    }

    @Test
    void authenticate_clients_areOneIdentity_whateverTheyCallThemselves() {
        assertThat(granted(answer(request("a", "ann", null))).id())
                .isEqualTo(granted(answer(request("b", null, null, "::1"))).id());
    }

    @Test
    void authenticate_listenerThatOthersReach_isLeftToTheOtherProviders() {
        for (String host : List.of("0.0.0.0", "::", "192.168.1.1", "", "127.0.0.1.example.org")) {
            authenticator.setListeners(listening(host));
            assertThat(answer(welcome())).as(host).isEqualTo(AuthResult.ABSTAIN);
        }
    }

    @Test
    void authenticate_unixSocket_isOnThisMachine() {
        authenticator.setListeners(listening("unix:/run/mqtt.sock"));

        assertThat(answer(welcome())).isInstanceOf(AuthResult.Granted.class);
    }

    @Test
    void authenticate_unknownListener_isLeftToTheOtherProviders() {
        Listeners none = List::of;
        authenticator.setListeners(none);
        assertThat(answer(welcome())).isEqualTo(AuthResult.ABSTAIN);

        authenticator.unsetListeners(none);
        assertThat(answer(welcome())).isEqualTo(AuthResult.ABSTAIN);
    }

    private static Listeners listening(String host) {
        return () ->
                List.of(
                        new ListenerView(
                                "tcp",
                                Transport.TCP,
                                host,
                                1883,
                                "",
                                ListenerView.State.LISTENING,
                                "",
                                0));
    }
}

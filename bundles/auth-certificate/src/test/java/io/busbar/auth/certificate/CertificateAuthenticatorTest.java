package io.busbar.auth.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.AclRule.Action;
import io.busbar.api.auth.AclRule.Effect;
import io.busbar.api.auth.ClientIdClaim;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.AuthResult.Cause;
import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.testkit.contract.AuthenticatorContract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CertificateAuthenticatorTest extends AuthenticatorContract {
    private CertificateAuthenticator authenticator = provider("exact", "", "readwrite %u/#");

    private static CertificateAuthenticator provider(
            String clientId, String listeners, String rules) {
        return new CertificateAuthenticator(
                clientId, new String[] {listeners}, new String[] {rules});
    }

    private static ConnectRequest with(
            @Nullable String certificate,
            String clientId,
            boolean assigned,
            @Nullable String username,
            @Nullable String password) {
        ConnectRequest plain = request(clientId, username, password);
        return new ConnectRequest(
                clientId,
                assigned,
                username,
                plain.password(),
                plain.address(),
                plain.listener(),
                plain.version(),
                certificate);
    }

    @Override
    protected Authenticator authenticator() {
        return authenticator;
    }

    @Override
    protected ConnectRequest welcome() {
        return with("press-7", "press-7", false, "press-7", null);
    }

    @Override
    protected @Nullable ConnectRequest wrongPassword() {
        return null;
    }

    @Override
    protected ConnectRequest stranger() {
        return request("press-7", "press-7", null);
    }

    @Test
    void authenticate_withoutUserName_isWhoTheCertificateSays() {
        assertThat(granted(answer(with("press-7", "press-7", false, null, null))).username())
                .isEqualTo("press-7");
    }

    @Test
    void authenticate_withPasswordOrAnotherUserName_isLeftToTheNextProvider() {
        assertThat(answer(with("press-7", "press-7", false, "press-7", "x")))
                .isEqualTo(AuthResult.ABSTAIN);
        assertThat(answer(with("press-7", "press-7", false, "admin", null)))
                .isEqualTo(AuthResult.ABSTAIN);
        assertThat(answer(with("", "", true, null, null))).isEqualTo(AuthResult.ABSTAIN);
    }

    @Test
    void clientId_ofSomebodyElse_isRefused_asThePolicySays() {
        assertThat(answer(with("press-7", "press-8", false, null, null)))
                .isEqualTo(
                        new AuthResult.Refused(
                                Cause.CLIENT_ID_NOT_ALLOWED, "certificate:press-7", "press-7"));
        assertThat(answer(with("press-7", "press-7-a", false, null, null)))
                .isInstanceOf(AuthResult.Refused.class);

        authenticator = provider("prefix", "", "");
        granted(answer(with("press-7", "press-7-a", false, null, null)));
        assertThat(answer(with("press-7", "press-71", false, null, null)))
                .isInstanceOf(AuthResult.Refused.class);
        assertThat(answer(with("auto", "auto-x", true, null, null)))
                .as("an assigned identifier is nobody's")
                .isInstanceOf(AuthResult.Refused.class);

        authenticator = provider("any", "", "");
        granted(answer(with("press-7", "x", false, null, null)));
    }

    @Test
    void claim_isWhatThePolicyNames_andOnlyOfItsOwnIdentities() {
        CertificateAuthenticator exact = provider("exact", "", "");
        assertThat(exact.claim("certificate:press-7", "press-7")).isEqualTo(ClientIdClaim.EXACT);
        assertThat(exact.claim("certificate:press-7", "press-8")).isEqualTo(ClientIdClaim.NONE);
        assertThat(exact.claim("press-7", "press-7")).isEqualTo(ClientIdClaim.NONE);
        assertThat(exact.strongest("press-7")).isEqualTo(ClientIdClaim.NONE);

        assertThat(provider("prefix", "", "").claim("certificate:press-7", "press-7-a"))
                .isEqualTo(ClientIdClaim.prefix(7));
        assertThat(provider("any", "", "").claim("certificate:press-7", "press-7"))
                .isEqualTo(ClientIdClaim.NONE);
    }

    @Test
    void listener_thatIsNotNamed_doesNotCount() {
        authenticator = provider("exact", "plant, cell", "");
        assertThat(answer(welcome())).isEqualTo(AuthResult.ABSTAIN);

        authenticator = provider("exact", "plant, tcp", "");
        granted(answer(welcome()));
    }

    @Test
    void rules_areThoseOfTheConfiguration_andNoneIsNothing() {
        authenticator = provider("exact", "", "read a/%u/#, write b/c d ,deny a/secret");
        assertThat(granted(answer(welcome())).acl())
                .containsExactly(
                        new AclRule(Effect.ALLOW, Action.SUBSCRIBE, "a/%u/#"),
                        new AclRule(Effect.ALLOW, Action.PUBLISH, "b/c d"),
                        new AclRule(Effect.DENY, Action.BOTH, "a/secret"));

        authenticator = provider("exact", "", "");
        assertThat(granted(answer(welcome())).acl()).isEmpty();
    }

    @Test
    void configuration_wrong_saysWhatIsExpected() {
        assertThatThrownBy(() -> provider("same", "", "")).hasMessageContaining("exact, prefix");
        assertThatThrownBy(() -> provider("exact", "", "allow #"))
                .hasMessageContaining("readwrite");
        assertThatThrownBy(() -> provider("exact", "", "read a#")).hasMessageContaining("a#");
    }
}

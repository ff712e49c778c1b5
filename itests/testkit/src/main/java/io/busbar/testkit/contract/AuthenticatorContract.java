package io.busbar.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.busbar.api.auth.Principal;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.api.mqtt.ProtocolVersion;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests that every {@link Authenticator} must pass. Extend it to test yours. */
public abstract class AuthenticatorContract {
    /** The provider, ready to answer. */
    protected abstract Authenticator authenticator();

    /** A request that it grants; a new one every time. */
    protected abstract ConnectRequest welcome();

    /** The same client with a wrong password, or null if the provider looks at none. */
    protected abstract @Nullable ConnectRequest wrongPassword();

    /** A client that is none of the provider's business. */
    protected abstract ConnectRequest stranger();

    @Test
    public void name_isShortAndStable() {
        assertThat(authenticator().name()).matches("[a-z][a-z0-9-]{0,39}");
        assertThat(authenticator().name()).isEqualTo(authenticator().name());
    }

    @Test
    public void authenticate_whatItKnows_isGranted() {
        ConnectRequest request = welcome();

        Principal principal = granted(answer(request));

        assertThat(principal.id()).isNotEmpty();
        assertThat(principal.provider()).isEqualTo(authenticator().name());
        String username = request.username();
        assertThat(principal.username()).isEqualTo(username == null ? "" : username);
    }

    @Test
    public void authenticate_again_isTheSameIdentity() {
        assertThat(granted(answer(welcome())).id()).isEqualTo(granted(answer(welcome())).id());
    }

    @Test
    public void authenticate_wrongPassword_isNeverGranted() {
        ConnectRequest wrong = wrongPassword();
        assumeThat(wrong).isNotNull();

        assertThat(answer(wrong)).isNotInstanceOf(AuthResult.Granted.class);
    }

    @Test
    public void authenticate_noOrEmptyPassword_isNeverGranted() {
        assumeThat(wrongPassword()).isNotNull();
        ConnectRequest good = welcome();

        assertThat(answer(with(good, null))).isNotInstanceOf(AuthResult.Granted.class);
        assertThat(answer(with(good, new byte[0]))).isNotInstanceOf(AuthResult.Granted.class);
    }

    @Test
    public void authenticate_rightPasswordCutOrExtended_isNeverGranted() {
        assumeThat(wrongPassword()).isNotNull();
        ConnectRequest good = welcome();
        byte[] password = password(good);
        byte[] cut = java.util.Arrays.copyOf(password, password.length - 1);
        byte[] extended = java.util.Arrays.copyOf(password, password.length + 1);

        assertThat(answer(with(good, cut))).isNotInstanceOf(AuthResult.Granted.class);
        assertThat(answer(with(good, extended))).isNotInstanceOf(AuthResult.Granted.class);
    }

    @Test
    public void authenticate_afterAWrongPassword_theRightOneIsStillGranted() {
        ConnectRequest wrong = wrongPassword();
        assumeThat(wrong).isNotNull();
        answer(wrong);

        granted(answer(welcome()));
    }

    @Test
    public void authenticate_stranger_isLeftToTheNextProvider() {
        assertThat(answer(stranger())).isEqualTo(AuthResult.ABSTAIN);
    }

    @Test
    public void authenticate_leavesThePasswordAlone() {
        ConnectRequest request = welcome();
        assumeThat(request.password()).isNotNull();
        byte[] before = password(request).clone();

        answer(request);

        assertThat(request.password()).isEqualTo(before);
    }

    @Test
    public void authenticate_manyAtOnce_allAreAnswered() {
        List<CompletableFuture<AuthResult>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(authenticator().authenticate(welcome()).toCompletableFuture());
        }

        for (CompletableFuture<AuthResult> answer : answers) {
            granted(answer.orTimeout(30, TimeUnit.SECONDS).join());
        }
    }

    /** Asks and waits. */
    protected final AuthResult answer(ConnectRequest request) {
        return authenticator()
                .authenticate(request)
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    /** The identity that was granted; fails the test if it was not. */
    protected static Principal granted(AuthResult result) {
        assertThat(result).isInstanceOf(AuthResult.Granted.class);
        return ((AuthResult.Granted) result).principal();
    }

    /** A CONNECT from the loopback address through the listener {@code tcp}. */
    protected static ConnectRequest request(
            String clientId, @Nullable String username, @Nullable String password) {
        return request(clientId, username, password, "127.0.0.1");
    }

    /** A CONNECT from the given IP address through the listener {@code tcp}. */
    protected static ConnectRequest request(
            String clientId, @Nullable String username, @Nullable String password, String address) {
        try {
            return new ConnectRequest(
                    clientId,
                    false,
                    username,
                    password == null ? null : password.getBytes(StandardCharsets.UTF_8),
                    InetAddress.getByName(address),
                    "tcp",
                    ProtocolVersion.MQTT_5_0,
                    null);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "address: " + address + " (expected: an IP address)", e);
        }
    }

    private static ConnectRequest with(ConnectRequest request, byte @Nullable [] password) {
        return new ConnectRequest(
                request.clientId(),
                request.clientIdAssigned(),
                request.username(),
                password,
                request.address(),
                request.listener(),
                request.version(),
                request.certificateSubject());
    }

    private static byte[] password(ConnectRequest request) {
        byte[] password = request.password();
        if (password == null) {
            throw new AssertionError("welcome() of a provider that checks passwords has one");
        }
        return password;
    }
}

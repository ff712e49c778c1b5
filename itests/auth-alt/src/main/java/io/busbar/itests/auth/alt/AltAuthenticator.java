package io.busbar.itests.auth.alt;

import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.Principal;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.auth.spi.ConnectRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Component;

/**
 * Lets in the user {@code alt} with the password {@code alt-password}, and has no opinion else. For
 * the user {@code slow} it waits, as for a directory server that does not answer.
 */
@Component
public final class AltAuthenticator implements Authenticator {

    private static final long SLOW_MILLIS = 20_000;
    private static final byte[] PASSWORD = "alt-password".getBytes(StandardCharsets.UTF_8);

    @Override
    public String name() {
        return "alt";
    }

    private static void waitForAnswer() {
        try {
            Thread.sleep(SLOW_MILLIS);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException("gave up", stopped);
        }
    }

    @Override
    public CompletionStage<AuthResult> authenticate(ConnectRequest request) {
        if ("slow".equals(request.username())) {
            waitForAnswer();
        }
        byte[] password = request.password();
        if (!"alt".equals(request.username()) || !Arrays.equals(PASSWORD, password)) {
            return CompletableFuture.completedFuture(AuthResult.ABSTAIN);
        }
        return CompletableFuture.completedFuture(
                new AuthResult.Granted(
                        new Principal(
                                "alt:alt",
                                "alt",
                                "alt",
                                "Test user",
                                List.of(AclRule.ALLOW_ALL),
                                0)));
    }
}

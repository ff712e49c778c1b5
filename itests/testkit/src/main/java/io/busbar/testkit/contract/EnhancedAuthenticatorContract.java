package io.busbar.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.auth.Principal;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.api.auth.spi.EnhancedAuthenticator;
import io.busbar.api.auth.spi.EnhancedAuthenticator.Exchange;
import io.busbar.api.auth.spi.EnhancedAuthenticator.Step;
import io.busbar.api.mqtt.ProtocolVersion;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests that every {@link EnhancedAuthenticator} must pass. Extend it to test yours. */
public abstract class EnhancedAuthenticatorContract {
    private static final int MOST_STEPS = 10;

    /** The provider, ready to answer. */
    protected abstract EnhancedAuthenticator authenticator();

    /** The Authentication Method to try. */
    protected abstract String method();

    /** The Client Identifier of the client that it lets in. */
    protected abstract String clientId();

    /** A client that knows its secret, or one that has a wrong one. */
    protected abstract Client client(boolean right);

    /** The client's side of an exchange. */
    public interface Client {
        /** The data of CONNECT. */
        byte @Nullable [] begin();

        /** The answer to the server's data. */
        byte[] answer(byte[] data);
    }

    @Test
    public void methods_holdTheOneToTry() {
        assertThat(authenticator().name()).matches("[a-z][a-z0-9-]{0,39}");
        assertThat(authenticator().methods()).contains(method());
    }

    @Test
    public void exchange_withTheRightSecret_isGranted() {
        Principal principal = granted(run(client(true)));

        assertThat(principal.id()).isNotEmpty();
        assertThat(principal.provider()).isEqualTo(authenticator().name());
    }

    @Test
    public void exchange_again_isTheSameIdentity() {
        Principal first = granted(run(client(true)));
        Exchange again = authenticator().begin(request(), method(), first);

        assertThat(granted(run(again, client(true), new ArrayList<>())).id()).isEqualTo(first.id());
    }

    @Test
    public void exchange_withAWrongSecret_isNeverGranted() {
        assertThat(run(client(false))).isNotInstanceOf(AuthResult.Granted.class);
    }

    @Test
    public void exchange_withWhatWasSaidBefore_isNeverGranted() {
        List<byte[]> said = new ArrayList<>();
        granted(run(begin(), client(true), said));
        Exchange replayed = begin();
        Step step = step(replayed, said.get(0));

        for (int i = 1; step instanceof Step.Continue && i < said.size(); i++) {
            step = step(replayed, said.get(i));
        }

        assertThat(step)
                .isInstanceOfSatisfying(
                        Step.Done.class,
                        done ->
                                assertThat(done.result())
                                        .isNotInstanceOf(AuthResult.Granted.class));
    }

    @Test
    public void exchange_withNonsense_isNeverGranted() {
        List<byte @Nullable []> nonsense = new ArrayList<>();
        nonsense.add(null);
        for (String text : new String[] {"", ",", "n,,", "n,,n=,r=", "\u0000", "p=x,,n=a,r=b"}) {
            nonsense.add(text.getBytes(StandardCharsets.UTF_8));
        }
        nonsense.add(new byte[] {(byte) 0xFF, 0, 1});

        for (byte[] data : nonsense) {
            Exchange exchange = begin();
            Step step = step(exchange, data);
            if (step instanceof Step.Continue) {
                step = step(exchange, data);
            }
            assertThat(step)
                    .isInstanceOfSatisfying(
                            Step.Done.class,
                            done ->
                                    assertThat(done.result())
                                            .isNotInstanceOf(AuthResult.Granted.class));
        }
    }

    private AuthResult run(Client client) {
        return run(begin(), client, new ArrayList<>());
    }

    private static AuthResult run(Exchange exchange, Client client, List<byte[]> said) {
        byte[] data = client.begin();
        for (int i = 0; i < MOST_STEPS; i++) {
            said.add(data);
            Step step = step(exchange, data);
            if (step instanceof Step.Done done) {
                exchange.close();
                return done.result();
            }
            data = client.answer(((Step.Continue) step).data());
        }
        throw new AssertionError("no end after " + MOST_STEPS + " steps");
    }

    private static Step step(Exchange exchange, byte @Nullable [] data) {
        return exchange.next(data).toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }

    /** A new exchange, as at CONNECT. */
    protected final Exchange begin() {
        return authenticator().begin(request(), method(), null);
    }

    private ConnectRequest request() {
        return new ConnectRequest(
                clientId(),
                false,
                null,
                null,
                InetAddress.getLoopbackAddress(),
                "tcp",
                ProtocolVersion.MQTT_5_0,
                null);
    }

    private static Principal granted(AuthResult result) {
        assertThat(result).isInstanceOf(AuthResult.Granted.class);
        return ((AuthResult.Granted) result).principal();
    }
}

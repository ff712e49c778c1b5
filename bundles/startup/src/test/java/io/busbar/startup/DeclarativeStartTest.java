package io.busbar.startup;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.accounts.Accounts;
import io.busbar.api.auth.CredentialService;
import io.busbar.api.auth.CredentialService.Ensured;
import io.busbar.api.auth.NewCredential;
import io.busbar.api.auth.spi.PasswordHashes;
import io.busbar.api.broker.Listeners;
import io.busbar.api.uns.Namespace;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeclarativeStartTest {
    private static final Path FILE = Path.of("plant.json");

    private final Map<String, Ensured> answers = new HashMap<>();
    private final DeclarativeStart start = new DeclarativeStart(FILE, new Fakes());
    private final Deadline deadline =
            new Deadline(Duration.ofSeconds(60), waited -> {}, Deadline.Time.SYSTEM);

    @Test
    void apply_whatCouldNotBeMade_isToldWithTheFile_andTheRestIsMade() throws Exception {
        answers.put("a", new Ensured(false, List.of("credential \"a\" was not made, because")));
        answers.put("b", new Ensured(true, List.of()));
        answers.put("c", new Ensured(true, List.of("c without \"d\"", "c without \"e\"")));

        start.apply(bootstrap("a", "b", "c"), deadline);

        assertThat(start.problems())
                .containsExactly(
                        "bootstrap file plant.json: credential \"a\" was not made, because.",
                        "bootstrap file plant.json: c without \"d\".",
                        "bootstrap file plant.json: c without \"e\".");
        assertThat(answers).isEmpty();
    }

    @Test
    void apply_whatIsThereAlready_isNoProblem() throws Exception {
        answers.put("a", Ensured.NOTHING_TO_DO);

        start.apply(bootstrap("a"), deadline);

        assertThat(start.problems()).isEmpty();
    }

    private static Bootstrap bootstrap(String... names) {
        return new Bootstrap(
                null,
                List.of(names).stream()
                        .map(
                                name ->
                                        new NewCredential(
                                                name,
                                                name,
                                                name,
                                                "password",
                                                null,
                                                0,
                                                List.of(),
                                                null,
                                                List.of()))
                        .toList(),
                null,
                false);
    }

    /** Credentials that answer as prepared, and hashes that are there. */
    private final class Fakes implements Parts {
        @Override
        public @Nullable Accounts accounts() {
            return null;
        }

        @Override
        public CredentialService credentials() {
            return proxy(
                    CredentialService.class,
                    arguments ->
                            arguments == null
                                    ? List.of()
                                    : answers.remove(((NewCredential) arguments[0]).username()));
        }

        @Override
        public PasswordHashes hashes() {
            return proxy(PasswordHashes.class, arguments -> null);
        }

        @Override
        public @Nullable Namespace namespace() {
            return null;
        }

        @Override
        public @Nullable Listeners listeners() {
            return null;
        }

        @Override
        public @Nullable String console() {
            return null;
        }
    }

    private interface Answer {
        @Nullable Object to(Object @Nullable [] arguments);
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> answer.to(arguments)));
    }
}

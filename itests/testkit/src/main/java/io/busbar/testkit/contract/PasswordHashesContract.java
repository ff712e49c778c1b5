package io.busbar.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.auth.spi.PasswordHashes;
import io.busbar.api.auth.spi.PasswordHashes.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests that every {@link PasswordHashes} must pass. Extend it to test yours. */
public abstract class PasswordHashesContract {
    protected abstract PasswordHashes hashes();

    @Test
    public void hash_recognisesItsPasswordAndNoOther() throws Exception {
        String hash = hashes().hash(utf8("pässword"));

        assertThat(verify("pässword", hash)).isEqualTo(Verdict.RIGHT);
        assertThat(verify("password", hash)).isEqualTo(Verdict.WRONG);
        assertThat(verify("", hash)).isEqualTo(Verdict.WRONG);
    }

    @Test
    public void hash_hasASaltOfItsOwn() {
        assertThat(hashes().hash(utf8("pässword"))).isNotEqualTo(hashes().hash(utf8("pässword")));
    }

    @Test
    public void hash_isAPhcStringInEveryLanguage() {
        Locale before = Locale.getDefault();
        try {
            for (String language : new String[] {"ar-EG-u-nu-arab", "fa-IR", "bn-BD", "my-MM"}) {
                Locale.setDefault(Locale.forLanguageTag(language));

                String hash = hashes().hash(utf8("pässword"));

                assertThat(hash)
                        .matches("\\$[a-z0-9-]+(\\$v=[0-9]+)?\\$[ -#%-~]+\\$[ -#%-~]+\\$[ -#%-~]+");
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    public void verify_forNobody_isNeverRight() throws Exception {
        assertThat(verify("", null)).isEqualTo(Verdict.WRONG);
        assertThat(verify("password", null)).isEqualTo(Verdict.WRONG);
    }

    /** The guess that is not computed: its hash would be refused otherwise. */
    @Test
    public void verify_thatIsNotWantedAnyMore_isWrongWithoutBeingComputed() throws Exception {
        assertThat(
                        hashes().verify(utf8("password"), "no hash at all", () -> false)
                                .toCompletableFuture()
                                .get(60, TimeUnit.SECONDS))
                .isEqualTo(Verdict.WRONG);
    }

    @Test
    public void verify_againstWhatIsNoHash_fails() {
        for (String hash : new String[] {"", "password", "$2y$10$abc", "$argon2id$v=19$"}) {
            assertThatThrownBy(() -> verify("password", hash))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    public void passwords_stayTheCallers() throws Exception {
        byte[] password = utf8("pässword");

        String hash = hashes().hash(password);
        hashes().verify(password, hash, () -> true).toCompletableFuture().get(60, TimeUnit.SECONDS);

        assertThat(password).isEqualTo(utf8("pässword"));
    }

    @Test
    public void verify_worksOnACopy() throws Exception {
        String hash = hashes().hash(utf8("pässword"));
        byte[] password = utf8("pässword");

        var verdict = hashes().verify(password, hash, () -> true);
        java.util.Arrays.fill(password, (byte) 0);

        assertThat(verdict.toCompletableFuture().get(60, TimeUnit.SECONDS))
                .isEqualTo(Verdict.RIGHT);
    }

    protected final Verdict verify(String password, @Nullable String hash) throws Exception {
        return hashes().verify(utf8(password), hash, () -> true)
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

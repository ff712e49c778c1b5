package io.busbar.auth.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SecretsTest {
    private final Secrets secrets = new Secrets();

    @Test
    void password_hasMoreThan160RandomBits() {
        Set<Character> first = new HashSet<>();
        Set<Character> others = new HashSet<>();
        for (int i = 0; i < 5_000; i++) {
            String password = secrets.password();
            assertThat(password).hasSize(28).doesNotContainPattern("[0O1Ilio]");
            first.add(password.charAt(0));
            password.chars().skip(1).forEach(c -> others.add((char) c));
        }

        double bits = log2(first.size()) + 27 * log2(others.size());
        assertThat(bits).isGreaterThan(160);
    }

    @Test
    void id_isAUuidOfVersion7InOrderOfTime() {
        String earlier = secrets.id(1_000);
        String later = secrets.id(2_000);

        assertThat(UUID.fromString(earlier).version()).isEqualTo(7);
        assertThat(UUID.fromString(earlier).variant()).isEqualTo(2);
        assertThat(earlier).isLessThan(later);
    }

    /** The example of RFC 7677, section 3. */
    @Test
    void scramKeys_ofTheExampleInTheRfc() {
        byte[] salt = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");

        ScramKeys keys = ScramKeys.of("pencil", salt, 4096);

        String authMessage =
                "n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                    + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,"
                    + "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        byte[] signature =
                Bytes.hmacSha256(
                        Base64.getDecoder().decode(keys.serverKey()), Bytes.ascii(authMessage));
        assertThat(Base64.getEncoder().encodeToString(signature))
                .isEqualTo("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }

    private static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }
}

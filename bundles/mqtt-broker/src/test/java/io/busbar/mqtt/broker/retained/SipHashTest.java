package io.busbar.mqtt.broker.retained;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SipHashTest {
    /** The key of the vectors of those who made it: 0, 1, 2 ... 15. */
    private final SipHash vectors = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

    @ParameterizedTest
    @CsvSource({
        "0, 726fdb47dd0e0e31",
        "1, 74f839c593dc67fd",
        "7, ab0200f58b01d137",
        "8, 93f5f5799a932462",
        "15, a129ca6149be45e5"
    })
    void hash_agreesWithTheVectors(int length, String expected) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }

        assertThat(Long.toHexString(vectors.of(bytes))).isEqualTo(expected);
    }

    @Test
    void keys_ofProcesses_differ() {
        byte[] topic = "a/b".getBytes(StandardCharsets.UTF_8);

        assertThat(SipHash.random().of(topic)).isNotEqualTo(SipHash.random().of(topic));
    }
}

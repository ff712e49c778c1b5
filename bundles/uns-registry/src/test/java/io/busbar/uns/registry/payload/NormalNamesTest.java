package io.busbar.uns.registry.payload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import org.junit.jupiter.api.Test;

/** A name that many fields are compared with is brought into its normal form once. */
class NormalNamesTest {
    private static final String COMPOSED = "Größe";
    private static final String DECOMPOSED = Normalizer.normalize(COMPOSED, Normalizer.Form.NFD);

    @Test
    void nameOfAValue_isNormalisedOnce_inEachPayload() {
        Reading reading = new Reading();
        reading.begin(true, null);
        for (int i = 0; i < 600; i++) {
            reading.number(DECOMPOSED + i, i);
        }

        String first = reading.normalName(7);
        assertThat(first).isEqualTo(COMPOSED + 7);
        assertThat(reading.normalName(599)).isEqualTo(COMPOSED + 599);
        assertThat(reading.normalName(7)).isSameAs(first);

        reading.begin(true, null);
        for (int i = 0; i < 600; i++) {
            reading.number("x" + i, i);
        }
        assertThat(reading.normalName(7)).isEqualTo("x7");
        reading.begin(true, null);
        reading.number(DECOMPOSED, 1);
        assertThat(reading.normalName(0)).isEqualTo(COMPOSED);
    }

    @Test
    void keyOfAMember_isNormalisedOnce() {
        byte[] json = ("{\"" + DECOMPOSED + "\":1,\"a\":2}").getBytes(StandardCharsets.UTF_8);
        JsonWalk walk = new JsonWalk(json, 0);
        walk.next();

        String first = walk.normalKey();
        assertThat(first).isEqualTo(COMPOSED);
        assertThat(walk.normalKey()).isSameAs(first);
        walk.next();
        assertThat(walk.normalKey()).isEqualTo("a");
    }
}

package io.busbar.uns.registry.search;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextSignTest {
    private static long[] sign(String text) {
        long[] sign = TextSign.empty();
        byte[] bytes = text.getBytes(UTF_8);
        TextSign.add(sign, bytes, 0, bytes.length);
        return sign;
    }

    private static boolean mayHave(String text, String word) {
        return TextSign.covers(sign(text), TextSign.of(Folding.fold(word)));
    }

    @Test
    void everyPieceOfAText_mayBeInIt() {
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            StringBuilder text = new StringBuilder();
            for (int k = random.nextInt(40) + 1; k > 0; k--) {
                int c = random.nextInt(20);
                text.append((char) (c == 0 ? 0xE4 : c == 1 ? 0x8FD0 : ' ' + random.nextInt(95)));
            }
            int from = random.nextInt(text.length());
            int to = from + 1 + random.nextInt(text.length() - from);

            assertThat(mayHave(text.toString(), text.substring(from, to)))
                    .as("%s in %s", text.substring(from, to), text)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "72.41, 7.4",
        "72.41, 72.42",
        "running, stop",
        "running, gnin",
        "running, Händ",
        "running, 运行",
        "運行, running",
        "running, 'a b'",
    })
    void whatHasOtherCharactersOrPairs_isNotInAText(String text, String word) {
        assertThat(mayHave(text, word)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"H\\u00e4nd, händ", "a\\/b, a/b", "a\\tb, 'b'", "RUNNING, running"})
    void whatIsWrittenOtherwise_mayBeInAText(String text, String word) {
        assertThat(mayHave(text, word)).isTrue();
    }

    @Test
    void ofEverything_nothingIsRuledOut() {
        long[] sign = TextSign.empty();
        TextSign.addAll(sign);

        assertThat(TextSign.covers(sign, TextSign.of("运行 10:30 running"))).isTrue();
    }
}

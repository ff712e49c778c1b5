package io.busbar.api.broker.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.UserProperty;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PublishVerdictTest {
    private static String told(String reason) {
        return new PublishVerdict.Divert(reason).reason();
    }

    @ParameterizedTest // [MQTT5-1.5.4-1] [MQTT5-1.5.4-2]
    @CsvSource({
        "plain text °C 温度 😀, plain text °C 温度 😀",
        "'a\\u0000b', a?b",
        "'a\\tb\\r\\nc', a?b??c",
        "'a\\u007F\\u0085b', a??b",
        "'a\\uD83Db', a?b",
        "'a\\uDE00', a?",
        "'a\\uD83D', a?",
        "'a\\uFFFE\\uFDD0b', a??b",
        "'a\\uD83F\\uDFFEb', a??b", // U+1FFFE
    })
    void text_holdsWhatMqttAllows(String escaped, String expected) {
        assertThat(told(unescaped(escaped))).isEqualTo(expected);
    }

    /** Java's escapes, as the compiler reads them. */
    private static String unescaped(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("\\u", i)) {
                plain.append((char) Integer.parseInt(text.substring(i + 2, i + 6), 16));
                i += 5;
            } else if (text.charAt(i) == '\\') {
                plain.append(text.substring(i, i + 2).translateEscapes());
                i++;
            } else {
                plain.append(text.charAt(i));
            }
        }
        return plain.toString();
    }

    @Test
    void text_isCutWhereItIsTooLong_andNeverWithinACharacter() {
        assertThat(told("x".repeat(5_000))).isEqualTo("x".repeat(PublishVerdict.MAX_TEXT));
        assertThat(told("x".repeat(PublishVerdict.MAX_TEXT - 1) + "😀"))
                .isEqualTo("x".repeat(PublishVerdict.MAX_TEXT - 1) + "?");
        assertThat(told("\n" + "x".repeat(5_000)))
                .isEqualTo("?" + "x".repeat(PublishVerdict.MAX_TEXT - 1));
    }

    @Test
    void annotate_holdsWhatMqttAllows() {
        PublishVerdict.Annotate annotate =
                new PublishVerdict.Annotate(List.of(new UserProperty("a\nb", "c\0d")), null);

        assertThat(annotate.userProperties()).containsExactly(new UserProperty("a?b", "c?d"));
        assertThat(annotate.reason()).isNull();
    }

    @Test
    void annotate_withTooMany_isAnError() {
        List<UserProperty> many = Collections.nCopies(17, new UserProperty("a", "b"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PublishVerdict.annotate(many, null))
                .withMessage("user properties: 17 (expected: 0..16)");
    }

    @ParameterizedTest // [MQTT5-3.4.2-1] [MQTT5-3.5.2-1] [MQTT5-3.14.2-1]
    @EnumSource
    void refuse_takesWhatAllThreePacketsKnow(ReasonCode code) {
        boolean known = List.of(0x80, 0x83, 0x87, 0x90, 0x97, 0x99).contains(code.code());

        if (known) {
            assertThat(PublishVerdict.refuse(code, "no"))
                    .isEqualTo(new PublishVerdict.Refuse(code, "no", false));
        } else {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PublishVerdict.refuse(code, "no"))
                    .withMessageStartingWith("code: " + code);
        }
    }
}

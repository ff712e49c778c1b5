package io.busbar.api.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialLimitsTest {
    private static @Nullable String text(@Nullable ValueProblem problem) {
        return problem == null ? null : problem.text();
    }

    private static ValueProblem.@Nullable Code code(@Nullable ValueProblem problem) {
        return problem == null ? null : problem.code();
    }

    @Test
    void whatIsWrong_hasACodeForPrograms() {
        assertThat(code(CredentialLimits.problemOfName(""))).isEqualTo(ValueProblem.Code.LENGTH);
        assertThat(code(CredentialLimits.problemOfName("a\nb")))
                .isEqualTo(ValueProblem.Code.CONTROL_CHARACTER);
        assertThat(code(CredentialLimits.problemOfName("a ")))
                .isEqualTo(ValueProblem.Code.NAME_SPACE);
        assertThat(code(CredentialLimits.problemOfName("\uD83D")))
                .isEqualTo(ValueProblem.Code.NO_UNICODE);
        assertThat(code(CredentialLimits.problemOfFilter("a/#/b")))
                .isEqualTo(ValueProblem.Code.FILTER);
        assertThat(code(CredentialLimits.problemOfFilter("$share/g/a")))
                .isEqualTo(ValueProblem.Code.SHARED_FILTER);
        assertThat(code(CredentialLimits.problemOfNetwork("a:b")))
                .isEqualTo(ValueProblem.Code.NETWORK);
        ValueProblem tooLong = CredentialLimits.problemOfDescription("x".repeat(256));
        assertThat(tooLong).isNotNull();
        assertThat(tooLong.code()).isEqualTo(ValueProblem.Code.LENGTH);
        assertThat(tooLong.parameters())
                .isEqualTo(Map.of("found", "256", "min", "1", "max", "255"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "press/1", "line 1", "a+b#c", "温度", "\uD83D\uDE80"})
    void name_thatMqttCanSend_fits(String name) {
        assertThat(CredentialLimits.problemOfName(name)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t", " a", "a ", "a\nb", "a\u0000", "a\u0085b", "\uD83D"})
    void name_blankOrWithWhatNobodySees_doesNot(String name) {
        assertThat(text(CredentialLimits.problemOfName(name)))
                .endsWith(
                        "(expected: 1 to 120 characters, no control characters, no space at either"
                                + " end)")
                .doesNotContainPattern("[\\x00-\\x1F\\x7F-\\x9F]");
    }

    @Test
    void name_isAsLongAsItMayBe_inCharacters() {
        assertThat(CredentialLimits.problemOfName("x".repeat(120))).isNull();
        assertThat(CredentialLimits.problemOfName("\uD83D\uDE80".repeat(120))).isNull();
        assertThat(text(CredentialLimits.problemOfName("x".repeat(121))))
                .startsWith("\"" + "x".repeat(60) + "…\"");
    }

    @Test
    void description_countsWithoutWhiteSpaceAtItsEnds() {
        assertThat(CredentialLimits.problemOfDescription(" " + "x".repeat(255) + " ")).isNull();
        assertThat(text(CredentialLimits.problemOfDescription("x".repeat(256))))
                .startsWith("256 characters");
        assertThat(text(CredentialLimits.problemOfDescription(" \n "))).startsWith("0 characters");
        assertThat(text(CredentialLimits.problemOfDescription("a\u0007b")))
                .startsWith("control character");
    }

    @Test
    void password_isNeverShown() {
        assertThat(text(CredentialLimits.problemOfPassword("secret")))
                .isEqualTo("6 characters (expected: 8 to 256)");
        assertThat(CredentialLimits.problemOfPassword("12345678")).isNull();
        assertThat(text(CredentialLimits.problemOfPassword("x".repeat(257)))).startsWith("257");
    }

    @ParameterizedTest
    @ValueSource(strings = {"#", "a/+/%c", "%u-x/#", "100%", "a/%#c", "$SYS/broker/#", "a b"})
    void filter_ofARule_fits(String filter) {
        assertThat(CredentialLimits.problemOfFilter(filter)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a/#/b", "a%c#", "a\nb", "$share/g/a", "%#+"})
    void filter_thatIsNone_doesNot(String filter) {
        assertThat(text(CredentialLimits.problemOfFilter(filter))).contains("is no topic filter: ");
    }

    @Test
    void filter_isAsLongAsItMayBe() {
        assertThat(CredentialLimits.problemOfFilter("x".repeat(1024))).isNull();
        assertThat(text(CredentialLimits.problemOfFilter("x".repeat(1025))))
                .contains("1025 characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/8", "192.168.1.5", "fd00::/8", "::1", "0.0.0.0/0"})
    void network_thatIsOne_fits(String network) {
        assertThat(CredentialLimits.problemOfNetwork(network)).isNull();
    }

    /** None of them asks a name server. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "plant.example",
                "10.0.0.0/33",
                "999.1.1.1",
                "10.0.0",
                "::1/129",
                "a:b"
            })
    void network_thatIsNone_doesNot(String network) {
        assertThat(text(CredentialLimits.problemOfNetwork(network)))
                .contains("(expected: an IP address or a block");
    }
}

package io.busbar.api.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AclFilterTest {
    @ParameterizedTest
    @CsvSource({
        "plant/%c/state, plant/%#c/state",
        "%u, %#u",
        "%%c%u%, %%#c%#u%",
        "load/100%/%d, load/100%/%d",
        "%C/%U/#, %C/%U/#",
    })
    void literal_hidesNames_andNothingElse(String topicFilter, String expected) {
        assertThat(AclFilter.literal(topicFilter)).isEqualTo(expected);
        assertThat(AclFilter.problemOf(expected)).isNull();
        assertThat(AclFilter.ofAnybody(expected)).isEqualTo(topicFilter);
    }

    @ParameterizedTest
    @CsvSource({"a/%c/b, a/+/b", "x-%u/#, +/#", "a/%#c/%c, a/%c/+", "a/b, a/b"})
    void ofAnybody_coversWhoeverItIs(String filter, String expected) {
        assertThat(AclFilter.ofAnybody(filter)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a#", "%#+", "+%#", "#/%#", "%c+"})
    void wildcard_besideAnythingElse_isStillNone(String filter) {
        assertThat(AclFilter.problemOf(filter)).isNotNull();
    }

    @Test
    void problemOf_says_why() {
        assertThat(AclFilter.problemOf("")).isEqualTo("is empty");
        assertThat(AclFilter.problemOf("%c/%u/%#/+/#")).isNull();
    }
}

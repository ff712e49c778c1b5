package io.busbar.itests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.auth.Credential;
import io.busbar.api.auth.CredentialLimits;
import io.busbar.api.broker.DropCause;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.web.http.HttpCounters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds {@code docs/limits.md} against the keys, defaults, Reason Codes and counters in the code.
 */
class LimitsDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "..", "docs", "limits.md");
    private static final Pattern KEY = Pattern.compile("`(io\\.busbar[a-z.]*)` `([a-z.]+)`");
    private static final Pattern COUNTED =
            Pattern.compile("(Rejected|Dropped|Disconnected|HTTP) `([A-Z_]+)`");
    private static final Pattern CODE = Pattern.compile("0x[0-9A-F]{2}");

    /** Numbers that bound nothing a client could do. */
    private static final Set<String> NO_LIMITS =
            Set.of(
                    "port",
                    "advertised.port",
                    "socket.mode",
                    "threads",
                    "certificate.poll.seconds",
                    "maximum.qos",
                    "longest.delay.seconds",
                    "cache.seconds");

    private static Map<String, Metatype.Component> components;

    /** One row of a table. */
    record Row(String limit, String key, String defaultValue, String beyond, String counted) {
        @Override
        public String toString() {
            return limit;
        }
    }

    @BeforeAll
    static void read() throws Exception {
        components = Metatype.read();
    }

    static List<Row> rows() throws IOException {
        try (Stream<String> lines = Files.lines(DOCUMENT)) {
            return lines.filter(line -> line.startsWith("| "))
                    .filter(line -> !line.startsWith("| limit |"))
                    .map(line -> line.split("\\|", -1))
                    .map(
                            cells ->
                                    new Row(
                                            cells[1].strip(),
                                            cells[2].strip(),
                                            cells[3].strip(),
                                            cells[4].strip(),
                                            cells[5].strip()))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void key_existsWithThisDefault(Row row) {
        Matcher key = KEY.matcher(row.key());
        if (!key.matches()) {
            assertThat(row.key()).doesNotContain("io.busbar");
            return;
        }
        assertThat(components).containsKey(key.group(1));
        assertThat(components.get(key.group(1)).keys())
                .filteredOn(known -> known.name().equals(key.group(2)))
                .extracting(known -> "`" + known.defaultValue() + "`")
                .containsExactly(row.defaultValue());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void counter_existsAndGoesWithTheReasonCode(Row row) {
        if (row.counted().isEmpty()) {
            return;
        }
        Matcher counted = COUNTED.matcher(row.counted());
        assertThat(counted.matches()).as(row.counted()).isTrue();
        String name = counted.group(2);
        switch (counted.group(1)) {
            case "Rejected" -> {
                Rejection.Cause cause = Rejection.Cause.valueOf(name);
                Matcher code = CODE.matcher(row.beyond());
                if (code.find()) {
                    assertThat(code.group())
                            .isEqualTo(String.format("0x%02X", cause.reason().code()));
                }
            }
            case "Dropped" -> DropCause.valueOf(name);
            case "HTTP" -> HttpCounters.Cause.valueOf(name);
            default -> ClientEvent.Cause.valueOf(name);
        }
    }

    @Test
    void credentials_haveTheLimitsOfTheCode() throws Exception {
        List<Row> rows = rows();

        Map.of(
                        "characters of a Client ID",
                        CredentialLimits.MAX_NAME,
                        "further Client IDs of a credential",
                        Credential.MAX_OTHER_CLIENT_IDS,
                        "characters of a description",
                        CredentialLimits.MAX_DESCRIPTION,
                        "characters of a password",
                        CredentialLimits.MAX_PASSWORD,
                        "access rules of a credential",
                        CredentialLimits.MAX_RULES,
                        "characters of the filter of a rule",
                        CredentialLimits.MAX_FILTER,
                        "networks that",
                        CredentialLimits.MAX_NETWORKS,
                        "maxConnections",
                        CredentialLimits.MAX_CONNECTIONS)
                .forEach(
                        (limit, value) ->
                                assertThat(rows)
                                        .filteredOn(row -> row.limit().startsWith(limit))
                                        .extracting(Row::defaultValue)
                                        .containsExactly("`" + value + "`"));
    }

    @Test
    void page_hasEveryLimitOfTheBrokerAndItsListeners() throws Exception {
        Set<String> documented = new TreeSet<>();
        for (Row row : rows()) {
            Matcher key = KEY.matcher(row.key());
            if (key.matches()) {
                documented.add(key.group(1) + " " + key.group(2));
            }
        }
        Set<String> limits =
                Stream.of(
                                "io.busbar.auth.credentials",
                                "io.busbar.auth.file",
                                "io.busbar.auth.users",
                                "io.busbar.mqtt.broker",
                                "io.busbar.mqtt.listener",
                                "io.busbar.memory",
                                "io.busbar.mqtt.loops",
                                "io.busbar.web",
                                "io.busbar.web.api")
                        .flatMap(
                                pid ->
                                        components.get(pid).keys().stream()
                                                .filter(key -> key.defaultValue().matches("\\d+"))
                                                .filter(key -> !NO_LIMITS.contains(key.name()))
                                                .map(key -> pid + " " + key.name()))
                        .collect(Collectors.toCollection(TreeSet::new));

        assertThat(documented).containsAll(limits);
    }
}

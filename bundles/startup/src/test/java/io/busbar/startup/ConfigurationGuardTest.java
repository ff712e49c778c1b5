package io.busbar.startup;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.config.spi.ValueCheck;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationGuardTest {
    private static final String METATYPE =
"""
<metatype:MetaData xmlns:metatype="http://www.osgi.org/xmlns/metatype/v1.4.0">
  <OCD id="Broker" name="Broker">
    <AD id="max.packet.size" type="Integer" min="1024" max="268435460"/>
    <AD id="max.sessions" type="Integer" min="1"/>
    <AD id="threads" type="Integer"/>
    <AD id="retain.available" type="Boolean"/>
    <AD id="strategy" type="String"><Option label="a" value="sticky"/><Option label="b" value="random"/></AD>
    <AD id="key" type="String" cardinality="2147483647"/>
    <AD id="port" type="Integer" min="0" max="65535"/>
    <AD id="ports" type="Integer" min="0" max="65535" cardinality="10"/>
    <AD id="proxies" type="String" cardinality="10"/>
  </OCD>
  <Designate pid="broker"><Object ocdref="Broker"/></Designate>
  <Designate factoryPid="listener"><Object ocdref="Broker"/></Designate>
</metatype:MetaData>
""";

    private final ConfigurationSchema schema = new ConfigurationSchema();
    private final ConfigurationGuard guard = new ConfigurationGuard(schema::keys);

    @BeforeEach
    void readsTheDeclaration() throws IOException {
        schema.read(new ByteArrayInputStream(METATYPE.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max.packet.size  | 2048   | 50    | a whole number from 1024 to 268435460",
                "max.packet.size  | 2048   | 1 MB  | a whole number from 1024 to 268435460",
                "max.sessions     | 7      | 0     | a whole number, 1 or more",
                "max.sessions     | 7      | 99999999999 | a whole number, 1 or more",
                "threads          | 2      | two   | a whole number",
                "retain.available | false  | maybe | true or false",
                "strategy         | sticky | best  | sticky, random",
            })
    void badValue_inARunningServer_keepsTheLastGoodOne(
            String key, String good, String bad, String allowed) {
        pass("broker", Map.of(key, good));

        Map<String, Object> passed = pass("broker", Map.of(key, bad));

        assertThat(passed).containsEntry(key, good);
        assertThat(texts())
                .containsExactly(
                        "etc/broker.cfg: "
                                + key
                                + " = "
                                + bad
                                + " is not used: allowed is "
                                + allowed);
    }

    /** Each element of a list, in the forms that files and other sources have for lists. */
    @Test
    void badElement_ofAList_keepsTheLastGoodList() {
        pass("broker", Map.of("ports", "1883, 8883"));

        for (Object bad :
                List.of(
                        "1883, many",
                        "1883,70000",
                        new String[] {"1883", "70000"},
                        new int[] {-1},
                        List.of(1883, 70000))) {
            assertThat(pass("broker", Map.of("ports", bad))).containsEntry("ports", "1883, 8883");
            assertThat(texts())
                    .singleElement()
                    .asString()
                    .endsWith("is not used: allowed is a whole number from 0 to 65535");
        }
        assertThat(pass("broker", Map.of("ports", new int[] {1, 2}))).containsKey("ports");
        assertThat(guard.list()).isEmpty();
    }

    /** What an annotation cannot say, the bundle of the component does. */
    @Test
    void badElement_byACheckOfTheBundle_doesNotReachTheComponent() {
        guard.checks = List.of(new Addresses("other"), new Addresses("broker"));
        pass("broker", Map.of("proxies", "10.0.0.1"));

        Map<String, Object> passed = pass("broker", Map.of("proxies", "10.0.0.1, proxy"));

        assertThat(passed).containsEntry("proxies", "10.0.0.1");
        assertThat(texts())
                .containsExactly(
                        "etc/broker.cfg: proxies = 10.0.0.1, proxy is not used: allowed is an"
                                + " address");
        assertThat(pass("broker", Map.of("proxies", "10.0.0.1,10.0.0.2")))
                .containsEntry("proxies", "10.0.0.1,10.0.0.2");
    }

    @Test
    void badElement_ofARunningListener_keepsTheLastGoodList_andOfANewOneIsItsOwn() {
        guard.checks = List.of(new Addresses("listener"));
        Map<String, Object> fresh = pass("listener", "listener.y", Map.of("proxies", "x"));
        pass("listener", "listener.x", Map.of("proxies", "10.0.0.1"));

        Map<String, Object> running = pass("listener", "listener.x", Map.of("proxies", "x"));

        assertThat(fresh).containsEntry("proxies", "x");
        assertThat(running).containsEntry("proxies", "10.0.0.1");
    }

    private record Addresses(String pid) implements ValueCheck {
        @Override
        public @Nullable String allowed(String key, String value) {
            return key.equals("proxies") && !value.matches("[0-9.]+") ? "an address" : null;
        }
    }

    @Test
    void badValue_isKeptOutForAsLongAsItStands_andTheOthersAreTaken() {
        pass("broker", Map.of("max.sessions", "7"));
        pass("broker", Map.of("max.sessions", "x"));

        Map<String, Object> passed = pass("broker", Map.of("max.sessions", "y", "threads", "3"));

        assertThat(passed).containsEntry("max.sessions", "7").containsEntry("threads", "3");
    }

    @Test
    void mendedValue_isTakenAndNothingIsToldAnyMore() {
        pass("broker", Map.of("max.sessions", "x"));

        Map<String, Object> passed = pass("broker", Map.of("max.sessions", " 9 "));

        assertThat(passed).containsEntry("max.sessions", "9");
        assertThat(guard.list()).isEmpty();
    }

    @Test
    void badValue_withoutALastGoodOne_leavesTheDefault() {
        Map<String, Object> passed = pass("broker", Map.of("max.sessions", "x"));

        assertThat(passed).doesNotContainKey("max.sessions");
        assertThat(guard.list()).extracting(ConfigurationProblem::unknown).containsExactly(false);
    }

    @Test
    void badValue_ofANewInstance_isNotReplacedByTheDefault() {
        Map<String, Object> first = pass("listener", "listener.x", Map.of("port", "many"));
        Map<String, Object> again = pass("listener", "listener.x", Map.of("port", "more"));

        assertThat(first).containsEntry("port", "many");
        assertThat(again).containsEntry("port", "more");
        assertThat(guard.list()).hasSize(1);
    }

    @Test
    void unknownKey_changesNothingAndItsValueIsNotTold() {
        Map<String, Object> before = pass("broker", Map.of("threads", "3"));

        Map<String, Object> passed = pass("broker", Map.of("threads", "3", "pasword", "secret"));

        assertThat(passed).isEqualTo(before);
        assertThat(texts()).containsExactly("etc/broker.cfg: pasword is not used: no such key");
    }

    @Test
    void platformKeysAndUndeclaredPids_areNotTouched() {
        Map<String, Object> known =
                pass("broker", Map.of("service.ranking", "5", "x.target", "(a=b)"));
        Map<String, Object> other = pass("other", Map.of("anything", "goes"));

        assertThat(known).containsEntry("service.ranking", "5").containsEntry("x.target", "(a=b)");
        assertThat(other).containsEntry("anything", "goes");
        assertThat(guard.list()).isEmpty();
    }

    private List<String> texts() {
        return guard.list().stream().map(ConfigurationProblem::text).toList();
    }

    private Map<String, Object> pass(String pid, Map<String, ?> values) {
        return pass(null, pid, values);
    }

    private Map<String, Object> pass(@Nullable String factory, String pid, Map<String, ?> values) {
        Dictionary<String, Object> properties = new Hashtable<>();
        values.forEach(properties::put);
        properties.put("service.pid", pid);
        properties.put("felix.fileinstall.filename", "file:/data/etc/" + pid + ".cfg");
        if (factory != null) {
            properties.put("service.factoryPid", factory);
        }
        guard.modifyConfiguration(null, properties);
        Map<String, Object> passed = new HashMap<>();
        Collections.list(properties.keys()).forEach(key -> passed.put(key, properties.get(key)));
        return passed;
    }
}

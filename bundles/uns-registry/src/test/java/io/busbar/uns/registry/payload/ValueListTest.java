package io.busbar.uns.registry.payload;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.UnknownFields;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lists of values that gateways send. */
class ValueListTest {
    private static final long ARRIVAL = Instant.parse("2026-11-23T08:16:00Z").toEpochMilli();

    private final JsonReader reader =
            new JsonReader(
                    new SpareScan(), new ValueList(new SourceTime(List.of("timestamp", "ts"))));

    /** What is read: {@code name=json@time quality}, without time if there is none. */
    private List<String> read(String json, String... fields) {
        Reading reading = new Reading();
        reading.begin(true);
        Message message =
                new Message(
                        TopicName.of("t"),
                        json.getBytes(StandardCharsets.UTF_8),
                        Qos.AT_MOST_ONCE,
                        false,
                        MessageProperties.NONE,
                        Publisher.SERVER,
                        ARRIVAL);
        List<Field> model =
                List.of(fields).stream().map(name -> Field.of(name, FieldType.DOUBLE)).toList();
        reader.read(message, new Model(model, UnknownFields.WARN), reading);
        assertThat(reading.problem()).isNull();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < reading.count(); i++) {
            long micros = reading.micros(i);
            values.add(
                    reading.name(i)
                            + "="
                            + reading.text(i)
                            + (micros == Reading.NO_TIME
                                    ? ""
                                    : micros == SourceTime.OUT_OF_RANGE
                                            ? "@?"
                                            : "@" + SourceTime.instant(micros))
                            + " "
                            + reading.quality(i));
        }
        return values;
    }

    @Test
    void itemsWithIdAndValue_areValuesWithTheirOwnTimesAndQualities() {
        assertThat(
                        read(
                                """
                                { "timestamp": 1795421731250, "values": [
                                  {"id": "Ch1.Dev1.Temp", "v": 72.40, "q": true, "t": 1795421730000},
                                  {"id": "Ch1.Dev1.Temp", "v": 72.50, "q": true, "t": 1795421731000},
                                  {"id": "Ch1.Dev1.Run", "v": false, "q": false, "t": 1795421731000},
                                  { "q" : 192 , "v" : "a,\\"}]" , "id" : "T\\u00fcr" } ] }\
                                """))
                .containsExactly(
                        "Ch1.Dev1.Temp=72.40@2026-11-23T08:15:30Z GOOD",
                        "Ch1.Dev1.Temp=72.50@2026-11-23T08:15:31Z GOOD",
                        "Ch1.Dev1.Run=false@2026-11-23T08:15:31Z BAD",
                        "Tür=\"a,\\\"}]\"@2026-11-23T08:15:31.250Z GOOD");
    }

    @Test
    void itemWithoutTime_isOfTheTimeOfArrival_ifOthersHaveOne() {
        assertThat(read("{\"values\":[{\"id\":\"a\",\"v\":1},{\"id\":\"b\",\"v\":null}]}"))
                .containsExactly("a=1 GOOD", "b=null GOOD");
        assertThat(
                        read(
                                "{\"values\":[{\"id\":\"a\",\"v\":1,\"t\":1795421730000},"
                                        + "{\"id\":\"b\",\"v\":{\"x\":[1]}},"
                                        + "{\"id\":\"c\",\"v\":2,\"t\":\"yesterday\"}]}"))
                .containsExactly(
                        "a=1@2026-11-23T08:15:30Z GOOD",
                        "b={\"x\":[1]}@2026-11-23T08:16:00Z GOOD",
                        "c=2@? GOOD");
    }

    @Test
    void qualities_areTrueOrFalse_orOpc_orWords() {
        assertThat(
                        read(
                                "{\"values\":["
                                        + "{\"id\":\"a\",\"v\":1,\"q\":192},"
                                        + "{\"id\":\"a\",\"v\":1,\"q\":64},"
                                        + "{\"id\":\"a\",\"v\":1,\"q\":24},"
                                        + "{\"id\":\"a\",\"v\":1,\"q\":\"Good\"},"
                                        + "{\"id\":\"a\",\"v\":1,\"q\":\"BAD, no signal\"},"
                                        + "{\"id\":\"a\",\"v\":1,\"q\":\"?\"},"
                                        + "{\"id\":\"a\",\"v\":1,\"q\":null}]}"))
                .containsExactly(
                        "a=1 GOOD",
                        "a=1 UNCERTAIN",
                        "a=1 BAD",
                        "a=1 GOOD",
                        "a=1 BAD",
                        "a=1 UNCERTAIN",
                        "a=1 GOOD");
    }

    @Test
    void valuesAndErrors_areGoodAndBad_ofTheTimeOfTheList() {
        assertThat(
                        read(
                                "{\"timestamp\":1795421730000,\"node\":\"plc1\",\"group\":\"g\","
                                    + "\"values\":{\"a\":1,\"b.c\":[1,2]},\"errors\":{\"d\":2014},"
                                    + "\"metas\":{}}"))
                .containsExactly(
                        "a=1@2026-11-23T08:15:30Z GOOD",
                        "b.c=[1,2]@2026-11-23T08:15:30Z GOOD",
                        "d=null@2026-11-23T08:15:30Z BAD");
        assertThat(read("{\"values\":{\"a\":1},\"errors\":{}}")).containsExactly("a=1 GOOD");
    }

    @Test
    void timesAsKeys_areTheTimesOfTheirValues_inOrder() {
        assertThat(read("{\"2026-11-23T08:15:31Z\":6,\"2026-11-23T08:15:30+00:00\":5}", "temp"))
                .containsExactly(
                        "temp=5@2026-11-23T08:15:30Z GOOD", "temp=6@2026-11-23T08:15:31Z GOOD");
        assertThat(read("{\"2026-11-23T08:15:30Z\":{\"a\":5,\"b\":6}}", "a", "b"))
                .containsExactly("a=5@2026-11-23T08:15:30Z GOOD", "b=6@2026-11-23T08:15:30Z GOOD");
        assertThat(read("{\"2026-11-23T08:15:30Z\":5}"))
                .containsExactly("value=5@2026-11-23T08:15:30Z GOOD");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"values\":[1,2]}",
                "{\"values\":[]}",
                "{\"values\":[{\"id\":\"a\"}]}",
                "{\"values\":[{\"id\":1,\"v\":1}]}",
                "{\"values\":[{\"id\":\"a\",\"v\":1},2]}",
                "{\"values\":7}",
                "{\"values\":{\"a\":1}}",
                "{\"2026-11-23\":1}",
                "{\"2026-11-23T08:15:30Z\":1,\"a\":2}",
                "{\"1-0:1.8.0\":1}",
                "{}"
            })
    void whatIsNoList_isReadAsItStands(String json) {
        assertThat(read(json)).hasSize(json.equals("{}") ? 0 : json.contains("\"a\":2") ? 2 : 1);
        assertThat(String.join("", read(json))).doesNotContain("@");
    }

    @Test
    void fieldOfTheModel_winsOverTheList() {
        String items = "{\"values\":[{\"id\":\"a\",\"v\":1}]}";

        assertThat(read(items, "values")).containsExactly("values=[{\"id\":\"a\",\"v\":1}] GOOD");
        assertThat(read(items, "values[0].v")).hasSize(1).first().asString().startsWith("values=");
        assertThat(read(items, "valuesOther")).containsExactly("a=1 GOOD");
        assertThat(read("{\"2026-11-23T08:15:30Z\":5}", "2026-11-23T08:15:30Z", "b"))
                .containsExactly("2026-11-23T08:15:30Z=5 GOOD");
    }
}

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
import org.junit.jupiter.params.provider.CsvSource;
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
        reading.begin(true, null);
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
                        "a=1 UNCERTAIN");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"192\"', GOOD",
        "'\"false\"', BAD",
        "10485760, GOOD",
        "1073741824, UNCERTAIN",
        "-2147483648, BAD",
        "'\"Uncertain\"', UNCERTAIN"
    })
    void qualityOfAnItem_isReadAsThatOfAPayload(String quality, String expected) {
        assertThat(read("{\"values\":[{\"id\":\"a\",\"v\":1,\"q\":" + quality + "}]}"))
                .containsExactly("a=1 " + expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1234", "null", "5", "{}", "true"})
    void nameOfAnItem_isTheFirstThatIsText(String id) {
        assertThat(read("{\"values\":[{\"id\":" + id + ",\"name\":\"temp\",\"v\":1}]}"))
                .containsExactly("temp=1 GOOD");
    }

    @Test
    void itemWithoutAValue_isNull_andLeavesTheOthersAsTheyAre() {
        assertThat(
                        read(
                                "{\"values\":[{\"id\":\"a\",\"v\":1},{\"id\":\"b\",\"q\":64},"
                                        + "{\"id\":\"c\",\"error\":2014},{\"id\":\"d\"}]}"))
                .containsExactly("a=1 GOOD", "b=null UNCERTAIN", "c=null BAD", "d=null BAD");
    }

    @Test
    void membersThatTheModelNames_areValuesBesideTheList() {
        assertThat(read("{\"ts\":1795421730,\"speed\":3,\"values\":{\"min\":1}}", "speed"))
                .containsExactly(
                        "speed=3@2026-11-23T08:15:30Z GOOD", "min=1@2026-11-23T08:15:30Z GOOD");
        assertThat(
                        read(
                                "{\"group\":\"g\",\"line\":{\"no\":7},"
                                        + "\"values\":[{\"id\":\"a\",\"v\":1}]}",
                                "line.no"))
                .containsExactly("line={\"no\":7} GOOD", "a=1 GOOD");
    }

    @Test
    void tagsWithValueOrError_areGoodAndBad_ofTheTimeOfTheList() {
        assertThat(
                        read(
                                "{\"timestamp\":1795421730000,\"node\":\"plc1\",\"group\":\"g\","
                                        + "\"tags\":[{\"name\":\"a\",\"value\":1},"
                                        + "{\"name\":\"b\",\"error\":2014}]}"))
                .containsExactly(
                        "a=1@2026-11-23T08:15:30Z GOOD", "b=null@2026-11-23T08:15:30Z BAD");
    }

    @Test
    void numbersBesideTags_areValuesToo_ifThereIsNoModel() {
        String tags =
                "{\"ts\":1795421730,\"temperature\":21.5,\"on\":true,\"serial\":\"A7\","
                        + "\"tags\":[{\"name\":\"site\",\"value\":\"north\"}]}";

        assertThat(read(tags))
                .containsExactly(
                        "temperature=21.5@2026-11-23T08:15:30Z GOOD",
                        "on=true@2026-11-23T08:15:30Z GOOD",
                        "site=\"north\"@2026-11-23T08:15:30Z GOOD");
        assertThat(read(tags, "temperature"))
                .containsExactly(
                        "temperature=21.5@2026-11-23T08:15:30Z GOOD",
                        "site=\"north\"@2026-11-23T08:15:30Z GOOD");
        assertThat(read("{\"temperature\":21.5,\"tags\":{\"site\":\"north\"}}"))
                .containsExactly("temperature=21.5 GOOD", "tags={\"site\":\"north\"} GOOD");
        assertThat(read("{\"seq\":7,\"values\":{\"a\":1},\"errors\":{}}"))
                .containsExactly("seq=7 GOOD", "a=1 GOOD");
        assertThat(read("{\"q\":192,\"quality\":0,\"seq\":7,\"values\":{\"a\":1},\"errors\":{}}"))
                .as("a quality is no value")
                .containsExactly("seq=7 GOOD", "a=1 GOOD");
    }

    @Test
    void errorThatIsNone_makesNothingBad() {
        assertThat(read("{\"values\":{\"a\":1,\"b\":null},\"errors\":{\"a\":0,\"b\":null}}"))
                .containsExactly("a=1 GOOD", "b=null GOOD");
    }

    @Test
    void nullWithAnError_isBad_andNoGoodNullBesideIt() {
        assertThat(
                        read(
                                "{\"tags\":[{\"name\":\"a\",\"value\":null,\"error\":2014},"
                                    + "{\"name\":\"b\",\"value\":null,\"error\":\"lost\"},"
                                    + "{\"name\":\"c\",\"error\":2014,\"value\":null,\"q\":192},"
                                    + "{\"name\":\"d\",\"value\":null,\"error\":0},"
                                    + "{\"name\":\"e\",\"value\":null,\"error\":null},"
                                    + "{\"name\":\"f\",\"value\":5,\"error\":0.02}]}"))
                .containsExactly(
                        "a=null BAD",
                        "b=null BAD",
                        "c=null BAD",
                        "d=null GOOD",
                        "e=null GOOD",
                        "f=5 GOOD");
        assertThat(
                        read(
                                "{\"values\":{\"a\":null,\"b\":1,\"c\":null},"
                                        + "\"errors\":{\"a\":2014}}"))
                .containsExactly("b=1 GOOD", "c=null GOOD", "a=null BAD");
    }

    @Test
    void numbersBesideTheValuesOfAnElement_areValuesOfItsTime() {
        String json =
                "[{\"ts\":1795421731000,\"values\":{\"a\":2},\"battery\":3.1,\"on\":true,"
                        + "\"device\":\"d1\",\"q\":192},"
                        + "{\"battery\":3.2,\"ts\":1795421730000,\"values\":{\"a\":1}}]";

        assertThat(read(json))
                .containsExactly(
                        "battery=3.2@2026-11-23T08:15:30Z GOOD",
                        "a=1@2026-11-23T08:15:30Z GOOD",
                        "a=2@2026-11-23T08:15:31Z GOOD",
                        "battery=3.1@2026-11-23T08:15:31Z GOOD",
                        "on=true@2026-11-23T08:15:31Z GOOD");
        assertThat(read(json, "a", "battery"))
                .containsExactly(
                        "battery=3.2@2026-11-23T08:15:30Z GOOD",
                        "a=1@2026-11-23T08:15:30Z GOOD",
                        "a=2@2026-11-23T08:15:31Z GOOD",
                        "battery=3.1@2026-11-23T08:15:31Z GOOD");
    }

    @Test
    void arrayOfTimedObjects_isReadInTheOrderOfTheTimes() {
        assertThat(
                        read(
                                "[{\"ts\":1795421731000,\"values\":{\"a\":2,\"b\":3}},"
                                        + "{\"ts\":1795421730000,\"values\":{\"a\":1}},"
                                        + "{\"values\":{\"c\":4}}]"))
                .containsExactly(
                        "a=1@2026-11-23T08:15:30Z GOOD",
                        "a=2@2026-11-23T08:15:31Z GOOD",
                        "b=3@2026-11-23T08:15:31Z GOOD",
                        "c=4@2026-11-23T08:16:00Z GOOD");
    }

    @Test
    void arrayOfItems_isReadAsTheirList() {
        assertThat(
                        read(
                                "[{\"name\":\"a\",\"value\":1,\"t\":1795421730000},"
                                        + "{\"name\":\"b\",\"value\":null,\"quality\":\"Bad\"}]"))
                .containsExactly(
                        "a=1@2026-11-23T08:15:30Z GOOD", "b=null@2026-11-23T08:16:00Z BAD");
    }

    @Test
    void senMl_isReadWithItsBaseNamesTimesAndValues() {
        assertThat(
                        read(
                                "[{\"bn\":\"dev1/\",\"bt\":1795421730,\"bu\":\"Cel\",\"n\":\"temp\","
                                    + "\"v\":23.10},{\"n\":\"open\",\"vb\":true,\"t\":1},"
                                    + "{\"n\":\"m\\u0061\",\"vs\":\"hi\",\"t\":1.5},{\"n\":\"sum\",\"s\":9},"
                                    + "{\"bv\":20,\"n\":\"level\",\"u\":\"m\",\"v\":0.5}]"))
                .containsExactly(
                        "dev1/temp=23.10@2026-11-23T08:15:30Z GOOD",
                        "dev1/open=true@2026-11-23T08:15:31Z GOOD",
                        "dev1/ma=\"hi\"@2026-11-23T08:15:31.500Z GOOD",
                        "dev1/level=20.5@2026-11-23T08:15:30Z GOOD");
        assertThat(read("[{\"n\":\"a\",\"v\":1},{\"n\":\"b\",\"v\":2,\"t\":-5}]"))
                .containsExactly("a=1 GOOD", "b=2@2026-11-23T08:15:55Z GOOD");
    }

    @Test
    void senMl_withNumbersBeyondReason_isReadAsFarAsTheyGo() {
        assertThat(
                        read(
                                "[{\"bn\":\"a\",\"bv\":1e999999999,\"bt\":1e999,\"v\":1},"
                                        + "{\"bv\":1e9999999999,\"bt\":-1795421730,\"v\":-1e308}]"))
                .containsExactly("a=null@? BAD", "a=null@? BAD");
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
                "{\"tags\":{\"host\":\"h\"}}",
                "{\"tags\":[\"a\",\"b\"]}",
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
        assertThat(read(items, "['values'].a")).hasSize(1).first().asString().startsWith("values=");
        assertThat(read("{\"tags\":[{\"name\":\"a\",\"value\":1}]}", "tags"))
                .containsExactly("tags=[{\"name\":\"a\",\"value\":1}] GOOD");
        assertThat(read(items, "valuesOther")).containsExactly("a=1 GOOD");
        assertThat(read("{\"2026-11-23T08:15:30Z\":5}", "2026-11-23T08:15:30Z", "b"))
                .containsExactly("2026-11-23T08:15:30Z=5 GOOD");
    }
}

package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.SearchHit;
import io.busbar.api.uns.SearchHit.Matched;
import io.busbar.api.uns.SearchQuery;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.spi.PayloadReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SearchTest {
    private static final Model SPEED =
            new Model(List.of(Field.of("speed", FieldType.DOUBLE)), UnknownFields.WARN);

    private final Bench bench = new Bench();
    private final UnsRegistry registry = bench.registry;
    private Node fan;

    @BeforeEach
    void nodes() {
        fan =
                registry.create(
                        NewNode.topic("Plant/Line_1", "fan", TopicType.METRIC, SPEED), Bench.ANNA);
        registry.create(NewNode.path("Plant", "Speed"), Bench.ANNA);
    }

    private List<SearchHit> search(String text) {
        return registry.search(SearchQuery.of(text, 10)).hits();
    }

    @Test
    void word_isFoundInNamesFirst_andSaysWhere() {
        assertThat(search("SPEED"))
                .extracting(SearchHit::topic, SearchHit::matched, SearchHit::field)
                .containsExactly(
                        tuple("Plant/Speed", Matched.NAME, null),
                        tuple("Plant/Line_1/Metric/fan", Matched.FIELD, "speed"));
    }

    @Test
    void alias_isFoundAsAWhole_andNeverByAPieceOfIt() {
        String alias = fan.identity().alias();

        assertThat(search(alias))
                .extracting(SearchHit::node, SearchHit::matched)
                .containsExactly(tuple(fan, Matched.ALIAS));
        assertThat(search(alias.substring(alias.length() - 6))).isEmpty();
    }

    @Test
    void words_haveToBeFoundAll_inAnyLevel() {
        assertThat(search("line_1 fan")).extracting(SearchHit::node).containsExactly(fan);
        assertThat(search("line_2 fan")).isEmpty();
        assertThat(search("line_1/metric")).extracting(SearchHit::node).contains(fan);
    }

    @Test
    void wildcards_matchAsMqttSays() {
        // [MQTT5-4.7.1-1] [MQTT5-4.7.1-2]
        assertThat(search("Plant/+/Metric/fan")).extracting(SearchHit::node).containsExactly(fan);
        assertThat(search("+/Metric/fan")).isEmpty();
        assertThat(search("Plant/Line_1/#"))
                .extracting(SearchHit::topic)
                .containsExactlyInAnyOrder(
                        "Plant/Line_1", "Plant/Line_1/Metric", "Plant/Line_1/Metric/fan");
        assertThat(search("Plant/# fan")).extracting(SearchHit::node).containsExactly(fan);
    }

    @Test
    void values_areFoundAsTheyAreNow() {
        bench.publish("Plant/Line_1/Metric/fan", "{\"speed\":1742.5,\"mode\":\"H\\u00e4nd\"}");

        assertThat(search("1742"))
                .extracting(SearchHit::node, SearchHit::matched, SearchHit::field, SearchHit::text)
                .containsExactly(tuple(fan, Matched.VALUE, "speed", "1742.5"));
        assertThat(search("HÄND")).extracting(SearchHit::text).containsExactly("Händ");
        assertThat(search("mode")).extracting(SearchHit::matched).containsExactly(Matched.FIELD);

        bench.publish("Plant/Line_1/Metric/fan", "{\"speed\":3}");
        assertThat(search("1742")).isEmpty();
    }

    @Test
    void unmodelledTopics_areFoundByNameAndByValue() {
        bench.publish("gw/Motor 01/tele", "{\"ts\":1795398000412,\"state\":\"Stopped\"}");

        assertThat(search("motor"))
                .extracting(SearchHit::topic, SearchHit::node, SearchHit::matched)
                .containsExactly(tuple("gw/Motor 01/tele", null, Matched.PATH));
        assertThat(search("tele stopped"))
                .extracting(SearchHit::field, SearchHit::text)
                .containsExactly(tuple("state", "Stopped"));
        assertThat(search("\"Motor 01\" gw/#")).hasSize(1);
        assertThat(search("1795398000412")).as("a time is no value").isEmpty();
    }

    @Test
    void values_thatAnotherBundleReads_areFound_thoughThePayloadsDoNotShowThem() {
        PayloadReader hundreds =
                (message, model, into) -> into.number("level", message.payload()[0] * 100L);
        registry.addPayloadReader(
                hundreds,
                Map.of(PayloadReader.PAYLOAD_FORMAT, new String[] {"PACKED", "SPARKPLUG_B"}));
        NewNode packed = NewNode.topic("Plant", "tank", TopicType.METRIC, Model.ANY);
        Node tank =
                registry.create(
                        packed.withPayload(
                                packed.payload().withFormat(new PayloadFormat("PACKED"))),
                        Bench.ANNA);
        bench.publish(tank.path(), new byte[] {42});
        bench.publish("spBv1.0/g/DDATA/e/d", new byte[] {43});

        assertThat(search("4200"))
                .extracting(SearchHit::node, SearchHit::matched, SearchHit::field, SearchHit::text)
                .containsExactly(tuple(tank, Matched.VALUE, "level", "4200"));
        assertThat(search("4300"))
                .extracting(SearchHit::topic, SearchHit::text)
                .containsExactly(tuple("spBv1.0/g/DDATA/e/d", "4300"));
        assertThat(search("level"))
                .extracting(SearchHit::topic)
                .containsExactlyInAnyOrder(tank.path(), "spBv1.0/g/DDATA/e/d");
        assertThat(search("4400")).isEmpty();
    }

    /** So many that signs decide which values are looked at. */
    private void manyOthers() {
        for (int i = 0; i < 600; i++) {
            bench.publish("gw/" + (i + 10_000), "{\"state\":\"idle\"}");
        }
    }

    @Test
    void valuesOfManyTopics_areFoundAsTheyAreNow_howeverTheyAreWritten() {
        manyOthers();
        bench.publish("zz/1", "{\"state\":\"J\\u00e4mmed\",\"order\":\"A-17 / 运行\"}");
        bench.publish("zz/2", "pump off");

        assertThat(search("jämm")).extracting(SearchHit::topic).containsExactly("zz/1");
        assertThat(search("运行")).extracting(SearchHit::topic).containsExactly("zz/1");
        assertThat(search("\"17 / \"")).extracting(SearchHit::topic).containsExactly("zz/1");
        assertThat(search("PUMP")).extracting(SearchHit::topic).containsExactly("zz/2");
        assertThat(search("order")).extracting(SearchHit::field).containsExactly("order");
        assertThat(search("jämm off")).isEmpty();

        bench.publish("zz/1", "{\"state\":\"free\"}");
        bench.publish("gw/10001", "{\"state\":\"off\"}");
        assertThat(search("jämm")).isEmpty();
        assertThat(search("free")).extracting(SearchHit::topic).containsExactly("zz/1");
        assertThat(search("off")).extracting(SearchHit::topic).containsExactly("gw/10001", "zz/2");
    }

    @Test
    void valuesOfManyTopics_areFoundUnderTheirModel() {
        for (int i = 0; i < 600; i++) {
            registry.create(NewNode.topic("A", "t" + i, TopicType.METRIC, SPEED), Bench.ANNA);
        }
        bench.publish("Plant/Line_1/Metric/fan", "{\"speed\":1742.5}");
        assertThat(search("1742")).extracting(SearchHit::node).containsExactly(fan);

        bench.publish("Plant/Line_1/Metric/fan", "{\"speed\":3.25}");
        assertThat(search("1742")).isEmpty();
        assertThat(search("3.25")).extracting(SearchHit::node).containsExactly(fan);

        registry.delete(fan.id(), 0, Bench.ANNA);
        assertThat(search("3.25"))
                .extracting(SearchHit::topic, SearchHit::node)
                .containsExactly(tuple("Plant/Line_1/Metric/fan", null));
    }

    @Test
    void valuesOfManyTopics_thatAnotherBundleReadsSinceNow_areFound() {
        manyOthers();
        bench.publish("spBv1.0/g/DDATA/e/d", new byte[] {43});
        assertThat(search("4300")).isEmpty();

        PayloadReader hundreds =
                (message, model, into) -> into.number("level", message.payload()[0] * 100L);
        registry.addPayloadReader(
                hundreds, Map.of(PayloadReader.PAYLOAD_FORMAT, new String[] {"SPARKPLUG_B"}));

        assertThat(search("4300"))
                .extracting(SearchHit::topic)
                .containsExactly("spBv1.0/g/DDATA/e/d");
    }

    @Test
    void moreThanWanted_isSaid_andTheBestStay() {
        for (int i = 0; i < 20; i++) {
            bench.publish("gw/item " + i, "{\"speed\":1}");
        }

        assertThat(registry.search(SearchQuery.of("item", 20)).more()).isFalse();
        assertThat(registry.search(SearchQuery.of("item", 19)).more()).isTrue();
        assertThat(registry.search(SearchQuery.of("item", 2)).hits())
                .extracting(SearchHit::topic)
                .containsExactly("gw/item 0", "gw/item 1");
        assertThat(registry.search(SearchQuery.of("speed", 1)).hits())
                .extracting(SearchHit::topic)
                .containsExactly("Plant/Speed");
    }

    @Test
    void filters_areAppliedBeforeHitsAreCounted() {
        SearchQuery paths =
                new SearchQuery("plant", SearchQuery.Scope.ALL, NodeType.PATH, null, null, 10);

        assertThat(registry.search(paths).hits())
                .extracting(SearchHit::topic)
                .containsExactly("Plant", "Plant/Speed", "Plant/Line_1", "Plant/Line_1/Metric");
        bench.publish("plant", "1");
        assertThat(registry.search(paths).hits()).hasSize(4);
        SearchQuery rest =
                new SearchQuery("plant", SearchQuery.Scope.UNMODELED, null, null, null, 10);
        assertThat(registry.search(rest).hits())
                .extracting(SearchHit::topic)
                .containsExactly("plant");
    }

    @Test
    void rename_isFoundByTheNewNameOnly() {
        Node line = registry.byPath("Plant/Line_1").orElseThrow();
        registry.update(line.id(), 0, NamespaceTreeTest.named("Ofen"), Bench.ANNA);

        assertThat(search("line_1")).isEmpty();
        assertThat(search("ofen fan")).extracting(SearchHit::topic).hasSize(1);
    }

    @Test
    void tooMuch_isRefusedWithItsBound() {
        assertThatThrownBy(() -> search("x".repeat(1025))).hasMessageContaining("1024");
        assertThatThrownBy(() -> search("x ".repeat(17))).hasMessageContaining("16");
        assertThat(search("  ")).isEmpty();
    }
}

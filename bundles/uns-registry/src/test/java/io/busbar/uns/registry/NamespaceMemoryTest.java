package io.busbar.uns.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryShortException;
import io.busbar.api.memory.MemoryShortage;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.mqtt.UserProperty;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.FieldValue;
import io.busbar.api.uns.ImportResult;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.NodeSamples;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.SearchQuery;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.Violation;
import io.busbar.api.uns.spi.SampleListener;
import io.busbar.memory.ProcessMemory;
import io.busbar.testkit.storage.FakeDocuments;
import io.busbar.testkit.time.Await;
import io.busbar.uns.registry.value.Limits;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the namespace counts in the memory budget, and what it does when there is no room. */
class NamespaceMemoryTest {
    private static final int MANY = 20_000;
    private static final String LONG_NAME = "x".repeat(60_000);

    private final Set<Thread> ofOthers = Thread.getAllStackTraces().keySet();
    private Bench bench = new Bench();

    @AfterEach
    void stop() {
        bench.registry.deactivate();
        bench.memory.close();
        // Until they end, its threads hold on to everything that it had.
        Await.until(
                () ->
                        Thread.getAllStackTraces().keySet().stream()
                                .noneMatch(
                                        thread ->
                                                thread.getName().startsWith("busbar-")
                                                        && !ofOthers.contains(thread)));
    }

    private void withMemory(long heapBytes) {
        stop();
        bench =
                new Bench(
                        new FakeDocuments(),
                        new ProcessMemory(heapBytes, heapBytes, Clock.systemUTC()));
    }

    private long counted(String kind) {
        return bench.memory.use(MemoryArea.HEAP).kinds().get(kind);
    }

    /** What is on disk otherwise does not take heap. */
    private void forgetDocuments() {
        bench.documents.commit(
                bench.documents.scan("uns_nodes").stream()
                        .map(each -> DocumentChange.delete("uns_nodes", each.key()))
                        .toList());
    }

    /** The heap that is in use when what other tests have left is gone. */
    private static long usedHeap() {
        long used = Long.MAX_VALUE;
        int same = 0;
        for (int i = 0; i < 100 && same < 6; i++) {
            System.gc();
            long now = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            same = Math.abs(used - now) < 1 << 16 ? same + 1 : 0;
            used = now;
        }
        return used;
    }

    private static void assertIsAbout(long counted, long real) {
        assertThat(counted)
                .as("counted, of %s real bytes", real)
                .isBetween(real / 10 * 7, real / 10 * 13);
    }

    private TopicValue value(String topic) {
        return bench.registry.value(topic).orElseThrow();
    }

    private Node topic(String name, Field... fields) {
        return bench.registry.create(
                NewNode.topic(
                        "Acme",
                        name,
                        TopicType.METRIC,
                        new Model(List.of(fields), UnknownFields.WARN)),
                Bench.ANNA);
    }

    private void openUnmodeled(int topics, long bytes) {
        bench.registry.deactivate();
        bench.registry = bench.open(new Limits(262_144, 0, topics, bytes, 1_000_000));
    }

    @Test
    void topicsWithoutModel_areCountedAsTheHeapHasThem() {
        openUnmodeled(MANY, 1 << 30);
        long before = usedHeap();

        for (int i = 0; i < MANY; i++) {
            bench.publish("Acme/site/line" + i + "/cell/temperature", "{\"value\":" + i + ".25}");
        }

        long counted = counted("topics without a model");
        assertIsAbout(counted, usedHeap() - before);
        bench.registry.search(SearchQuery.of("nothing", 10));
        assertThat(counted("topics without a model")).as("with signs").isGreaterThan(counted);
        assertIsAbout(counted("topics without a model"), usedHeap() - before);
    }

    @Test
    void topicsWithoutModel_ofLongNamesAndOwnConnections_areCountedAsTheHeapHasThem() {
        openUnmodeled(1000, 1 << 30);
        long before = usedHeap();

        for (int i = 0; i < 500; i++) {
            bench.registry.onMessage(
                    new Message(
                            TopicName.of("t" + i + "/" + LONG_NAME.replace('x', 'y')),
                            "1".getBytes(StandardCharsets.UTF_8),
                            Qos.AT_MOST_ONCE,
                            false,
                            MessageProperties.NONE,
                            new Publisher(
                                    "p", "p", i + LONG_NAME.replace('x', 'c'), "192.0.2.1:" + i),
                            bench.clock.millis()),
                    false);
        }

        assertIsAbout(counted("topics without a model"), usedHeap() - before);
    }

    @Test
    void valuesAndNodes_areCountedAsTheHeapHasThem() {
        StringBuilder file =
                new StringBuilder(
                        "{\"namespace\":[{\"name\":\"Acme\",\"type\":\"PATH\",\"children\":[");
        for (int i = 0; i < MANY / 2; i++) {
            file.append(i == 0 ? "" : ",")
                    .append("{\"name\":\"motor")
                    .append(i)
                    .append("\",\"type\":\"TOPIC\",\"topicType\":\"METRIC\",")
                    .append("\"fields\":[{\"name\":\"speed\",\"type\":\"DOUBLE\"},")
                    .append("{\"name\":\"state\",\"type\":\"STRING\"}]}");
        }
        file.append("]}]}");
        ImportResult result = Bench.importJson(bench.registry, file.toString(), true, Bench.ANNA);
        assertThat(result.problems()).isEmpty();
        long before = usedHeap();
        Bench.importJson(bench.registry, file.toString(), false, Bench.ANNA);
        forgetDocuments();
        long withNodes = usedHeap();
        long structure = counted("values");

        for (int i = 0; i < MANY / 2; i++) {
            bench.publish(
                    "Acme/motor" + i,
                    "{\"speed\":"
                            + i
                            + ".5,\"state\":\"RUN\",\"extra\":\""
                            + "e".repeat(100)
                            + "\"}");
        }

        assertIsAbout(counted("nodes") + structure, withNodes - before);
        assertIsAbout(counted("values") - structure, usedHeap() - withNodes);
        long values = counted("values");
        bench.registry.search(SearchQuery.of("nothing", 10));
        assertThat(counted("values")).as("with signs").isGreaterThan(values);
        assertIsAbout(counted("values") - structure, usedHeap() - withNodes);
    }

    @Test
    void payloadsThatWereRead_areLetGoOf() {
        String path = topic("gateway", Field.of("a", FieldType.DOUBLE)).path();
        bench.publish(path, list(1));
        long before = usedHeap();

        for (int values = 200; values > 0; values--) {
            bench.publish(path, list(values));
        }

        assertThat(usedHeap() - before).isLessThan(8 << 20);
    }

    /** A large payload with so many values. */
    private static String list(int values) {
        String item = "{\"id\":\"a\",\"v\":1},";
        String items = item.repeat(values);
        return "{\"padding\":\""
                + "x".repeat(200_000)
                + "\",\"values\":["
                + items.substring(0, items.length() - 1)
                + "]}";
    }

    @Test
    void modelsThatAreAllDifferent_areCountedAsTheHeapHasThem() {
        long before = usedHeap();
        StringBuilder file = new StringBuilder("{\"namespace\":[");
        for (int i = 0; i < MANY / 2; i++) {
            file.append(i == 0 ? "" : ",")
                    .append("{\"name\":\"motor")
                    .append(i)
                    .append("\",\"type\":\"TOPIC\",\"topicType\":\"METRIC\",")
                    .append("\"fields\":[{\"name\":\"speed_of_motor_")
                    .append(i)
                    .append("\",\"type\":\"DOUBLE\"},")
                    .append("{\"name\":\"temperature\",\"type\":\"DOUBLE\"},")
                    .append("{\"name\":\"state\",\"type\":\"STRING\"}]}");
        }
        Bench.importJson(bench.registry, file.append("]}").toString(), false, Bench.ANNA);
        file.setLength(0);
        file.trimToSize();
        forgetDocuments();

        assertIsAbout(counted("nodes"), usedHeap() - before);
    }

    @Test
    void topicsOfOneModelWithManyFields_areCountedAsTheHeapHasThem() {
        long before = usedHeap();
        StringBuilder fields = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            fields.append(i == 0 ? "" : ",")
                    .append("{\"name\":\"Temperature_of_motor_")
                    .append(i)
                    .append("\",\"type\":\"DOUBLE\"}");
        }
        StringBuilder file = new StringBuilder("{\"namespace\":[");
        for (int i = 0; i < MANY / 4; i++) {
            file.append(i == 0 ? "" : ",")
                    .append("{\"name\":\"motor")
                    .append(i)
                    .append("\",\"type\":\"TOPIC\",\"topicType\":\"METRIC\",\"fields\":[")
                    .append(fields)
                    .append("]}");
        }
        Bench.importJson(bench.registry, file.append("]}").toString(), false, Bench.ANNA);
        file.setLength(0);
        file.trimToSize();
        forgetDocuments();

        long counted = counted("nodes") + counted("values");
        assertIsAbout(counted, usedHeap() - before);
        assertThat(counted / (MANY / 4)).as("bytes for each topic").isLessThan(1000);
    }

    @Test
    void longNames_beyondTheKey_areDroppedAndCounted() {
        openUnmodeled(1000, 200_000);

        for (int i = 0; i < 5; i++) {
            bench.publish("t" + i + LONG_NAME, "1");
        }

        assertThat(bench.registry.stats().unmodeled()).isEqualTo(3);
        assertThat(bench.registry.stats().unmodeledDropped()).isEqualTo(2);
        assertThat(counted("topics without a model")).isLessThan(200_000);
        assertThat(bench.memory.use(MemoryArea.HEAP).refusals()).isZero();
    }

    @Test
    void topicsWithoutModel_beyondTheBudget_areDroppedAndTold() {
        withMemory(4 << 20);
        openUnmodeled(1000, 1 << 30);

        for (int i = 0; i < 200; i++) {
            bench.publish("t" + i + LONG_NAME, "1");
        }

        assertThat(bench.registry.stats().unmodeledDropped()).isPositive();
        long part = (4L << 20) * 15 / 100;
        assertThat(counted("topics without a model")).isBetween(part / 2, part);
        assertThat(bench.memory.shortages())
                .extracting(MemoryShortage::kind, MemoryShortage::holder)
                .contains(tuple("topics without a model", "topics without a model"));
    }

    @Test
    void topicsWithoutModel_whenOthersNeedTheMemory_areForgottenOldestFirst() {
        withMemory(128 << 20);
        openUnmodeled(1000, 1 << 30);
        for (int i = 0; i < 100; i++) {
            bench.publish("t" + i + LONG_NAME, "1");
            bench.clock.advance(Duration.ofSeconds(1));
        }
        bench.publish("t0" + LONG_NAME, "2");
        long before = counted("topics without a model");
        MemoryAccount others = bench.memory.open(MemoryArea.HEAP, "others", 100, null);

        others.add((128 << 20) - before);

        Await.until(() -> bench.registry.stats().unmodeled() < 100);
        assertThat(bench.registry.value("t1" + LONG_NAME)).isEmpty();
        assertThat(bench.registry.value("t0" + LONG_NAME)).isPresent();
        assertThat(bench.registry.value("t99" + LONG_NAME)).isPresent();
        others.close();
        Await.until(() -> counted("topics without a model") < before);
    }

    @Test
    void topicsWithoutModel_thatGo_giveEverythingBack() {
        bench.publish("a", "1");
        bench.publish("b", "{\"x\":1}");
        bench.publish("c", "3");
        Node node = bench.registry.convert("b", "b", TopicType.STATE, Model.ANY, Bench.ANNA);

        bench.registry.onMessage(bench.message("a", new byte[0], true), false);
        bench.registry.onMessage(bench.message("c", new byte[0], true), false);

        assertThat(counted("topics without a model")).isZero();
        assertThat(counted("values")).isPositive();

        bench.registry.delete(node.id(), 0, Bench.ANNA);

        assertThat(counted("values")).isZero();
        assertThat(counted("topics without a model")).isPositive();
    }

    @Test
    void value_withoutRoomForItsPayload_keepsItsFieldsAndSaysSo() {
        withMemory(16 << 20);
        String topic = topic("big", Field.of("speed", FieldType.DOUBLE)).path();
        try (MemoryAccount others = bench.memory.open(MemoryArea.HEAP, "others", 100, null)) {
            others.add((16 << 20) / 8 * 7);

            bench.publish(topic, "{\"speed\":4,\"extra\":\"" + "x".repeat(100_000) + "\"}");
        }

        assertThat(value(topic).fields().get(0).json()).isEqualTo("4");
        assertThat(value(topic).quality()).isEqualTo(Quality.GOOD);
        assertThat(value(topic).payload()).isEmpty();
        assertThat(value(topic).lastViolation().detail()).contains("the payload is not kept");
        assertThat(counted("values")).isLessThan(1000);
    }

    @Test
    void values_whenOthersNeedTheMemory_letGoOfTheirLargestPayloadsAndStay() {
        withMemory(32 << 20);
        List<String> large = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String path = topic("big" + i, Field.of("speed", FieldType.DOUBLE)).path();
            large.add(path);
            bench.publish(path, "{\"speed\":4,\"extra\":\"" + "x".repeat(200_000) + "\"}");
        }
        String small = topic("small", Field.of("speed", FieldType.DOUBLE)).path();
        bench.publish(small, "{\"speed\":5,\"extra\":\"" + "x".repeat(1_000) + "\"}");
        long before = counted("values");
        assertThat(before).isGreaterThan(20 * 200_000L);
        MemoryAccount others = bench.memory.open(MemoryArea.HEAP, "others", 100, null);

        others.add((32 << 20) * 7L / 8 - before + (2 << 20));

        Await.until(() -> counted("values") < before - (1 << 20));
        assertThat(value(small).payload()).isNotEmpty();
        others.close();
        assertThat(bench.memory.shortages())
                .extracting(MemoryShortage::holder, MemoryShortage::reclaimed)
                .contains(tuple("values", true));
        TopicValue thinned =
                large.stream()
                        .map(this::value)
                        .filter(each -> each.payload().length == 0)
                        .findFirst()
                        .orElseThrow();
        assertThat(thinned.quality()).isEqualTo(Quality.GOOD);
        assertThat(thinned.fields().get(0).json()).isEqualTo("4");
        assertThat(thinned.lastViolation().detail()).contains("the payload is not kept");
    }

    @Test
    void value_ofOrdinarySize_hasRoomWhenLargeOnesHaveNone() {
        withMemory(16 << 20);
        String topic = topic("speed", Field.of("speed", FieldType.DOUBLE)).path();
        try (MemoryAccount others = bench.memory.open(MemoryArea.HEAP, "others", 100, null)) {
            others.add((16 << 20) / 8 * 7);

            bench.publish(topic, "{\"speed\":4}");

            assertThat(value(topic).quality()).isEqualTo(Quality.GOOD);
            assertThat(value(topic).lastViolation()).isNull();
        }
    }

    @Test
    void value_withoutRoom_isBadAndNotAnOldOne() {
        withMemory(16 << 20);
        String topic = topic("text", Field.of("text", FieldType.STRING)).path();
        bench.publish(topic, "{\"text\":\"old\"}");
        try (MemoryAccount others = bench.memory.open(MemoryArea.HEAP, "others", 100, null)) {
            others.add((16 << 20) / 8 * 7);

            bench.publish(topic, "{\"text\":\"" + "x".repeat(100_000) + "\"}");

            TopicValue value = value(topic);
            assertThat(value.quality()).isEqualTo(Quality.BAD);
            assertThat(value.fields()).extracting(FieldValue::json).containsExactly((String) null);
            assertThat(value.valid()).isFalse();
            assertThat(value.lastViolation().code()).isEqualTo(Violation.Code.SIZE);
            assertThat(value.lastViolation().detail()).contains("memory is short");
            assertThat(bench.memory.shortages())
                    .extracting(MemoryShortage::kind, MemoryShortage::holder)
                    .containsExactly(tuple("values", topic));
        }

        bench.publish(topic, "{\"text\":\"new\"}");

        assertThat(value(topic).quality()).isEqualTo(Quality.GOOD);
        assertThat(value(topic).fields()).extracting(FieldValue::json).containsExactly("\"new\"");
        assertThat(value(topic).lastViolation()).isNull();
    }

    @Test
    void value_ofNodeWithoutModel_withoutRoom_saysSo() {
        withMemory(16 << 20);
        String topic = topic("any").path();
        try (MemoryAccount others = bench.memory.open(MemoryArea.HEAP, "others", 100, null)) {
            others.add((16 << 20) / 8 * 7);

            bench.publish(topic, "{\"text\":\"" + "x".repeat(100_000) + "\"}");
        }

        assertThat(value(topic).quality()).isEqualTo(Quality.UNCERTAIN);
        assertThat(value(topic).valid()).isFalse();
        assertThat(value(topic).lastViolation().detail()).contains("memory is short");
    }

    @Test
    void userProperties_areCounted() {
        String topic = topic("any").path();
        bench.publish(topic, "1");
        long before = counted("values");
        Message plain = bench.message(topic, new byte[] {'1'}, false);

        bench.registry.onMessage(
                new Message(
                        plain.topic(),
                        plain.payload(),
                        plain.qos(),
                        false,
                        new MessageProperties(
                                MessageProperties.ABSENT,
                                MessageProperties.ABSENT,
                                null,
                                null,
                                null,
                                List.of(new UserProperty("k", LONG_NAME))),
                        plain.publisher(),
                        plain.receivedAt()),
                false);

        assertThat(counted("values") - before).isBetween(60_000L, 61_000L);
    }

    @Test
    void create_withoutRoom_isRefusedAndNamesTheMemory() {
        withMemory(1 << 20);
        topic("first");
        try (MemoryAccount others = bench.memory.open(MemoryArea.HEAP, "others", 100, null)) {
            others.add(1 << 20);

            assertThatThrownBy(() -> topic("second"))
                    .isInstanceOf(MemoryShortException.class)
                    .hasMessageContaining("memory of the server is short");
            assertThatThrownBy(
                            () ->
                                    Bench.importJson(
                                            bench.registry,
                                            "{\"namespace\":[{\"name\":\"B\",\"type\":\"PATH\"}]}",
                                            false,
                                            Bench.ANNA))
                    .isInstanceOf(MemoryShortException.class);
            assertThat(bench.registry.byPath("B")).isEmpty();
            assertThat(bench.registry.byPath("Acme/Metric/second")).isEmpty();
            assertThat(bench.memory.shortages())
                    .extracting(MemoryShortage::kind, MemoryShortage::holder)
                    .containsExactly(tuple("nodes", "anna"));

            assertThat(bench.restarted().byPath("Acme/Metric/first"))
                    .as("what is on disk is always loaded")
                    .isPresent();
        }
    }

    @Test
    void nodes_thatWereLoaded_leaveThePartOfTheClients() {
        for (int i = 0; i < 50; i++) {
            topic("machine" + i);
        }
        bench.registry.deactivate();
        FakeDocuments documents = bench.documents;
        bench.memory.close();

        bench = new Bench(documents, new ProcessMemory(20_000, 20_000, Clock.systemUTC()));

        assertThat(bench.registry.stats().topics()).isEqualTo(50);
        assertThat(counted("nodes")).isEqualTo(14_000);
        assertThatThrownBy(() -> topic("one more")).isInstanceOf(MemoryShortException.class);
    }

    @Test
    void nodes_thatAreChangedAndDeleted_giveEverythingBack() {
        Node first = topic("first", Field.of("a", FieldType.DOUBLE));
        long one = counted("nodes");
        Node second = topic("other", Field.of("b", FieldType.STRING));
        bench.registry.update(second.id(), 0, NodeChange.ofName("third"), Bench.ANNA);

        bench.registry.delete(
                bench.registry.byPath("Acme/Metric/third").orElseThrow().id(), 0, Bench.ANNA);

        assertThat(counted("nodes") - one)
                .as("two deleted paths are remembered")
                .isBetween(2L * 60, 2L * 110);
        bench.registry.deactivate();
        assertThat(bench.memory.use(MemoryArea.HEAP).usedBytes()).isZero();
        bench.registry = bench.open(new Limits(262_144, 0, 10, 1000, 1000));
        assertThat(bench.registry.byPath(first.path())).isPresent();
    }

    @Test
    void samples_thatWait_areCountedAndGivenBack() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        bench.registry.addSampleListener(
                new SampleListener() {
                    @Override
                    public boolean wants(Node node) {
                        return true;
                    }

                    @Override
                    public void onSamples(List<NodeSamples> samples) {
                        try {
                            go.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }

                    @Override
                    public void onLost(long messages) {}
                });
        String topic = topic("speed", Field.of("speed", FieldType.DOUBLE)).path();

        for (int i = 0; i < 100; i++) {
            bench.publish(topic, "{\"speed\":4}");
        }

        assertThat(counted("samples")).isBetween(100L * 150, 100L * 300);
        go.countDown();
        Await.until(() -> counted("samples") == 0);
        assertThat(Map.of("lost", bench.registry.stats().samplesLost())).containsEntry("lost", 0L);
    }
}

package io.busbar.uns.registry;

import com.sun.management.OperatingSystemMXBean;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.SearchQuery;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnknownFields;
import io.busbar.memory.ProcessMemory;
import io.busbar.testkit.storage.FakeDocuments;
import io.busbar.uns.registry.value.Limits;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Measures searches of a large namespace. Not a test: {@code java -cp … SearchBench [TOPICS]}. Half
 * of the topics have a node with a model of two fields. Times are of all threads of the process.
 */
final class SearchBench {
    private static final int ROUNDS = 15;
    private static final Model MODEL =
            new Model(
                    List.of(
                            Field.of("speed", FieldType.DOUBLE),
                            Field.of("state", FieldType.STRING)),
                    UnknownFields.WARN);

    /** What is searched: what is where. */
    private static final String[][] QUERIES = {
        {"name of few", "drive-4711"},
        {"name of many", "drive"},
        {"field of all", "speed"},
        {"name and value of few", "line-7 e4711"},
        {"value of one", "e4711"},
        {"value of many", "running"},
        {"no value", "nothing"},
        {"no value, of frequent digits", "1010.1010"},
        {"no value, two characters", "zq"},
        {"no value, Chinese", "运行"},
        {"two values, never together", "running stopped"},
        {"wildcards", "plant/+/Metric/drive-4711"},
        {"wildcards and value", "plant/# e4711"},
        {"unmodelled topic", "gw/37/item-37"},
    };

    private final Bench bench =
            new Bench(
                    new FakeDocuments(), new ProcessMemory(2L << 30, 2L << 30, Clock.systemUTC()));
    private final List<String> topics = new ArrayList<>();

    private SearchBench(int count) {
        bench.registry.deactivate();
        bench.registry = bench.open(new Limits(262_144, 600_000_000L, 1_000_000, 1L << 30, 20));
        for (int i = 0; i < count / 2; i++) {
            String line = "line-" + i / 500;
            bench.registry.create(
                    NewNode.topic("plant/" + line, "drive-" + i, TopicType.METRIC, MODEL),
                    Bench.ANNA);
            topics.add("plant/" + line + "/Metric/drive-" + i);
            topics.add("gw/" + i / 500 + "/item-" + i);
        }
        Collections.shuffle(topics, new Random(1));
    }

    public static void main(String[] args) {
        new SearchBench(args.length == 0 ? 100_000 : Integer.parseInt(args[0])).run();
    }

    private void run() {
        for (int i = 0; i < 5; i++) {
            publishAll(i);
        }
        measure("publish to all", () -> publishAll(5));
        for (String[] query : QUERIES) {
            SearchQuery of = SearchQuery.of(query[1], 200);
            measure(query[0], () -> bench.registry.search(of));
        }
        for (String[] query : QUERIES) {
            SearchQuery of = SearchQuery.of(query[1], 200);
            measureAfter(
                    query[0] + ", all values new",
                    () -> publishAll(6),
                    () -> bench.registry.search(of));
        }
        measure("publish to all after searches", () -> publishAll(7));
        bench.registry.deactivate();
    }

    private void publishAll(int round) {
        for (int i = 0; i < topics.size(); i++) {
            String state = i == 4711 ? "e4711" : i % 2 == 0 ? "running" : "Stopped";
            bench.publish(
                    topics.get(i),
                    "{\"speed\":"
                            + (i * 7 + round) % 5000 / 10.0
                            + ",\"state\":\""
                            + state
                            + "\"}");
        }
    }

    private static void measure(String what, Runnable work) {
        measureAfter(what, () -> {}, work);
    }

    private static void measureAfter(String what, Runnable before, Runnable work) {
        List<Long> clock = new ArrayList<>();
        List<Long> cpu = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            before.run();
            long start = System.nanoTime();
            long used = cpu();
            work.run();
            cpu.add(cpu() - used);
            clock.add(System.nanoTime() - start);
        }
        Collections.sort(clock);
        Collections.sort(cpu);
        System.out.printf(
                Locale.ROOT,
                "%-45s %6.1f ms, CPU %6.1f ms (median of %d)%n",
                what,
                clock.get(ROUNDS / 2) / 1e6,
                cpu.get(ROUNDS / 2) / 1e6,
                ROUNDS);
    }

    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}

package io.busbar.mqtt.broker.transfer;

import static io.busbar.mqtt.broker.Proxies.proxy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.RetainedView;
import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.TopicKey;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Retained messages of which some are damaged. */
class KeptMessagesTest {
    private static final int MANY = 600; // more than two pages

    private final NavigableMap<TopicKey, Message> all = new TreeMap<>();
    private final List<String> damage = new ArrayList<>();

    /** Of which keys the value is damaged, or nothing can be found. */
    private Predicate<String> badValue = topic -> false;

    private Predicate<String> badPlace = topic -> false;
    private StorageException.Kind kind = StorageException.Kind.DAMAGED;

    private static String topic(int number) {
        return "plant/line" + number / 100 + "/value" + number % 100;
    }

    private void fill() {
        for (int i = 0; i < MANY; i++) {
            TopicName topic = TopicName.of(topic(i));
            all.put(
                    TopicKey.of(topic),
                    new Message(
                            topic,
                            new byte[] {1},
                            Qos.AT_LEAST_ONCE,
                            true,
                            MessageProperties.NONE,
                            Publisher.SERVER,
                            1_000));
        }
    }

    private final class Scan {
        private TopicKey at;

        Object answer(Method method, Object[] arguments) {
            return switch (method.getName()) {
                case "seek" -> stand(all.ceilingKey((TopicKey) arguments[0]));
                case "next" -> stand(all.higherKey(at));
                case "key" -> at;
                case "message" -> {
                    check(badValue);
                    yield all.get(at);
                }
                default -> null;
            };
        }

        private boolean stand(TopicKey key) {
            if (key != null) {
                at = key;
                check(badPlace);
            }
            return key != null;
        }

        private void check(Predicate<String> bad) {
            if (bad.test(at.topic().value())) {
                throw new StorageException(kind, "bad");
            }
        }
    }

    private List<String> read() {
        RetainedView view =
                proxy(
                        RetainedView.class,
                        (method, arguments) -> proxy(RetainedView.Scan.class, new Scan()::answer));
        KeptMessages walk = new KeptMessages(view, () -> 2_000, damage::add);
        List<String> read = new ArrayList<>();
        for (Message message; (message = walk.next()) != null; ) {
            read.add(message.topic().value());
        }
        return read;
    }

    @Test
    void messagesThatAreDamaged_areLeftOutAndNamed() {
        fill();
        List<String> bad = List.of(topic(0), topic(299), topic(300), topic(MANY - 1));
        badValue = bad::contains;

        List<String> read = read();

        assertThat(read).hasSize(MANY - bad.size()).doesNotContainAnyElementsOf(bad);
        assertThat(damage)
                .containsExactlyInAnyOrderElementsOf(
                        bad.stream().map(each -> "the retained message of " + each).toList());
    }

    /** As where a whole block of a table cannot be read. */
    @Test
    void messagesThatCannotBeFound_areLeftOut_andThoseBehindThemAreThere() {
        fill();
        badPlace = topic -> topic.startsWith("plant/line3/value4");

        List<String> read = read();

        assertThat(read)
                .containsAll(
                        IntStream.range(0, MANY)
                                .filter(i -> i / 100 != 3)
                                .mapToObj(KeptMessagesTest::topic)
                                .toList())
                .hasSizeGreaterThan(MANY - 70);
        assertThat(damage)
                .singleElement()
                .asString()
                .startsWith("retained messages from plant/line3/value39 on, up to plant/line3/");
    }

    @Test
    void diskThatCannotBeRead_endsTheWalk() {
        fill();
        badValue = topic -> topic.equals(topic(5));
        kind = StorageException.Kind.FAILED;

        assertThatThrownBy(this::read).hasMessage("bad");
    }
}

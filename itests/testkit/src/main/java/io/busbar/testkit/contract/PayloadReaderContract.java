package io.busbar.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.spi.PayloadReader;
import io.busbar.testkit.contract.RecordedValues.Value;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests that every {@link PayloadReader} must pass. Extend it to test yours. */
public abstract class PayloadReaderContract {
    private static final Duration QUICK = Duration.ofSeconds(2);
    private static final Model CODE =
            new Model(List.of(Field.of("code", FieldType.STRING)), UnknownFields.WARN);

    /** The reader. */
    protected abstract PayloadReader reader();

    /** A payload that it reads. */
    protected abstract byte[] payload();

    /** What a node expects of {@link #payload}; {@link Model#ANY} if names are in the payload. */
    protected abstract Model model();

    /** The values of {@link #payload} as JSON text by name; the name of a bare value is empty. */
    protected abstract Map<String, String> values();

    /** A payload that is not of its format, or null if it takes any. */
    protected abstract byte @Nullable [] foreign();

    /**
     * A payload whose only value is the text {@code 0815}, for a node with the single STRING field
     * {@code code}. Null if the format itself tells texts from numbers, as JSON does.
     */
    protected abstract byte @Nullable [] numericText();

    /** The topic that payloads come under. */
    protected String topic() {
        return "plant/line1/machine";
    }

    /** Reads a payload of {@link #topic}. */
    protected final RecordedValues read(byte[] payload, Model model) {
        RecordedValues values = new RecordedValues();
        Message message =
                new Message(
                        TopicName.of(topic()),
                        payload,
                        Qos.AT_LEAST_ONCE,
                        false,
                        MessageProperties.NONE,
                        Publisher.SERVER,
                        1_795_421_731_250L);
        reader().read(message, model, values);
        return values;
    }

    @Test
    public void read_itsFormat_givesTheValues() {
        RecordedValues read = read(payload(), model());

        assertThat(read.problem()).isNull();
        assertThat(read.values())
                .extracting(value -> Map.entry(value.name(), value.json()))
                .containsExactlyInAnyOrderElementsOf(values().entrySet());
    }

    /** Otherwise serial numbers lose their zeros and the namespace refuses them. */
    @Test
    public void read_numericTextForAStringField_isText() {
        byte[] payload = numericText();
        assumeThat(payload).isNotNull();

        RecordedValues read = read(payload, CODE);

        assertThat(read.problem()).isNull();
        assertThat(read.values()).extracting(Value::json).containsExactly("\"0815\"");
    }

    @Test
    public void read_anotherFormat_isUnreadable() {
        byte[] foreign = foreign();
        assumeThat(foreign).isNotNull();

        assertThat(read(foreign, model()).problem()).isNotBlank();
    }

    @Test
    public void read_doesNotTouchThePayload() {
        byte[] payload = payload();
        byte[] before = payload.clone();

        read(payload, model());

        assertThat(payload).isEqualTo(before);
    }

    @Test
    public void read_anotherPayloadBefore_changesNothing() {
        List<Value> alone = read(payload(), model()).values();
        byte[] foreign = foreign();

        read(foreign == null ? new byte[0] : foreign, model());

        assertThat(read(payload(), model()).values()).isEqualTo(alone);
    }

    @Test
    public void read_onManyThreads_givesTheSame() {
        List<Value> alone = read(payload(), model()).values();
        ConcurrentLinkedQueue<List<Value>> read = new ConcurrentLinkedQueue<>();

        IntStream.range(0, 1_000)
                .parallel()
                .forEach(i -> read.add(read(payload(), model()).values()));

        assertThat(read).hasSize(1_000).containsOnly(alone);
    }

    @Test
    public void read_withoutModel_doesNotThrow() {
        read(payload(), Model.ANY);
    }

    @Test
    public void read_brokenPayloads_doesNotThrow() {
        byte[] payload = payload();
        Random random = new Random(7);
        for (int length = 0; length <= payload.length; length++) {
            read(Arrays.copyOf(payload, length), model());
        }
        for (int round = 0; round < 1_000; round++) {
            byte[] broken = payload.clone();
            for (int i = 0; i < 3 && broken.length > 0; i++) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt();
            }
            read(broken, model());
        }
    }

    @Test
    public void read_largePayloads_isQuick() {
        byte[] payload = payload();
        byte[] random = new byte[256 * 1024];
        new Random(7).nextBytes(random);
        byte[] repeated = new byte[256 * 1024];
        for (int i = 0; i < repeated.length && payload.length > 0; i++) {
            repeated[i] = payload[i % payload.length];
        }

        long start = System.nanoTime();
        readQuietly(random);
        readQuietly(repeated);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(QUICK);
    }

    /** Some readers give more values than the namespace takes, which is refused while they read. */
    private void readQuietly(byte[] payload) {
        try {
            read(payload, model());
        } catch (IllegalStateException tooMany) {
            assertThat(tooMany).hasMessageContaining("values");
        }
    }
}

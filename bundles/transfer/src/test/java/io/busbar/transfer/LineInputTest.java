package io.busbar.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.memory.MemoryArea;
import io.busbar.memory.ProcessMemory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LineInputTest {
    private final ProcessMemory memory = new ProcessMemory(1 << 30, 1 << 30, Clock.systemUTC());

    @AfterEach
    void close() {
        memory.close();
    }

    private LineInput of(byte[] bytes, int longest) {
        return new LineInput(
                new ByteArrayInputStream(bytes),
                longest,
                memory.open(MemoryArea.HEAP, "test", 100, null));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void lines_areReadInTheirOrder_alsoWithoutAnEndAfterTheLast() throws IOException {
        LineInput input = of(bytes("ä\n\nzwölf €"), 100);

        assertThat(input.next()).isEqualTo("ä");
        assertThat(input.next()).isEmpty();
        assertThat(input.next()).isEqualTo("zwölf €");
        assertThat(input.number()).isEqualTo(3);
        assertThat(input.next()).isNull();
    }

    @Test
    void lineOfAllTheBytesItMayHave_isRead_andALongerOneIsPassedOver() throws IOException {
        LineInput input = of(bytes("x".repeat(5_000) + "\n" + "y".repeat(200_000) + "\nz"), 5_000);

        assertThat(input.next()).hasSize(5_000);
        assertThatThrownBy(input::next)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("longer than 5000 bytes");
        assertThat(input.number()).isEqualTo(2);
        assertThat(input.next()).isEqualTo("z");
    }

    @Test
    void lineThatIsNoUtf8_isRefused_andTheNextIsRead() throws IOException {
        LineInput input = of(new byte[] {(byte) 0xC3, '\n', 'a'}, 100);

        assertThatThrownBy(input::next).isInstanceOf(IllegalArgumentException.class);
        assertThat(input.next()).isEqualTo("a");
    }

    @Test
    void textWithAReplacementCharacter_isText() throws IOException {
        assertThat(of(bytes("a\uFFFDb\n"), 100).next()).isEqualTo("a\uFFFDb");
    }

    @Test
    void longLine_countsInTheMemory_untilTheNextIsRead() throws IOException {
        LineInput input =
                of(bytes("x".repeat(1 << 20) + "\nshort\n" + "y".repeat(1 << 20)), 4 << 20);

        input.next();
        assertThat(used()).isBetween(2L << 20, 12L << 20);
        input.next();
        assertThat(used()).isZero();
        input.next();
        input.close();
        assertThat(used()).isZero();
    }

    private long used() {
        return memory.use(MemoryArea.HEAP).usedBytes();
    }
}

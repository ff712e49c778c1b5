package io.busbar.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LineInputTest {
    private static LineInput of(byte[] bytes, int longest) {
        return new LineInput(new ByteArrayInputStream(bytes), longest);
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
}

package io.busbar.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.transfer.StateExport;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the last line of an export says. */
class LineExportTest {
    private static final Line.Header HEADER =
            new Line.Header(1, "x", Instant.parse("2026-11-30T12:00:00Z"), List.of("RETAINED"));

    private final LeftOut leftOut = new LeftOut();
    private final List<LeftOut> told = new ArrayList<>();

    private String lastLine(int damaged) throws IOException {
        LineExport export =
                new LineExport(
                        HEADER,
                        Collections.emptyIterator(),
                        () -> {
                            for (int i = 0; i < damaged; i++) {
                                leftOut.accept("the retained message of t/" + i);
                            }
                            return null;
                        },
                        null,
                        leftOut,
                        told::add);
        StringWriter text = new StringWriter();
        export.writeAll(text);
        assertThat(export.leftOut()).isEqualTo(damaged);
        return text.toString().lines().reduce((first, second) -> second).orElseThrow();
    }

    @Test
    void exportOfAllThatThereIs_saysHowManyLines() throws IOException {
        assertThat(lastLine(0)).isEqualTo("{\"type\":\"end\",\"lines\":1}");
        assertThat(told).containsExactly(leftOut);
    }

    @Test
    void whatIsDamaged_isCountedAndNamed() throws IOException {
        assertThat(lastLine(2))
                .isEqualTo(
                        "{\"type\":\"end\",\"lines\":1,\"leftOut\":2,\"leftOutNames\":"
                                + "[\"the retained message of t/0\","
                                + "\"the retained message of t/1\"]}");
    }

    @Test
    void ofManyThings_theFirstAreNamed() throws IOException {
        assertThat(lastLine(1_000)).contains("\"leftOut\":1000,");
        assertThat(leftOut.names()).hasSize(StateExport.MOST_NAMED);
    }
}

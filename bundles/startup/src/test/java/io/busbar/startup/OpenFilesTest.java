package io.busbar.startup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpenFilesTest {
    @Test
    void fewerFilesThanConnections_isSaid_withWhatToDo() {
        assertThat(OpenFiles.warning(1024, 100_000, 0))
                .hasValueSatisfying(
                        line ->
                                assertThat(line)
                                        .contains(
                                                "may open 1024 files",
                                                "io.busbar.mqtt.loops",
                                                "256 of HTTP",
                                                "at least 100456",
                                                "lower max.connections to 568")
                                        .doesNotContain("\n"));
    }

    @Test
    void enoughFiles_nothingIsSaid() {
        assertThat(OpenFiles.warning(1_048_576, 100_000, 0)).isEmpty();
        assertThat(OpenFiles.warning(1024, 500, 200)).isEmpty();
        assertThat(OpenFiles.warning(Long.MAX_VALUE, 0, 0)).isEmpty();
    }
}

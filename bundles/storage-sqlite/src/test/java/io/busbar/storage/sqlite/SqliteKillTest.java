package io.busbar.storage.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged survives kill -9, and a commit is never there by halves. */
class SqliteKillTest {
    @TempDir Path temp;

    @Test
    @Timeout(120)
    void kill_whileCommitting_losesNothingAcknowledged() throws Exception {
        int acknowledged = 0;
        for (int round = 0; round < 3; round++) {
            acknowledged = commitUntilKilled(acknowledged, 100);

            SqliteDocuments documents = SqliteDocuments.open(temp);
            try {
                List<Document> found = documents.scan("things");
                // Each commit writes its own document and the counter; at most the one in flight
                // may be there unacknowledged.
                assertThat(found).hasSizeBetween(acknowledged, acknowledged + 1);
                assertThat(documents.get("counter", "n").orElseThrow().revision())
                        .isEqualTo(found.size());
                acknowledged = found.size();
            } finally {
                documents.close();
            }
        }
    }

    private int commitUntilKilled(int from, int commits) throws Exception {
        Process child =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Writer.class.getName(),
                                temp.toString(),
                                Integer.toString(from))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        int last = from;
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            while (last < from + commits) {
                last = Integer.parseInt(lines.readLine());
            }
            // SIGKILL, as the exit code shows; the handle leaves the pipe to what was printed
            // before.
            assertThat(child.toHandle().destroyForcibly()).isTrue();
            for (String line; (line = lines.readLine()) != null; ) {
                last = Integer.parseInt(line);
            }
        }
        assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).isEqualTo(128 + 9);
        return last;
    }

    /** Commits in a loop and says after each commit how many there are. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) {
            SqliteDocuments documents = SqliteDocuments.open(Path.of(args[0]));
            for (int n = Integer.parseInt(args[1]) + 1; ; n++) {
                documents.commit(
                        List.of(
                                DocumentChange.create("things", "k" + n, "{\"n\":" + n + "}"),
                                DocumentChange.put("counter", "n", "{\"n\":" + n + "}")));
                System.out.println(n);
                System.out.flush();
            }
        }
    }
}

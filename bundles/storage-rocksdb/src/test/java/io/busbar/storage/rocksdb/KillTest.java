package io.busbar.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.storage.Durability;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.StoreBatch;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged survives kill -9, in its order, and a commit is never there by halves. */
class KillTest {
    @TempDir Path temp;

    @Test
    @Timeout(120)
    void kill_whileCommitting_losesNothingAcknowledged() throws Exception {
        long first = 1;
        for (int round = 0; round < 3; round++) {
            long acknowledged = commitUntilKilled(first, 500 + 300L * round);

            RocksStore store = RocksStore.open(Settings.of(temp));
            try {
                ShardOwner owner = Samples.own(store);
                List<Long> kept = Samples.sequences(owner, 1);
                // Each commit takes one away from the first session and adds one to each of both.
                assertThat(kept).isSorted().doesNotHaveDuplicates();
                assertThat(kept).hasSize(1);
                long last = kept.get(0);
                assertThat(last).isGreaterThanOrEqualTo(acknowledged);
                List<Long> all = Samples.sequences(owner, 2);
                assertThat(all).hasSize((int) last);
                for (int i = 0; i < all.size(); i++) {
                    assertThat(all.get(i)).isEqualTo(i + 1L);
                }
                List<String> counted = new ArrayList<>();
                owner.view().queues((session, count, bytes) -> counted.add(session + ": " + count));
                assertThat(counted).containsExactly("1: 1", "2: " + last);
                first = last + 1;
                owner.close();
            } finally {
                store.close();
            }
        }
    }

    private long commitUntilKilled(long from, long commits) throws Exception {
        Process child =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Writer.class.getName(),
                                temp.toString(),
                                Long.toString(from))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        long last = from;
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            while (last < from + commits) {
                last = Long.parseLong(lines.readLine());
            }
            assertThat(child.toHandle().destroyForcibly()).isTrue();
            for (String line; (line = lines.readLine()) != null; ) {
                last = Long.parseLong(line);
            }
        }
        assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).isEqualTo(128 + 9);
        return last;
    }

    /** Commits in a loop, some at a time, and says after each how far it is. */
    static final class Writer {
        private static final int WINDOW = 16;

        private Writer() {}

        public static void main(String[] args) throws Exception {
            ShardOwner owner = Samples.own(RocksStore.open(Settings.of(Path.of(args[0]))));
            @SuppressWarnings({"unchecked", "rawtypes"})
            CompletionStage<Void>[] window = new CompletionStage[WINDOW];
            long first = Long.parseLong(args[1]);
            for (long n = first; ; n++) {
                int slot = (int) (n % WINDOW);
                if (window[slot] != null) {
                    window[slot].toCompletableFuture().get(30, TimeUnit.SECONDS);
                    System.out.println(n - WINDOW);
                    System.out.flush();
                }
                StoreBatch batch = Samples.enqueue(owner, 1, n, n);
                batch.acknowledge(1, n - 1, false);
                batch.enqueue(2, n, batch.message(Samples.message("t", "m" + n)), Samples.ONCE, 0);
                window[slot] = owner.commit(batch, Durability.SAFE);
            }
        }
    }
}

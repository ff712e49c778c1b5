package io.busbar.storage.rocksdb;

import io.busbar.api.mqtt.Qos;
import io.busbar.api.storage.InboundMessage;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.StoreBatch;
import io.busbar.api.storage.StoreBatch.OutboundState;
import io.busbar.api.storage.SubscriptionRecord;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a small store of the current format into a zip file, to be kept in the test resources
 * before the format changes: {@code java -cp … FormatFixture FOLDER ZIP}.
 */
final class FormatFixture {
    private FormatFixture() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        RocksStore store = RocksStore.open(Settings.of(folder));
        ShardOwner owner = Samples.own(store);
        StoreBatch batch = Samples.enqueue(owner, 1, 1, 2);
        int large = batch.message(Samples.message("t", "x".repeat(300)));
        batch.enqueue(1, 3, large, Samples.ONCE, 0);
        batch.enqueue(2, 3, large, Samples.ONCE, 0);
        batch.outbound(1, 2, 9, OutboundState.RELEASED);
        batch.putSession(new SessionRecord(1, "c", "cred:1", "u", 60, 1, 2, null, 0));
        batch.putSubscription(
                1, new SubscriptionRecord("a/#", Qos.AT_LEAST_ONCE, false, false, 0, 3));
        batch.inbound(1, new InboundMessage(7, -7));
        batch.received(1, 3);
        batch.mark(1, Samples.MARK);
        batch.retain(batch.message(Samples.message("a/b", "r")));
        Samples.commit(owner, batch);
        store.close();
        try (OutputStream file = Files.newOutputStream(Path.of(args[1]));
                ZipOutputStream zip = new ZipOutputStream(file);
                Stream<Path> files = Files.list(folder)) {
            for (Path each : files.sorted().toList()) {
                String name = each.getFileName().toString();
                // Logs for people, and options that only tell what was set.
                if (!name.startsWith("LOG") && !name.startsWith("OPTIONS")) {
                    zip.putNextEntry(new ZipEntry(name));
                    zip.write(Files.readAllBytes(each));
                }
            }
        }
    }
}

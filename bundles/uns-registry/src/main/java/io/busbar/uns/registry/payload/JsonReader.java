package io.busbar.uns.registry.payload;

import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.PayloadValues;
import io.busbar.api.uns.spi.PayloadReader;

/** Reads JSON: the members of an object, the values of a gateway's list, or one bare value. */
final class JsonReader implements PayloadReader {
    private final SpareScan spare;
    private final ValueList list;

    JsonReader(SpareScan spare, ValueList list) {
        this.spare = spare;
        this.list = list;
    }

    @Override
    public void read(Message message, Model model, PayloadValues into) {
        JsonScan scan = spare.take();
        byte[] payload = message.payload();
        int to = PaddedText.to(payload, !model.fields().isEmpty());
        if (!scan.scan(payload, PaddedText.from(payload), to)) {
            into.unreadable(scan.error(), scan.reason());
        } else if (!list.read(scan, message, model, into)) {
            asItStands(scan, payload, into);
        }
        spare.give(scan);
    }

    private static void asItStands(JsonScan scan, byte[] payload, PayloadValues into) {
        if (scan.kind() != JsonKind.OBJECT) {
            into.bare(payload, scan.start(), scan.end());
        }
        for (int i = 0; i < scan.count(); i++) {
            into.json(
                    scan.keyBytes(i),
                    scan.keyStart(i),
                    scan.keyEnd(i),
                    payload,
                    scan.valueStart(i),
                    scan.valueEnd(i));
        }
    }
}

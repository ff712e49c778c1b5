package io.busbar.uns.registry.payload;

import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.PayloadValues;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.spi.PayloadReader;

/**
 * Reads one bare value: a number, true, false, null, or text with or without quotes. Text without
 * quotes needs a field of a type that is text. If nobody says what is expected, it reads as JSON.
 */
final class ScalarReader implements PayloadReader {
    private final SpareScan spare;
    private final PayloadReader json;
    private final PayloadReader text;

    ScalarReader(SpareScan spare, PayloadReader json, PayloadReader text) {
        this.spare = spare;
        this.json = json;
        this.text = text;
    }

    @Override
    public void read(Message message, Model model, PayloadValues into) {
        if (model.fields().isEmpty()) {
            json.read(message, model, into);
            return;
        }
        byte[] payload = message.payload();
        JsonScan scan = spare.take();
        if (scan.scan(payload, PaddedText.from(payload), PaddedText.to(payload, true))
                && scan.kind() != JsonKind.OBJECT
                && scan.kind() != JsonKind.ARRAY) {
            into.bare(payload, scan.start(), scan.end());
        } else if (isText(model.fields().get(0).type())) {
            text.read(message, model, into);
        } else {
            into.unreadable("is no bare value", Reason.of(Reason.Code.PAYLOAD_NOT_BARE));
        }
        spare.give(scan);
    }

    private static boolean isText(FieldType type) {
        return type == FieldType.STRING || type == FieldType.ENUM || type == FieldType.DATETIME;
    }
}

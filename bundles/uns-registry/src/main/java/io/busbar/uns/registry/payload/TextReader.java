package io.busbar.uns.registry.payload;

import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.PayloadValues;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.spi.PayloadReader;

/** Reads UTF-8 text: the payload is one bare text. */
final class TextReader implements PayloadReader {
    @Override
    public void read(Message message, Model model, PayloadValues into) {
        byte[] payload = message.payload();
        int to = PaddedText.to(payload, !model.fields().isEmpty());
        byte[] quoted = JsonText.quoted(payload, PaddedText.from(payload), to);
        if (quoted == null) {
            into.unreadable("is no UTF-8 text", Reason.of(Reason.Code.PAYLOAD_NO_UTF8));
        } else {
            into.bare(quoted, 0, quoted.length);
        }
    }
}

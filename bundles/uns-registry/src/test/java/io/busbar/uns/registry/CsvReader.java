package io.busbar.uns.registry;

import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.PayloadValues;
import io.busbar.api.uns.spi.PayloadReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads one line with a column for each field of the model. */
final class CsvReader implements PayloadReader {
    @Override
    public void read(Message message, Model model, PayloadValues into) {
        List<Field> fields = model.fields();
        String line = new String(message.payload(), StandardCharsets.UTF_8).strip();
        String[] columns = line.split(";", -1);
        if (columns.length != fields.size()) {
            into.unreadable("has " + columns.length + " columns (expected: " + fields.size() + ")");
            return;
        }
        for (int i = 0; i < columns.length; i++) {
            into.unquoted(fields.get(i), columns[i]);
        }
    }
}

package io.busbar.web.api.view;

import com.google.gson.JsonObject;
import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.QuarantinedMessage;
import io.busbar.api.uns.Violation;
import io.busbar.json.JsonShape;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Messages that are held back, in the form of the API. */
public final class QuarantineShapes {
    private QuarantineShapes() {}

    /**
     * The API's QuarantinedMessage.
     *
     * @param node of its topic; null if there is none any more
     * @param wrong what is wrong with it by the model of now; null if it would be delivered
     */
    public static JsonObject toJson(
            QuarantinedMessage held, @Nullable Node node, @Nullable Violation wrong) {
        Message message = held.message();
        PayloadText payload = PayloadText.of(message.payload());
        return new JsonShape()
                .put("id", held.id().toString())
                .put("topic", message.topic().value())
                .put("nodeId", node == null ? null : node.id().toString())
                .put("path", node == null ? null : node.path())
                .put("at", Instant.ofEpochMilli(message.receivedAt()))
                .put("qos", message.qos().value())
                .put("retain", message.retain())
                .put("bytes", message.payload().length)
                .put("raw", payload.text())
                .put("rawEncoding", payload.encoding())
                .put("truncated", payload.truncated())
                .put("publisher", ValueShapes.publisher(message.publisher()))
                .put("violation", ViolationShapes.violation(held.violation()))
                .put("revision", held.revision())
                .put("stillWrong", wrong == null ? null : ViolationShapes.violation(wrong))
                .build();
    }
}

package io.busbar.web.api.view;

import com.google.gson.JsonObject;
import io.busbar.api.auth.Credential;
import io.busbar.api.auth.Ruling;
import io.busbar.api.explain.Audience;
import io.busbar.api.explain.Receiver;
import io.busbar.api.explain.Remark;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import java.time.Clock;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Those who get a message or miss it, in the form of the API. Thread-safe. */
final class ReceiverShapes {
    private final Backend services;
    private final Clock clock;

    ReceiverShapes(Backend services, Clock clock) {
        this.services = services;
        this.clock = clock;
    }

    /** The API's Audience. */
    JsonObject audience(Audience audience) {
        JsonShape fates = new JsonShape();
        new TreeMap<>(audience.fates()).forEach((fate, count) -> fates.put(fate.name(), count));
        return new JsonShape()
                .put("subscribers", audience.subscribers())
                .put("examined", audience.examined())
                .put("fates", fates.build())
                .put("lowered", audience.lowered())
                .put("consumers", audience.consumers())
                .put("receivers", JsonShape.array(audience.receivers(), this::toJson))
                .build();
    }

    /** The API's Receiver. */
    JsonObject toJson(Receiver receiver) {
        Credential credential = credential(receiver.principalId());
        String id = receiver.principalId().isEmpty() ? null : receiver.principalId();
        return new JsonShape()
                .put("clientId", receiver.clientId())
                .put(
                        "credential",
                        credential == null
                                ? ClientRow.credentialRef(id, receiver.description())
                                : SessionRows.ref(credential))
                .put("credentialState", SessionRows.OwnerState.of(credential, clock.instant()))
                .put("online", receiver.online())
                .put("fate", receiver.fate())
                .put("outcome", receiver.fate().outcome())
                .put("parameters", JsonShape.textMap(receiver.parameters()))
                .put("text", receiver.text())
                .put("remarks", JsonShape.array(receiver.remarks(), ReceiverShapes::remark))
                .put("qos", receiver.qos() == null ? null : receiver.qos().value())
                .put(
                        "subscriptions",
                        JsonShape.array(receiver.subscriptions(), SubscriptionShape::of))
                .put("ruling", ruling(receiver.ruling()))
                .build();
    }

    private @Nullable Credential credential(String principalId) {
        return principalId.isEmpty()
                ? null
                : services.findCredentials().flatMap(all -> all.get(principalId)).orElse(null);
    }

    private static JsonObject remark(Remark remark) {
        return new JsonShape()
                .put("code", remark.code())
                .put("parameters", JsonShape.textMap(remark.parameters()))
                .put("text", remark.text())
                .build();
    }

    /** The API's Ruling, or null. */
    static @Nullable JsonObject ruling(@Nullable Ruling ruling) {
        return ruling == null
                ? null
                : new JsonShape()
                        .put("allowed", ruling.allowed())
                        .put(
                                "rule",
                                ruling.rule() == null ? null : CredentialShapes.rule(ruling.rule()))
                        .put("position", ruling.rule() == null ? null : ruling.position())
                        .put("detail", ruling.detail())
                        .build();
    }
}

package io.busbar.web.api.view;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.busbar.api.uns.EffectivePolicy;
import io.busbar.api.uns.Inherited;
import io.busbar.api.uns.NodePolicy;
import io.busbar.json.JsonShape;
import org.jspecify.annotations.Nullable;

/** Policies in the form of the API: what a node says itself, and what holds for it. */
final class PolicyShapes {
    private PolicyShapes() {}

    /** Adds what a node says itself; null is as above. */
    static void putOwn(JsonShape shape, NodePolicy own) {
        shape.put("validation", own.validation())
                .put("enableHistory", json(own.enableHistory()))
                .put("staleAfterSeconds", own.staleAfterSeconds())
                .put("writable", json(own.writable()))
                .put("timeZone", own.timeZone())
                .put("topicPolicy", own.topicPolicy())
                .put("maxPayloadBytes", own.maxPayloadBytes())
                .put("maxMessagesPerSecond", own.maxMessagesPerSecond())
                .put("closeOnReject", json(own.closeOnReject()));
    }

    /**
     * The API's EffectivePolicy.
     *
     * @param path of the node: what it says itself is not inherited
     */
    static JsonObject effective(EffectivePolicy policy, String path) {
        return new JsonShape()
                .put(
                        "validation",
                        part(
                                policy.validation(),
                                path,
                                new JsonPrimitive(policy.validation().value().name())))
                .put(
                        "enableHistory",
                        part(policy.enableHistory(), path, json(policy.enableHistory().value())))
                .put("staleAfterSeconds", number(policy.staleAfterSeconds(), path))
                .put("writable", part(policy.writable(), path, json(policy.writable().value())))
                .put("timeZone", part(policy.timeZone(), path, json(policy.timeZone().value())))
                .put(
                        "topicPolicy",
                        part(
                                policy.topicPolicy(),
                                path,
                                new JsonPrimitive(policy.topicPolicy().value().name())))
                .put("maxPayloadBytes", number(policy.maxPayloadBytes(), path))
                .put("maxMessagesPerSecond", number(policy.maxMessagesPerSecond(), path))
                .put(
                        "closeOnReject",
                        part(policy.closeOnReject(), path, json(policy.closeOnReject().value())))
                .build();
    }

    private static JsonObject number(Inherited<Integer> policy, String path) {
        return part(policy, path, new JsonPrimitive(policy.value()));
    }

    private static JsonObject part(Inherited<?> policy, String path, @Nullable JsonElement value) {
        return new JsonShape()
                .put("value", value)
                .put("inheritedFrom", path.equals(policy.from()) ? null : policy.from())
                .build();
    }

    private static @Nullable JsonElement json(@Nullable Boolean flag) {
        return flag == null ? null : new JsonPrimitive(flag);
    }

    private static @Nullable JsonElement json(@Nullable String text) {
        return text == null ? null : new JsonPrimitive(text);
    }
}

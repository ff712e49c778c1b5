package io.busbar.web.api.view;

import com.google.gson.JsonObject;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.json.JsonShape;

/** Subscriptions in the form of the API. */
public final class SubscriptionShape {
    private SubscriptionShape() {}

    /** The API's Subscription. */
    public static JsonObject of(SubscriptionRecord subscription) {
        return new JsonShape()
                .put("filter", subscription.filter())
                .put("qos", subscription.qos().value())
                .put("noLocal", subscription.noLocal())
                .put("retainAsPublished", subscription.retainAsPublished())
                .put("retainHandling", subscription.retainHandling())
                .put(
                        "identifier",
                        subscription.identifier() == 0 ? null : subscription.identifier())
                .build();
    }
}

package io.busbar.web.api.endpoint;

import com.google.gson.JsonObject;
import io.busbar.api.accounts.Role;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryBudget;
import io.busbar.api.memory.MemoryShortage;
import io.busbar.api.memory.MemoryUse;
import io.busbar.json.JsonShape;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;

/** {@code /memory}: what clients and users hold of the memory, and who was refused more. */
public final class MemoryEndpoint {
    private final MemoryBudget memory;

    public MemoryEndpoint(MemoryBudget memory) {
        this.memory = memory;
    }

    public void addTo(Router router) {
        router.add("GET", "/memory", Role.VIEWER, this::get);
    }

    private Answer get(Request request) {
        return Answer.ok(
                new JsonShape()
                        .put(
                                "areas",
                                JsonShape.array(Arrays.asList(MemoryArea.values()), this::area))
                        .put(
                                "shortages",
                                JsonShape.array(memory.shortages(), MemoryEndpoint::shortage))
                        .build());
    }

    private JsonObject area(MemoryArea area) {
        MemoryUse use = memory.use(area);
        return new JsonShape()
                .put("area", area.name())
                .put("maximumBytes", use.maximumBytes())
                .put("usedBytes", use.usedBytes())
                .put("short", use.isShort())
                .put("refusals", use.refusals())
                .put("reclaims", use.reclaims())
                .put(
                        "kinds",
                        JsonShape.array(
                                use.kinds().entrySet().stream()
                                        .sorted(
                                                Map.Entry.<String, Long>comparingByValue(
                                                                Comparator.reverseOrder())
                                                        .thenComparing(Map.Entry.comparingByKey()))
                                        .toList(),
                                kind ->
                                        new JsonShape()
                                                .put("kind", kind.getKey())
                                                .put("bytes", kind.getValue())
                                                .build()))
                .build();
    }

    private static JsonObject shortage(MemoryShortage shortage) {
        return new JsonShape()
                .put("area", shortage.area().name())
                .put("kind", shortage.kind())
                .put("holder", shortage.holder())
                .put("reclaimed", shortage.reclaimed())
                .put("heldBytes", shortage.heldBytes())
                .put("times", shortage.times())
                .put("latest", shortage.latest())
                .build();
    }
}

package io.busbar.uns.registry.exchange;

import com.google.gson.JsonObject;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The keys that a node may have in a namespace file. */
final class NodeKeys {
    private static final Set<String> KNOWN =
            Set.of(
                    "name",
                    "type",
                    "topicType",
                    "fields",
                    "alias",
                    "displayName",
                    "description",
                    "enableHistory",
                    "extendProperties",
                    "children",
                    "label",
                    "labels",
                    "template",
                    "templateAlias",
                    "templateVersion",
                    "isa95Level",
                    "payloadFormat",
                    "unknownFields",
                    "validation",
                    "staleAfterSeconds",
                    "timeZone",
                    "topicPolicy",
                    "maxPayloadBytes",
                    "maxMessagesPerSecond",
                    "closeOnReject",
                    "quality",
                    "wireTopic",
                    "writable");

    /** What follows from where a node stands, or only means something where it was exported. */
    private static final Set<String> IMPLIED = Set.of("id", "path", "parentId");

    /** What Tier0 says of a node and Busbar does not keep. */
    private static final Set<String> NOT_KEPT =
            Set.of(
                    "accessLevel",
                    "addDashBoard",
                    "addFlow",
                    "autoDashboard",
                    "autoFlow",
                    "dataPath",
                    "dataType",
                    "enableDashboard",
                    "expression",
                    "extend",
                    "frequency",
                    "generateDashboard",
                    "mock",
                    "mockData",
                    "modelId",
                    "mountSource",
                    "mountType",
                    "parentDataType",
                    "pathType",
                    "persistence",
                    "protocol",
                    "readOnly",
                    "refers",
                    "refs",
                    "save2db",
                    "subscribeAt",
                    "subscribeEnable",
                    "tableName",
                    "writeData");

    private static final Set<String> TOLERATED =
            Stream.concat(IMPLIED.stream(), NOT_KEPT.stream())
                    .collect(Collectors.toUnmodifiableSet());

    private NodeKeys() {}

    /**
     * Notes the keys whose values are not kept.
     *
     * @throws IllegalArgumentException if there is an unknown key
     */
    static void check(JsonObject json, NotKept notKept) {
        LooseJson.unknownKeys(json, KNOWN, TOLERATED);
        notKept.add("", json, NOT_KEPT);
    }
}

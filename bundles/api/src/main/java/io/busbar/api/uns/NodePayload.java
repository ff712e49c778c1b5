package io.busbar.api.uns;

import org.jspecify.annotations.Nullable;

/**
 * What kind of payloads a node receives, from where, and how they are read.
 *
 * @param topicType the kind of information, for a TOPIC or for a PATH that is a type folder;
 *     otherwise null
 * @param format how the bytes are read; always JSON for a PATH
 * @param model the shape of the payload of a TOPIC; {@link Model#ANY} for a PATH
 * @param wireTopic the MQTT topic that devices publish to, if it is another than the node's path:
 *     any topic name that does not begin with '$'; null = the path
 */
public record NodePayload(
        @Nullable TopicType topicType,
        PayloadFormat format,
        Model model,
        @Nullable String wireTopic) {
    /** For a PATH that is not a type folder. */
    public static final NodePayload NONE = new NodePayload(null, PayloadFormat.JSON, Model.ANY);

    public NodePayload {
        wireTopic = wireTopic == null || wireTopic.isEmpty() ? null : wireTopic;
    }

    /** Payloads that come on the topic that is the node's path. */
    public NodePayload(@Nullable TopicType topicType, PayloadFormat format, Model model) {
        this(topicType, format, model, null);
    }

    /** JSON payloads that are described by a model. */
    public static NodePayload json(TopicType topicType, Model model) {
        return new NodePayload(topicType, PayloadFormat.JSON, model);
    }

    /** Returns this with another topic type. */
    public NodePayload withTopicType(@Nullable TopicType newTopicType) {
        return new NodePayload(newTopicType, format, model, wireTopic);
    }

    /** Returns this with another format. */
    public NodePayload withFormat(PayloadFormat newFormat) {
        return new NodePayload(topicType, newFormat, model, wireTopic);
    }

    /** Returns this with another model. */
    public NodePayload withModel(Model newModel) {
        return new NodePayload(topicType, format, newModel, wireTopic);
    }

    /**
     * Returns this with another topic that devices publish to.
     *
     * @param newWireTopic null or empty = the node's path
     */
    public NodePayload withWireTopic(@Nullable String newWireTopic) {
        return new NodePayload(topicType, format, model, newWireTopic);
    }
}

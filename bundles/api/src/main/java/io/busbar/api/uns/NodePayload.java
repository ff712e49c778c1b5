package io.busbar.api.uns;

import org.jspecify.annotations.Nullable;

/**
 * What arrives under a topic and how it is read.
 *
 * @param topicType of a TOPIC, or of a PATH that is a type folder; else null
 * @param format how the bytes are read; JSON of a PATH
 * @param model of a TOPIC; {@link Model#ANY} else
 */
public record NodePayload(@Nullable TopicType topicType, PayloadFormat format, Model model) {
    /** Of a plain path. */
    public static final NodePayload NONE = new NodePayload(null, PayloadFormat.JSON, Model.ANY);

    /** JSON of a model. */
    public static NodePayload json(TopicType topicType, Model model) {
        return new NodePayload(topicType, PayloadFormat.JSON, model);
    }

    /** The same for another kind of information. */
    public NodePayload withTopicType(@Nullable TopicType newTopicType) {
        return new NodePayload(newTopicType, format, model);
    }

    /** The same in another format. */
    public NodePayload withFormat(PayloadFormat newFormat) {
        return new NodePayload(topicType, newFormat, model);
    }

    /** The same with another model. */
    public NodePayload withModel(Model newModel) {
        return new NodePayload(topicType, format, newModel);
    }
}

package io.busbar.storage.rocksdb.record;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.mqtt.UserProperty;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message, as a part of other values. It has no seal of its own.
 *
 * <pre>
 * flags u8: qos (2 bits) | retain | publisher is the server | has address | has properties
 * received at, varint
 * principal id, description, client id, [address]: texts
 * [properties: which u8, then those]
 * payload, sized
 * </pre>
 *
 * The topic is not in it: where it is the key nothing has to be added, elsewhere it is written in
 * front.
 */
public final class MessageRecord {
    private static final int QOS = 0x03;
    private static final int RETAIN = 0x04;
    private static final int SERVER = 0x08;
    private static final int ADDRESS = 0x10;
    private static final int PROPERTIES = 0x20;

    private static final int FORMAT_INDICATOR = 0x01;
    private static final int EXPIRY = 0x02;
    private static final int CONTENT_TYPE = 0x04;
    private static final int RESPONSE_TOPIC = 0x08;
    private static final int CORRELATION_DATA = 0x10;
    private static final int USER_PROPERTIES = 0x20;

    private MessageRecord() {}

    /** Writes the topic and the message. */
    public static void writeWithTopic(ByteSink sink, Message message) {
        sink.sized(message.topic().utf8());
        write(sink, message);
    }

    /** Writes the message without its topic. */
    public static void write(ByteSink sink, Message message) {
        Publisher publisher = message.publisher();
        boolean server = publisher.equals(Publisher.SERVER);
        MessageProperties properties = message.properties();
        int flags = message.qos().value();
        flags |= message.retain() ? RETAIN : 0;
        flags |= server ? SERVER : 0;
        flags |= publisher.address() != null ? ADDRESS : 0;
        flags |= properties.isEmpty() ? 0 : PROPERTIES;
        sink.u8(flags);
        sink.varint(message.receivedAt());
        if (!server) {
            sink.text(publisher.principalId());
            sink.text(publisher.description());
            sink.text(publisher.clientId());
            if (publisher.address() != null) {
                sink.text(publisher.address());
            }
        }
        if ((flags & PROPERTIES) != 0) {
            write(sink, properties);
        }
        sink.sized(message.payload());
    }

    private static void write(ByteSink sink, MessageProperties properties) {
        int which = properties.payloadFormatIndicator() != MessageProperties.ABSENT ? 1 : 0;
        which |= properties.expires() ? EXPIRY : 0;
        which |= properties.contentType() != null ? CONTENT_TYPE : 0;
        which |= properties.responseTopic() != null ? RESPONSE_TOPIC : 0;
        which |= properties.correlationData() != null ? CORRELATION_DATA : 0;
        which |= properties.userProperties().isEmpty() ? 0 : USER_PROPERTIES;
        sink.u8(which);
        if ((which & FORMAT_INDICATOR) != 0) {
            sink.u8(properties.payloadFormatIndicator());
        }
        if ((which & EXPIRY) != 0) {
            sink.varint(properties.messageExpirySeconds());
        }
        if (properties.contentType() != null) {
            sink.text(properties.contentType());
        }
        if (properties.responseTopic() != null) {
            sink.text(properties.responseTopic());
        }
        if (properties.correlationData() != null) {
            sink.sized(properties.correlationData());
        }
        if ((which & USER_PROPERTIES) != 0) {
            sink.varint(properties.userProperties().size());
            for (UserProperty property : properties.userProperties()) {
                sink.text(property.name());
                sink.text(property.value());
            }
        }
    }

    static Message readWithTopic(ByteSource source) {
        String topic = source.text();
        try {
            return read(source, TopicName.of(topic));
        } catch (IllegalArgumentException e) {
            throw new DamagedRecordException(String.valueOf(e.getMessage()), e);
        }
    }

    static Message read(ByteSource source, TopicName topic) {
        int flags = source.u8();
        long receivedAt = source.varint();
        Publisher publisher = Publisher.SERVER;
        if ((flags & SERVER) == 0) {
            publisher =
                    new Publisher(
                            source.text(),
                            source.text(),
                            source.text(),
                            (flags & ADDRESS) == 0 ? null : source.text());
        }
        MessageProperties properties =
                (flags & PROPERTIES) == 0 ? MessageProperties.NONE : properties(source);
        return new Message(
                topic,
                source.sized(),
                qos(flags & QOS),
                (flags & RETAIN) != 0,
                properties,
                publisher,
                receivedAt);
    }

    /** Reads what {@link #write} wrote, but keeps only what decides about the message. */
    static void readHead(ByteSource source, RetainedHead head) {
        int flags = source.u8();
        long receivedAt = source.varint();
        if ((flags & SERVER) == 0) {
            source.principal(head);
            source.skip(); // description
            source.skip(); // client id
            if ((flags & ADDRESS) != 0) {
                source.skip();
            }
        } else {
            head.principal(Publisher.SERVER.principalId());
        }
        if ((flags & PROPERTIES) != 0) {
            int which = source.u8();
            if ((which & FORMAT_INDICATOR) != 0) {
                source.u8();
            }
            if ((which & EXPIRY) != 0) {
                head.expires(receivedAt + source.varint() * 1000);
            }
            skip(source, which);
        }
        head.payload(source.skip());
        qos(flags & QOS);
    }

    /** Goes over the properties that are texts or bytes. */
    private static void skip(ByteSource source, int which) {
        int some = which & (CONTENT_TYPE | RESPONSE_TOPIC | CORRELATION_DATA);
        for (int i = Integer.bitCount(some); i > 0; i--) {
            source.skip();
        }
        if ((which & USER_PROPERTIES) != 0) {
            for (int i = source.count(); i > 0; i--) {
                source.skip();
                source.skip();
            }
        }
    }

    private static MessageProperties properties(ByteSource source) {
        int which = source.u8();
        int format = (which & FORMAT_INDICATOR) == 0 ? MessageProperties.ABSENT : source.u8();
        long expiry = (which & EXPIRY) == 0 ? MessageProperties.ABSENT : source.varint();
        String contentType = (which & CONTENT_TYPE) == 0 ? null : source.text();
        String responseTopic = (which & RESPONSE_TOPIC) == 0 ? null : source.text();
        byte @Nullable [] correlation = (which & CORRELATION_DATA) == 0 ? null : source.sized();
        List<UserProperty> user = List.of();
        if ((which & USER_PROPERTIES) != 0) {
            int count = source.count();
            user = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                user.add(new UserProperty(source.text(), source.text()));
            }
        }
        return new MessageProperties(format, expiry, contentType, responseTopic, correlation, user);
    }

    static Qos qos(int value) {
        if (value > 2) {
            throw new DamagedRecordException("qos: " + value + " (expected: 0..2)");
        }
        return Qos.of(value);
    }
}

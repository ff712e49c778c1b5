package io.busbar.api.uns.spi;

import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.PayloadValues;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Reads the payloads of one or more formats. Published as a service with the property {@link
 * #PAYLOAD_FORMAT}. If several readers name the same format, the one with the highest {@code
 * service.ranking} is used. The server's own readers come last.
 *
 * <p>Called for every message of a topic whose node has the format, on the thread that feeds the
 * namespace. The last message of a topic may also be read again on other threads, when a person
 * looks at it or a model changes. So a reader must be fast and thread-safe, and must give the same
 * result each time for the same message. A slow reader makes the namespace miss messages, which are
 * counted; it does not slow down clients.
 *
 * <p>If a call does not return within {@code call.timeout.ms}, its thread is interrupted, the log
 * says where it hangs, and the server's health names the reader. After the call has returned, the
 * reader is not called for a while, longer each time; payloads of its formats count as ones that do
 * not fit meanwhile. If the call does not return although it was interrupted, values stand still.
 *
 * <p>If it throws an exception, the payload counts as one that does not fit (FORMAT). The first
 * failure is logged, and the next message follows. When its service goes, nodes of its formats show
 * "no reader for &lt;format&gt;": values that had arrived become Bad, the others GoodNoData. When
 * it comes back, the last payloads are read again.
 */
@ConsumerType
public interface PayloadReader {
    /**
     * Name of the service property that holds the payload format or an array of formats, e.g.
     * {@code CSV}. A name has 1 to 32 upper-case letters, digits and {@code _}, and begins with a
     * letter ({@link io.busbar.api.uns.PayloadFormat}).
     */
    String PAYLOAD_FORMAT = "payload.format";

    /**
     * Reads one payload. A payload without values is accepted and changes nothing.
     *
     * @param message the payload with its topic, properties and time of arrival. The payload is
     *     shared and must not be modified
     * @param model what the topic's node expects; {@link Model#ANY} if it expects nothing. Needed
     *     for formats whose values have no names, or that do not tell texts from numbers: then the
     *     type of the field decides. The values need not fit the model; that is checked afterwards
     * @param into receives the values
     */
    void read(Message message, Model model, PayloadValues into);
}

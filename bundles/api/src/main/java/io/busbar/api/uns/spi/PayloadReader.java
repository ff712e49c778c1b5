package io.busbar.api.uns.spi;

import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.PayloadValues;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Reads the payloads of one or more formats. Published as a service with the property {@link
 * #PAYLOAD_FORMAT}. For a format that several readers name, the one of the highest service ranking
 * reads; the server's own come last.
 *
 * <p>Called for every message of a topic whose node has the format, on the thread that feeds the
 * namespace, and for the last message again on other threads, when a person looks or a model
 * changes. So it must be quick and thread-safe, and read the same message alike each time. A slow
 * one makes the namespace miss messages, which are counted; it cannot slow a client.
 *
 * <p>If it throws, the payload counts as one that does not fit (FORMAT), the first failure is
 * logged, and the next message follows. When it goes, nodes of its formats show "no reader for
 * &lt;format&gt;": values that came are Bad, the others GoodNoData. When it comes back, the last
 * payloads are read anew.
 */
@ConsumerType
public interface PayloadReader {
    /** Service property: the name of the payload format, or an array of them, e.g. {@code CSV}. */
    String PAYLOAD_FORMAT = "payload.format";

    /**
     * Reads a payload. One without values is accepted and changes nothing.
     *
     * @param message the payload with its topic, properties and time of arrival; the payload is
     *     shared and must not be modified
     * @param model what the topic's node expects, {@link Model#ANY} if nothing: for formats whose
     *     values have no names of their own. Values need not fit: that is checked afterwards
     * @param into takes what is found
     */
    void read(Message message, Model model, PayloadValues into);
}

package io.busbar.api.uns;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Why something was refused, passed over or could not be read, for programs that say it in another
 * language. The sentence in English stands beside it, wherever there is one. Immutable.
 *
 * @param code the kind of reason; these names do not change
 * @param parameters what the sentence names, by the names that stand at the codes; {@code at} is
 *     the key or field that it is about, e.g. {@code fields[2].min}
 */
public record Reason(Code code, Map<String, String> parameters) {
    /** The kinds of reasons. In brackets the parameters beside {@code at}. */
    public enum Code {
        // ---- a value of a document or request -----------------------------------------------
        /** Must be there, and is not. {@code expected}: what may stand there, if few things may. */
        MISSING,
        /** Is there, but says nothing. */
        EMPTY,
        /** Is no text. */
        NO_TEXT,
        /** Is no list. */
        NO_LIST,
        /** Is no list of texts. */
        NO_TEXTS,
        /** Is no object. */
        NO_OBJECT,
        /** Is no number ({@code found}). */
        NO_NUMBER,
        /** Is no whole number ({@code found}). */
        NO_WHOLE_NUMBER,
        /** Is neither true nor false ({@code found}). */
        NO_BOOLEAN,
        /** Is none of the words that are known ({@code found}, {@code expected}). */
        NOT_ONE_OF,
        /** Is no key that is known ({@code found}; {@code similar}: what may be meant). */
        UNKNOWN_KEY,
        /** Are more than there may be ({@code found}, {@code max}). */
        TOO_MANY,
        /** Has more characters than it may have ({@code found}, {@code max}). */
        TOO_LONG,
        /** Is out of bounds ({@code found}, {@code min}, {@code max}). */
        OUT_OF_RANGE,
        /**
         * Has fewer or more characters than it may have ({@code found}, {@code min}, {@code max}).
         */
        LENGTH,
        /** Has a control character. */
        CONTROL_CHARACTER,
        /** Has half a character, which UTF-8 cannot say. */
        NO_UNICODE,
        /** Is no IP address, and no block of them ({@code found}). */
        NETWORK,
        /** Is there twice ({@code found}). */
        TWICE,

        // ---- names, paths and topics --------------------------------------------------------
        /** A name is empty. */
        NAME_EMPTY,
        /** A name is too long ({@code found}, {@code max}). */
        NAME_TOO_LONG,
        /** A name is one that has a meaning of its own ({@code found}). */
        NAME_RESERVED,
        /** A name begins with '$' ({@code found}). */
        NAME_DOLLAR,
        /** A name has a character that it cannot have ({@code found}, {@code character}). */
        NAME_CHARACTER,
        /** A name has a character that cannot be seen ({@code found}, {@code character}). */
        NAME_INVISIBLE,
        /** A name begins or ends with a space ({@code found}). */
        NAME_SPACE,
        /** A name is not in Unicode normal form C ({@code found}). */
        NAME_NOT_NORMAL,
        /** A path has an empty level ({@code found}). */
        LEVEL_EMPTY,
        /** A path has too many levels ({@code found}, {@code max}). */
        TOO_MANY_LEVELS,
        /** An alias has characters that it cannot have ({@code found}). */
        ALIAS,
        /** A time zone is not known ({@code found}). */
        TIME_ZONE,
        /** What shall be the topic of a node cannot be one ({@code found}). */
        TOPIC,
        /** What shall be a topic filter is none ({@code found}). */
        FILTER,
        /** A filter is that of a Shared Subscription, and must not be ({@code found}). */
        SHARED_FILTER,
        /** Topics of this filter are ignored already ({@code found}). */
        IGNORED_ALREADY,
        /** There is a node of this path already ({@code found}). */
        PATH_EXISTS,
        /** There is a node with this alias already ({@code found}). */
        ALIAS_EXISTS,
        /** The values of another node come on this topic ({@code found}, {@code node}). */
        TOPIC_TAKEN,
        /** There is a node of this path, of the other type ({@code type}). */
        OTHER_TYPE,
        /** The document has a node of this path twice. */
        NODE_TWICE,
        /** The folder is one for topics of another type ({@code node}, {@code type}). */
        OTHER_FOLDER,
        /** The type of a topic stays as it is, because it is part of the path ({@code found}). */
        TYPE_STAYS,
        /** A node cannot come below itself ({@code node}). */
        BELOW_ITSELF,
        /** More nodes than the recycle bin holds ({@code found}, {@code max}). */
        BIN_TOO_SMALL,

        // ---- models -------------------------------------------------------------------------
        /** Only topics have it, and this is a path. */
        ONLY_TOPICS,
        /** Only numbers have it ({@code type}). */
        ONLY_NUMBERS,
        /** Only fields of type STRING have it ({@code type}). */
        ONLY_STRINGS,
        /** Only fields of type ENUM have it ({@code type}). */
        ONLY_ENUMS,
        /** A Metric has no fields of this type ({@code type}). */
        NOT_IN_METRIC,
        /** The least value is above the greatest ({@code min}, {@code max}). */
        MIN_ABOVE_MAX,
        /** Is no regular expression. */
        NO_PATTERN,
        /** A source of quality needs fields ({@code found}). */
        WITHOUT_FIELDS,
        /** The payload has one value, and the model has more ({@code found}, {@code format}). */
        ONE_VALUE,
        /** There is no such template ({@code found}). */
        NO_TEMPLATE,
        /** A template has no such version ({@code found}, {@code template}). */
        TEMPLATE_VERSION,
        /** Another template is called so ({@code found}). */
        TEMPLATE_EXISTS,
        /** A field is a template's ({@code found}, {@code template}, {@code version}). */
        TEMPLATE_FIELD,
        /** Topics pin the template ({@code found}: how many; {@code nodes}: some of them). */
        TEMPLATE_PINNED,
        /** Topics cannot be moved ({@code found}: how many; {@code nodes}: some of them). */
        TEMPLATE_NOT_MOVED,
        /** There is another version of this number ({@code template}, {@code version}). */
        TEMPLATE_DIFFERS,
        /** Is no version ({@code found}). */
        VERSION,
        /** Is not greater than the latest version ({@code found}, {@code min}). */
        NOT_GREATER,
        /** Nothing would change ({@code version}). */
        NO_CHANGE,

        // ---- a document as a whole ----------------------------------------------------------
        /** The document is no JSON ({@code line}, {@code column}; 0 = not known). */
        NO_JSON,
        /** The document has none of the keys that say what it is. */
        NO_NAMESPACE,
        /** A node of a large document has keys after its children. */
        CHILDREN_NOT_LAST,
        /** A branch has more topics than can be modelled at once ({@code max}). */
        BRANCH_TOO_LARGE,
        /** There would be more nodes, or rules, than there may be ({@code max}). */
        FULL,

        // ---- what is passed over ------------------------------------------------------------
        /** Parts of a node are not kept ({@code parts}; {@code more}: how many beside these). */
        NOT_KEPT,
        /** A remark on the whole document is not kept. */
        REMARK_NOT_KEPT,
        /** Labels that no node has are not kept ({@code found}). */
        LABELS_NOT_KEPT,
        /** A template that no topic has is not kept ({@code found}). */
        TEMPLATE_NOT_KEPT,
        /** Rules that ignore topics are not made at a start. */
        RULES_NOT_KEPT,
        /** A byte order mark before the document was passed over. */
        MARK_PASSED_OVER,
        /** NULs after the document were passed over. */
        NULS_PASSED_OVER,
        /** The topic was forgotten meanwhile. */
        FORGOTTEN,
        /** The topic has a node meanwhile ({@code node}). */
        MODELED,

        // ---- what is to be said of a model that is proposed ---------------------------------
        /** The last payload is no JSON object or value. */
        PROPOSED_NOTHING,
        /** A mark before payloads, or NULs after them, were passed over. */
        PROPOSED_PADDED,
        /** Some payloads are of another kind than the last ({@code found} of {@code max}). */
        PROPOSED_OTHER_KIND,
        /** Some values are more than a model may have ({@code max}). */
        PROPOSED_MANY,
        /** A value is read as the source's time ({@code found}). */
        PROPOSED_TIME,
        /** The same; it has no offset, so that a time zone is needed ({@code found}). */
        PROPOSED_LOCAL_TIME,
        /** A value is read as the quality that the source says ({@code found}). */
        PROPOSED_QUALITY,
        /** Left out: it was of several types ({@code found}). */
        PROPOSED_MIXED,
        /** Left out: it cannot be a name ({@code found}). */
        PROPOSED_NAME,
        /** Left out: another field has its name, or it is too deep ({@code found}). */
        PROPOSED_SAME_NAME,
        /** It was always null, so that its type is a guess ({@code found}). */
        PROPOSED_NULL,
        /** Left out: a list of many or changing lengths ({@code found}, {@code max}). */
        PROPOSED_LIST,

        // ---- payloads that cannot be read ---------------------------------------------------
        /** It is empty. */
        PAYLOAD_EMPTY,
        /** It ends too early. */
        PAYLOAD_CUT_OFF,
        /** More follows where it should end. */
        PAYLOAD_GOES_ON,
        /** It is no JSON. */
        PAYLOAD_NO_JSON,
        /** It is nested too deep ({@code max}). */
        PAYLOAD_NESTED,
        /** An object of it has too many members ({@code max}). */
        PAYLOAD_MANY_FIELDS,
        /** It has a key twice ({@code found}). */
        PAYLOAD_KEY_TWICE,
        /** It has a number that is written as JSON does not allow. */
        PAYLOAD_NUMBER,
        /** It has a number of too many digits ({@code max}). */
        PAYLOAD_LONG_NUMBER,
        /** A text of it has a control character. */
        PAYLOAD_CONTROL,
        /** It is not in UTF-8. */
        PAYLOAD_NO_UTF8,
        /** A text of it has an escape that JSON does not know. */
        PAYLOAD_ESCAPE,
        /** It is an array, and an object was expected. */
        PAYLOAD_ARRAY,
        /** It is one value, and the model has several or none ({@code max}: how many). */
        PAYLOAD_BARE,
        /** It is no single value. */
        PAYLOAD_NOT_BARE,
        /** It is a text of too many bytes ({@code max}). */
        PAYLOAD_LONG_TEXT,
        /** It has too many values ({@code max}). */
        PAYLOAD_MANY_VALUES,
        /** Nothing reads its format ({@code format}). */
        PAYLOAD_NO_READER,
        /** What reads its format does not answer ({@code format}). */
        PAYLOAD_READER_HANGS,
        /** What reads its format failed ({@code format}, {@code error}). */
        PAYLOAD_READER_FAILED,
        /** What reads its format says so in its own words ({@code text}). */
        PAYLOAD_READER_SAYS
    }

    /** What it is about. */
    private static final String AT = "at";

    public Reason {
        parameters = Map.copyOf(parameters);
    }

    /**
     * A reason.
     *
     * @param parameters name, value, name, value, and so on
     */
    public static Reason of(Code code, String... parameters) {
        if (parameters.length == 0) {
            return new Reason(code, Map.of());
        }
        Map<String, String> named = new LinkedHashMap<>();
        for (int i = 0; i + 1 < parameters.length; i += 2) {
            named.put(parameters[i], parameters[i + 1]);
        }
        return new Reason(code, named);
    }

    /** The same, of something inside of what it is about: {@code min} becomes {@code field.min}. */
    public Reason inside(String outer) {
        String inner = parameters.get(AT);
        return with(AT, inner == null || inner.isEmpty() ? outer : outer + "." + inner);
    }

    /** The same with another parameter. */
    public Reason with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(parameters);
        more.put(name, value);
        return new Reason(code, more);
    }
}

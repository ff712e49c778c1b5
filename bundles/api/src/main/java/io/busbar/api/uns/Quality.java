package io.busbar.api.uns;

/** How far a value can be trusted. */
public enum Quality {
    GOOD("Good"),
    /** The topic exists, but nothing has arrived yet. */
    GOOD_NO_DATA("GoodNoData"),
    /** The value's time cannot be trusted, or the value is older than it should be. */
    UNCERTAIN("Uncertain"),
    /** The value does not fit the model. */
    BAD("Bad");

    private final String text;

    Quality(String text) {
        this.text = text;
    }

    /** The name that the REST API uses. */
    public String text() {
        return text;
    }
}

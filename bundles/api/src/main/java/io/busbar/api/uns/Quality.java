package io.busbar.api.uns;

/** How far a value can be trusted. */
public enum Quality {
    GOOD("Good"),
    /** The topic exists and nothing has arrived yet. */
    GOOD_NO_DATA("GoodNoData"),
    /** Its time is not to be trusted, or it is older than it should be. */
    UNCERTAIN("Uncertain"),
    /** It does not fit the model. */
    BAD("Bad");

    private final String text;

    Quality(String text) {
        this.text = text;
    }

    /** As it is written in the API. */
    public String text() {
        return text;
    }
}

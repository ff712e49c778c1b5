package io.busbar.startup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ObstaclesTest {

    @Test
    void causeOf_ourOwnException_isPreferred() {
        String trace =
                """
                java.lang.reflect.InvocationTargetException
                \tat a.B.c(B.java:1)
                Caused by: io.busbar.api.storage.StorageException: documents.db is damaged: restore a copy
                \tat a.B.c(B.java:1)
                Caused by: java.sql.SQLException: file is not a database
                \t... 3 more
                """;

        assertThat(Obstacles.causeOf(trace)).hasValue("documents.db is damaged: restore a copy");
    }

    @Test
    void causeOf_otherExceptions_isTheDeepest() {
        String trace =
                """
                java.lang.IllegalStateException: outer
                \tat a.B.c(B.java:1)
                Caused by: java.io.IOException: inner
                """;

        assertThat(Obstacles.causeOf(trace)).hasValue("inner");
    }

    @Test
    void causeOf_nothing_isEmpty() {
        assertThat(Obstacles.causeOf(null)).isEmpty();
        assertThat(Obstacles.causeOf("java.lang.NullPointerException\n\tat a.B.c(B.java:1)"))
                .isEmpty();
    }
}

package io.busbar.auth.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.busbar.api.auth.ValueProblem;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RefusedException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CredentialBoundsTest {
    @Test
    void everyProblemOfAValue_isAReason() {
        assertThat(Stream.of(Reason.Code.values()).map(Enum::name))
                .containsAll(Stream.of(ValueProblem.Code.values()).map(Enum::name).toList());
    }

    @Test
    void valueThatIsRefused_saysWhy_andWhere() {
        RefusedException refused =
                catchThrowableOfType(
                        RefusedException.class, () -> CredentialBounds.name("clientId", " a"));

        assertThat(refused.getMessage()).startsWith("clientId: ");
        assertThat(refused.reason().code()).isEqualTo(Reason.Code.NAME_SPACE);
        assertThat(refused.reason().parameters()).containsEntry("at", "clientId");
    }
}

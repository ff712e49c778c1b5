package io.busbar.itests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.itests.crash.SessionRule.Expected;
import org.junit.jupiter.api.Test;

class SessionRuleTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void withinItsExpiry_isThere() {
        SessionRule rule = new SessionRule(10 * SECOND, 10 * SECOND, 3 * SECOND);

        assertThat(rule.expected(11 * SECOND, 12 * SECOND)).isEqualTo(Expected.PRESENT);
    }

    @Test
    void longAfterItsExpiry_isGone() {
        SessionRule rule = new SessionRule(10 * SECOND, 10 * SECOND, 3 * SECOND);

        assertThat(rule.expected(15 * SECOND, 15 * SECOND)).isEqualTo(Expected.GONE);
    }

    @Test
    void aboutItsExpiry_isEither() {
        SessionRule rule = new SessionRule(10 * SECOND, 10 * SECOND, 3 * SECOND);

        assertThat(rule.expected(12 * SECOND, 13 * SECOND)).isEqualTo(Expected.EITHER);
        assertThat(rule.expected(14 * SECOND, 14 * SECOND)).isEqualTo(Expected.EITHER);
    }

    @Test
    void endNoticedLate_expiresLate() {
        SessionRule rule = new SessionRule(10 * SECOND, 14 * SECOND, 3 * SECOND);

        assertThat(rule.expected(16 * SECOND, 16 * SECOND)).isEqualTo(Expected.EITHER);
        assertThat(rule.expected(19 * SECOND, 19 * SECOND)).isEqualTo(Expected.GONE);
    }

    @Test
    void endNotNoticedYet_mayBeThere() {
        SessionRule rule = new SessionRule(10 * SECOND, Publication.NEVER, 3 * SECOND);

        assertThat(rule.expected(60 * SECOND, 60 * SECOND)).isEqualTo(Expected.EITHER);
    }

    @Test
    void thatNeverExpires_isThere() {
        SessionRule rule = new SessionRule(10 * SECOND, 10 * SECOND, Publication.NEVER);

        assertThat(rule.expected(9_000 * SECOND, 9_000 * SECOND)).isEqualTo(Expected.PRESENT);
    }
}

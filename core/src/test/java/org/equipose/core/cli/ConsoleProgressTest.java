package org.equipose.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {
    private static final long SECOND = 1_000_000_000L;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long now = -5 * SECOND;

    @Test
    void writesOneLineAgainForAPerson() {
        ConsoleProgress progress = progress(true);
        progress.at("epoch 1", 0, 200, () -> "elbo -500");
        now += 2 * SECOND;
        progress.at("epoch 1", 50, 200, () -> "elbo -20");
        now += SECOND / 20;
        progress.at("epoch 1", 60, 200, () -> "too soon");
        now += 6 * SECOND;
        progress.at("epoch 1", 200, 200, () -> "elbo -10");
        assertThat(text())
                .isEqualTo("\repoch 1 [                    ]   0 %  elbo -500"
                        + "\repoch 1 [=====               ]  25 %, 0:06 left  elbo -20"
                        + "\repoch 1 [====================] 100 % in 0:08  elbo -10   \n");
    }

    @Test
    void writesPlainLinesNowAndThenForAFile() {
        ConsoleProgress progress = progress(false);
        for (int i = 0; i <= 100; i++) {
            String remark = "elbo " + i;
            progress.at("epoch 1", i, 100, () -> remark);
            now += SECOND / 4;
        }
        progress.at("epoch 2", 0, 100);
        assertThat(text()).isEqualTo("""
                        epoch 1  40 %, 0:15 left  elbo 40
                        epoch 1  80 %, 0:05 left  elbo 80
                        epoch 1 100 % in 0:25  elbo 100
                        """);
    }

    @Test
    void judgesTheSpeedByWhatItSaw() {
        ConsoleProgress progress = progress(false);
        progress.at("training", 9000, 10000);
        now += 10 * SECOND;
        progress.at("training", 9100, 10000);
        assertThat(text()).isEqualTo("training  91 %, 1:30 left\n");
    }

    @Test
    void endsALineBeforeAnother() {
        ConsoleProgress progress = progress(true);
        progress.at("fetching a", 1, -1);
        progress.at("fetching b", 0, 0);
        progress.at("hours", 0, 7200);
        now += 7000 * SECOND;
        progress.at("hours", 3600, 7200);
        progress.close();
        progress.close();
        assertThat(text().lines().filter(line -> !line.isEmpty()))
                .containsExactly(
                        "fetching a 1",
                        "fetching b [====================] 100 % in 0:00",
                        "hours [                    ]   0 %",
                        "hours [==========          ]  50 %, 1:56:40 left");
    }

    @Test
    void aNoteStaysToBeRead() {
        ConsoleProgress progress = progress(false);
        progress.at("fetching", 1, -1);
        progress.note("warning: " + "x".repeat(500));
        progress.at("fetching", 2, -1);
        assertThat(text()).isEqualTo("warning: " + "x".repeat(500) + "\n");
    }

    @Test
    void cutsLinesThatAreTooLong() {
        progress(true).at("work", 1, 2, () -> "x".repeat(500));
        assertThat(text()).endsWith("x…").hasSizeLessThan(300);
    }

    private ConsoleProgress progress(boolean interactive) {
        return new ConsoleProgress(new PrintStream(bytes, true, StandardCharsets.UTF_8), interactive, () -> now);
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aClockThatJumpsSpoilsNothing() {
        for (boolean interactive : new boolean[] {true, false}) {
            bytes.reset();
            now = 0;
            ConsoleProgress progress = progress(interactive);
            progress.at("training", 0, 100);
            now -= 3600 * SECOND;
            progress.at("training", 10, 100);
            now += 11 * SECOND;
            progress.at("training", 20, 100);
            now += 1_000_000 * SECOND;
            progress.at("training", 30, 100);
            now = Long.MAX_VALUE;
            progress.at("training", 40, 100);
            now = Long.MIN_VALUE;
            progress.at("training", 50, 100);
            progress.at("training", 100, 100);
            List<String> lines = text().replace("\n", "\r").lines().toList();
            assertThat(lines).allSatisfy(line -> assertThat(line).matches("(training.*%.*)?"));
            assertThat(text()).contains(" 10 %", " 20 %", " 30 %").doesNotContain("-");
            assertThat(text()).containsPattern("100 % in \\d+:\\d\\d");
        }
    }
}

package org.equipose.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class RunLogTest {
    @TempDir
    Path folder;

    @Test
    void theFileHasEverythingAndTheConsoleOneLineAWarning() throws IOException {
        Path file = folder.resolve("run/train.log");
        PrintStream console = System.err;
        PrintStream output = System.out;
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(shown, true, StandardCharsets.UTF_8));
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        Logger logger = LogManager.getLogger("org.example.Training");
        try {
            logger.info("nobody listens");
            RunLog log = RunLog.open(file);
            try (log) {
                logger.debug("too small");
                logger.info("epoch {} of {}", 1, 2);
                logger.warn("slow", new IllegalStateException("because"));
            }
            logger.error("after the run");
            RunLog.open(file).close();
        } finally {
            System.setErr(console);
            System.setOut(output);
        }
        assertThat(file)
                .content()
                .contains(
                        " INFO  Training epoch 1 of 2\n", " WARN  Training slow\n", "IllegalStateException: because\n")
                .contains("\tat org.equipose.core")
                .doesNotContain("nobody", "too small", "after the run");
        assertThat(shown.toString(StandardCharsets.UTF_8)).isEqualTo("warning: slow\nerror: after the run\n");
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void aFileThatCannotBeWrittenIsNamed() throws IOException {
        assertThatThrownBy(() -> RunLog.open(folder))
                .isInstanceOf(RunDirectoryException.class)
                .hasMessageStartingWith("cannot write " + folder + ": ");
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> RunLog.open(file.resolve("train.log"))).isInstanceOf(RunDirectoryException.class);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    @SuppressWarnings("try") // the log is open for as long as the block runs
    void aFullDiskIsOneWarning() throws IOException {
        PrintStream console = System.err;
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        System.setErr(new PrintStream(shown, true, StandardCharsets.UTF_8));
        Logger logger = LogManager.getLogger("org.example.Training");
        try (RunLog log = RunLog.open(Path.of("/dev/full"))) {
            logger.info("one", new IllegalStateException("because"));
            logger.info("two");
        } finally {
            System.setErr(console);
        }
        assertThat(shown.toString(StandardCharsets.UTF_8))
                .isEqualTo("warning: cannot write /dev/full: No space left on device\n");
    }
}

package org.equipose.core.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.FileAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.layout.PatternLayout;

/**
 * The log file of a run: everything logged in this process while it is open, with stack traces. What the console shows is set in
 * {@code log4j2.xml}.
 */
public final class RunLog implements AutoCloseable {
    private static final String PATTERN = "%d{yyyy-MM-dd HH:mm:ss.SSS} %-5level %c{1} %msg%n%throwable";

    private final LoggerContext context;
    private final FileAppender appender;

    private RunLog(LoggerContext context, FileAppender appender) {
        this.context = context;
        this.appender = appender;
    }

    /**
     * Begins to log to a file; a file that exists is appended to.
     *
     * @throws RunDirectoryException if it cannot be written
     */
    public static RunLog open(Path file) throws IOException {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            // Log4j would only complain on the console.
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
        } catch (IOException e) {
            throw new RunDirectoryException("cannot write " + file, e);
        }
        LoggerContext context = (LoggerContext) LogManager.getContext(RunLog.class.getClassLoader(), false);
        Configuration configuration = context.getConfiguration();
        FileAppender appender = FileAppender.newBuilder()
                .setName(file.toAbsolutePath().toString())
                .setConfiguration(configuration)
                .setLayout(PatternLayout.newBuilder()
                        .setPattern(PATTERN)
                        .setConfiguration(configuration)
                        .build())
                .setFileName(file.toAbsolutePath().toString())
                .setAppend(true)
                .build();
        appender.start();
        configuration.getRootLogger().addAppender(appender, Level.INFO, null);
        context.updateLoggers();
        return new RunLog(context, appender);
    }

    /** Stops logging to the file. */
    @Override
    public void close() {
        context.getConfiguration().getRootLogger().removeAppender(appender.getName());
        context.updateLoggers();
        appender.stop();
    }
}

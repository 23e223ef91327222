package org.equipose.core.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.ErrorHandler;
import org.apache.logging.log4j.core.LogEvent;
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
        appender.setHandler(new Complaint(file));
        appender.start();
        configuration.getRootLogger().addAppender(appender, Level.INFO, null);
        context.updateLoggers();
        return new RunLog(context, appender);
    }

    /** A log that cannot be written, on a full disk say, is no reason to stop: one line says so, once. */
    private static final class Complaint implements ErrorHandler {
        private final Path file;
        private final AtomicBoolean made = new AtomicBoolean();

        Complaint(Path file) {
            this.file = file;
        }

        @Override
        public void error(String message) {
            if (made.compareAndSet(false, true)) {
                System.err.println("warning: cannot write " + file + ": " + message);
            }
        }

        @Override
        public void error(String message, Throwable cause) {
            Throwable innermost = cause;
            while (innermost.getCause() != null) {
                innermost = innermost.getCause();
            }
            error(innermost.getMessage());
        }

        @Override
        public void error(String message, LogEvent event, Throwable cause) {
            error(message, cause);
        }
    }

    /** Stops logging to the file. */
    @Override
    public void close() {
        context.getConfiguration().getRootLogger().removeAppender(appender.getName());
        context.updateLoggers();
        appender.stop();
    }
}

package org.equipose.core.run;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** A run directory that cannot be used: the message names the file and, where there is one, the remedy. */
public final class RunDirectoryException extends IOException {
    private static final long serialVersionUID = 1;

    /** Makes an exception with a message for the user. */
    public RunDirectoryException(String message) {
        super(message);
    }

    /** Makes an exception that ends with the reason why a file operation failed. */
    public RunDirectoryException(String what, IOException cause) {
        super(what + ": " + reason(cause), cause);
    }

    /**
     * Returns this exception with what to do about it at its end, if an operation failed; a message without a reason has its
     * own remedy.
     */
    public RunDirectoryException with(String remedy) {
        if (getCause() == null) {
            return this;
        }
        RunDirectoryException more = new RunDirectoryException(getMessage() + "; " + remedy);
        more.initCause(this);
        return more;
    }

    /** Returns why an operation failed, in words: some exceptions of java.nio carry only the path as their message. */
    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (e instanceof NotDirectoryException || e instanceof FileAlreadyExistsException) {
            return ((FileSystemException) e).getFile() + " is in the way";
        }
        if (e instanceof FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        if (e instanceof FileNotFoundException && e.getMessage() != null) {
            // Its message is "path (reason)".
            int open = e.getMessage().lastIndexOf('(');
            return open < 0
                    ? e.getMessage()
                    : e.getMessage().substring(open + 1).replaceAll("\\)$", "");
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}

package org.equipose.it;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The guide for authors of plugins. The line before each block says in a comment what the block is: a whole file or part of a
 * file below it-tests/third-party, what the program prints, or what a person types.
 */
final class Guide {
    private static final Pattern BLOCK =
            Pattern.compile("(?ms)(?:^<!-- (file|part|prints|typed)(?: (\\S+))? -->\n)?^```(\\w*)\n(.*?)^```$");

    private Guide() {}

    /**
     * A block of text between fences.
     *
     * @param kind file, part, prints or typed; null where the comment is missing
     * @param file below it-tests/third-party; null if it is none
     */
    record Block(String kind, String file, String text) {}

    static String text() throws IOException {
        return Files.readString(Published.sources().resolve("docs/writing-a-plugin.md"));
    }

    static List<Block> blocks() throws IOException {
        Matcher found = BLOCK.matcher(text());
        return found.results()
                .map(block -> new Block(block.group(1), block.group(2), block.group(4)))
                .toList();
    }
}

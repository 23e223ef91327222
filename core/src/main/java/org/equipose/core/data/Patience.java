package org.equipose.core.data;

import java.time.Duration;

/**
 * How long to wait for others.
 *
 * @param connect for a host to take a connection, name look-up included
 * @param stall for the first byte of an answer, and then for each next one
 * @param program for a package client to end
 */
record Patience(Duration connect, Duration stall, Duration program) {

    /** Suits a slow line: five seconds, half a minute, half an hour. */
    static final Patience ORDINARY =
            new Patience(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(30));
}

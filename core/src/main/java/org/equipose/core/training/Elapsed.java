package org.equipose.core.training;

import java.time.Duration;

/**
 * What a piece of work took.
 *
 * @param seconds by the clock
 * @param cpuSeconds of all threads of this process; 0 where the system does not say
 */
record Elapsed(double seconds, double cpuSeconds) {

    /** Returns the present, to subtract from a later one. */
    static Elapsed now() {
        Duration cpu = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        return new Elapsed(System.nanoTime() / 1e9, cpu.toNanos() / 1e9);
    }

    Elapsed since(Elapsed start) {
        return new Elapsed(seconds - start.seconds, cpuSeconds - start.cpuSeconds);
    }
}

package org.equipose.core.graph;

import java.util.OptionalInt;
import org.tensorflow.op.Ops;

/**
 * Where graphs are computed, and how many operations run at a time. TensorFlow fixes both for the whole process when its first
 * session opens.
 *
 * @param gpu number of the GPU; empty for the CPU
 * @param threads operations run at a time
 */
public record Device(OptionalInt gpu, int threads) {

    /** Returns the CPU. */
    public static Device cpu(int threads) {
        return new Device(OptionalInt.empty(), threads);
    }

    /**
     * Finds the device that a setting means.
     *
     * @param setting {@code auto}, {@code cpu} or {@code gpu:N}; auto is the first GPU if there is one
     * @return empty if a GPU is asked for and cannot be used
     */
    public static java.util.Optional<Device> find(String setting, int threads) {
        Device cpu = cpu(threads);
        if (setting.equals("cpu")) {
            return java.util.Optional.of(cpu);
        }
        boolean auto = setting.equals("auto");
        int number = auto ? 0 : Integer.parseInt(setting.substring("gpu:".length()));
        Device device = new Device(OptionalInt.of(number), threads);
        if (device.works()) {
            return java.util.Optional.of(device);
        }
        return auto ? java.util.Optional.of(cpu) : java.util.Optional.empty();
    }

    private boolean works() {
        try (GraphSession session = new GraphSession(this, false)) {
            Ops tf = session.ops();
            session.runner()
                    .fetch(tf.math.add(tf.constant(1f), tf.constant(1f)))
                    .run()
                    .close();
            return true;
        } catch (RuntimeException e) { // TensorFlow has no type of its own for this
            return false;
        }
    }

    /** Returns {@code cpu} or {@code gpu:N}. */
    @Override
    public String toString() {
        return gpu.isPresent() ? "gpu:" + gpu.getAsInt() : "cpu";
    }
}

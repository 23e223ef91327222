package org.equipose.core.training;

import org.equipose.core.graph.GraphSession;
import org.tensorflow.DeviceSpec;
import org.tensorflow.op.Ops;

/** Where graphs are computed. */
public final class Device {
    private Device() {}

    /**
     * Finds the device that a setting means.
     *
     * @param setting {@code auto}, {@code cpu} or {@code gpu:N}
     * @return {@code cpu} or {@code gpu:N}
     * @throws TrainingFailure if a GPU is asked for and there is none
     */
    public static String find(String setting, int threads) {
        if (setting.equals("cpu")) {
            return setting;
        }
        String wanted = setting.equals("auto") ? "gpu:0" : setting;
        if (works(wanted, threads)) {
            return wanted;
        }
        if (setting.equals("auto")) {
            return "cpu";
        }
        throw new TrainingFailure(
                "device " + setting + " is not there: this distribution has TensorFlow's CPU library, or no"
                        + " CUDA driver was found; use --device cpu, or a distribution built for CUDA");
    }

    private static boolean works(String device, int threads) {
        int index = Integer.parseInt(device.substring("gpu:".length()));
        try (GraphSession session = new GraphSession(threads, false)) {
            Ops tf = session.ops()
                    .withDevice(DeviceSpec.newBuilder()
                            .deviceType(DeviceSpec.DeviceType.GPU)
                            .deviceIndex(index)
                            .build());
            session.runner()
                    .fetch(tf.math.add(tf.constant(1f), tf.constant(1f)))
                    .run()
                    .close();
            return true;
        } catch (RuntimeException e) { // TensorFlow has no type of its own for this
            return false;
        }
    }
}

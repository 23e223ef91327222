package org.equipose.core.cli;

import java.util.List;

/** Versions, read from the descriptors of modules: asking TensorFlow itself would load its native library. */
final class Version {
    private Version() {}

    static List<String> lines() {
        return List.of(
                "Equipose " + equipose(),
                "TensorFlow Java " + tensorflow(),
                "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
    }

    static String equipose() {
        return of(Version.class.getModule());
    }

    static String tensorflow() {
        return layerVersion("tensorflow");
    }

    private static String layerVersion(String module) {
        ModuleLayer layer = Version.class.getModule().getLayer();
        return layer == null
                ? "unknown"
                : layer.findModule(module).map(Version::of).orElse("unknown");
    }

    private static String of(Module module) {
        return module.isNamed() ? module.getDescriptor().rawVersion().orElse("unknown") : "unknown";
    }
}

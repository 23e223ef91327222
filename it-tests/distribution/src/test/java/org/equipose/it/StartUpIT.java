package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What needs no TensorFlow does not load its native library, which takes half a second, or minutes where it is unpacked first. */
class StartUpIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "0, --help",
        "0, help train",
        "0, --version",
        "0, list",
        "0, describe tvae",
        "0, data list",
        "2, --epochs ten",
        "2, --transform tpz",
        "2, nonsense",
        "2, --config missing.yaml",
        "2, evaluate",
        "2, --resume .",
        "2, --run-dir .",
        "2, --model vae --transform tps",
    })
    void loadsNoNativeLibrary(int code, String words) throws IOException {
        Path classes = folder.resolve("classes.txt");
        Path unpacked = folder.resolve("native");
        Equipose.Result result = Equipose.in(folder)
                .with("EQUIPOSE_NATIVE_CACHE", unpacked.toString())
                .with("EQUIPOSE_JAVA_OPTS", "-Xlog:class+load=info:file=" + classes)
                .run(words.split(" ", -1));
        assertThat(result.code()).as(result.toString()).isEqualTo(code);
        // The first shows that the others would be seen.
        assertThat(Files.readString(classes))
                .contains("org.equipose.core.cli.Main")
                .doesNotContain(
                        "org.bytedeco.javacpp.Loader", "org.tensorflow.internal.c_api", "org.tensorflow.TensorFlow ");
        assertThat(unpacked).doesNotExist();
    }
}

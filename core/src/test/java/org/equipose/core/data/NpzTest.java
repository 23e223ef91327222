package org.equipose.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TimeZone;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NpzTest {
    @TempDir
    Path folder;

    private static Map<String, Npz.Array> arrays() {
        Map<String, Npz.Array> arrays = new LinkedHashMap<>();
        arrays.put("encoder/fc1/kernel", Npz.Array.of(new float[] {1, 2.5f, -3, Float.NaN, 5, Float.MIN_VALUE}, 2, 3));
        arrays.put("doubles", Npz.Array.of(new double[] {Math.PI, -0.0}, 2));
        arrays.put("step", Npz.Array.of(new long[] {1L << 40}));
        arrays.put("labels", Npz.Array.of(new int[] {7, -1, Integer.MAX_VALUE}, 3, 1, 1));
        arrays.put("pixels", Npz.Array.of(new byte[] {0, (byte) 255, 127, 3}, 2, 2));
        arrays.put("nothing", Npz.Array.of(new float[0], 0, 28, 28, 1));
        return arrays;
    }

    private static byte[] bytes(Map<String, Npz.Array> arrays) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Npz.write(out, arrays);
        return out.toByteArray();
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("some.npz"), bytes);
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        Map<String, Npz.Array> read = Npz.read(file(bytes(arrays())));
        assertThat(read).containsExactlyEntriesOf(arrays());
        assertThat(read.get("encoder/fc1/kernel").floats()).containsExactly(1, 2.5f, -3, Float.NaN, 5, Float.MIN_VALUE);
        assertThat(read.get("doubles").doubles()).containsExactly(Math.PI, -0.0);
        assertThat(read.get("step").longs()).containsExactly(1L << 40);
        assertThat(read.get("step").shape()).isEmpty();
        assertThat(read.get("labels").ints()).containsExactly(7, -1, Integer.MAX_VALUE);
        assertThat(read.get("labels").shape()).containsExactly(3, 1, 1);
        assertThat(read.get("pixels").bytes()).containsExactly(0, 255, 127, 3);
        assertThat(read.get("nothing").count()).isZero();
    }

    @Test
    void sameArraysGiveSameBytesInEveryTimeZone() throws IOException {
        byte[] here = bytes(arrays());
        TimeZone zone = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
            assertThat(bytes(arrays())).isEqualTo(here);
        } finally {
            TimeZone.setDefault(zone);
        }
    }

    @Test
    void valuesBeginAtAMultipleOf64BytesOfTheArrayFile() throws IOException {
        byte[] bytes = bytes(Map.of("a", Npz.Array.of(new byte[] {42}, 1)));
        int start = 30 + "a.npy".length();
        assertThat(new String(bytes, start + 1, 5, StandardCharsets.US_ASCII)).isEqualTo("NUMPY");
        int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getShort(start + 8);
        assertThat((10 + length) % 64).isZero();
        assertThat(bytes[start + 10 + length]).isEqualTo((byte) 42);
        assertThat(bytes[start + 10 + length - 1]).isEqualTo((byte) '\n');
    }

    @Test
    void oneArrayIsReadBesideOthersThatCannotBe() throws IOException {
        Path file = file(zip(Map.of(
                "object.npy",
                npy("{'descr': '|O', 'fortran_order': False, 'shape': (), }", 8),
                "good.npy",
                npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 8))));
        assertThat(Npz.read(file, "good").shape()).containsExactly(2);
        assertThatThrownBy(() -> Npz.read(file, "object"))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ": object.npy has values of type |O; understood are <f4, <f8, <i4, <i8, |u1");
        assertThatThrownBy(() -> Npz.read(file, "absent"))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ": absent is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }; has values of type >f4",
                "{'descr': '<f4', 'fortran_order': True, 'shape': (2,), }; is in Fortran order",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }; has 8 bytes of values instead of 12",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }; has a damaged header",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999999), }; has an impossible shape",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }; has an impossible shape",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (1099511627776,), }; has 8 bytes of values instead of",
                "rubbish; has a damaged header",
            })
    void unusableHeadersAreRefusedByName(String header, String reason) throws IOException {
        Path file = file(zip(Map.of("w.npy", npy(header, 8))));
        assertThatThrownBy(() -> Npz.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + ": w.npy " + reason);
    }

    /** The pattern of headers goes a call deeper for each axis. */
    @Test
    void aHeaderOfThousandsOfAxesIsRefused() throws IOException {
        String axes = "1, ".repeat(20_000);
        Path file = file(
                zip(Map.of("w.npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (" + axes + "), }", 4))));
        assertThatThrownBy(() -> Npz.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + ": w.npy has a damaged header");
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        assertThatThrownBy(() -> Npz.read(file("not a zip".getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("some.npz is not a readable .npz file");
        assertThatThrownBy(() -> Npz.read(file(zip(Map.of("readme.txt", new byte[3])))))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("readme.txt is not an array");
        assertThatThrownBy(() -> Npz.read(file(zip(Map.of("short.npy", new byte[] {(byte) 0x93, 'N'})))))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("short.npy is not an array");
        assertThatThrownBy(() ->
                        Npz.read(file(zip(Map.of("short.npy", new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'})))))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("short.npy is cut off");
    }

    @Test
    void damageGivesTheArraysOrAnIoException() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        byte[] stored = bytes(arrays());
        byte[] deflated =
                zip(Map.of("w.npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (500,), }", 2000)));
        for (int i = 0; i < 1000; i++) {
            byte[] good = i % 2 == 0 ? stored : deflated;
            byte[] bad = good.clone();
            for (int j = 0; j <= random.nextInt(3); j++) {
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                Npz.read(file(bad));
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("some.npz");
            }
        }
    }

    @Test
    void damagedValuesAreNoticed() throws IOException {
        byte[] bytes = bytes(Map.of("w", Npz.Array.of(new float[] {1, 2, 3, 4}, 4)));
        bytes[30 + 5 + 128 + 3] ^= 1;
        assertThatThrownBy(() -> Npz.read(file(bytes)))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("w.npy has a wrong checksum");
    }

    @Test
    void arraysCheckShapeAndType() {
        assertThatThrownBy(() -> Npz.Array.of(new float[] {1, 2, 3}, 2, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("3 values do not fill an array of shape [2, 2]");
        assertThatThrownBy(() -> Npz.Array.of(new float[] {1, 2}, -2, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Npz.Array.of(new float[] {1, 2}, 2).ints())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the array is of type FLOAT32, not INT32");
    }

    private static byte[] npy(String header, int values) {
        ByteBuffer npy = ByteBuffer.allocate(10 + header.length() + values).order(ByteOrder.LITTLE_ENDIAN);
        npy.put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put((byte) 0);
        npy.putShort((short) header.length()).put(header.getBytes(StandardCharsets.US_ASCII));
        return npy.array();
    }

    private static byte[] zip(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}

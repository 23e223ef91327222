package org.equipose.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.proto.Summary;

class EventFileTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-20T09:08:07.25Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    /** CRC32C bit by bit, as its definition has it (Castagnoli's polynomial, reflected). */
    private static int checksum(byte[] bytes) {
        int crc = -1;
        for (byte b : bytes) {
            crc ^= b & 0xff;
            for (int i = 0; i < 8; i++) {
                crc = crc >>> 1 ^ (0x82f63b78 & -(crc & 1));
            }
        }
        return ~crc;
    }

    private static int unmasked(int masked) {
        int turned = masked - 0xa282ead8;
        return turned >>> 17 | turned << 15;
    }

    private static List<Event> read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Event> events = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] length = Arrays.copyOfRange(bytes.array(), bytes.position(), bytes.position() + 8);
            byte[] message = new byte[(int) bytes.getLong()];
            assertThat(unmasked(bytes.getInt())).isEqualTo(checksum(length));
            bytes.get(message);
            assertThat(unmasked(bytes.getInt())).isEqualTo(checksum(message));
            events.add(Event.parseFrom(message));
        }
        return events;
    }

    @Test
    void theChecksumOfTheTestIsRightAndThatOfTheFileTheSame() {
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        assertThat(checksum(digits)).isEqualTo(0xE3069283);
        assertThat(unmasked(EventFile.maskedChecksum(digits, 0, 9))).isEqualTo(0xE3069283);
    }

    @Test
    void numbersAndPicturesAreReadAgain() throws IOException {
        BufferedImage image = new BufferedImage(5, 3, BufferedImage.TYPE_INT_RGB);
        image.setRGB(4, 2, 0x123456);
        Path file;
        try (EventFile events = EventFile.create(folder, CLOCK)) {
            file = events.file();
            events.scalar("train/elbo", 550, -100.5);
            events.image("samples", 1100, image);
            events.flush();
            assertThat(read(file)).hasSize(3);
            events.scalar("val/elbo", 1L << 40, Double.NaN);
        }
        List<Event> events = read(file);
        assertThat(events)
                .hasSize(4)
                .allSatisfy(e -> assertThat(e.getWallTime()).isCloseTo(1795165687.25, within(1e-6)));
        assertThat(events.get(0).getFileVersion()).isEqualTo("brain.Event:2");
        Summary.Value number = events.get(1).getSummary().getValue(0);
        assertThat(events.get(1).getStep()).isEqualTo(550);
        assertThat(number.getTag()).isEqualTo("train/elbo");
        assertThat(number.getSimpleValue()).isEqualTo(-100.5f);
        Summary.Image picture = events.get(2).getSummary().getValue(0).getImage();
        assertThat(List.of(picture.getWidth(), picture.getHeight(), picture.getColorspace()))
                .containsExactly(5, 3, 3);
        BufferedImage decoded = ImageIO.read(
                new ByteArrayInputStream(picture.getEncodedImageString().toByteArray()));
        assertThat(decoded.getRGB(4, 2)).isEqualTo(0xff123456);
        assertThat(events.get(3).getStep()).isEqualTo(1L << 40);
        assertThat(events.get(3).getSummary().getValue(0).getSimpleValue()).isNaN();
    }

    @Test
    void aRunThatGoesOnGetsAFileOfItsOwnAndDisownsLaterSteps() throws IOException {
        EventFile.create(folder, CLOCK).close();
        EventFile events = EventFile.resume(folder, CLOCK, 550);
        events.close();
        assertThat(events.file().getFileName().toString())
                .matches("events\\.out\\.tfevents\\.1795165688\\.[A-Za-z0-9.-]+");
        List<Event> read = read(events.file());
        assertThat(read).hasSize(2);
        assertThat(read.get(1).getSessionLog().getStatus()).isEqualTo(SessionLog.SessionStatus.START);
        assertThat(read.get(1).getStep()).isEqualTo(551);
    }

    @Test
    void aFileInTheWayIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> EventFile.create(file, CLOCK))
                .isInstanceOf(RunDirectoryException.class)
                .hasMessageStartingWith("cannot write " + file);
    }

    @Test
    void aFileComesAfterEarlierOnesWhateverTheClockSays() throws IOException {
        Instant[] times = {
            Instant.parse("2099-01-01T00:00:00Z"),
            Instant.parse("2026-11-20T09:08:07Z"),
            Instant.EPOCH,
            Instant.parse("2099-01-01T00:00:00Z"),
            Instant.parse("2100-01-01T00:00:00Z")
        };
        List<String> names = new ArrayList<>();
        for (Instant time : times) {
            EventFile events = EventFile.resume(folder, Clock.fixed(time, ZoneOffset.UTC), 1);
            events.close();
            names.add(events.file().getFileName().toString());
        }
        assertThat(names).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void damagedFilesAreLeftAlone() throws IOException {
        EventFile.create(folder, CLOCK).close();
        Path odd = Files.write(folder.resolve("events.out.tfevents.17951656871.host"), new byte[] {1, 2, 3});
        Path damaged = Files.write(folder.resolve("events.out.tfevents.1795165690.host"), new byte[0]);
        EventFile events = EventFile.resume(folder, CLOCK, 7);
        events.close();
        assertThat(events.file().getFileName().toString()).startsWith("events.out.tfevents.1795165691.");
        assertThat(odd).hasBinaryContent(new byte[] {1, 2, 3});
        assertThat(damaged).isEmptyFile();
    }
}

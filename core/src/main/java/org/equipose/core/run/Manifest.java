package org.equipose.core.run;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.List;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;

/**
 * What was run, on what and with what: enough to tell whether two runs can be compared.
 *
 * @param equipose version of Equipose
 * @param tensorflow version of TensorFlow
 * @param started when the training began
 * @param commandLine arguments as given
 * @param seed seed of everything random
 * @param device where it was computed, for example {@code cpu} or {@code gpu:0}
 * @param threads operations run at a time
 * @param machine the computer
 * @param plugins modules that were found, the chosen ones among them
 * @param dataset the images
 * @param image size of each image
 * @param initFrom checkpoint that the first parameters were taken from, or empty if they were drawn
 * @param gitCommit commit of the working folder, or empty
 */
public record Manifest(
        String equipose,
        String tensorflow,
        Instant started,
        List<String> commandLine,
        long seed,
        String device,
        int threads,
        Machine machine,
        List<Plugin> plugins,
        DataSet dataset,
        ImageSpec image,
        String initFrom,
        String gitCommit) {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES) // a later version may know more
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addDeserializer(Instant.class, new InstantReader()))
            .build();

    /** Copies the lists. */
    public Manifest {
        commandLine = List.copyOf(commandLine);
        plugins = List.copyOf(plugins);
    }

    /**
     * A computer and its Java.
     *
     * @param os name and version of the operating system
     * @param architecture for example {@code amd64}
     * @param processors processors that this process may use
     * @param java version
     * @param javaVendor who built it
     */
    public record Machine(String os, String architecture, int processors, String java, String javaVendor) {

        /** Returns this computer. */
        public static Machine here() {
            return new Machine(
                    System.getProperty("os.name") + " " + System.getProperty("os.version"),
                    System.getProperty("os.arch"),
                    Runtime.getRuntime().availableProcessors(),
                    System.getProperty("java.runtime.version"),
                    System.getProperty("java.vendor"));
        }
    }

    /**
     * A plugin.
     *
     * @param module name of its module
     * @param version version of the module, or empty
     * @param jar file name, or folder name of a plugin of several jars
     * @param sha256 hash of the jar, see {@link #sha256(Path)}; of several jars those of all, by name, with blanks between
     */
    public record Plugin(String module, String version, String jar, String sha256) {}

    /**
     * The images of a run.
     *
     * @param name name of the data set
     */
    public record DataSet(String name, Images train, Images validation, Images test) {}

    /**
     * One split.
     *
     * @param images number of images
     * @param sha256 hash of the content
     */
    public record Images(int images, String sha256) {

        /** Returns number and hash of a split. */
        public static Images of(Split split) {
            return new Images(split.count(), split.hash());
        }
    }

    /**
     * Writes this manifest as JSON, completely or not at all.
     *
     * @throws RunDirectoryException if it cannot be written
     */
    public void write(Path file) throws IOException {
        AtomicFile.write(file, pretty(JSON, this));
    }

    /** Returns indented JSON that ends its last line. */
    static byte[] pretty(ObjectMapper json, Object value) throws IOException {
        return (json.writerWithDefaultPrettyPrinter().writeValueAsString(value).replace("\r\n", "\n") + "\n")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    /**
     * Reads a manifest.
     *
     * @throws RunDirectoryException if it cannot be read or is none
     */
    public static Manifest read(Path file) throws IOException {
        try {
            Manifest manifest = JSON.readValue(Files.readAllBytes(file), Manifest.class);
            if (manifest == null) {
                throw new RunDirectoryException(file + " is not a manifest: it says null");
            }
            return manifest;
        } catch (JacksonException e) {
            throw new RunDirectoryException(file + " is not a manifest: " + e.getOriginalMessage()
                    + (e.getLocation() == null
                            ? ""
                            : " (line " + e.getLocation().getLineNr() + ")"));
        } catch (RunDirectoryException e) {
            throw e;
        } catch (IOException e) {
            throw new RunDirectoryException("cannot read " + file, e);
        }
    }

    /**
     * Returns the SHA-256 of a file, in hexadecimal.
     *
     * @throws RunDirectoryException if it cannot be read
     */
    public static String sha256(Path file) throws IOException {
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of()
                    .formatHex(((DigestInputStream) in).getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        } catch (IOException e) {
            throw new RunDirectoryException("cannot read " + file, e);
        }
    }

    private static final class InstantReader extends StdDeserializer<Instant> {
        private static final long serialVersionUID = 1;

        InstantReader() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            String text = parser.getValueAsString("");
            try {
                return Instant.parse(text);
            } catch (DateTimeParseException e) {
                return (Instant) context.handleWeirdStringValue(Instant.class, text, "not a time");
            }
        }
    }
}

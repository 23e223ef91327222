package org.equipose.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.equipose.core.config.RunSettings.LrSchedule;
import org.equipose.core.config.RunSettings.OptimizerKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsBinderTest {
    private final List<String> problems = new ArrayList<>();

    /** One setting of every type there is. */
    public record Everything(
            int count,
            long seed,
            double rate,
            float scale,
            boolean fast,
            String word,
            Path file,
            LrSchedule schedule,
            OptionalInt canvas,
            OptionalDouble limit,
            Optional<String> label,
            List<Integer> hidden,
            List<String> names,
            List<Double> weights) {

        /** The defaults. */
        public Everything() {
            this(
                    1,
                    2,
                    0.5,
                    0.25f,
                    false,
                    "a b",
                    Path.of("x"),
                    LrSchedule.CONSTANT,
                    OptionalInt.empty(),
                    OptionalDouble.empty(),
                    Optional.empty(),
                    List.of(256, 256),
                    List.of(),
                    List.of(0.1));
        }
    }

    /** Settings of which one has no default. */
    public record Undecided(int count, String word) {
        /** Not all the defaults. */
        public Undecided() {
            this(1, null);
        }
    }

    /** Settings that fail without saying why. */
    public record Mute(int count) {
        /** No defaults. */
        public Mute() {
            this(0);
            throw new IllegalStateException();
        }
    }

    @Test
    void refusesRecordsWithoutDefaults() {
        assertThatThrownBy(() -> new SettingsBinder<>(Undecided.class))
                .hasMessageEndingWith(" has no default for word");
        assertThatThrownBy(() -> new SettingsBinder<>(Mute.class))
                .hasMessageEndingWith(" refuses its own defaults: java.lang.IllegalStateException");
    }

    @Test
    void readsTheDigitsOfEveryScript() {
        Map<String, Setting> values = new LinkedHashMap<>();
        values.put("s.count", Setting.of("٣"));
        values.put("s.rate", Setting.of("１.５"));
        Everything read = new SettingsBinder<>(Everything.class).bind("s", Configuration.of(values), problems);
        assertThat(problems).isEmpty();
        assertThat(read.count()).isEqualTo(3);
        assertThat(read.rate()).isEqualTo(1.5);
    }

    /** Settings with ranges. */
    public record Ranged(int low, int high) {

        /** The defaults. */
        public Ranged() {
            this(1, 2);
        }

        /** Checks ranges. */
        public Ranged {
            if (low < 0) {
                throw new IllegalArgumentException("low must be at least 0 but was " + low);
            }
            if (high > 9) {
                throw new IllegalArgumentException("high must be at most 9 but was " + high);
            }
            if (low > high) {
                throw new IllegalArgumentException("the low end is above the high end");
            }
        }
    }

    /** No defaults. */
    public record NoDefaults(int a) {}

    /** A type that no text can stand for. */
    public record Strange(Object a) {
        /** The defaults. */
        public Strange() {
            this("");
        }
    }

    @Test
    void leavesDefaultsAlone() {
        assertThat(bind(Everything.class, "s", Map.of())).isEqualTo(new Everything());
        assertThat(bind(RunSettings.class, "", Map.of())).isEqualTo(new RunSettings());
        assertThat(problems).isEmpty();
    }

    @Test
    void readsEveryType() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("s.count", "1e3");
        values.put("s.seed", "-9223372036854775808");
        values.put("s.rate", "1e-3");
        values.put("s.scale", " .5 ");
        values.put("s.fast", "Yes");
        values.put("s.word", "${user.home}, literally");
        values.put("s.file", "a/b");
        values.put("s.schedule", "HALVING");
        values.put("s.canvas", "40");
        values.put("s.limit", "");
        values.put("s.label", "x");
        values.put("s.hidden", "500, 500");
        values.put("s.names", "a,b");
        values.put("s.weights", "");
        assertThat(bind(Everything.class, "s", values))
                .isEqualTo(new Everything(
                        1000,
                        Long.MIN_VALUE,
                        0.001,
                        0.5f,
                        true,
                        "${user.home}, literally",
                        Path.of("a/b"),
                        LrSchedule.HALVING,
                        OptionalInt.of(40),
                        OptionalDouble.empty(),
                        Optional.of("x"),
                        List.of(500, 500),
                        List.of("a", "b"),
                        List.of()));
        assertThat(problems).isEmpty();
    }

    @Test
    void writesWhatItReads() {
        Everything settings = new Everything(
                7,
                Long.MAX_VALUE,
                0.1 + 0.2,
                Float.MIN_VALUE,
                true,
                "",
                Path.of("c"),
                LrSchedule.EXPONENTIAL,
                OptionalInt.of(3),
                OptionalDouble.of(Double.MIN_VALUE),
                Optional.of("y"),
                List.of(),
                List.of("p", "q"),
                List.of(1.0 / 3, 1e300));
        Map<String, String> texts = new SettingsBinder<>(Everything.class).texts("s", settings);
        assertThat(bind(Everything.class, "s", texts)).isEqualTo(settings);
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "count    | ten   | s.count must be a whole number but was 'ten'",
                "count    | 2.5   | s.count must be a whole number but was '2.5'",
                "count    | 1e99  | s.count must be a whole number from -2147483648 to 2147483647 but was '1e99'",
                "count    | ''    | s.count must be a whole number but was ''",
                "rate     | 1e٣x  | s.rate must be a number but was '1e٣x'",
                "rate     | NaN   | s.rate must be a number but was 'NaN'",
                "rate     | 1e999 | s.rate must be a number up to 1.7976931348623157E308 but was '1e999'",
                "scale    | 1e39  | s.scale must be a number up to 3.4028235E38 but was '1e39'",
                "rate     | 1d    | s.rate must be a number but was '1d'",
                "fast     | maybe | s.fast must be true or false but was 'maybe'",
                "schedule | halvin | s.schedule must be one of constant, exponential, halving but was 'halvin'; did you mean halving?",
                "hidden   | 1,x   | s.hidden must be a list and each value a whole number but was 'x'",
                "hidden   | 1,,2  | s.hidden must be a list and each value a whole number but was ''",
                "canvas   | big   | s.canvas must be a whole number but was 'big'",
            })
    void saysWhatItExpected(String key, String text, String message) {
        bind(Everything.class, "s", Map.of("s." + key, text));
        assertThat(problems).containsExactly(message);
    }

    @Test
    void saysWhereAWrongValueComesFrom() {
        Setting setting = new Setting("1,2", true, "run.yaml, line 3, column 9");
        new SettingsBinder<>(Everything.class).bind("s", Configuration.of(Map.of("s.count", setting)), problems);
        assertThat(problems)
                .containsExactly("s.count must be a whole number but was a list (run.yaml, line 3, column 9)");
    }

    @Test
    void reportsEveryProblemOfARecord() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("r.low", "-1");
        values.put("r.high", "10");
        bind(Ranged.class, "r", values);
        assertThat(problems)
                .containsExactly("r.low must be at least 0 but was -1", "r.high must be at most 9 but was 10");
    }

    @Test
    void reportsWhatOnlyTwoValuesTogetherGetWrong() {
        bind(Ranged.class, "r", Map.of("r.low", "4", "r.high", "3"));
        assertThat(problems).containsExactly("r: the low end is above the high end");
    }

    @Test
    void keepsTheGoodValuesBesideTheBad() {
        RunSettings settings = bind(
                RunSettings.class, "", Map.of("model", "vae", "epochs", "0", "batch-size", "x", "optimizer", "sgd"));
        assertThat(settings.model()).isEqualTo("vae");
        assertThat(settings.optimizer()).isEqualTo(OptimizerKind.SGD);
        assertThat(problems)
                .containsExactly(
                        "batch-size must be a whole number but was 'x'", "epochs must be at least 1 but was 0");
    }

    @Test
    void checksTheNumberOfThreads() {
        bind(RunSettings.class, "", Map.of("threads", "0"));
        bind(RunSettings.class, "", Map.of("threads", "1025"));
        assertThat(problems)
                .containsExactly("threads must be at least 1 but was 0", "threads must be at most 1024 but was 1025");
        assertThat(bind(RunSettings.class, "", Map.of("threads", "1024")).threads())
                .isEqualTo(1024);
    }

    @Test
    void checksTheNumberOfRestarts() {
        bind(RunSettings.class, "", Map.of("restarts", "0"));
        bind(RunSettings.class, "", Map.of("restarts", "100"));
        bind(RunSettings.class, "", Map.of("restarts", "2", "init-from", "runs/a"));
        assertThat(problems)
                .containsExactly(
                        "restarts must be from 1 to 99 but was 0",
                        "restarts must be from 1 to 99 but was 100",
                        "restarts must be 1 with init-from but was 2:"
                                + " a restart is another draw of the first parameters");
        assertThat(bind(RunSettings.class, "", Map.of("restarts", "99")).restarts())
                .isEqualTo(99);
    }

    @Test
    void theImagesHaveTheSeedOfTheRunUnlessTheyHaveTheirOwn() {
        assertThat(bind(RunSettings.class, "", Map.of("seed", "5")).seedOfData())
                .isEqualTo(5);
        assertThat(bind(RunSettings.class, "", Map.of("seed", "5", "data-seed", "3"))
                        .seedOfData())
                .isEqualTo(3);
    }

    @Test
    void describesItsKeys() {
        assertThat(new SettingsBinder<>(RunSettings.class).keys())
                .contains(
                        new SettingsBinder.Key("batch-size", "a whole number", "100", "images per step", List.of()),
                        new SettingsBinder.Key(
                                "lr",
                                "a number, or empty",
                                "",
                                "learning rate; default: 0.001 for adam, 1 for adadelta, 0.01 for sgd",
                                List.of()),
                        new SettingsBinder.Key(
                                "optimizer",
                                "one of adam, adadelta, sgd",
                                "adam",
                                "adam, adadelta or sgd",
                                List.of("adam", "adadelta", "sgd")));
    }

    @Test
    void refusesRecordsThatAreNoSettings() {
        assertThatThrownBy(() -> new SettingsBinder<>(NoDefaults.class))
                .hasMessageContaining("needs a public constructor without parameters");
        assertThatThrownBy(() -> new SettingsBinder<>(Strange.class))
                .hasMessage("a setting cannot have the type java.lang.Object");
    }

    private <R extends Record> R bind(Class<R> type, String section, Map<String, String> values) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        values.forEach((key, text) -> settings.put(key, Setting.of(text)));
        return new SettingsBinder<>(type).bind(section, Configuration.of(settings), problems);
    }
}

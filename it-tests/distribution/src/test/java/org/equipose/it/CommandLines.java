package org.equipose.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Command lines, with the files they name, as people and their scripts get them wrong: made by a small grammar and then
 * damaged. The n-th of a seed is always the same.
 */
public final class CommandLines {
    /** A run that is there before the first command line, to be evaluated and resumed. */
    public static final String RUN = "trained";

    /** Two epochs of four steps, small networks. */
    static final List<String> TINY = List.of(
            "--dataset",
            "strokes",
            "--set",
            "dataset.strokes.train=440",
            "--set",
            "dataset.strokes.test=60",
            "--validation",
            "40",
            "--hidden",
            "12",
            "--latent-dim",
            "3",
            "--epochs",
            "2");

    /** A device that no machine has: whatever else is in order, this is refused, and after all the rest. */
    private static final List<String> REFUSED_LATE = List.of("--device", "gpu:999");

    private static final Pattern EXCEPTION = Pattern.compile("\\b[a-z]+\\.[a-z.]+\\.[A-Z]\\w*(Exception|Error)\\b");

    private final long seed;
    private final boolean anyCharacter;
    private final int wholeOneIn;

    /**
     * A command line.
     *
     * @param number where it is in the sequence
     * @param trains whether it is in order and trains a model
     * @param words after the name of the program
     * @param files what it may name, by name
     */
    public record Line(int number, boolean trains, List<String> words, Map<String, byte[]> files) {

        /** Puts its files into the working folder. */
        public void prepare(Path folder) {
            try {
                for (Map.Entry<String, byte[]> file : files.entrySet()) {
                    Files.write(folder.resolve(file.getKey()), file.getValue());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /**
         * Returns what is wrong with an answer to it; empty if the answer is as it must be.
         *
         * @param left names of the files that are there since
         */
        public Optional<String> complaint(int code, String out, String err, Set<String> left) {
            String all = out + "\n" + err;
            boolean says = err.lines().anyMatch(line -> line.matches("error: .*\\S.*"));
            if (code != 0 && code != 2) {
                return Optional.of("exit code " + code);
            } else if (trains && code != 0 && !err.contains("run away")) {
                return Optional.of("it should have trained");
            } else if (!trains && code != 0 && !left.isEmpty()) {
                return Optional.of("it leaves " + left);
            } else if (says != (code == 2)) {
                return Optional.of("exit code " + code + (says ? " but an error" : " but no error"));
            } else if (all.contains("\tat ")
                    || all.contains("fault of Equipose")
                    || EXCEPTION.matcher(err).find()) {
                return Optional.of("an exception is shown");
            } else if (err.contains("error: null") || err.contains("Cannot invoke") || err.contains("For input")) {
                return Optional.of("the message says nothing");
            }
            return Optional.empty();
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("line " + number);
            words.forEach(word -> text.append(" [").append(shown(word)).append(']'));
            files.forEach((name, content) -> text.append("\n  ")
                    .append(name)
                    .append(": ")
                    .append(shown(new String(content, StandardCharsets.UTF_8))));
            return text.toString();
        }

        private static String shown(String text) {
            String cut = text.length() > 300 ? text.substring(0, 300) + "… of " + text.length() : text;
            return cut.replace("\n", "\\n").replace("\0", "\\0").replace("\033", "\\e");
        }
    }

    /**
     * Begins a sequence.
     *
     * @param anyCharacter whether words may hold what a process cannot be given: NUL
     * @param wholeOneIn how many command lines there are for each that is not damaged
     */
    public CommandLines(long seed, boolean anyCharacter, int wholeOneIn) {
        this.seed = seed;
        this.anyCharacter = anyCharacter;
        this.wholeOneIn = wholeOneIn;
    }

    /** Makes what command lines find in their working folder beside their own files and {@link #RUN}. */
    public static void prepare(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("there"));
        Files.createDirectories(folder.resolve("plugins-without/folder"));
        Files.writeString(folder.resolve("plain.txt"), "plain text\n");
        Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        Files.createDirectories(folder.resolve("half"));
        Files.writeString(folder.resolve("half/config.yaml"), "epochs: 3\n");
        Files.writeString(folder.resolve("half/manifest.json"), "{\"seed\": ");
    }

    /** Returns the words that train the run {@link #RUN}. */
    public static List<String> first() {
        List<String> words = new ArrayList<>(TINY);
        words.addAll(List.of("--device", "cpu", "--run-dir", RUN));
        return words;
    }

    /** Returns what is in a folder now, apart from the run that may be written to. */
    public static Set<String> contents(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            Set<String> names = new TreeSet<>();
            files.map(file -> folder.relativize(file).toString())
                    .filter(name -> !name.startsWith(RUN))
                    .forEach(names::add);
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a command line of the sequence. */
    public Line line(int number) {
        return new Draft(new SplittableRandom(seed * 1_000_003 + number)).finish(number);
    }

    /** A command line while it is made: groups of words, most of them an option with its value. */
    private final class Draft {
        private final SplittableRandom random;
        private final List<List<String>> groups = new ArrayList<>();
        private final Map<String, byte[]> files = new LinkedHashMap<>();
        private boolean training;

        Draft(SplittableRandom random) {
            this.random = random;
        }

        Line finish(int number) {
            boolean whole = random.nextInt(wholeOneIn) == 0;
            write(whole);
            if (!whole) {
                for (int i = random.nextInt(4); i >= 0; i--) {
                    damage();
                }
                if (training) {
                    add(REFUSED_LATE);
                }
            }
            List<String> words = new ArrayList<>();
            groups.forEach(words::addAll);
            if (!whole && random.nextInt(8) == 0) {
                tear(words);
            }
            if (!anyCharacter) {
                words.replaceAll(word -> word.replace("\0", ""));
            }
            return new Line(number, whole && training, List.copyOf(words), files);
        }

        private void write(boolean whole) {
            switch (random.nextInt(18)) {
                case 0 -> add("list", maybe(KINDS));
                case 1 -> add("describe", maybe(KINDS), one(COMPONENTS));
                case 2 -> add("data", one(List.of("list", "check", "fetch")), maybe(List.of("strokes", "mnist")));
                case 3 -> add(one(List.of("help", "--help", "-h", "--version", "-V", "")), maybe(VERBS));
                case 4 -> {
                    // What is damaged ends before the model is loaded, or soon enough that it costs little.
                    String run = whole ? RUN : one(List.of(RUN, "half", "there", "nowhere"));
                    add("evaluate");
                    add("--run", run);
                    add("--eval", one(List.of("none", "samples")));
                }
                case 5 -> {
                    add("sample");
                    add("--run", whole ? RUN : "half");
                    add("--side", "2");
                    add("--draw", String.valueOf(1 + random.nextInt(3)));
                }
                case 6 -> {
                    add("--resume", whole ? RUN : "half");
                    add("--epochs", "3");
                }
                case 7 -> {
                    add(one(List.of("reconstruct", "embed", "export")));
                    add("--run", whole ? RUN : one(List.of(RUN, "half", "nowhere")));
                    if (groups.get(0).contains("reconstruct")) {
                        add("--image", one(List.of("plain.txt", "there", "nowhere")));
                    } else {
                        add(
                                "--to",
                                whole
                                        ? RUN + "/made-" + random.nextInt(1_000_000)
                                        : one(List.of("there", "plain.txt")));
                    }
                }
                case 8 -> add("completion", one(List.of("bash", "zsh", "fish")));
                default -> train();
            }
        }

        private void train() {
            training = true;
            if (random.nextBoolean()) {
                add("train");
            }
            for (int i = 0; i < TINY.size(); i += 2) {
                add(TINY.subList(i, i + 2));
            }
            add("--epochs", "1");
            add("--device", "cpu");
            add("--out", "runs");
            add("--eval", "none");
            add("--name", "run-" + random.nextInt(1_000_000));
            boolean posed = random.nextInt(4) > 0;
            add("--model", posed ? "tvae" : "vae");
            if (posed) {
                add("--transform", one(List.of("affine", "affine5", "tps")));
                add("--pose-prior", one(List.of("standard", "diagonal")));
            }
            for (int i = random.nextInt(4); i > 0; i--) {
                add(one(OPTIONS.entrySet().stream()
                        .map(option -> "--" + option.getKey() + "=" + one(option.getValue()))
                        .toList()));
            }
            if (random.nextInt(3) == 0) {
                add("--config", file(right()));
            }
        }

        /** Returns a file without a mistake. */
        private byte[] right() {
            StringBuilder text = new StringBuilder("# a comment\n");
            for (String key : RUN_KEYS) {
                if (random.nextInt(4) == 0) {
                    text.append(key).append(": ").append(one(OPTIONS.get(key))).append('\n');
                }
            }
            if (random.nextBoolean()) {
                text.append("dataset:\n  strokes: {turn: 10, \"shift\": '1.5'}\nmodel.vae.latent-dim: 2\n");
            }
            return text.toString().getBytes(StandardCharsets.UTF_8);
        }

        private void damage() {
            // Seldom in front of the verb.
            int at = Math.min(
                    groups.size(), Math.max(Math.min(random.nextInt(20), 1), random.nextInt(groups.size() + 1)));
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> groups.add(at, List.of("--" + anyKey(), value()));
                case 3 -> groups.add(at, List.of("--" + anyKey() + "=" + value()));
                case 4 -> groups.add(at, List.of("--" + misspelt(anyKey()), value()));
                case 5, 6 -> groups.add(at, List.of("--set", assignment()));
                case 7, 8 ->
                    groups.add(at, List.of("--config", file(random.nextInt(3) == 0 ? garbled(right()) : wrong())));
                case 9 -> groups.add(at, List.of(one(WORDS)));
                default -> {
                    if (at < groups.size() && !groups.get(at).isEmpty()) {
                        List<String> group = new ArrayList<>(groups.get(at));
                        int last = group.size() - 1;
                        group.set(last, random.nextBoolean() ? misspelt(group.get(last)) : value());
                        groups.set(at, group);
                    }
                }
            }
        }

        /** Damages words whatever they are. */
        private void tear(List<String> words) {
            int at = random.nextInt(words.size() + 1);
            switch (random.nextInt(3)) {
                case 0 -> words.add(at, value());
                case 1 -> Collections.rotate(words, at);
                default ->
                    words.subList(at, Math.min(words.size(), at + 1 + random.nextInt(5)))
                            .clear();
            }
        }

        private void add(String... some) {
            add(Stream.of(some).filter(word -> !word.isEmpty()).toList());
        }

        private void add(List<String> some) {
            groups.add(some);
        }

        private String assignment() {
            return switch (random.nextInt(6)) {
                case 0 -> key() + "=" + value();
                case 1 -> key() + value();
                case 2 -> value() + "=" + value();
                case 3 -> misspelt(key()) + "=" + value();
                case 4 -> "=" + value();
                default -> value();
            };
        }

        private String anyKey() {
            return random.nextBoolean() ? one(List.copyOf(OPTIONS.keySet())) : one(MORE_OPTIONS);
        }

        /** Returns the key of some setting, or something of that form. */
        private String key() {
            return switch (random.nextInt(4)) {
                case 0 -> anyKey();
                case 1 -> one(ROLES) + "." + one(COMPONENTS) + "." + one(SETTINGS);
                case 2 -> one(KEYS);
                default ->
                    one(List.of(
                            ".",
                            "..",
                            "model.",
                            ".tvae",
                            "model..x",
                            "a.b.c.d",
                            "model.tvae",
                            "model.tvae.",
                            "set",
                            "config",
                            "resume",
                            "evaluator",
                            "evaluator.samples",
                            "run",
                            "model.tvae.latent-dim "));
            };
        }

        private String value() {
            String value = one(VALUES);
            return switch (random.nextInt(8)) {
                case 0 -> misspelt(value);
                case 1 -> value + one(VALUES);
                case 2 -> one(COMPONENTS);
                case 3 -> expression();
                case 4 -> random.nextInt(20) == 0 ? value.repeat(1 + 20_000 / Math.max(1, value.length())) : value;
                default -> value;
            };
        }

        private String expression() {
            StringBuilder text = new StringBuilder();
            for (int i = 1 + random.nextInt(5); i > 0; i--) {
                text.append(one(List.of(
                        "elbo",
                        "mi",
                        "elbo",
                        "+",
                        "*",
                        "0.5*",
                        "-1*",
                        "1e400*",
                        " ",
                        "2",
                        "(",
                        "+elbo",
                        "٣*elbo",
                        "1.2.3*elbo",
                        "elbo*2",
                        ".*elbo",
                        "\t",
                        "NaN*elbo")));
            }
            return text.toString();
        }

        private String misspelt(String word) {
            if (word.isEmpty()) {
                return "x";
            }
            int at = random.nextInt(word.length());
            return switch (random.nextInt(4)) {
                case 0 -> word.substring(0, at) + word.substring(at + 1);
                case 1 -> word.substring(0, at) + word.charAt(at) + word.substring(at);
                case 2 -> word.substring(0, at) + (char) (32 + random.nextInt(95)) + word.substring(at + 1);
                default ->
                    random.nextBoolean()
                            ? word.toUpperCase(java.util.Locale.ROOT)
                            : word.substring(0, at) + (char) random.nextInt(0x3000) + word.substring(at);
            };
        }

        private String file(byte[] content) {
            String name = "file-" + files.size() + ".yaml";
            files.put(name, content);
            return name;
        }

        private byte[] wrong() {
            return switch (random.nextInt(8)) {
                case 0 -> one(FILES).getBytes(StandardCharsets.UTF_16);
                case 1 -> ("\uFEFF" + one(FILES)).getBytes(StandardCharsets.UTF_8);
                case 2 -> bytes(random.nextInt(300));
                case 3 -> (key() + ": " + value() + "\n").getBytes(StandardCharsets.UTF_8);
                case 4 -> (one(FILES) + "\n" + one(FILES)).getBytes(StandardCharsets.UTF_8);
                case 5 -> garbled(one(FILES).getBytes(StandardCharsets.UTF_8));
                default -> one(FILES).getBytes(StandardCharsets.UTF_8);
            };
        }

        private byte[] garbled(byte[] content) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (byte b : content) {
                switch (random.nextInt(40)) {
                    case 0 -> out.write(random.nextInt(256));
                    case 1 -> out.write(SIGNS.charAt(random.nextInt(SIGNS.length())));
                    case 2 -> {
                        // left out
                    }
                    default -> out.write(b);
                }
            }
            return out.toByteArray();
        }

        private byte[] bytes(int count) {
            byte[] some = new byte[count];
            random.nextBytes(some);
            return some;
        }

        private String maybe(List<String> some) {
            return random.nextBoolean() ? one(some) : "";
        }

        private <T> T one(List<T> some) {
            return some.get(random.nextInt(some.size()));
        }
    }

    /** What means something in YAML. */
    private static final String SIGNS = "\t:{}[]&*!|>%@`'\"#,-?\0\n";

    private static final List<String> KINDS =
            List.of("model", "encoder", "decoder", "transform", "prior", "objective", "evaluators", "dataset");
    private static final List<String> COMPONENTS = List.of(
            "tvae",
            "vae",
            "dense",
            "affine",
            "affine5",
            "tps",
            "none",
            "standard",
            "diagonal",
            "elbo",
            "samples",
            "reconstruction",
            "mnist",
            "strokes",
            "folder",
            "idx",
            "npz",
            "similarity",
            "homography",
            "translation");
    private static final List<String> ROLES = List.of(
            "model",
            "encoder",
            "decoder",
            "transform",
            "code-prior",
            "pose-prior",
            "objective",
            "evaluator",
            "dataset",
            "localisation",
            "prior");
    private static final List<String> SETTINGS = List.of(
            "latent-dim",
            "canvas",
            "border",
            "hidden",
            "activation",
            "samples",
            "beta",
            "warmup",
            "side",
            "train",
            "test",
            "seed",
            "turn",
            "scale",
            "shift",
            "grid-size",
            "log-scale-floor",
            "path",
            "images",
            "labels");
    private static final List<String> KEYS = List.of(
            "model.tvae.latent-dim",
            "model.tvae.border",
            "encoder.dense.hidden",
            "encoder.dense.activation",
            "objective.elbo.beta",
            "dataset.strokes.turn",
            "transform.tps.grid-size",
            "evaluator.samples.side");
    private static final List<String> VERBS = List.of(
            "train",
            "evaluate",
            "sample",
            "list",
            "describe",
            "data",
            "help",
            "export",
            "reconstruct",
            "embed",
            "completion");

    private static final List<String> WORDS = List.of(
            "--help",
            "-h",
            "--version",
            "-V",
            "help",
            "train",
            "--",
            "-",
            "",
            "-x",
            "@plain.txt",
            "---",
            "--=",
            "--resize",
            "--invert");

    /** Options with values that are in order and cost little. */
    private static final Map<String, List<String>> OPTIONS = options();

    private static final List<String> RUN_KEYS = List.of(
            "batch-size", "optimizer", "lr", "lr-schedule", "lr-epochs", "momentum", "clip-norm", "seed", "targets");

    private static Map<String, List<String>> options() {
        Map<String, List<String>> options = new java.util.TreeMap<>();
        options.put("epochs", List.of("1", "2", " 1 ", "1.0", "1e0"));
        options.put("batch-size", List.of("10", "100", "1e2"));
        options.put("optimizer", List.of("adam", "ADAM", "adadelta", "sgd"));
        options.put("lr", List.of("1e-3", "0.0001", ""));
        options.put("lr-schedule", List.of("constant", "halving", "exponential"));
        options.put("lr-epochs", List.of("1", "50"));
        options.put("momentum", List.of("0", "0.5"));
        options.put("clip-norm", List.of("0", "1"));
        options.put("seed", List.of("0", "-7", "9223372036854775807"));
        options.put("targets", List.of("grey", "threshold", "fixed", "dynamic"));
        options.put("validation", List.of("0", "40"));
        options.put("latent-dim", List.of("1", "3"));
        options.put("hidden", List.of("5", "6,4", " 5 , 5 "));
        options.put("beta", List.of("0", "1", "2.5"));
        options.put("warmup", List.of("0", "3"));
        options.put("samples", List.of("1", "2"));
        options.put("threads", List.of("1", "2"));
        options.put("objective", List.of("elbo", " 0.5 * elbo ", ""));
        options.put("encoder", List.of("dense"));
        options.put("code-prior", List.of("standard"));
        return options;
    }

    private static final List<String> MORE_OPTIONS = List.of(
            "dataset",
            "model",
            "decoder",
            "transform",
            "pose-prior",
            "device",
            "checkpoint-every",
            "pictures-every",
            "eval",
            "canvas",
            "border",
            "set",
            "config",
            "preset",
            "out",
            "name",
            "run-dir",
            "resume",
            "run",
            "data-dir",
            "plugins",
            "side",
            "draw",
            "file",
            "help",
            "version",
            "localisation",
            "init-from",
            "restarts",
            "data-seed",
            "image",
            "resize",
            "invert",
            "split",
            "to");

    private static final List<String> VALUES = List.of(
            "",
            " ",
            "\t",
            "0",
            "-1",
            "1",
            "-0",
            "00",
            "007",
            "1.5",
            "1e400",
            "-1e400",
            "1e-400",
            "1e30",
            "1E99999999999",
            "1e999999999",
            "1e-999999999",
            "NaN",
            "Infinity",
            "-Infinity",
            "inf",
            "0x10",
            "0b1",
            "1_000",
            "1,000",
            "1d",
            "1f",
            "+5",
            "--5",
            "5-",
            "2147483647",
            "2147483648",
            "-2147483649",
            "9223372036854775807",
            "9223372036854775808",
            "99999999999999999999999999999999",
            "٣",
            "１２",
            "½",
            "1e٣",
            "true",
            "yes",
            "no",
            "null",
            "~",
            "[]",
            "[1,2]",
            "{}",
            "1,2,3",
            ",",
            ",,",
            "1,,2",
            "a b",
            "é",
            "日本語",
            "🙂",
            "\ud800",
            "\u0000",
            "a\u0000b",
            "\u001b[31mred",
            "\n",
            "a\nb",
            "\r\n",
            "\u202e",
            "\u200b",
            "%s",
            "%n%d",
            "%",
            "%%x",
            "${user.home}",
            "${sys:java.home}",
            "${env:PATH}",
            "${jndi:ldap://127.0.0.1/a}",
            "#{1+1}",
            "$(id)",
            "`id`",
            "; id",
            "'",
            "\"",
            "\\",
            "\\u0041",
            "/",
            "//",
            "a/b",
            ".",
            "there",
            "half",
            "plain.txt",
            "nowhere",
            "nowhere/else",
            "loop",
            "plain.txt/below",
            "/dev/null",
            "/dev/null/x",
            "/proc/self/mem",
            "/proc/none",
            "~",
            "file:///x",
            "http://x",
            "plugins-without",
            "gpu:0x",
            "gpu:",
            "gpu:-1",
            "gpu:1000",
            "cpu ",
            "CPU",
            "tps,tps",
            "samples,samples",
            "none",
            "none,none",
            "trained",
            "*",
            "?",
            "elbo+elbo",
            "+",
            "elbo+",
            "=",
            "a=b",
            "==",
            "@x",
            "@",
            "-",
            "--",
            "-h",
            "!!java.lang.Thread []",
            "org.equipose",
            "x".repeat(3000),
            "-a".repeat(5000),
            " ".repeat(20_000),
            "1".repeat(5000),
            "1*".repeat(2000),
            "a.".repeat(3000),
            "elbo+".repeat(2000));

    private static final List<String> FILES = List.of(
            "",
            " ",
            "\n\n",
            "---\n",
            "--- \n---\n",
            "a: 1\n---\nb: 2\n",
            "...\n",
            "epochs",
            "- epochs: 1\n",
            "epochs: 1\nepochs: 2\n",
            "epochs: 1\n\"epochs\": 1\n",
            "model: tvae\nmodel.tvae: {latent-dim: 2}\nmodel: {tvae: {latent-dim: 3}}\n",
            "epochs:\n",
            "epochs: ~\n",
            "epochs: [1, 2]\n",
            "epochs: {a: 1}\n",
            "epochs: []\n",
            "epochs: {}\n",
            "epochs: |\n  1\n",
            "epochs: >-\n  1\n",
            "epochs: !!int '1'\n",
            "epochs: !!str 1\n",
            "epochs: !!java.net.URL [\"http://127.0.0.1/\"]\n",
            "!!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[!!java.net.URL [\"http://127.0.0.1/\"]]]]\n",
            "epochs: !!binary aGVsbG8=\n",
            "epochs: !custom 1\n",
            "epochs: !<tag:yaml.org,2002:int> 1\n",
            "%YAML 1.2\n---\nepochs: 1\n",
            "%YAML 9.9\n---\nepochs: 1\n",
            "%TAG ! tag:x,2000:\n---\nepochs: !x 1\n",
            "epochs: 012\n",
            "epochs: 1_000\n",
            "epochs: 1:30\n",
            "epochs: .inf\nlr: .nan\n",
            "lr: 1e400\n",
            "epochs: yes\n",
            "\tepochs: 1\n",
            "model:\n\ttvae: 1\n",
            "epochs : 1\n",
            "epochs:1\n",
            "epochs: 1 # comment\n# comment\n",
            "? epochs\n: 1\n",
            "? [a, b]\n: 1\n",
            "? {a: b}\n: 1\n",
            "a: &a 1\nepochs: *a\n",
            "epochs: *unknown\n",
            "a: &a [1]\nb: *a\n",
            "a: &a {b: *a}\n",
            "&a [*a]\n",
            "<<: {epochs: 1}\n",
            "x: &x {epochs: 1}\n<<: *x\n",
            "epochs: ${sys:x}\nname: ${jndi:ldap://127.0.0.1/a}\n",
            "dataset: ${env:PATH}\nmodel: ${file:UTF-8:/etc/passwd}\n",
            "include: other.yaml\n",
            "null: 1\n",
            "~: 1\n",
            "'': 1\n",
            "\"\\u0000\": 1\n",
            "epochs: \"\\x41\\u263A\\U0001F600\"\n",
            "epochs: \"\\ud800\"\n",
            "epochs: \"\\q\"\n",
            "epochs: 'unfinished\n",
            "epochs: [1\n",
            "epochs: {1\n",
            "a: b: c\n",
            "a:\n  b: 1\n c: 2\n",
            "epochs: 1\r\nseed: 2\r\n",
            "epochs: 1\rseed: 2\r",
            "epochs: \u0000\n",
            "epochs: \u0007\n",
            "epochs: \u0085 1\n",
            "epochs: \u2028 1\n",
            "é: ü\n日本: 語\n",
            "eval: samples,reconstruction\n",
            "eval: [samples, reconstruction]\n",
            "eval: [samples, [reconstruction]]\n",
            "eval: ['a,b']\n",
            "hidden: 5\n",
            "encoder: {dense: {hidden: [5, x]}}\n",
            "encoder: {dense: {hidden: [0]}}\n",
            "encoder.dense.hidden: [5, 5]\n",
            "encoder: {dense: }\n",
            "encoder: {dense: dense}\n",
            "run-dir: x\nout: y\nresume: z\nconfig: a.yaml\n",
            "objective: elbo+mi\n",
            "objective: [elbo, mi]\n",
            "objective: {elbo: {beta: 1}}\n",
            "objective: elbo\nobjective.elbo: {beta: NaN}\n",
            "device: gpu:99999999999\n",
            "threads: 0\n",
            "validation: -1\n",
            "lol1: &l1 [a, a]\nlol2: &l2 [*l1, *l1]\nlol3: &l3 [*l2, *l2]\nlol4: [*l3, *l3]\n",
            "[".repeat(2000),
            "{a: ".repeat(2000),
            "a: {".repeat(60) + "}".repeat(60),
            "- ".repeat(500) + "x",
            "x".repeat(70_000) + ": 1\n",
            "epochs: " + "1".repeat(70_000) + "\n",
            "objective: \"" + " ".repeat(70_000) + "\"\n",
            "# " + "comment ".repeat(1000) + "\n",
            manyKeys());

    private static String manyKeys() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            text.append("key").append(i).append(".x: ").append(i).append('\n');
        }
        return text.toString();
    }
}

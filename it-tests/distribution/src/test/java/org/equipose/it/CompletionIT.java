package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script for completion, in a real bash. */
class CompletionIT {
    @TempDir
    static Path folder;

    private static String script;

    @BeforeAll
    static void makeScript() throws IOException {
        Equipose.Result made = Equipose.in(folder).succeed("completion", "bash");
        assertThat(made.err()).isEmpty();
        script = made.out();
        Files.writeString(folder.resolve("completion.sh"), script);
        Files.createDirectories(folder.resolve("runs/a"));
    }

    @Test
    void completesVerbsOptionsAndNames() throws Exception {
        Map<String, List<String>> expected = new LinkedHashMap<>();
        expected.put("run.sh --transform t", List.of("tps"));
        expected.put("./run.sh --transform t", List.of("tps"));
        expected.put("run.sh train --transform t", List.of("tps"));
        expected.put("run.sh --tr", List.of("--transform"));
        expected.put("run.sh --transform = t", List.of("tps"));
        expected.put("run.sh --pose-prior =", List.of("diagonal", "none", "standard"));
        expected.put("run.sh --seed 3 --optimizer a", List.of("adadelta", "adam"));
        expected.put("run.sh --targets gr", List.of("grey"));
        expected.put("run.sh --border ", List.of("edge", "learned", "zero"));
        expected.put("run.sh --pose-prior dia", List.of("diagonal"));
        expected.put("run.sh --preset vive2017/fig5-v", List.of("vive2017/fig5-vae"));
        expected.put("run.sh --resume ru", List.of("runs"));
        expected.put("run.sh ev", List.of("evaluate"));
        expected.put("run.sh evaluate --eval reco", List.of("reconstruction"));
        expected.put("run.sh list tr", List.of("transform"));
        expected.put("run.sh describe affine", List.of("affine", "affine5"));
        expected.put("run.sh data fetch mni", List.of("mnist"));
        expected.put("run.sh completion ", List.of("bash", "zsh"));
        expected.put("run.sh help descr", List.of("describe"));

        Map<String, List<String>> found = complete(expected.keySet());
        expected.forEach((line, words) ->
                assertThat(found.get(line)).as(line).containsAll(words).allMatch(word -> word.startsWith(last(line))));
        // Others begin otherwise.
        assertThat(found.get("run.sh --transform t")).isEqualTo(found.get("./run.sh --transform t"));
        assertThat(found.get("run.sh --tr")).containsExactly("--transform");
    }

    /** bash looks for what is typed with a path by its last name alone. */
    @Test
    void isThereForTheProgramAndForNoOther() throws Exception {
        assertThat(bash("source ./completion.sh; complete -p"))
                .isEqualTo("complete -o default -F _complete_run_sh run.sh\n");
    }

    @Test
    void theScriptIsTheSameForZsh() {
        Equipose.Result zsh = Equipose.in(folder).succeed("completion", "zsh");
        assertThat(zsh.out()).isEqualTo(script).contains("bashcompinit");
    }

    private static String last(String line) {
        return line.substring(line.lastIndexOf(' ') + 1).replace("=", "");
    }

    /** Returns what bash offers for the last word of each line. */
    private static Map<String, List<String>> complete(Iterable<String> lines) throws Exception {
        StringBuilder commands = new StringBuilder("source ./completion.sh\n");
        for (String line : lines) {
            commands.append("COMP_LINE='").append(line).append("'; COMPREPLY=()\n");
            commands.append("COMP_WORDS=(").append(line);
            commands.append(line.endsWith(" ") ? " '')" : ")").append("; COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n");
            // Outside a completion there is no compopt.
            commands.append("_complete_run_sh 2>/dev/null; echo \"${COMPREPLY[*]}\"\n");
        }
        List<String> answers = bash(commands.toString()).lines().toList();
        Map<String, List<String>> found = new LinkedHashMap<>();
        for (String line : lines) {
            found.put(line, List.of(answers.get(found.size()).split(" ")));
        }
        return found;
    }

    private static String bash(String commands) throws Exception {
        List<String> words = new ArrayList<>(List.of("bash", "--noprofile", "--norc", "-c", commands));
        Process bash = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        bash.getOutputStream().close();
        String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(out).isZero();
        return out;
    }
}

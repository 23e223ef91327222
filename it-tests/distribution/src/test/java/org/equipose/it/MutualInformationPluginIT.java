package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mutual information as a part of the objective, with every model and many kinds of pose. */
class MutualInformationPluginIT extends PluginContract {
    @TempDir
    Path folder;

    @Override
    String plugin() {
        return "mutual-information";
    }

    @Override
    Map<String, String> choices() {
        String rewarded = "--objective elbo+0.5*mi --eval reconstruction,mutual-information";
        return Map.of("objective mi", rewarded, "evaluator mutual-information", rewarded);
    }

    @Override
    Map<String, String> descriptions() {
        return Map.of(
                "objective mi", "objective.mi.pose-draw",
                "evaluator mutual-information", "evaluator.mutual-information.dims");
    }

    /** The command of the README, on fewer images. */
    @Test
    void withoutFurtherOptionsTheReportSaysWhatItDid() throws IOException {
        Equipose.Result result = Equipose.in(folder)
                .succeed(Equipose.tiny("--objective", "elbo+mi", "--transform", "tps", "--run-dir", "run"));
        Run run = new Run(folder.resolve("run"));
        assertThat(run.config())
                .containsEntry("objective", "elbo+mi")
                .containsEntry("eval", "reconstruction,samples,mutual-information,traversal")
                .containsEntry("objective.mi.image", "mean");
        assertThat(run.columns()).containsKeys("train/mi", "train/mi_rest", "val/mi", "val/mi_rest", "train/mi_pose");
        assertThat(result.out())
                .contains(
                        "60 codes from the prior, recognised by their means of the pixels, poses drawn from the prior")
                .contains("    mi_c ", "    mi_rest ", "    mi_all ", "    mi_pose ");
        assertThat(result.complaints()).isEmpty();
        run.picture("evaluation/traversal.png");
        run.picture("evaluation/traversal-plane.png");
        run.picture("evaluation/mutual-information.png");
        double chosen = run.measure("mutual-information", "mi_c", "prior");
        double rest = run.measure("mutual-information", "mi_rest", "prior");
        assertThat(run.measure("mutual-information", "mi_all", "prior")).isCloseTo(chosen + rest, within(1e-6));
    }

    /** What is weighed by nothing is logged, and leaves everything else as it was to the last bit. */
    @Test
    void withWeightZeroNothingElseChanges() throws IOException {
        Equipose equipose = Equipose.in(folder);
        equipose.succeed(Equipose.tiny("--eval", "none", "--run-dir", "without"));
        equipose.succeed(Equipose.tiny("--eval", "none", "--run-dir", "with", "--objective", "elbo+0*mi"));
        Run without = new Run(folder.resolve("without"));
        Run with = new Run(folder.resolve("with"));
        Map<String, double[]> columns = with.columns();
        without.columns()
                .forEach((column, values) ->
                        assertThat(columns.get(column)).as(column).isEqualTo(values));
        assertThat(columns).containsKeys("train/mi", "val/mi");
        Map<String, Npy> state = Npy.checkpoint(with);
        Npy.checkpoint(without)
                .forEach((name, array) ->
                        assertThat(state.get(name).values()).as(name).isEqualTo(array.values()));

        equipose.succeed(Equipose.tiny("--eval", "none", "--run-dir", "rewarded", "--objective", "elbo+mi"));
        Run rewarded = new Run(folder.resolve("rewarded"));
        assertThat(rewarded.columns().get("train/mi")[1]).isGreaterThan(columns.get("train/mi")[1]);
    }

    @ParameterizedTest
    @CsvSource({
        "--model vae --set objective.mi.image=sample",
        "--model dtvae --transform affine",
        "--transform affine5 --pose-prior none",
        "--transform affine --pose-prior none --set objective.mi.pose-draw=mean --border learned",
        "--transform tps --pose-prior mlp --set objective.mi.pose=true",
    })
    void goesWithEveryModelAndPose(String words) throws IOException {
        List<String> all = new ArrayList<>(List.of(words.split(" ", -1)));
        // Only the reward counts, so that it shows in a few steps.
        all.addAll(List.of("--objective", "elbo+1000*mi", "--eval", "none", "--run-dir", "run", "--lr", "0.01"));
        Equipose.in(folder).succeed(Equipose.tiny(all.toArray(new String[0])));
        double[] bound = new Run(folder.resolve("run")).columns().get("train/mi");
        assertThat(bound[1]).isGreaterThan(bound[0]);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--objective elbo+mi --set objective.mi.dims=4 | objective mi: mutual information is asked for with 4 of the 3 dimensions of the"
                        + " code; choose dims from 1 to 3",
                "--objective elbo+mi --pose-prior none --set objective.mi.pose=true | objective mi: objective.mi.pose needs a pose-prior"
                        + " that can be drawn from; choose one such as --pose-prior diagonal, or leave objective.mi.pose out",
                "--objective elbo+mi --set objective.mi.image=means | objective.mi.image must be one of mean, sample but was 'means';"
                        + " did you mean mean?",
                "--objective iwae --pose-prior none | objective iwae: a posterior that is a point has no density to weigh draws by;"
                        + " choose another --pose-prior, or elbo",
                "--objective elbo+iwae | objective elbo+iwae has more than one bound: keep one of elbo, iwae",
                "--objective mi | objective mi has no bound: write for example elbo+mi",
                "--objective 0*elbo+mi | objective 0.0*elbo+mi gives its bound the weight 0, and nothing would be learned: write elbo",
            })
    void whatMakesNoSenseIsRefusedByName(String words, String message) {
        List<String> all = new ArrayList<>(List.of(words.split(" ", -1)));
        all.addAll(List.of("--run-dir", "refused"));
        Equipose.Result result = Equipose.in(folder).run(Equipose.tiny(all.toArray(new String[0])));
        assertThat(result.complaints()).containsExactly("error: " + message);
        assertThat(result.code()).isEqualTo(2);
        assertThat(folder.resolve("refused")).doesNotExist();
    }
}

package org.equipose.plugin.mutualinformation;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Family;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Need;
import org.equipose.core.spi.Objective;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.PoseDraw;
import org.equipose.core.spi.Prior;
import org.equipose.core.spi.ShownBy;
import org.equipose.core.spi.Term;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Rewards mutual information between a part c of the code and the decoded image, by the lower bound
 * E log q(c | x̃) + H(c) over codes from the prior. The model's own encoder is q, so that there is no new parameter. Written
 * {@code elbo+mi}, or {@code elbo+0.5*mi} for λ = 0.5.
 *
 * <p>By default x̃ is the mean image, as in the runs of the authors and unlike the text of their paper: the bound is then one of a
 * channel without noise, larger than that of images drawn from p(x | code), and its gradient is exact.
 *
 * <p>A pose is drawn from its prior or, where that is improper, borrowed from another image of the batch. It is not scored unless
 * asked for.
 */
@Named("mi")
@About(value = "mutual information of part of the code and the image", paper = "Ducau and Trénous 2017, section 2")
@ShownBy({"mutual-information", "traversal"})
public final class MutualInformation implements Objective {

    /** Settings. */
    public record Settings(
            @About("leading dimensions of the code that must be recognised; empty for the first half, rounded down")
            OptionalInt dims,

            @About("what the encoder is shown: means of the pixels, or an image drawn from them")
            DecodedImage image,

            @About("whether the pose must be recognised too")
            boolean pose,

            @About("pose of the image where its prior cannot be drawn from; batch: of another image of the batch")
            PoseDraw poseDraw) {
        /** The defaults. */
        public Settings() {
            this(OptionalInt.empty(), DecodedImage.MEAN, false, PoseDraw.BATCH);
        }

        /** Checks ranges. */
        public Settings {
            if (dims.isPresent() && dims.getAsInt() < 1) {
                throw new IllegalArgumentException("dims must be at least 1 but was " + dims.getAsInt());
            }
        }
    }

    private final Settings settings;

    /** Makes the objective with its defaults. */
    public MutualInformation() {
        this(new Settings());
    }

    /** Makes the objective. */
    @Inject
    public MutualInformation(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Role role() {
        return Role.REGULARISER;
    }

    @Override
    public Optional<String> refuses(Model model, Map<String, Prior> priors) {
        if (model.needs().contains(Need.LABELS)) {
            return Optional.of("it draws codes without a class, and this model has a code for each class;"
                    + " leave it out, or choose another --model");
        }
        if (model.needs().contains(Need.VIEWS)) {
            return Optional.of("it infers the code of a single image, and this model needs several views of it;"
                    + " leave it out, or choose another --model");
        }
        Prior pose = priors.get("pose-prior");
        if (settings.pose() && (pose == null || pose.posterior() == Family.DELTA)) {
            return Optional.of("objective.mi.pose needs a pose-prior that can be drawn from; choose one such as"
                    + " --pose-prior diagonal, or leave objective.mi.pose out");
        }
        return Optional.empty();
    }

    @Override
    public List<Term> terms(Net net, Model model, Pass pass) {
        Ops tf = net.ops();
        RoundTrip.Way way = new RoundTrip.Way(settings.dims(), settings.image(), settings.poseDraw());
        RoundTrip trip = RoundTrip.of(net, model, pass, way);
        List<Term> terms = new ArrayList<>();
        terms.add(reward(tf, "mi", trip.chosen()));
        trip.rest().ifPresent(rest -> terms.add(Term.observed("mi_rest", rest)));
        trip.pose()
                .ifPresent(pose ->
                        terms.add(settings.pose() ? reward(tf, "mi_pose", pose) : Term.observed("mi_pose", pose)));
        return terms;
    }

    /** What is minimised is its negative. */
    private static Term reward(Ops tf, String name, Operand<TFloat32> value) {
        return new Term(name, value, tf.constant(-1f));
    }
}

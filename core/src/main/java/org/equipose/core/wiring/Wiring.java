package org.equipose.core.wiring;

import com.google.inject.AbstractModule;
import com.google.inject.Binder;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Provider;
import com.google.inject.ProvisionException;
import com.google.inject.Stage;
import com.google.inject.spi.Message;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.equipose.core.config.Configuration;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.plugins.Catalog;
import org.equipose.core.plugins.Kind;
import org.equipose.core.spi.ComposedTransform;
import org.equipose.core.spi.DataSource;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Family;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Need;
import org.equipose.core.spi.Objective;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.Prior;

/** Builds the components of a selection. Nothing outside this room knows that Guice does it. */
public final class Wiring {
    private static final Set<Need> TRANSFORMS = EnumSet.of(Need.POSE_TRANSFORM, Need.INVERTIBLE_TRANSFORM);

    private final Selection selection;
    private final Injector injector;

    /**
     * Prepares to build; no component is made yet.
     *
     * @throws ConfigurationException if a component asks for something that nobody provides
     */
    public Wiring(Selection selection) {
        this.selection = selection;
        this.injector = injector(selection.parts());
    }

    /**
     * Builds the data set.
     *
     * @throws ConfigurationException if it fails
     */
    public DataSource dataSource() {
        return build(injector, selection.dataset(), DataSource.class);
    }

    /**
     * Builds everything else.
     *
     * @throws ConfigurationException if a component fails, or if the objectives do not fit the model or one another
     */
    public Components components() {
        Map<String, Prior> priors = new LinkedHashMap<>();
        Map<String, Objective> objectives = new LinkedHashMap<>();
        Map<String, Evaluator> evaluators = new LinkedHashMap<>();
        // A part comes after those it asks for, so that whatever fails is the part itself.
        for (Part part : selection.parts()) {
            if (!part.role().equals(Role.DATASET)) {
                Object built = build(injector, part, part.role().kind().type());
                String name = part.component().name();
                if (part.role().kind() == Kind.PRIOR) {
                    priors.put(part.role().name(), (Prior) built);
                } else if (part.role().equals(Role.OBJECTIVE)) {
                    objectives.put(name, (Objective) built);
                } else if (part.role().equals(Role.EVALUATOR)) {
                    evaluators.put(name, (Evaluator) built);
                }
            }
        }
        Model model = build(injector, selection.model(), Model.class);
        Optional<PoseTransform> transform = selection.parts().stream().anyMatch(Wiring::isTransform)
                ? Optional.of(injector.getInstance(PartModule.key(PoseTransform.class, Role.TRANSFORM.name())))
                : Optional.empty();
        checkTransform(model, transform);
        checkPrior(model, Need.PROPER_CODE_PRIOR, Role.CODE_PRIOR, priors);
        checkPrior(model, Need.PROPER_POSE_PRIOR, Role.POSE_PRIOR, priors);
        checkObjectives(model, priors, objectives);
        List<Components.Weighted> weighted = selection.objective().terms().stream()
                .map(term -> new Components.Weighted(term.weight(), term.name(), objectives.get(term.name())))
                .toList();
        return new Components(model, transform, priors, weighted, evaluators);
    }

    /**
     * Builds one data set outside a run.
     *
     * @param configuration may hold settings of data sets and nothing else
     * @throws ConfigurationException if there is no such data set, or its settings are wrong, or it fails
     */
    public static DataSource dataSource(String name, Configuration configuration, Catalog catalog) {
        List<Part> parts = new Planner(configuration, Map.of(), catalog, List.of()).planDataset(name);
        return build(injector(parts), parts.get(parts.size() - 1), DataSource.class);
    }

    /** Returns the default bound of the model among some parts. */
    static String defaultBound(List<Part> parts) {
        List<Part> upToModel = parts.stream()
                .filter(part ->
                        !part.role().equals(Role.DATASET) && !part.role().equals(Role.EVALUATOR))
                .toList();
        Injector injector = injector(upToModel);
        for (Part part : upToModel) {
            if (build(injector, part, part.role().kind().type()) instanceof Model model
                    && part.role().equals(Role.MODEL)) {
                return model.defaultBound();
            }
        }
        throw new IllegalStateException("there is no model among " + parts);
    }

    private static boolean isTransform(Part part) {
        return part.role().equals(Role.TRANSFORM);
    }

    private void checkTransform(Model model, Optional<PoseTransform> transform) {
        String name = selection.settings().transform();
        boolean moves = transform.isPresent() && !name.equals("none");
        boolean invertible = moves && transform.get().inverse().isPresent();
        String needs = "model " + selection.settings().model() + " needs a pose transform";
        String remedy = "; choose another --transform, or another --model";
        if (!moves && !Collections.disjoint(model.needs(), TRANSFORMS)) {
            throw new ConfigurationException(needs + ", and '" + name + "' is not one" + remedy);
        }
        if (!invertible && model.needs().contains(Need.INVERTIBLE_TRANSFORM)) {
            throw new ConfigurationException(needs + " that can be undone, and " + name + " has no inverse" + remedy);
        }
    }

    private void checkPrior(Model model, Need need, Role role, Map<String, Prior> priors) {
        Prior prior = priors.get(role.name());
        if (model.needs().contains(need) && (prior == null || prior.posterior() == Family.DELTA)) {
            throw new ConfigurationException("model " + selection.settings().model() + " needs a " + role.name()
                    + " that can be drawn from, and '"
                    + selection.effective().getOrDefault(role.name(), "none") + "' is not one; choose another --"
                    + role.name() + ", or another --model");
        }
    }

    private void checkObjectives(Model model, Map<String, Prior> priors, Map<String, Objective> objectives) {
        List<String> problems = new ArrayList<>();
        List<String> bounds = new ArrayList<>();
        objectives.forEach((name, objective) -> {
            if (objective.role() == Objective.Role.BOUND) {
                bounds.add(name);
            }
            objective.refuses(model, priors).ifPresent(reason -> problems.add("objective " + name + ": " + reason));
        });
        selection.objective().terms().stream()
                .filter(term -> term.weight() == 0 && bounds.contains(term.name()))
                .forEach(term -> problems.add("objective " + selection.objective() + " gives its bound the weight 0,"
                        + " and nothing would be learned: write " + term.name()));
        if (bounds.isEmpty()) {
            problems.add("objective " + selection.objective() + " has no bound: write for example "
                    + model.defaultBound() + "+" + selection.objective());
        } else if (bounds.size() > 1) {
            problems.add("objective " + selection.objective() + " has more than one bound: keep one of "
                    + String.join(", ", bounds));
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private static Injector injector(List<Part> parts) {
        List<AbstractModule> strict = List.of(new AbstractModule() {
            @Override
            protected void configure() {
                binder().disableCircularProxies();
                binder().requireExplicitBindings();
                binder().requireExactBindingAnnotations();
                binder().requireAtInjectOnConstructors();
                parts.forEach(part -> install(new PartModule(part)));
                bindComposed(binder(), parts);
            }
        });
        try {
            // In this stage singletons are made when they are asked for, one after the other.
            return Guice.createInjector(Stage.DEVELOPMENT, strict);
        } catch (CreationException e) {
            ConfigurationException problem = new ConfigurationException(e.getErrorMessages().stream()
                    .map(message -> owner(message, parts) + " cannot be built: " + firstLine(message))
                    .distinct()
                    .toList());
            problem.initCause(e);
            throw problem;
        }
    }

    /** Transforms that share a role are bound to it as one, in the order in which they were written. */
    private static void bindComposed(Binder binder, List<Part> parts) {
        Map<String, List<Provider<PoseTransform>>> shared = new LinkedHashMap<>();
        for (Part part : parts) {
            if (part.shares() && part.role().kind() == Kind.TRANSFORM) {
                shared.computeIfAbsent(part.role().name(), role -> new ArrayList<>())
                        .add(binder.getProvider(PartModule.key(PoseTransform.class, part.key())));
            }
        }
        shared.forEach((role, providers) -> binder.bind(PartModule.key(PoseTransform.class, role))
                .toProvider(() -> ComposedTransform.of(
                        providers.stream().map(Provider::get).toList()))
                .in(Singleton.class));
    }

    private static <T> T build(Injector injector, Part part, Class<T> kind) {
        try {
            return injector.getInstance(PartModule.key(kind, part.key()));
        } catch (ProvisionException e) {
            // The exception of the component itself, if it has thrown one.
            Optional<Throwable> thrown = e.getErrorMessages().stream()
                    .map(Message::getCause)
                    .filter(cause -> cause != null)
                    .findFirst();
            throw new ConfigurationException(
                    part.component() + " cannot be built: "
                            + thrown.map(cause -> sentence(cause, part)).orElseGet(() -> summary(e.getErrorMessages())),
                    thrown.orElse(e));
        }
    }

    /** What a component refuses is for the user to change; anything else is for its author. */
    private static String sentence(Throwable thrown, Part part) {
        boolean refuses = thrown instanceof IllegalArgumentException || thrown instanceof ConfigurationException;
        if (refuses && thrown.getMessage() != null) {
            return thrown.getMessage();
        }
        boolean hides = thrown instanceof ExceptionInInitializerError && thrown.getCause() != null;
        return (hides ? thrown.getCause() : thrown) + (Door.needed(part.component()) ? "; its author can help" : "");
    }

    /** Guice tells the constructor whose parameter it has nothing for. */
    private static String owner(Message message, List<Part> parts) {
        return parts.stream()
                .filter(part ->
                        message.getSource().contains(part.component().type().getName() + ".<init>"))
                .map(part -> part.component().toString())
                .findFirst()
                .orElse("one of the components");
    }

    private static String firstLine(Message message) {
        return message.getMessage().lines().findFirst().orElse("");
    }

    private static String summary(Collection<Message> messages) {
        return String.join(
                "; ", messages.stream().map(Wiring::firstLine).distinct().toList());
    }
}

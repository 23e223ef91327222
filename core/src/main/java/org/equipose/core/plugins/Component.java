package org.equipose.core.plugins;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.SettingsBinder;
import org.equipose.core.spi.About;
import org.equipose.core.spi.RoleDefaults;
import org.equipose.core.spi.ShownBy;

/**
 * A component class that was found. Nothing of it has been made or initialised.
 *
 * @param kind what it can be used for
 * @param name what users call it
 * @param type its class
 * @param origin where it was found
 */
public record Component(Kind kind, String name, Class<?> type, Origin origin) {

    /**
     * Another component that the constructor asks for.
     *
     * @param kind what it must be
     * @param role the place it takes; empty for the main role of its kind
     * @param defaults settings it has there unless the user chooses others, for example {@code dense.hidden=128}
     */
    public record Need(Kind kind, Optional<String> role, List<String> defaults) {}

    /** Returns what the component is, in a sentence or less; may be empty. */
    public String about() {
        return Optional.ofNullable(type.getAnnotation(About.class))
                .map(About::value)
                .orElse("");
    }

    /** Returns where it was published; may be empty. */
    public String paper() {
        return Optional.ofNullable(type.getAnnotation(About.class))
                .map(About::paper)
                .orElse("");
    }

    /** Returns the names of evaluators that show what it does; they need not be installed. */
    public List<String> shownBy() {
        return Optional.ofNullable(type.getAnnotation(ShownBy.class))
                .map(shown -> List.of(shown.value()))
                .orElse(List.of());
    }

    /**
     * Returns the constructor to build it with: the one marked with Inject, or the one without parameters.
     *
     * @throws ConfigurationException if there is no such constructor, or more than one
     */
    public Constructor<?> constructor() {
        try {
            List<Constructor<?>> marked = Arrays.stream(type.getConstructors())
                    .filter(constructor -> constructor.isAnnotationPresent(Inject.class))
                    .toList();
            if (marked.size() > 1) {
                throw new ConfigurationException(this + " has more than one constructor with @Inject");
            }
            return marked.isEmpty() ? type.getConstructor() : marked.get(0);
        } catch (NoSuchMethodException e) {
            throw new ConfigurationException(this + " needs a public constructor with @Inject or without parameters");
        } catch (LinkageError | TypeNotPresentException e) {
            throw new ConfigurationException(this + " cannot be loaded: " + e);
        }
    }

    /** Returns the record of settings that the constructor asks for, if it does. */
    public Optional<Class<? extends Record>> settingsType() {
        for (Class<?> parameter : constructor().getParameterTypes()) {
            if (parameter.isRecord()) {
                return Optional.of(parameter.asSubclass(Record.class));
            }
        }
        return Optional.empty();
    }

    /**
     * Returns the binder of the component's settings, if it has any.
     *
     * @throws ConfigurationException if its record cannot be used for settings
     */
    public Optional<SettingsBinder<?>> settings() {
        try {
            return settingsType().map(record -> new SettingsBinder<>(record));
        } catch (IllegalArgumentException | LinkageError e) {
            throw new ConfigurationException(this + " has settings that cannot be used: "
                    + (e instanceof LinkageError ? e.toString() : e.getMessage()) + "; its author can help");
        }
    }

    /** Returns the keys of the component's settings. */
    public List<SettingsBinder.Key> keys() {
        return settings().map(SettingsBinder::keys).orElse(List.of());
    }

    /** Returns the components that the constructor asks for. */
    public List<Need> needs() {
        Constructor<?> constructor = constructor();
        List<Need> needs = new ArrayList<>();
        for (int i = 0; i < constructor.getParameterCount(); i++) {
            Annotation[] annotations = constructor.getParameterAnnotations()[i];
            Kind.of(constructor.getParameterTypes()[i])
                    .ifPresent(needed -> needs.add(new Need(needed, role(annotations), defaults(annotations))));
        }
        return needs;
    }

    private static Optional<String> role(Annotation[] annotations) {
        return Arrays.stream(annotations)
                .filter(Named.class::isInstance)
                .map(annotation -> ((Named) annotation).value())
                .findFirst();
    }

    private List<String> defaults(Annotation[] annotations) {
        return Arrays.stream(annotations)
                .filter(RoleDefaults.class::isInstance)
                .flatMap(annotation -> Arrays.stream(((RoleDefaults) annotation).value()))
                .map(this::checked)
                .toList();
    }

    private String checked(String roleDefault) {
        if (!roleDefault.matches("[a-z0-9-]+\\.[a-z0-9-]+=.*")) {
            throw new ConfigurationException(this + " has @RoleDefaults that must be component.setting=value but are '"
                    + roleDefault + "'; its author can help");
        }
        return roleDefault;
    }

    /** Returns for example {@code transform tps (equipose-plugin-spatial-vae-0.1.0.jar)}. */
    @Override
    public String toString() {
        return kind.label() + " " + name + " (" + origin + ")";
    }
}

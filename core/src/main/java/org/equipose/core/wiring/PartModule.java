package org.equipose.core.wiring;

import com.google.inject.Key;
import com.google.inject.Module;
import com.google.inject.PrivateModule;
import com.google.inject.Provider;
import com.google.inject.name.Names;
import jakarta.inject.Singleton;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.plugins.Component;
import org.equipose.core.plugins.Kind;

/** Binds one component with its settings; other parts see the component alone, under its role. */
final class PartModule extends PrivateModule {
    private final Part part;
    private final List<Module> plugin;

    PartModule(Part part) {
        this.part = part;
        this.plugin = pluginModules(part.component());
    }

    @Override
    protected void configure() {
        bindComponent(part.component().kind().type());
        part.settings().ifPresent(this::bindSettings);
        Set<Kind> mainRoles = new LinkedHashSet<>();
        for (Component.Need need : part.component().needs()) {
            if (need.role().isEmpty() && mainRoles.add(need.kind())) {
                bindMainRole(need.kind().type(), Role.of(need).orElseThrow());
            }
        }
        plugin.forEach(this::install);
    }

    private <T> void bindComponent(Class<T> kind) {
        @SuppressWarnings("unchecked") // The catalog has checked that the type is one of that kind.
        Constructor<? extends T> constructor =
                (Constructor<? extends T>) part.component().constructor();
        Key<T> key = key(kind, part.key());
        if (Door.needed(part.component())) {
            Key<T> behind = key(kind, part.key() + " behind its door");
            bind(behind).toConstructor(constructor).in(Singleton.class);
            Provider<T> made = getProvider(behind);
            bind(key)
                    .toProvider(() -> Door.before(part.component(), kind, made.get()))
                    .in(Singleton.class);
        } else {
            bind(key).toConstructor(constructor).in(Singleton.class);
        }
        expose(key);
    }

    private <R extends Record> void bindSettings(R settings) {
        @SuppressWarnings("unchecked")
        Class<R> type = (Class<R>) settings.getClass();
        bind(type).toInstance(settings);
    }

    /** Lets a constructor ask for an Encoder, say, without a name: it gets what takes the role of that name. */
    private <T> void bindMainRole(Class<T> kind, Role role) {
        bind(kind).to(key(kind, role.name()));
    }

    static <T> Key<T> key(Class<T> kind, String name) {
        return Key.get(kind, Names.named(name));
    }

    /** Returns the modules that the component's own plugin provides; no other plugin's component gets them. */
    private static List<Module> pluginModules(Component component) {
        ModuleLayer layer = component.type().getModule().getLayer();
        List<Module> modules = new ArrayList<>();
        if (layer == null) {
            return modules;
        }
        try {
            for (ServiceLoader.Provider<Module> provider :
                    ServiceLoader.load(layer, Module.class).stream().toList()) {
                boolean same = component.origin().jar().isPresent()
                        ? provider.type().getModule().getLayer() == layer
                        : provider.type().getModule() == component.type().getModule();
                if (same) {
                    modules.add(provider.get());
                }
            }
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new ConfigurationException(component + ": a Guice module of its plugin fails: " + e.getMessage(), e);
        }
        return modules;
    }
}

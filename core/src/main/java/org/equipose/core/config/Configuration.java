package org.equipose.core.config;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.configuration2.BaseConfiguration;
import org.apache.commons.configuration2.CompositeConfiguration;

/**
 * What the user asked for, by flat key: layers of which the first one that has a key wins. Values are taken as they were
 * written: nothing is interpolated and nothing is split.
 */
public final class Configuration {
    private final CompositeConfiguration layers = new CompositeConfiguration();

    private Configuration() {}

    /** Puts layers on top of one another, the strongest first: command line, file, preset. */
    @SafeVarargs
    public static Configuration of(Map<String, Setting>... strongestFirst) {
        Configuration configuration = new Configuration();
        for (Map<String, Setting> settings : strongestFirst) {
            BaseConfiguration layer = new BaseConfiguration();
            // A Setting is no text to Commons Configuration, so that it neither splits nor interpolates it.
            settings.forEach(layer::addProperty);
            configuration.layers.addConfiguration(layer);
        }
        return configuration;
    }

    /** Returns this configuration below a stronger layer. */
    public Configuration below(Map<String, Setting> stronger) {
        Configuration configuration = of(stronger);
        for (int i = 0; i < layers.getNumberOfConfigurations(); i++) {
            configuration.layers.addConfiguration(layers.getConfiguration(i));
        }
        return configuration;
    }

    /** Returns the value of a key, if some layer has it. */
    public Optional<Setting> get(String key) {
        return Optional.ofNullable((Setting) layers.getProperty(key));
    }

    /** Returns all keys of all layers, in order. */
    public Set<String> keys() {
        Set<String> keys = new TreeSet<>();
        layers.getKeys().forEachRemaining(keys::add);
        return keys;
    }
}

package org.equipose.core.wiring;

import java.util.Map;
import java.util.Optional;
import org.equipose.core.config.SettingsBinder;
import org.equipose.core.plugins.Component;

/**
 * A component that was chosen, with its settings.
 *
 * @param role place it takes
 * @param component what takes it
 * @param settings bound settings, if it has any
 * @param shares whether others take that place with it: objectives, evaluators, and transforms that are composed
 */
public record Part(Role role, Component component, Optional<Record> settings, boolean shares) {

    /** Returns the name under which other parts get it: its role, or its section where it shares that. */
    String key() {
        return shares ? role.section(component) : role.name();
    }

    /** Returns all settings by full key. */
    Map<String, String> texts() {
        return settings.map(record -> texts(record, role.section(component))).orElse(Map.of());
    }

    private static <R extends Record> Map<String, String> texts(R settings, String section) {
        @SuppressWarnings("unchecked")
        Class<R> type = (Class<R>) settings.getClass();
        return new SettingsBinder<>(type).texts(section, settings);
    }
}

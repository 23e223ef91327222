package org.equipose.core.spi;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which settings a component has in the role that a constructor parameter asks for, unless the user chooses others:
 * {@code @Named("localisation") @RoleDefaults("dense.hidden=128") Encoder localisation}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface RoleDefaults {

    /** Settings, each {@code component.setting=value}; those of components that are not chosen have no effect. */
    String[] value();
}

package org.equipose.core.spi;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the evaluators that show what an objective does. Unless the user chooses others, a run with that objective is evaluated by
 * them too, those that are installed.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ShownBy {

    /** Names of evaluators. */
    String[] value();
}

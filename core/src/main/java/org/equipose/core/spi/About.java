package org.equipose.core.spi;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says what a component or a setting is for; shown by {@code run.sh list} and {@code run.sh describe}. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.RECORD_COMPONENT})
public @interface About {

    /** One sentence or less; for a setting with its unit. */
    String value();

    /** Paper and section it comes from, if any. */
    String paper() default "";
}

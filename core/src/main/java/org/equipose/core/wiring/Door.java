package org.equipose.core.wiring;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.plugins.Component;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.Refusal;
import org.equipose.core.spi.Term;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;

/**
 * The door of a component that somebody else wrote. What it throws, or gives back and should not, becomes a message that names
 * it, where otherwise we would stumble later and take the fault for ours. Ours have contract tests instead.
 */
final class Door implements InvocationHandler {
    private static final String OURS = "org.equipose.";

    private final Component component;
    private final Object behind;

    private Door(Component component, Object behind) {
        this.component = component;
        this.behind = behind;
    }

    /** Returns whether a component needs one: it comes from a module that is not ours. */
    static boolean needed(Component component) {
        return component.type().getModule().isNamed()
                && !component.origin().module().startsWith(OURS);
    }

    /** Returns the component behind its door. It keeps the service interfaces it has, and nothing else of its type. */
    static <T> T before(Component component, Class<T> kind, T made) {
        Set<Class<?>> services = new LinkedHashSet<>(List.of(kind));
        for (Class<?> type = made.getClass(); type != null; type = type.getSuperclass()) {
            addServices(type, kind.getPackage(), services);
        }
        return kind.cast(Proxy.newProxyInstance(
                Door.class.getClassLoader(), services.toArray(Class<?>[]::new), new Door(component, made)));
    }

    /** A component may implement a service by way of an interface of its own. */
    private static void addServices(Class<?> type, Package spi, Set<Class<?>> services) {
        for (Class<?> above : type.getInterfaces()) {
            if (above.getPackage().equals(spi)) {
                services.add(above);
            }
            addServices(above, spi, services);
        }
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        Object result;
        try {
            result = call(proxy, method, arguments);
        } catch (RuntimeException | Error e) {
            throw foreseen(e) ? e : failed(e.toString() + place(e), e);
        }
        if (method.getDeclaringClass() != Object.class) {
            wrong(method, arguments, result).ifPresent(what -> {
                String reason = method.getName() + " returned " + what;
                throw failed(reason, new IllegalStateException(reason));
            });
        }
        return result;
    }

    private Object call(Object proxy, Method method, Object[] arguments) throws Throwable {
        try {
            // What the component inherits goes on with what it calls by way of the door.
            Method own = behind.getClass().getMethod(method.getName(), method.getParameterTypes());
            return own.isDefault() && own.getDeclaringClass().isInstance(proxy)
                    ? InvocationHandler.invokeDefault(proxy, own, arguments)
                    : method.invoke(behind, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** Those say what to do themselves; the last comes from another door further in. */
    private static boolean foreseen(Throwable thrown) {
        return thrown instanceof OutOfMemoryError
                || thrown instanceof java.io.UncheckedIOException
                || thrown instanceof Refusal
                || thrown instanceof ConfigurationException;
    }

    private ConfigurationException failed(String reason, Throwable cause) {
        return new ConfigurationException(component + " failed: " + reason + "; its author can help", cause);
    }

    /** Returns where in its plugin that was. */
    private String place(Throwable thrown) {
        return Arrays.stream(thrown.getStackTrace())
                .filter(frame -> component.origin().module().equals(frame.getModuleName()))
                .findFirst()
                .map(frame -> " (in " + frame.getClassName() + "." + frame.getMethodName() + ", line "
                        + frame.getLineNumber() + ")")
                .orElse("");
    }

    private Optional<String> wrong(Method method, Object[] arguments, Object result) {
        if (result == null && method.getReturnType() != void.class) {
            return Optional.of("nothing");
        }
        return switch (component.kind()) {
            case ENCODER -> shape((Operand<?>) result, rows(arguments[1]), -1);
            case DECODER -> shape((Operand<?>) result, image(rows(arguments[1]), arguments[2]));
            case TRANSFORM ->
                method.getName().equals("apply")
                        ? shape((Operand<?>) result, image(rows(arguments[1]), arguments[3]))
                        : atLeast(0, result);
            case PRIOR ->
                method.getName().equals("push")
                        ? shape((Operand<?>) result, rows(arguments[1]), (Integer) arguments[2])
                        : atLeast(0, result);
            case MODEL -> result instanceof Pass pass ? pass(pass) : Optional.empty();
            case OBJECTIVE -> result instanceof List<?> terms ? terms(terms, (Pass) arguments[2]) : atLeast(1, result);
            case EVALUATOR, DATASET -> Optional.empty();
        };
    }

    private static Optional<String> pass(Pass pass) {
        return shape(pass.logLikelihood(), pass.samples(), pass.batch().size());
    }

    private static Optional<String> terms(List<?> terms, Pass pass) {
        for (Object each : terms) {
            if (!(each instanceof Term term) || term.name() == null || term.weight() == null) {
                return Optional.of("a term without name or weight");
            }
            boolean scalar = term.value() != null && term.value().shape().numDimensions() == 0;
            Optional<String> wrong =
                    scalar ? Optional.empty() : shape(term.value(), pass.batch().size());
            if (wrong.isPresent()) {
                return wrong.map(reason -> "a term " + term.name() + " with " + reason);
            }
        }
        return terms.isEmpty() ? Optional.of("no term") : Optional.empty();
    }

    private static Optional<String> atLeast(int least, Object result) {
        return result instanceof Integer number && number < least ? Optional.of(number.toString()) : Optional.empty();
    }

    private static long rows(Object operand) {
        return ((Operand<?>) operand).shape().get(0);
    }

    private static long[] image(long rows, Object spec) {
        ImageSpec image = (ImageSpec) spec;
        return new long[] {rows, image.height(), image.width(), image.channels()};
    }

    /** Sizes of -1 are not known yet, or may be any. */
    private static Optional<String> shape(Operand<?> operand, long... expected) {
        if (operand == null) {
            return Optional.of("nothing");
        }
        Shape shape = operand.shape();
        return shape.isCompatibleWith(Shape.of(expected))
                ? Optional.empty()
                : Optional.of(("something of shape " + shape + " where " + Shape.of(expected) + " is due")
                        .replace("-1", "?"));
    }
}

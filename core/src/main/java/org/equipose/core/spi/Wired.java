package org.equipose.core.spi;

/**
 * For components that are made of other components. ServiceLoader wants a public constructor without arguments or a
 * static method {@code provider()}; such a component has the second, which only tells its class and is never called:
 *
 * <pre>{@code
 * public static Tvae provider() {
 *     return Wired.byGuice(Tvae.class);
 * }
 * }</pre>
 */
public final class Wired {
    private Wired() {}

    /**
     * Stands for an instance that only Guice can make.
     *
     * @throws IllegalStateException always
     */
    @SuppressWarnings("DoNotCallSuggester") // it is called, by a method that is not
    public static <T> T byGuice(Class<T> type) {
        throw new IllegalStateException(type.getName() + " is made of others: Guice builds it, not ServiceLoader");
    }
}

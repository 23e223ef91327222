package org.equipose.core.wiring;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.equipose.core.config.ConfigurationException;

/**
 * A sum of objectives, such as {@code elbo+0.5*mi}.
 *
 * @param terms in the order they were written
 */
public record ObjectiveExpression(List<Term> terms) {
    private static final Pattern TERM = Pattern.compile("\\s*(?:(?<weight>[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)\\s*\\*)?"
            + "\\s*(?<name>[A-Za-z][A-Za-z0-9-]*)\\s*(?<end>\\+|$)");

    /**
     * One summand.
     *
     * @param weight at least 0
     * @param name of an objective
     */
    public record Term(double weight, String name) {
        @Override
        public String toString() {
            return weight == 1 ? name : weight + "*" + name;
        }
    }

    /**
     * Reads an expression.
     *
     * @throws ConfigurationException if it is malformed; whether its objectives exist is checked elsewhere
     */
    public static ObjectiveExpression parse(String text) {
        List<Term> terms = new ArrayList<>();
        Matcher matcher = TERM.matcher(text);
        int position = 0;
        do {
            matcher.region(position, text.length());
            if (!matcher.lookingAt()) {
                throw malformed(
                        text,
                        "'" + text.substring(position) + "' does not start with an objective or number*objective");
            }
            Term term = new Term(weight(text, matcher.group("weight")), matcher.group("name"));
            if (terms.stream().anyMatch(earlier -> earlier.name().equals(term.name()))) {
                throw malformed(text, term.name() + " is there twice");
            }
            terms.add(term);
            position = matcher.end();
        } while (!matcher.group("end").isEmpty());
        return new ObjectiveExpression(List.copyOf(terms));
    }

    private static double weight(String text, String weight) {
        if (weight == null) {
            return 1;
        }
        double value;
        try {
            value = Double.parseDouble(weight);
        } catch (NumberFormatException e) {
            throw malformed(text, "'" + weight + "' is not a number");
        }
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw malformed(text, "a weight must be at least 0 but was " + weight);
        }
        return value;
    }

    private static ConfigurationException malformed(String text, String reason) {
        return new ConfigurationException(
                "objective must be a sum such as elbo+0.5*mi but was '" + text + "': " + reason);
    }

    /** Returns the expression as it would be written. */
    @Override
    public String toString() {
        return terms.stream().map(Term::toString).collect(Collectors.joining("+"));
    }
}

package org.equipose.core;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Data moves one way through the rooms, and no room knows those behind it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoomsTest {
    private static final String ROOT = "org.equipose.core.";
    private static final int FLOOR = 60;

    /** What each room may see, besides itself. */
    private static final Map<String, List<String>> ROOMS = rooms();

    private JavaClasses classes;

    private static Map<String, List<String>> rooms() {
        Map<String, List<String>> rooms = new LinkedHashMap<>();
        rooms.put("graph", List.of("data"));
        rooms.put("data", List.of());
        rooms.put("distribution", List.of("graph"));
        rooms.put("statistics", List.of("graph", "data"));
        rooms.put("run", List.of("data"));
        rooms.put("spi", List.of("graph", "distribution", "data", "run"));
        rooms.put("config", List.of("spi", "data"));
        rooms.put("plugins", List.of("spi", "config"));
        rooms.put("wiring", List.of("plugins", "config", "spi", "data"));
        rooms.put("training", List.of("wiring", "config", "spi", "graph", "distribution", "run", "data"));
        rooms.put("inference", List.of("training", "wiring", "config", "spi", "graph", "distribution", "run", "data"));
        rooms.put(
                "library",
                List.of("inference", "training", "wiring", "plugins", "config", "spi", "graph", "run", "data"));
        rooms.put("reproduction", List.of("config", "run"));
        rooms.put(
                "cli",
                List.of(
                        "reproduction",
                        "inference",
                        "training",
                        "wiring",
                        "plugins",
                        "config",
                        "spi",
                        "run",
                        "data",
                        "distribution",
                        "graph"));
        return rooms;
    }

    static List<String> names() {
        return List.copyOf(ROOMS.keySet());
    }

    @BeforeAll
    void read() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPath(Path.of("target", "classes"));
    }

    @Test
    void everyClassIsInARoom() {
        assertThat(classes.size()).as("classes scanned").isGreaterThan(FLOOR);
        TreeSet<String> packages = new TreeSet<>();
        classes.stream()
                .filter(type -> !type.getPackageName().isEmpty())
                .forEach(type -> packages.add(type.getPackageName()));
        assertThat(packages)
                .isSubsetOf(names().stream().map(name -> ROOT + name).toList());
    }

    @ParameterizedTest
    @MethodSource("names")
    void aRoomKnowsOnlyEarlierOnes(String room) {
        String[] others = ROOMS.keySet().stream()
                .filter(other -> !other.equals(room) && !ROOMS.get(room).contains(other))
                .map(other -> ROOT + other)
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(ROOT + room)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .allowEmptyShould(true)
                .check(classes);
    }

    @Test
    void noCycles() {
        slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(classes);
    }

    @Test
    void onlyTheWiringKnowsGuice() {
        DescribedPredicate<JavaClass> guice = resideInAPackage("com.google.inject..");
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "wiring")
                .should()
                .dependOnClassesThat(guice)
                .check(classes);
    }

    @Test
    void nothingIsMeantToBeSubclassedByAccident() {
        classes()
                .that()
                .arePublic()
                .and()
                .areNotInterfaces()
                .should()
                .haveModifier(JavaModifier.FINAL)
                .orShould()
                .haveModifier(JavaModifier.ABSTRACT)
                .orShould()
                .beEnums() // An enum with bodies of constants is not final.
                .check(classes);
    }

    @Test
    void noClassIsCalledAfterWhatItIsNot() {
        noClasses()
                .should()
                .haveNameMatching(".*(Util|Utils|Helper|Manager|Factory|Impl)")
                .check(classes);
    }
}

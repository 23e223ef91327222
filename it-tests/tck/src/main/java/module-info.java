/** Contract tests: what every component promises. Extend one, return your component, and inherit its tests. */
module org.equipose.tck {
    requires transitive org.equipose.core;
    requires transitive org.junit.jupiter.api;

    exports org.equipose.tck;
}

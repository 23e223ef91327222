/** Networks, objectives, priors and evaluators that every paper shares. */
module org.equipose.plugin.standard {
    requires transitive org.equipose.core;

    exports org.equipose.plugin.standard;
}

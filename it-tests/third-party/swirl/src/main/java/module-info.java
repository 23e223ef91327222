/** A plugin of Equipose. */
module com.example.swirl {
    requires transitive org.equipose.core;

    exports com.example.swirl;

    provides org.equipose.core.spi.PoseTransform with
            com.example.swirl.Swirl;
}

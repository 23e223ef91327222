/** The framework: service interfaces, graph building, wiring, training and the command line. */
module org.equipose.core {
    requires transitive jakarta.inject;
    requires transitive java.desktop;
    requires transitive org.tensorflow.ndarray;
    requires transitive tensorflow;
    requires tensorflow.nativelib;
    requires org.bytedeco.javacpp;
    requires com.google.protobuf;
    requires com.google.guice;
    requires com.google.common;
    requires com.fasterxml.jackson.databind;
    requires info.picocli;
    requires java.net.http;
    requires org.apache.commons.configuration2;
    requires org.apache.logging.log4j;
    requires org.apache.logging.log4j.core;
    requires org.yaml.snakeyaml;
    requires xchart;

    exports org.equipose.core.data;
    exports org.equipose.core.distribution;
    exports org.equipose.core.graph;
    exports org.equipose.core.library;
    exports org.equipose.core.run;
    exports org.equipose.core.spi;
    exports org.equipose.core.statistics;

    uses com.google.inject.Module;
    uses org.equipose.core.spi.DataSource;
    uses org.equipose.core.spi.Decoder;
    uses org.equipose.core.spi.Encoder;
    uses org.equipose.core.spi.Evaluator;
    uses org.equipose.core.spi.Model;
    uses org.equipose.core.spi.Objective;
    uses org.equipose.core.spi.PoseTransform;
    uses org.equipose.core.spi.Prior;
}

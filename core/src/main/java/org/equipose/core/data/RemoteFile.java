package org.equipose.core.data;

import java.util.List;

/**
 * A file known by its content, and the routes by which it can come.
 *
 * @param name under which it is kept
 * @param size bytes, uncompressed; less than 2 GiB, as a file is read as a whole
 * @param md5 of the uncompressed content, 32 lower-case hexadecimal digits
 * @param routes tried in this order
 */
public record RemoteFile(String name, long size, String md5, List<Route> routes) {

    /** Checks that the file can be known by what is given. */
    public RemoteFile {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new IllegalArgumentException("\"" + name + "\" cannot be the name of a cached file");
        }
        if (size < 1 || size > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(name + " cannot have " + size + " bytes: it is read as a whole");
        }
        if (!md5.matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException("\"" + md5 + "\" is no md5 in lower-case hexadecimal digits");
        }
        routes = List.copyOf(routes);
    }

    @Override
    public String toString() {
        return name + " (" + size + " bytes, md5 " + md5 + ")";
    }
}

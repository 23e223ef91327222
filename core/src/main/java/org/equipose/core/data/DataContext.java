package org.equipose.core.data;

import java.nio.file.Path;

/**
 * What a data source may use.
 *
 * @param cache folder for what is fetched or made, shared by all runs of this user; it may not exist yet, and each data
 *     set uses a folder of its own name inside it
 * @param seed seed for whatever is generated
 * @param fetch whether files may be fetched from the network when they are missing
 * @param progress hears how far a download or a generation has come
 */
public record DataContext(Path cache, long seed, boolean fetch, Progress progress) {}

package org.equipose.core.data;

import java.nio.file.Path;

/**
 * What a data source may use.
 *
 * @param cache folder of this data set, shared by all runs of this user; it may not exist yet
 * @param seed seed for whatever is generated
 * @param fetch whether files may be fetched from the network when they are missing
 * @param progress hears how far a download or a generation has come
 */
public record DataContext(Path cache, long seed, boolean fetch, Progress progress) {}

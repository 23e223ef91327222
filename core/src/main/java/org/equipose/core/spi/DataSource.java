package org.equipose.core.spi;

import java.io.IOException;
import org.equipose.core.data.DataContext;
import org.equipose.core.data.DataSets;

/** A data set that can be opened. */
public interface DataSource {

    /**
     * Opens the data set; fetches or makes it first if need be. Everything is checked before it returns.
     *
     * @throws IOException if a file is missing, damaged or cannot be fetched; the message names it and the remedy
     */
    DataSets open(DataContext context) throws IOException;
}

"""Rural buses: their lines, stops and runs from a GTFS feed, and the room for parcels that a table says each run has.

`feed_tables` is run in the child: it takes the files of a feed that are needed, from a zip or one by one, and hands over
their cells. `feed_cells` makes figures, dates and clock times of them, `service_days` knows on which dates a service runs,
`stop_calls` puts the calls of a trip in order, and `feed` does all of it: `read_feed`. `parcel_room` reads the table.
This file loads nothing: the child imports it.
"""

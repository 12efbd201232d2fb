"""The only door for foreign files: of each reader one part runs in the child (`planner.sandbox`), the other asks for it.

`vector` gives the layers of GeoJSON, GeoPackage and shapefiles, `sheets` the cells of workbooks; what the children run
stands in modules of their own (`ogr_child`, `sheets_child`, `raster_child`), which import little: a child starts in a tenth
of a second. Which reader a file gets is decided by its extension and its first bytes together, never by a library.
`delimited` reads text files, `encodings` tells what bytes of text are.
"""

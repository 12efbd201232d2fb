"""What people get: maps, courier files, the workbook, geodata files and the page that links them.

`planner.outputs.write` writes all of them into a folder. Nothing is imported here: each kind of file has its own library.
"""

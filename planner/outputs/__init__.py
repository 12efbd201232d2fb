"""What people get: maps, courier files, the workbook, geodata files and the page that links them."""

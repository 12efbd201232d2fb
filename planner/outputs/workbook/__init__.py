"""Plans as workbooks for Excel and WPS, in one language: what a bureau reads first, tables, how good it is, provenance.

With charts, a set-up for print, and formulas where an official would check a sum.
"""

from planner.outputs.workbook.books import write_day_workbook, write_network_workbook

__all__ = ["write_day_workbook", "write_network_workbook"]

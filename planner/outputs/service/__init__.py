"""What people see of a service plan: pages of the week, sheets of stations, tables and map layers."""

from planner.outputs.service.service_files import service_names, service_pages, service_tables, write_service
from planner.outputs.service.week_layers import write_week_layers

__all__ = ["service_names", "service_pages", "service_tables", "write_service", "write_week_layers"]

"""What people see of a service plan: pages of the week, sheets of stations, tables and map layers."""

from planner.outputs.service.service_files import service_names, write_service

__all__ = ["service_names", "write_service"]

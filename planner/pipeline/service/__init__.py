"""A week's service on a network: points and their goods, days and vehicles, stations, each weekday confirmed."""

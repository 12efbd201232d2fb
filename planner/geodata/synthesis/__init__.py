"""The made-up part of the demonstration county: village positions, people, stations and roads, from one seed.

`python -m planner.geodata.synthesis` writes `data/areas/baiquan/` again. Boundary, names, codes and township seats are real.
"""

"""Rural buses that carry parcels: ten made-up counties, a checker that needs nothing but Python, and what was reached."""

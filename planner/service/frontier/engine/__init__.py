"""Sites, depots and routes searched together, in compiled code."""

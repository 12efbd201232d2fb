"""Why a stop is on no route, and the smallest changes that would serve it."""

"""Plan rural service points, express stations and the routes that supply them."""

__version__ = "0.2.0"

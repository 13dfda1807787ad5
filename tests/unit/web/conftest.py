"""One server for each process that runs tests; what is in its folder is made anew for each test."""

from tests.unit.web.serving import empty, staying

__all__ = ["empty", "staying"]

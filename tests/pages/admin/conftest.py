"""The pages of those who keep the system stand before the same house as the front door."""

from tests.pages.access.conftest import house, make_house, peopled_store

__all__ = ["house", "make_house", "peopled_store"]

"""Moments that tests share."""

from datetime import datetime

from models.core.settings import TIMEZONE

FOUNDED = datetime(2024, 3, 19, 8, tzinfo=TIMEZONE)

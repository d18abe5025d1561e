"""The normalized tables: tariffs, portfolio and published bills.

These modules know nothing of dbt, of seed files or of the command line.
"""

from models import intervals, portfolio, rating, tariff
from models.base import Base

__all__ = ["Base", "intervals", "portfolio", "rating", "tariff"]

"""The normalized tables: tariffs, portfolio and published bills.

These modules know nothing of dbt, of seed files or of the command line.
"""

from models import intervals, ledger, portfolio, rating, tariff
from models.base import Base

__all__ = ["Base", "intervals", "ledger", "portfolio", "rating", "tariff"]

"""What the models of policies share: the ranges of numbers.

Belongs here: types. Does not belong here: any policy (policies.py, commission_policy.py).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

Share = Annotated[float, Field(ge=0, le=1)]
Days = Annotated[int, Field(ge=1, le=3660)]
Hours = Annotated[int, Field(ge=1, le=8784)]


def decimal_of(number: float) -> Decimal:
    """A policy's number as it is written there: exact sums know no binary fractions."""
    return Decimal(str(number))

"""Salesforce record ids: 15 case-sensitive characters and the 3 that check them.

Belongs here: making ids as the CRM makes them. Does not belong here: reading or widening ids that
come in exports, which is landing's work.
"""

from __future__ import annotations

import numpy as np

from partner_kpis.demo.draw import Ints

ACCOUNT, OPPORTUNITY, HISTORY, PARTNER_ROLE, LEAD, USER = "001", "006", "008", "00I", "00Q", "005"
CAMPAIGN, CAMPAIGN_MEMBER, CONTACT = "701", "00v", "003"

_DIGITS = np.frombuffer(
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", dtype=np.uint8
)
_SUFFIX = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", dtype=np.uint8)
_POD = "Qy0"


def salesforce_ids(prefix: str, numbers: Ints) -> list[str]:
    """18-character ids of an object type (its 3-character key prefix), one for each number.

    The last three characters each encode which of five characters are upper case, the first
    character being the lowest bit: the published algorithm for case-safe ids.
    """
    characters = np.empty((len(numbers), 18), dtype=np.uint8)
    characters[:, :6] = np.frombuffer((prefix + _POD).encode(), dtype=np.uint8)
    rest = np.asarray(numbers, dtype=np.int64) * 3 + 1_003_207
    for position in range(14, 5, -1):
        rest, digit = np.divmod(rest, 62)
        characters[:, position] = _DIGITS[digit]
    upper = (characters[:, :15] >= ord("A")) & (characters[:, :15] <= ord("Z"))
    bits = upper.reshape(-1, 3, 5) @ np.array([1, 2, 4, 8, 16])
    characters[:, 15:] = _SUFFIX[bits]
    text = characters.tobytes().decode("ascii")
    return [text[i : i + 18] for i in range(0, len(text), 18)]

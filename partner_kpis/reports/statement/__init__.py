"""Commission statements: what a partner earned and was paid in a quarter, and what is still open.

Belongs here: settling a quarter, the ledger of issued statements, their document.
Does not belong here: rating a referral (dbt), drawing a document (render).
"""

from partner_kpis.reports.statement.issued import Issued
from partner_kpis.reports.statement.model import Statement
from partner_kpis.reports.statement.pages import document_of
from partner_kpis.reports.statement.source import (
    StatementSource,
    build_statement,
    rebuild_statement,
)

__all__ = [
    "Issued",
    "Statement",
    "StatementSource",
    "build_statement",
    "document_of",
    "rebuild_statement",
]

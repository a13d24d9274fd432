"""Checking a document that exists: is every number in it the one that the lake gives?

Belongs here: what a file claims to be, which kept snapshot it names, and comparing it with the same
document made anew. Does not belong here: computing a snapshot anew (pipelines/recompute.py), how a
format is read (render).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

import polars as pl

from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.reports import kinds
from partner_kpis.reports.document import Document, Identity
from partner_kpis.reports.kinds import Format, Wish
from partner_kpis.reports.quarter import Quarter
from partner_kpis.reports.sealing import altered, seal_of
from partner_kpis.reports.stamp import Stamp
from partner_kpis.reports.statement import Issued, StatementSource, rebuild_statement
from partner_kpis.serving import Snapshot
from partner_kpis.text import Bilingual, both

_KEY = ["kpi_id", "dimension", "member", "period_type", "period_start"]


class CannotVerifyError(UserError):
    """Nothing can be said about a file: it is no document of ours, or what it stands on is gone."""


@dataclass(frozen=True)
class Claim:
    """A file and what it says it is."""

    path: Path
    form: Format
    content: bytes
    identity: Identity

    @property
    def wish(self) -> Wish:
        """The document that it claims to be."""
        own = self.identity
        if own.kind == "statement":
            raise CannotVerifyError(f"{self.path} is a statement: nobody wishes for those.")
        return Wish(own.kind, own.partner_id, own.period, own.edition, own.lang)


@dataclass(frozen=True)
class Difference:
    """A place where the file prints something else than the lake gives; None: it prints nothing."""

    place: str
    in_file: str | None
    from_lake: str | None

    def sentence(self) -> Bilingual:
        if self.from_lake is None:
            return both("verify.only_in_file", place=self.place, file=self.in_file)
        if self.in_file is None:
            return both("verify.only_in_lake", place=self.place, lake=self.from_lake)
        return both("verify.differs", place=self.place, file=self.in_file, lake=self.from_lake)


@dataclass(frozen=True)
class Change:
    """A KPI whose definition is not what it was: versions then and now, and how many of the values
    that the document may show are others by now."""

    kpi_id: str
    then: str | None
    now: str | None
    values: int

    def sentence(self) -> Bilingual:
        none = both("verify.no_version")
        return both(
            "verify.definition", kpi=self.kpi_id, then=self.then or none, now=self.now or none,
            count=self.values,
        )  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """What a check has found; passed only when nothing differs.

    compared: places that were compared. has_other_code: the snapshot was computed by another
    version of the code. changes: the KPIs of the document that this has to do with.
    """

    claim: Claim
    compared: int
    differences: tuple[Difference, ...]
    has_other_code: bool
    changes: tuple[Change, ...]

    @property
    def passed(self) -> bool:
        return not self.differences

    @property
    def has_other_layout(self) -> bool:
        """Whether another version of words and layout made the file: lines may break elsewhere."""
        return self.claim.identity.made_by != kinds.version()


def read(path: Path) -> Claim:
    """A file with its identity. Raises CannotVerifyError when it is no document of ours."""
    form = next((name for name in kinds.FORMATS if path.suffix.lower() == f".{name}"), None)
    if form is None:
        raise CannotVerifyError(
            f"{path} is no document that can be checked: its name must end with one of "
            f"{', '.join(f'.{name}' for name in kinds.FORMATS)}."
        )
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CannotVerifyError(f"{path} cannot be read ({error.strerror}).") from error
    try:
        identity = kinds.renderer(form).identity(content)
    except Exception as error:  # broken files fail in as many ways as there are libraries
        raise CannotVerifyError(
            f"{path} does not say which snapshot it was made from: it is no document of "
            "partner-kpis, or another program has written it anew."
        ) from error
    return Claim(path, form, content, identity)


def locate(home: DataHome, identity: Identity) -> Path:
    """The DuckDB file of the snapshot that a document names, which must be unaltered.

    Raises CannotVerifyError when it is not kept, or is not what was sealed.
    """
    try:
        with Snapshot.kept(home, identity.snapshot_id) as snapshot:
            path, sha256 = snapshot.path, Stamp.of(snapshot).snapshot_hash
        seal = seal_of(home, identity.snapshot_id)
    except UserError as error:
        raise CannotVerifyError(str(error)) from error
    if seal is not None and seal.sha256 != sha256:
        raise CannotVerifyError(altered(seal, path))
    if identity.snapshot_hash != sha256:
        raise CannotVerifyError(
            f"The document names the snapshot {identity.snapshot_id} with SHA-256 "
            f"{identity.snapshot_hash[:8]}…, but the one in {home.serving} has {sha256[:8]}…. "
            "Either the document's identity was altered, or it belongs to another data home."
        )
    return path


class Comparison:
    """Everything about one kept snapshot that checking its documents needs, loaded once."""

    def __init__(self, sealed: Snapshot, recomputed: Snapshot, home: DataHome) -> None:
        self._sealed, self._recomputed, self._home = sealed, recomputed, home
        # It goes by the name of the sealed one, so that documents differ in their numbers only.
        self._loaded = kinds.source(recomputed, Stamp.of(sealed))

    def verdict(self, claim: Claim) -> Verdict:
        """Make the claimed document anew and compare every place that prints a number.

        Raises CannotVerifyError when the snapshot has no such document.
        """
        try:
            document = self._made_anew(claim)
        except UserError as error:
            raise CannotVerifyError(f"{claim.path} cannot be made again: {error}") from error
        drawn = kinds.renderer(claim.form)
        anew = drawn.places(drawn.render(document))
        differences = [
            *_identity_differences(claim.identity, document.identity),
            *_differences(drawn.places(claim.content), anew),
        ]
        then, now = self._sealed.info()["code_version"], self._recomputed.info()["code_version"]
        changes = self._changes(claim) if then != now else ()
        return Verdict(claim, len(anew), tuple(differences), then != now, tuple(changes))

    def _made_anew(self, claim: Claim) -> Document:
        own = claim.identity
        if own.kind != "statement":
            return kinds.build(self._loaded, claim.wish)
        quarter = Quarter.parse(own.period)
        issued = self._statements.issued.get(own.partner_id, str(quarter))
        if issued is None or issued.stamp.snapshot_id != own.snapshot_id:
            raise CannotVerifyError(
                f"No statement of {own.partner_id} for {quarter} was issued in {self._home.root} "
                f"from the snapshot {own.snapshot_id}. A draft cannot be checked."
            )
        return rebuild_statement(self._statements, own.partner_id, quarter, own.lang)

    @cached_property
    def _statements(self) -> StatementSource:
        return StatementSource(self._recomputed, Issued(self._home), Stamp.of(self._sealed))

    def _changes(self, claim: Claim) -> list[Change]:
        """KPIs of the document with another version, or with other values, than they had."""
        versions = [
            {kpi.kpi_id: kpi.definition_version for kpi in snapshot.catalogue()}
            for snapshot in (self._sealed, self._recomputed)
        ]
        moved = self._moved_values
        found = []
        for kpi_id, _ in claim.identity.definitions:
            then, now = (known.get(kpi_id) for known in versions)
            count = moved.get(kpi_id, 0)
            if then != now or count:
                found.append(Change(kpi_id, then, now, count))
        return found

    @cached_property
    def _moved_values(self) -> dict[str, int]:
        """KPI id → how many of its values are others, gone or new."""
        then, now = (
            snapshot.table("kpi_values").select(*_KEY, "value", "sample_size", "reason")
            for snapshot in (self._sealed, self._recomputed)
        )
        same = then.join(now, on=then.columns, how="semi", nulls_equal=True)
        keys = pl.concat([then.select(_KEY), now.select(_KEY)]).unique()
        other = keys.join(same, on=_KEY, how="anti")
        return dict(other.group_by("kpi_id").len().iter_rows())


def _identity_differences(claimed: Identity, anew: Identity) -> list[Difference]:
    told = [(f.name, _told(getattr(claimed, f.name)), _told(getattr(anew, f.name)))
            for f in fields(Identity) if f.name != "made_by"]  # fmt: skip
    return [
        Difference(f"identity / {name}", theirs, ours) for name, theirs, ours in told
        if theirs != ours
    ]  # fmt: skip


def _told(value: object) -> str:
    """In words; definitions in the order of their KPIs, which not every format keeps."""
    if isinstance(value, tuple):
        return ", ".join(sorted(" ".join(pair) for pair in value))
    return str(value)


def _differences(in_file: dict[str, str], anew: dict[str, str]) -> list[Difference]:
    """By place, in the order of the document made anew; what only the file has comes last."""
    places = [*anew, *(place for place in in_file if place not in anew)]
    return [
        Difference(place, in_file.get(place), anew.get(place))
        for place in places
        if in_file.get(place) != anew.get(place)
    ]

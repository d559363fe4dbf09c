"""What spans the documents of a store: coverage and named bodies, for the API and the command
line alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from miner.alignment import Alignment
from miner.bodies import Body, Involvement, NamedBodies, Role, involvements
from miner.coverage import (
    Comparison,
    Gaps,
    Matrix,
    Profiles,
    Region,
    Selection,
    compare,
    gaps,
    matrix,
    roll_up,
)
from miner.coverage.matrix import By
from miner.derived import Derived
from miner.errors import NotFound
from miner.store import StoredDocument
from miner.taxonomy import Framework
from service.alignments import FrameworkName, resolved

if TYPE_CHECKING:
    from service.workspace import Workspace


class Across:
    """Coverage, gaps, comparisons and bodies of a workspace's documents."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._derived = Derived(workspace.settings.store)
        self.profiles = Profiles(workspace.store, self._derived, self._aligned)

    def _aligned(self, document: str, framework: Framework) -> Alignment:
        return self._workspace.align_document(document, framework)

    @property
    def named(self) -> NamedBodies:
        """Named bodies, by the geography that the workspace knows now."""
        workspace = self._workspace
        return NamedBodies(workspace.store, self._derived, workspace.geography)

    def matrix(
        self, framework: FrameworkName, selection: Selection, *, by: By = "country"
    ) -> Matrix:
        """See `miner.coverage.matrix`; the framework by id, the default one without."""
        return matrix(
            self.profiles, self._workspace.geography, resolved(framework), selection, by=by
        )

    def region(
        self,
        framework: FrameworkName,
        organisation: str | None,
        *,
        on: int | None = None,
        selection: Selection | None = None,
    ) -> Region:
        """See `miner.coverage.roll_up`."""
        return roll_up(
            self.profiles,
            self._workspace.geography,
            resolved(framework),
            organisation,
            on=on,
            selection=selection,
        )

    def gaps(
        self,
        framework: FrameworkName,
        organisation: str | None,
        *,
        on: int | None = None,
        selection: Selection | None = None,
    ) -> Gaps:
        """See `miner.coverage.gaps`."""
        return gaps(self.region(framework, organisation, on=on, selection=selection))

    def compare(self, framework: FrameworkName, documents: Sequence[str]) -> Comparison:
        """See `miner.coverage.compare`."""
        return compare(self.profiles, self._workspace.geography, resolved(framework), documents)

    def involvements(
        self, selection: Selection, *, roles: Iterable[Role] = (), kinds: Iterable[str] = ()
    ) -> tuple[list[Involvement], dict[str, Body], dict[str, StoredDocument]]:
        """Who takes part in what: involvements of the documents that a selection leaves, the
        bodies and the documents by id.

        roles, kinds: only these; all without.
        """
        workspace, named = self._workspace, self.named
        documents = selection.documents_of(workspace.store, workspace.geography)
        found = named.all(documents)
        bodies = named.bodies(found)
        told = involvements(
            (mention for several in found for mention in several.mentions),
            bodies,
            {stored.id: stored.metadata for stored in documents},
            workspace.geography,
        )
        wanted_roles, wanted_kinds = set(roles), set(kinds)
        kept = [
            one
            for one in told
            if (not wanted_roles or one.role in wanted_roles)
            and (not wanted_kinds or bodies[one.body].kind in wanted_kinds)
        ]
        return kept, bodies, {stored.id: stored for stored in documents}

    def document_report(self, document: str, framework: FrameworkName = None) -> str:
        """A printable page of HTML on a stored document. Raises NotFound."""
        from miner.commitments.ledger import Choice
        from miner.index import Filter
        from miner.outputs.document_report import document_report

        chosen = Selection(documents=(document,))
        found = self.matrix(framework, chosen, by="document")
        involved, bodies, _ = self.involvements(chosen)
        return document_report(
            found,
            involvements=involved,
            bodies=bodies,
            labels=self.named.book.roles.labels,
            commitments=self._workspace.commitments(
                Filter({"document": [document]}), Choice(), "strength"
            ),
        )

    def region_report(
        self,
        framework: FrameworkName,
        organisation: str | None,
        *,
        on: int | None = None,
        selection: Selection | None = None,
    ) -> str:
        """A printable page of HTML on a region. Raises NotFound, InputError."""
        from miner.outputs.region_report import region_report

        found = self.gaps(framework, organisation, on=on, selection=selection)
        ids = tuple(s.document for row in found.region.matrix.rows for s in row.sources)
        involved, bodies, _ = self.involvements(
            Selection(documents=ids) if ids else Selection(countries=("",))
        )
        return region_report(found, involvements=involved, bodies=bodies)

    def body(self, name: str, bodies: dict[str, Body]) -> Body:
        """A body by its id, short name, name or alias (case does not count).

        Raises NotFound where none has it.
        """
        from miner.catalogue.name import fold

        if name in bodies:
            return bodies[name]
        wanted = fold(name)
        for body in bodies.values():
            if wanted in {fold(n) for n in (body.id, body.short, body.name, *body.aliases)}:
                return body
        raise NotFound(
            f"body {name!r}",
            "no body is known by this name",
            "List those that the documents name with `miner bodies` or GET /v1/bodies.",
        )

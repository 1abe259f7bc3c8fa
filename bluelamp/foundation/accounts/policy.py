"""Who may see which rows: one `Policy` for each model that people look up.

A domain writes `policy.py` with a subclass for each of its aggregates, and every lookup and command
starts from it, so that no query is ever written without its restriction:

    class ReportPolicy(Policy[Report]):
        model = Report

    report_policy = ReportPolicy()

    report = report_policy.get(actor, reference=reference)   # raises NotFound
    newest = report_policy.queryset(actor).order_by("-received_at")

A permission says what kind of thing somebody may do (`report.view`); a policy says to which rows.
Both are needed. Without hooks a policy lets police, and the system acting for them, see the rows of
their own force, and nobody else anything. Override a hook to let another agency in, or to keep
rows from people of the force:

    class CasefilePolicy(Policy[CaseFile]):
        model = CaseFile

        def for_prosecutor(self, actor: Actor) -> Q:
            return Q(submitted_at__isnull=False)             # what was sent to them

        def need_to_know(self, actor: Actor) -> Q:
            return Q(is_restricted=False) | Q(officers__id=actor.id)
"""

from typing import Any, ClassVar, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

from bluelamp.foundation.kernel.actor import Actor, OrganisationKind
from bluelamp.foundation.kernel.database.locks import lock_until_commit
from bluelamp.foundation.kernel.errors import NotFound

M = TypeVar("M", bound=Model)

# Django answers it without asking the database.
NOTHING = Q(pk__in=())
EVERYTHING = Q()


class Policy(Generic[M]):
    """Which rows of a model an actor may see.

    Attributes:
        model: The model.
        force_field: The field, or path of fields, that holds the PNC code of the row's force.
        not_found: What NotFound says where the row does not exist or may not be seen.
        only_grows: Whether the table is one whose rows never change, so that none may be locked.
    """

    model: type[M]
    force_field: ClassVar[str] = "force"
    not_found: ClassVar[str] = "There is no such record."
    only_grows: ClassVar[bool] = False

    def visible_to(self, actor: Actor) -> Q:
        """Return the condition that a row meets if the actor may see it.

        Starts from the actor's kind of organisation. For people of a force it narrows the force's
        rows by the unit and need-to-know hooks; the system works for everybody and is narrowed by
        its force alone.
        """
        match actor.organisation_kind:
            case OrganisationKind.POLICE:
                return self.for_force(actor) & self.for_unit(actor) & self.need_to_know(actor)
            case OrganisationKind.SYSTEM:
                return self.for_force(actor)
            case OrganisationKind.PROSECUTOR:
                return self.for_prosecutor(actor)
            case OrganisationKind.PUBLIC:
                return self.for_public(actor)
        return NOTHING

    def for_force(self, actor: Actor) -> Q:
        """Return the condition for rows of the actor's force; nothing for an actor of no force."""
        return Q(**{self.force_field: actor.force}) if actor.force else NOTHING

    def for_unit(self, actor: Actor) -> Q:
        """Return what narrows the force's rows to those of the actor's unit. Default: all units."""
        return EVERYTHING

    def need_to_know(self, actor: Actor) -> Q:
        """Return what keeps restricted rows from those who don't need them. Default: none are."""
        return EVERYTHING

    def for_prosecutor(self, actor: Actor) -> Q:
        """Return the condition for rows that a prosecuting organisation may see. Default: none."""
        return NOTHING

    def for_public(self, actor: Actor) -> Q:
        """Return the condition for rows that the public may see. Default: none.

        What somebody reaches with a code or a link of their own is not for a policy: the command
        that takes the code decides it.
        """
        return NOTHING

    def queryset(self, actor: Actor) -> QuerySet[M]:
        """Return the rows that the actor may see."""
        # A hook may join a table with several rows for one of ours: without `distinct` that row
        # would come back several times. The common case, no join, stays a plain query.
        condition = self.visible_to(actor)
        rows = self.model._default_manager.filter(condition)
        return rows.distinct() if _joins_many(rows) else rows

    def get(self, actor: Actor, *, lock: bool = False, **lookup: Any) -> M:
        """Return the one row that answers the lookup and that the actor may see.

        Args:
            actor: Who asks.
            lock: Lock the row until the end of the transaction.
            **lookup: What identifies the row, as for `QuerySet.get`.

        Raises:
            NotFound: The row does not exist, or the actor may not see it: they cannot tell which.
        """
        rows = self.model._default_manager.filter(self.visible_to(actor), **lookup)
        if lock and not self.only_grows:
            # Not the related rows: others read those meanwhile, and nullable joins cannot be
            # locked.
            rows = rows.select_for_update(of=("self",))
        row = rows.first()
        if row is None:
            raise NotFound(self.not_found)
        if lock and self.only_grows:
            # The row stays as it was read; whoever waits sees what was added to it meanwhile.
            lock_until_commit(f"{self.model._meta.db_table} {row.pk}")
        return row


def _joins_many(rows: QuerySet[Any]) -> bool:
    """Say whether a query joins a table that may hold several rows for one of the model's."""
    # The model's own table stands in the map too, without a `join_field`.
    fields: list[Any] = [
        getattr(table, "join_field", None) for table in rows.query.alias_map.values()
    ]
    return any(field and (field.one_to_many or field.many_to_many) for field in fields)

"""Which version of a target somebody sees who looks at it now."""

from sqlmodel import select

from models.tables import Target, UnitRow


def newest_version(world, unit, indicator, phase, origin):
    """The newest version of a target of one origin; 0 where there is none."""
    with world.store.reading() as session:
        statement = (
            select(Target.version)
            .join(UnitRow, UnitRow.id == Target.unit_id)
            .where(
                UnitRow.code == unit,
                Target.indicator == indicator,
                Target.phase == phase,
                Target.origin == origin,
            )
        )
        return max(session.exec(statement), default=0)

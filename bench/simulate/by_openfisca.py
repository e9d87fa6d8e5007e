"""The same change in OpenFisca-core: vectors of persons, one variable for each version, parameters beside it."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import numpy
from openfisca_core.entities import Entity
from openfisca_core.periods import ETERNITY, MONTH, Period
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from bench.simulate.grouped import Grouped

__all__ = ["by_openfisca"]

_MONTH: Final = "2024-10"
_ENDS: Final = numpy.datetime64("2024-10-31")
_PERSON: Final = Entity("person", "persons", "A resident", "")


class birth(Variable):
    """When a person was born."""

    value_type = date
    entity = _PERSON
    definition_period = ETERNITY


class alive(Variable):
    """Whether a person lives on the last day of the month."""

    value_type = bool
    entity = _PERSON
    definition_period = MONTH


class in_city(Variable):
    """Whether a person is registered in the city on that day."""

    value_type = bool
    entity = _PERSON
    definition_period = MONTH


class age(Variable):
    """Full years on the last day of the month."""

    value_type = int
    entity = _PERSON
    definition_period = MONTH

    def formula(person: Any, period: Period) -> Any:
        born = person("birth", period)
        months = born.astype("datetime64[M]")
        years = _ENDS.astype("datetime64[Y]") - born.astype("datetime64[Y]")
        of_year = (months - born.astype("datetime64[Y]")).astype(int) * 100 + (born - months).astype(int)
        return years.astype(int) - (of_year > 930)  # The tenth month and the 31st day, both from 0.


class allowance_old(Variable):
    """What the released version pays, in fen."""

    value_type = int
    entity = _PERSON
    definition_period = MONTH

    def formula(person: Any, period: Period) -> Any:
        years = person("age", period)
        rate = numpy.select([years >= 100, years >= 90, years >= 80], [60_000, 15_000, 6_000], 0)
        return rate * person("alive", period) * person("in_city", period)


class allowance_new(Variable):
    """What the draft pays, in fen."""

    value_type = int
    entity = _PERSON
    definition_period = MONTH

    def formula(person: Any, period: Period) -> Any:
        years = person("age", period)
        steps = [years >= step for step in (100, 90, 85, 80, 75)]
        return numpy.select(steps, [60_000, 15_000, 10_000, 6_000, 5_000], 0) * person("alive", period) * person("in_city", period)


def by_openfisca(rows: Sequence[tuple[date, str, bool]]) -> Grouped:
    """Set arrays, compute both versions, group by county."""
    system = TaxBenefitSystem([_PERSON])
    system.add_variables(birth, alive, in_city, age, allowance_old, allowance_new)
    simulation = SimulationBuilder().build_default_simulation(system, count=len(rows))
    born, regions, living = zip(*rows, strict=True)
    region = numpy.array(regions)
    simulation.set_input("birth", ETERNITY, numpy.array(born, dtype="datetime64[D]"))
    simulation.set_input("alive", _MONTH, numpy.array(living))
    simulation.set_input("in_city", _MONTH, numpy.char.startswith(region, "3304"))
    old, new = (simulation.calculate(name, _MONTH).astype("int64") for name in ("allowance_old", "allowance_new"))
    paid = (old > 0) | (new > 0)
    names, places = numpy.unique(region[paid], return_inverse=True)
    old, new = old[paid], new[paid]
    sums = [numpy.bincount(places, weights=each, minlength=len(names)).tolist() for each in (new > old, new < old, new == old, old, new)]
    return {str(name): (int(a), int(b), int(c), int(d), int(e)) for name, a, b, c, d, e in zip(names, *sums, strict=True)}

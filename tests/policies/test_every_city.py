"""Every city's folder is whole: its files fit each other, its cast and staff find their places, its vectors are up to date."""

from functools import cache
from pathlib import Path

import pytest
import yaml

from onecard.app.application import city_params, city_rules
from onecard.app.code_keys import code_rules
from onecard.app.staff import ROLES_FILE
from onecard.cards.rules import card_rules_from
from onecard.cli.vectors import vector_files
from onecard.demo.city import DemoCity
from onecard.demo.logins import LOGINS_FILE, read_logins
from onecard.demo.source import SEED, chance_by, read_source
from onecard.demo.world import World, draw_world
from onecard.settings.city_folder import CityFolder, find_city
from onecard.staff.roles_file import roles_from
from onecard.values.regions import inside
from tests.shape.text_rules import person_numbers

ROOT = Path(__file__).parents[2] / "cities"
CITIES = sorted(path.name for path in ROOT.iterdir() if (path / "policies").is_dir())
every_city = pytest.mark.parametrize("name", CITIES)

PEOPLE = {  # SURFACES §4: whoever knows the cast of one city finds his way in the other.
    "local-58", "local-65", "local-72", "local-85", "local-93", "turns-60-on-2024-10-31", "turns-70-on-2024-10-20", "leap-day-1964",
    "wujiang-65", "beijing-65", "beijing-72", "dibao-68", "tekun-81", "disabled-66", "lost-card", "sealed-card", "cancelled-card",
    "expired-card", "reissued-70", "child-13", "guardian-of-child-13", "campus-blocked", "retiree-66-employee-insured",
    "resident-insured-67",
}  # fmt: skip
TERMINALS = {"bus", "scenic", "merchant", "museum", "library", "campus-in", "campus-out", "clinic", "hospital-l3", "pharmacy"}


@cache
def folder_of(name: str) -> CityFolder:
    return find_city(name)


@cache
def city_of(name: str) -> DemoCity:
    return read_source(folder_of(name)).city


@cache
def world_of(name: str) -> World:
    return draw_world(city_of(name), 10_000, chance_by(SEED))


def test_there_are_two() -> None:
    assert CITIES == ["jiaxing", "xuancheng"]


@every_city
def test_every_area_lies_in_the_city_and_bears_its_name_and_tile(name: str) -> None:
    city, tiles = city_of(name), yaml.safe_load(folder_of(name).text("tiles.json"))
    areas = [area.region for area in city.areas]
    assert all(inside(region, city.region) for region in areas)
    assert set(areas) == city.area_names.keys() == {tile["region"] for tile in tiles["tiles"]}
    assert tiles["city"]["region"] == city.region
    for kind, counts in city.counts.items():
        assert set(counts) <= {city.region, *areas}, kind


@every_city
def test_its_lists_hold_what_the_demo_asks_for(name: str) -> None:
    city, lists = city_of(name), city_rules(folder_of(name)).lists
    assert lists.region == city.region
    assert city.particulars.pass_regions in lists.regions
    assert {site.kind for site in world_of(name).sites.sites} <= set(lists.site_kinds)
    assert {service for site in world_of(name).sites.sites for service in site.services} <= set(lists.services)
    assert set(city_params(folder_of(name)).kinds) <= set(lists.site_kinds)


@every_city
def test_its_cards_codes_and_roles_are_good(name: str) -> None:
    folder = folder_of(name)
    letters = card_rules_from(yaml.safe_load(folder.text("cards.yaml"))).letters
    assert letters.keys() == city_of(name).area_names.keys()
    assert code_rules(folder).suite in {"SM", "INTL"}
    roles = roles_from(ROLES_FILE, folder.text(ROLES_FILE)).by_name
    logins = read_logins(folder.text(LOGINS_FILE))
    assert {login.role for login in logins} <= roles.keys()
    assert all(not login.scope.region or inside(login.scope.region, city_of(name).region) for login in logins)


@every_city
def test_its_cast_has_the_people_and_devices_that_callers_rely_on(name: str) -> None:
    cast = world_of(name).cast
    assert {person.member.key for person in cast.people} >= PEOPLE
    assert {terminal.key for terminal in cast.terminals} >= TERMINALS
    canteens = [terminal for terminal in cast.terminals if terminal.key.startswith("canteen-")]
    assert len({terminal.site.region for terminal in canteens}) == 3
    assert all(terminal.name is not None for terminal in canteens), "a key that names a place needs a name"


@every_city
def test_no_number_of_its_demo_can_be_a_living_persons(name: str) -> None:
    drawn = world_of(name)
    documents = [person.resident.document for person in drawn.cast.people] + [visitor.document for visitor in drawn.visitors]
    numbers = [document.number.reveal() for document in documents if document is not None]
    areas = [area for each in city_of(name).areas for area in (each.numbers_from, each.elders_from) if area]
    told = city_of(name).particulars.numbers
    made_up = [f"{area}195410310012" for area in (*areas, told.cast, told.visitors, told.newborns)]
    assert [wrong for number in (*numbers[-50:], *made_up) for wrong in person_numbers(f" {number} ")] == []


@every_city
def test_its_vectors_are_those_of_its_documents(name: str) -> None:
    folder = ROOT / name / "vectors"
    written = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.glob("**/*.json")}
    made = vector_files(folder_of(name))
    stale = [file for file in made if written.get(file) != made[file]]
    assert stale == [], f"run `ONECARD_CITY={name} onecard policy vectors --out cities/{name}/vectors`"
    assert written.keys() == made.keys()

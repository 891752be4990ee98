import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlops_ladder.errors import LadderError
from mlops_ladder.project.naming import is_package, package_name


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("churn", "churn"),
        ("Churn Model", "churn_model"),
        ("flight-delays.v2", "flight_delays_v2"),
        ("a", "a"),
        ("x" * 30, "x" * 30),
        (" churn ", "churn"),
    ],
)
def test_names_become_packages(name: str, package: str) -> None:
    assert package_name(name) == package


@pytest.mark.parametrize(
    ("name", "why", "instead"),
    [
        ("class", "keyword", "my-class"),
        ("match", "keyword", "my-match"),
        ("json", "would hide Python's own module 'json'", "my-json"),
        ("pandas", "would hide the module 'pandas'", "my-pandas"),
        ("2nd-try", "a letter first", "my-2nd-try"),
        ("größe", "ASCII", "groe"),
        ("学习", "ASCII", "my-model"),
        ("", "ASCII", "my-model"),
        ("..", "ASCII", "my-model"),
        ("x" * 31, "31 characters", "x" * 27),
        ("a;rm -rf", "ASCII", "a-rm-rf"),
        ("{{ 7 }}", "ASCII", "my-7"),
        ("_x", "underscore", "x"),
        ("a\nb", "ASCII", "a-b"),
        ("a\n", "ASCII", "a"),
        ("\N{KELVIN SIGN}", "ASCII", "k"),
    ],
)
def test_a_refusal_says_why_and_offers_a_near_name(name: str, why: str, instead: str) -> None:
    with pytest.raises(LadderError, match=why) as caught:
        package_name(name)

    assert caught.value.hint.startswith("For example: ")
    offered = caught.value.hint.removeprefix("For example: ")
    assert offered == instead
    assert package_name(offered)


@given(st.text(max_size=40))
def test_every_name_is_a_package_or_comes_with_one(name: str) -> None:
    try:
        package = package_name(name)
    except LadderError as error:
        package = package_name(error.hint.removeprefix("For example: "))
    assert package.isidentifier()
    assert not keyword.iskeyword(package)


@pytest.mark.parametrize(
    ("package", "name", "fits"),
    [
        ("late_flights", "Late Flights", True),
        ("late_flights", "late-flights", True),
        ("pandas", "pandas", True),  # taken today, and perhaps not when the project was made
        ("class", "class", True),
        ("p", "P", True),
        ("late_flights", "Late Trains", False),
        ("Late", "Late", False),
        ("_late", "_late", False),
        ("late_", "late_", False),
        ("1st", "1st", False),
        ("a/b", "a/b", False),
        ("../x", "../x", False),
        ("kelvin", "\u212aelvin", False),
        ("p", "p\n", False),
        ("p\n", "p\n", False),
        ("", "", False),
        ("x" * 30, "x" * 30, True),
        ("x" * 31, "x" * 31, False),
    ],
)
def test_a_package_that_a_project_has_is_what_its_name_gives(package: str, name: str, fits: bool) -> None:
    assert is_package(package, name) is fits


@given(st.text(st.characters(codec="ascii"), max_size=35))
def test_what_may_be_made_may_be_lifted(name: str) -> None:
    try:
        package = package_name(name)
    except LadderError:
        return
    assert is_package(package, name)

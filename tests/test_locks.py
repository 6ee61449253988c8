"""The locks alone decide what is installed: complete and consistent in themselves, shown without asking an index."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
HERE = {name: str(value) for name, value in default_environment().items()}
WINDOWS = {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"}
MACOS = {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin", "platform_machine": "arm64"}
LINUX = {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux", "platform_machine": "x86_64"}
ENVIRONMENTS = {
    f"{system['platform_system']}, Python {python}": HERE
    | system
    | {"python_version": python, "python_full_version": f"{python}.9", "extra": ""}
    for system in (LINUX, MACOS, WINDOWS)
    for python in ("3.11", "3.12", "3.13", "3.14")
}
"""Where people install the locks: markers choose by these."""

each_lock = pytest.mark.parametrize("lock", LOCKS)


def locked(lock: str, environment: dict[str, str] | None = None) -> dict[str, str]:
    """Package → version that a lock names, in one environment: this machine's where none is told."""
    lines = re.findall(r"^[A-Za-z0-9].*?(?= \\$)", (PROJECT / lock).read_text(encoding="utf-8"), re.MULTILINE)
    result = [Requirement(line) for line in lines]
    chosen = [one for one in result if one.marker is None or one.marker.evaluate(environment or HERE)]
    versions = {canonicalize_name(one.name): str(one.specifier).removeprefix("==") for one in chosen}
    assert len(versions) == len(chosen), f"{lock} names a package twice."
    return versions


def named_by_the_project(lock: str) -> list[Requirement]:
    """What pyproject.toml asks for, the developers' group too where the lock is theirs."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = list(project["project"]["dependencies"])
    if lock == "requirements-dev.lock":
        wanted += project["dependency-groups"]["dev"]
    return [Requirement(one) for one in wanted]


def asked_for(lock: str, environment: dict[str, str]) -> Iterator[tuple[str, Requirement]]:
    """Who asks for what: the project first, then each package that is asked for, with the extras asked of it.

    What a package asks for stands in its own metadata, so one of another version than the one installed here (where a
    marker chooses by Python or system) is looked at by name and version only.
    """
    waiting = [("pyproject.toml", one) for one in named_by_the_project(lock)]
    seen: set[tuple[str, str]] = set()
    while waiting:
        asker, wanted = waiting.pop()
        yield asker, wanted
        package = installed(wanted.name)
        for extra in ("", *wanted.extras):
            if package is None or (wanted.name, extra) in seen:
                continue
            seen.add((wanted.name, extra))
            for line in package.requires or ():
                needed = Requirement(line)
                if needed.marker is None or needed.marker.evaluate(environment | {"extra": extra}):
                    waiting.append((f"{package.name} {package.version}", needed))


def installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


@each_lock
def test_lock_is_what_is_installed_here(lock):
    packages = {name: installed(name) for name in locked(lock)}

    others = {
        name: package and package.version
        for name, package in packages.items()
        if package is None or package.version != locked(lock)[name]
    }

    assert not others


@pytest.mark.daily(8)
@each_lock
@pytest.mark.parametrize("where", ENVIRONMENTS)
def test_lock_holds_whatever_its_packages_ask_for_extras_and_markers_included(lock, where):
    environment = ENVIRONMENTS[where]
    versions = locked(lock, environment)

    unsatisfied = [
        f"{asker} asks for {wanted}, the lock names {version or 'none'}"
        for asker, wanted in asked_for(lock, environment)
        for version in (versions.get(canonicalize_name(wanted.name)),)
        if version is None or not wanted.specifier.contains(version, prereleases=True)
    ]

    assert versions
    assert not unsatisfied


@each_lock
def test_lock_holds_nothing_that_nobody_asks_for(lock):
    wanted = {canonicalize_name(requirement.name) for _, requirement in asked_for(lock, HERE)}

    assert set(locked(lock)) == wanted


@each_lock
def test_lock_names_versions_and_hashes_but_no_address(lock):
    text = (PROJECT / lock).read_text(encoding="utf-8")
    packages = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]

    assert packages
    assert not [package for package in packages if not re.match(r"\S+==\S+ [\s\S]*--hash=sha256:", package)]
    assert not re.search(r"https?:|--(extra-)?index-url|--find-links", text)


def test_tests_run_on_the_versions_that_people_run():
    for where, environment in ENVIRONMENTS.items():
        people, tests = (locked(lock, environment) for lock in LOCKS)

        assert people.items() <= tests.items(), where

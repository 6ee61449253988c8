"""Stores in the states that a page must have drawn on purpose, each made from what an office would do."""

import csv
import shutil
import socketserver
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from sqlmodel import Session, col, select

from jobs.campaigns.demonstration import SOURCE, Simulation, evening_of
from models.core.audit import ChangeContext, find_state
from models.core.settings import CAMPAIGNS
from models.core.store import Store
from models.readings.loading import Arrival, load_history
from models.results.inputs import baseline_points, load_campaign
from models.results.standing import find_standing
from models.tables import Baseline, SourceRow, UnitRow
from models.targets.checks import Dispute, request_check
from models.units.queries import find_units
from targets.values import Campaign, Unit
from tests.bench.bench_pages import COUNTRY, write_store
from tests.browser.serving import HOST, PROJECT, run_job, settings_of

TODAY = date(2024, 5, 7)
"""Where a demonstration stands."""
BUNDLED = CAMPAIGNS / "gia-lai-2024"
UNIT = "H21.58"
BY = "system:pictures"


@dataclass(frozen=True)
class Made:
    """A store that is ready to be served, and the settings to serve it with."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)


Maker = Callable[[Path, Path], Iterator[Made]]
"""Makes a store in a folder from a demonstration that it must not change; what it needs meanwhile ends with it."""


# --- before there are figures ---------------------------------------------------------------------------------------


def no_campaign(folder: Path, _demonstration: Path) -> Iterator[Made]:
    yield Made(folder / "home")


def no_targets(folder: Path, _demonstration: Path) -> Iterator[Made]:
    """A campaign of which the centre's targets are not known yet, and all its rules need them."""
    campaign = _campaign(folder)
    rule = (campaign / "indicators" / "online.toml").read_text(encoding="utf-8").partition("[rule]")[2]
    for file in (campaign / "indicators").glob("*.toml"):
        file.write_text(file.read_text(encoding="utf-8").partition("[rule]")[0] + "[rule]" + rule, encoding="utf-8")
    for name in ("central.csv", "registrations.csv"):
        heads = (campaign / name).read_text(encoding="utf-8").splitlines()[0]
        (campaign / name).write_text(f"{heads}\n", encoding="utf-8")
    made = Made(folder / "home", {"CAODIEM_CAMPAIGN": str(campaign)})
    _job(made, "init", "--demo")
    yield made


def no_readings(folder: Path, _demonstration: Path) -> Iterator[Made]:
    made = Made(folder / "home", {"CAODIEM_NOW": "2024-03-26T08:00"})
    _job(made, "init")
    yield made


def not_begun(folder: Path, _demonstration: Path) -> Iterator[Made]:
    made = Made(folder / "home", {"CAODIEM_NOW": "2024-03-19T15:00"})
    _job(made, "init")
    yield made


# --- a demonstration, and what may become of it ---------------------------------------------------------------------


def simulated(folder: Path, demonstration: Path) -> Iterator[Made]:
    yield _copied(folder, demonstration)


def partly_reported(folder: Path, demonstration: Path) -> Iterator[Made]:
    """Since 7 May only departments and five districts with their communes have told anything."""
    made = _copied(folder, demonstration, now="2024-05-14T18:00")
    few = ("H21.54", "H21.55", "H21.56", "H21.57", UNIT)

    def tells(unit: Unit) -> bool:
        return unit.level == "department" or unit.code in few or unit.parent in few

    _tell(made, _days(date(2024, 5, 8), date(2024, 5, 14)), tells=tells)
    yield made


def stale(folder: Path, demonstration: Path) -> Iterator[Made]:
    yield _copied(folder, demonstration, now="2024-05-17T08:00")


def past_the_end(folder: Path, demonstration: Path) -> Iterator[Made]:
    made = _copied(folder, demonstration, now="2024-07-02T18:00")
    _tell(made, _days(date(2024, 5, 8), date(2024, 7, 2)))
    yield made


def two_sources_disagree(folder: Path, demonstration: Path) -> Iterator[Made]:
    """Three units send files that tell a fifth less than the system; the files govern."""
    made = _copied(folder, demonstration)
    with _store(made).reading() as session:
        shown = find_standing(session, as_of=TODAY, units=[UNIT, "H21.54", "SCT"])
    rows = [
        (row.unit, row.indicator, f"{TODAY:%d/%m/%Y}", row.numerator * 8 // 10, row.denominator)
        for row in shown
        if row.indicator in ("online", "payment") and row.numerator is not None
    ]
    file = folder / "so-lieu.csv"
    with file.open("w", encoding="utf-8", newline="") as writing:
        csv.writer(writing, delimiter=";").writerows([("Đơn vị", "Chỉ số", "Ngày", "Tử số", "Mẫu số"), *rows])
    _job(made, "import", str(file), "--kind", "readings")
    yield made


def under_review(folder: Path, demonstration: Path) -> Iterator[Made]:
    made = _copied(folder, demonstration)
    store = _store(made)
    dispute = Dispute(UNIT, "online", "Sổ theo dõi tháng 5 có thêm 118 hồ sơ trực tuyến", date(2024, 5, 14))
    with store.writing() as session:
        request_check(session, dispute, context=ChangeContext(by=BY, reason="pictures", now=evening_of(TODAY)))
    store.close()
    yield made


def one_unit(folder: Path, _demonstration: Path) -> Iterator[Made]:
    """A campaign of one department: every file keeps the lines of it and of the province above."""
    campaign = _campaign(folder)
    kept = ("H21", "SGTVT")
    for name in ("units.csv", "baselines.csv", "registrations.csv", "scores.csv"):
        file = campaign / name
        with file.open(encoding="utf-8", newline="") as reading:
            heads, *rows = csv.reader(reading)
        with file.open("w", encoding="utf-8", newline="") as writing:
            csv.writer(writing).writerows([heads, *(row for row in rows if row[0] in kept)])
    made = Made(folder / "home", {"CAODIEM_CAMPAIGN": str(campaign)})
    _job(made, "init", "--demo")
    yield made


def campaign_workplace(folder: Path, demonstration: Path) -> Iterator[Made]:
    """Files of the campaign that may be written to, and a store that follows them."""
    campaign = _campaign(folder)
    copied = _copied(folder, demonstration)
    yield Made(copied.home, {"CAODIEM_CAMPAIGN": str(campaign)})


def country(folder: Path, _demonstration: Path) -> Iterator[Made]:
    """11,000 units with the results of one day; marked as simulated, as invented figures must be."""
    home = folder / "home"
    home.mkdir()
    write_store(home / "caodiem.db", COUNTRY)
    made = Made(home)
    store = _store(made)
    with store.writing() as session:
        state = find_state(session)
        state.simulated = True
        session.add(state)
        # It has results, no readings: nobody waits for more of them.
        source = session.exec(select(SourceRow).where(SourceRow.key == SOURCE)).one()
        source.enabled = False
        session.add(source)
        for unit in session.exec(select(UnitRow).where(col(UnitRow.code).startswith("U"))):
            unit.name = f"UBND xã số {unit.id}"
            session.add(unit)
    store.close()
    yield made


# --- a source that does not do what it should -----------------------------------------------------------------------


def source_failed(folder: Path, demonstration: Path) -> Iterator[Made]:
    """The provincial system told the online rate until 4 May; since then it has refused our key."""
    with _answering(_Refusing) as port:
        made = _with_provincial_system(folder, demonstration, port)
        _tell(made, _days(date(2024, 4, 20), date(2024, 5, 4)), source="igate", indicators=("online",))
        for day in _days(date(2024, 5, 5), date(2024, 5, 6)):
            _job(made, "pull", "igate", "--date", day.isoformat(), accepted=(1,))
    yield made


def being_refreshed(folder: Path, demonstration: Path) -> Iterator[Made]:
    """The provincial system is being asked and has not answered yet."""
    with _answering(_Silent) as port:
        made = _with_provincial_system(folder, demonstration, port)
        asking = subprocess.Popen(
            [sys.executable, "-m", "jobs", "pull", "igate"],
            cwd=PROJECT, env=settings_of(made.home, **made.settings), stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            if not _Silent.asked.wait(60):
                raise AssertionError("The provincial system was never asked.")
            yield made
        finally:
            asking.kill()
            asking.wait()
            _Silent.over.set()


class _Refusing(BaseHTTPRequestHandler):
    """A system that does not know our key."""

    def do_GET(self) -> None:
        self.send_response(401)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing between our own lines."""


class _Silent(_Refusing):
    """A system that takes its time."""

    asked = threading.Event()
    over = threading.Event()

    def do_GET(self) -> None:
        self.asked.set()
        self.over.wait()


@contextmanager
def _answering(handler: type[socketserver.BaseRequestHandler]) -> Iterator[int]:
    with ThreadingHTTPServer((HOST, 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_port
        finally:
            server.shutdown()


def _with_provincial_system(folder: Path, demonstration: Path, port: int) -> Made:
    """The demonstration's campaign, once the provincial system has been switched on at this address."""
    campaign = _campaign(folder)
    file = campaign / "sources.toml"
    before, after = file.read_text(encoding="utf-8").split("\n[igate]\n")
    after = after.replace("enabled = false", f'enabled = true\naddress = "http://{HOST}:{port}"', 1)
    file.write_text(f"{before}\n[igate]\n{after}", encoding="utf-8")
    copied = _copied(folder, demonstration)
    settings = {"CAODIEM_CAMPAIGN": str(campaign), "CAODIEM_IGATE_TOKEN": "of the pictures"}
    # Switched on two weeks ago: a source owes only the days since then.
    _job(Made(copied.home, settings | {"CAODIEM_NOW": "2024-04-20T08:00"}), "init")
    return Made(copied.home, settings)


# --- what they are made of ------------------------------------------------------------------------------------------


def _job(made: Made, *words: str, accepted: Sequence[int] = (0,)) -> None:
    outcome = subprocess.run(
        [sys.executable, "-m", "jobs", *words],
        cwd=PROJECT, env=settings_of(made.home, **made.settings), capture_output=True, text=True, encoding="utf-8",
        check=False,
    )  # fmt: skip
    if outcome.returncode not in accepted:
        raise AssertionError(f"jobs {' '.join(words)} ended with {outcome.returncode}:\n{outcome.stderr}")


def demonstrate(folder: Path) -> Path:
    """The home of a demonstration store, from which most others are copied."""
    home = folder / "demonstration"
    run_job(home, "init", "--demo")
    return home


def _copied(folder: Path, demonstration: Path, *, now: str | None = None) -> Made:
    home = folder / "home"
    shutil.copytree(demonstration, home)
    return Made(home, {} if now is None else {"CAODIEM_NOW": now})


def _campaign(folder: Path) -> Path:
    """A copy of the bundled campaign's files, to be changed."""
    return Path(shutil.copytree(BUNDLED, folder / BUNDLED.name))


def _store(made: Made) -> Store:
    return Store(f"sqlite:///{made.home / 'caodiem.db'}")


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _tell(
    made: Made,
    days: Sequence[date],
    *,
    tells: Callable[[Unit], bool] = lambda _: True,
    source: str = SOURCE,
    indicators: Sequence[str] = (),
) -> None:
    """Figures of more evenings, as the demonstration goes on, from the units that still tell any."""
    store = _store(made)
    with store.writing() as session:
        campaign = load_campaign(session)
        units = find_units(session)
        simulation = Simulation(campaign, units, _baselines(session, campaign, units))
        telling = {unit.unit_id for unit in units if tells(unit)}
        kept = indicators or [indicator.key for indicator in campaign.indicators]
        arrivals = []
        for day in days:
            evening = simulation.evening(day)
            frame = evening.frame
            frame = frame[frame["unit_id"].isin(telling) & frame["indicator"].isin(kept)]
            arrival = Arrival(kind="pull", source=source, received=len(frame))
            arrivals.append((ChangeContext(by=BY, reason="pictures", now=evening.received_at), arrival, frame))
        load_history(session, arrivals, context=ChangeContext(by=BY, reason="pictures", now=evening_of(days[-1])))
    store.close()


def _baselines(session: Session, campaign: Campaign, units: Sequence[Unit]) -> dict[tuple[str, str], float]:
    codes = {unit.unit_id: unit.code for unit in units}
    rows = session.exec(select(Baseline).where(Baseline.year == campaign.baseline_year))
    known = ((codes[row.unit_id], row.indicator, baseline_points(row)) for row in rows)
    return {(code, indicator): float(points) for code, indicator, points in known if points is not None}

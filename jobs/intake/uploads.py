"""Files that people hand in over the page: each read in a thread, previewed, and saved when somebody says so.

A file lies on the disk only while it is read. Its preview is held in memory until it is saved, discarded, or nobody can
ask for it any more. Nothing here draws: the page looks at an upload as often as it likes.
"""

import logging
import secrets
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import IO, Any, Literal

from jobs.imports.formats.limits import UPLOAD
from jobs.imports.values import Font, Kind, Limits
from jobs.intake.bring_in import FileReport, StoreChanged, save
from jobs.intake.file_reads import FileRead, read_in
from jobs.intake.previews import Preview, foresee
from models.core.audit import ChangeContext
from models.core.clock import business_day
from models.core.columns import storable_name
from models.core.permission import record_refusal
from models.core.store import Store
from targets.errors import CampaignError
from targets.permissions import Refused

LOG = logging.getLogger(__name__)
Stage = Literal["waiting", "reading", "comparing", "previewed", "saving", "saved", "failed", "cancelled"]
BUSY: tuple[Stage, ...] = ("waiting", "reading", "comparing", "saving")
READERS = 2
"""So many files are read at a time: reading takes a processor whole."""
MOST_HELD = 3_000_000
"""Figures of all previews together, about 80 bytes each; beyond it the one looked at longest ago is let go."""
PATIENCE = 300.0
"""Seconds without a look after which nobody counts as waiting. A browser lets a background page ask once a minute."""
TURN_CHECKED = 0.2
LONGEST_NAME = 80
"""Letters of a file's name."""
_TURNS = threading.BoundedSemaphore(READERS)
_HELD: "weakref.WeakSet[_Work]" = weakref.WeakSet()
_HOLDING = threading.Lock()


@dataclass(frozen=True)
class Asked:
    """How a file is to be read."""

    kind: Kind | Literal["auto"] = "auto"
    source: str = "file"
    as_of: date | None = None
    is_strict: bool = False
    font: Font = "unicode"
    choices: Mapping[str, str] = field(default_factory=dict)
    """Answers to what an earlier reading asked: key of the question → option."""
    is_anew: bool = False
    """Ask again what is remembered."""


@dataclass(frozen=True)
class Look:
    """An upload as it stands at one moment."""

    file: str
    asked: Asked
    stage: Stage = "waiting"
    done: int = 0
    total: int | None = None
    read: FileRead | None = None
    preview: Preview | None = None
    before: Preview | None = None
    """The preview that no longer held when it was to be saved; `preview` is the one after it."""
    report: FileReport | None = None
    context: ChangeContext | None = None
    """Who saved it and why."""
    problem: CampaignError | None = None

    @property
    def is_busy(self) -> bool:
        return self.stage in BUSY

    @property
    def may_be_saved(self) -> bool:
        """Whether saving would do anything, and is allowed by the choice to take all rows or none."""
        if self.stage != "previewed" or self.read is None or self.preview is None:
            return False
        if self.asked.is_strict and self.read.rejected:
            return False
        return bool(self.preview.counts.changes or self.read.rejected)


class GivenUp(CampaignError):
    """Nobody waits for this file any more."""


class _Cancelled(Exception):
    """The person who handed the file in has stopped its reading."""


class Upload:
    """One file of one person. Once nobody holds it any more, its reading stops and its preview is gone."""

    def __init__(
        self,
        store: Store,
        content: IO[bytes],
        *,
        name: str,
        asked: Asked,
        context: ChangeContext,
        limits: Limits = UPLOAD,
    ) -> None:
        self._work = _Work(store, name=safe_name(name), asked=asked, context=context, limits=limits)
        weakref.finalize(self, self._work.cancel).atexit = False
        self._work.begin(content)

    def look(self) -> Look:
        """What has become of the file so far. Looking is also how it is known that somebody waits."""
        return self._work.look()

    def cancel(self) -> None:
        """Stop reading, or let go of the preview. What is being saved is saved to its end."""
        self._work.cancel()

    def save(self, context: ChangeContext) -> None:
        """Begin to save what was previewed; does nothing where there is nothing that may be saved."""
        self._work.begin_saving(context)

    def wait(self, seconds: float) -> Look:
        """The upload once it is busy no more, or as it stands when the time is up."""
        self._work.settled.wait(seconds)
        return self.look()


def safe_name(name: str) -> str:
    """A file's name as its sender wrote it, without any folder, control character or absurd length."""
    bare = "".join(letter for letter in PurePosixPath(name.replace("\\", "/")).name if letter.isprintable()).strip(" .")
    stem, dot, ending = bare.rpartition(".")
    if len(bare) > LONGEST_NAME:
        bare = f"{stem[: LONGEST_NAME - len(ending[:8])]}{dot}{ending[:8]}" if dot else bare[:LONGEST_NAME]
    return storable_name(bare or "tep")


class _Work:
    """What the threads of an upload share. They hold this and never the upload itself, whose end must be noticed."""

    def __init__(self, store: Store, *, name: str, asked: Asked, context: ChangeContext, limits: Limits) -> None:
        self.store, self.context, self.limits = store, context, limits
        self.settled = threading.Event()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._look = Look(file=name, asked=asked)
        self._looked_at = time.monotonic()

    def look(self) -> Look:
        with self._lock:
            self._looked_at = time.monotonic()
            return self._look

    @property
    def idle(self) -> float:
        """Seconds since somebody looked."""
        return time.monotonic() - self._looked_at

    @property
    def held(self) -> int:
        read = self._look.read
        return 0 if read is None or self._look.stage != "previewed" else read.figures

    def begin(self, content: IO[bytes]) -> None:
        folder = Path(tempfile.mkdtemp(prefix="caodiem-upload-"))
        try:
            with (folder / self._look.file).open("wb") as file:
                shutil.copyfileobj(content, file)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._start(lambda: self._read(folder))

    def begin_saving(self, context: ChangeContext) -> None:
        with self._lock:
            if not self._look.may_be_saved:
                return
            self.settled.clear()
            self._look = replace(self._look, stage="saving", problem=None, before=None)
        self._start(lambda: self._save(context))

    def cancel(self) -> None:
        self._stop.set()
        with self._lock:
            if self._look.stage not in ("saving", "saved"):
                self._look = Look(file=self._look.file, asked=self._look.asked, stage="cancelled")

    def let_go(self) -> None:
        """Give up the preview for others that need its room."""
        given_up = GivenUp("The preview was let go: other files needed its room.", code="upload_let_go")
        with self._lock:
            if self._look.stage == "previewed":
                self._look = Look(file=self._look.file, asked=self._look.asked, stage="failed", problem=given_up)

    # --- in the threads ---------------------------------------------------------------------------------------------

    def _start(self, work: Callable[[], None]) -> None:
        threading.Thread(target=work, name=f"upload {self._look.file}", daemon=True).start()

    def _read(self, folder: Path) -> None:
        try:
            self._await_turn()
            try:
                self._now(stage="reading")
                read = self._read_file(folder)
            finally:
                _TURNS.release()
            self._now(stage="comparing", read=read)
            preview = foresee(self.store, read, context=self.context)
            self._now(stage="previewed", preview=preview)
            _make_room(self)
        except _Cancelled:
            self.cancel()
        except CampaignError as problem:
            self._settle(stage="failed", problem=problem, read=None, preview=None)
        except Exception:  # a thread has no caller that would report it
            ours = _stumbled()
            LOG.exception("An upload failed (reference %s)", ours.terms["reference"])
            self._settle(stage="failed", problem=ours, read=None, preview=None)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            self.settled.set()

    def _read_file(self, folder: Path) -> FileRead:
        asked = self._look.asked
        return read_in(
            self.store,
            folder / self._look.file,
            kind=asked.kind,
            source=asked.source,
            as_of=asked.as_of,
            today=business_day(self.context.now),
            limits=self.limits,
            font=asked.font,
            choices=asked.choices,
            is_anew=asked.is_anew,
            progress=lambda done, total: self._now(done=done, total=total),
        )

    def _await_turn(self) -> None:
        while not _TURNS.acquire(timeout=TURN_CHECKED):
            self._check_wanted()

    def _check_wanted(self) -> None:
        if self._stop.is_set():
            raise _Cancelled
        if self.idle > PATIENCE:
            raise GivenUp("Nobody waits for this file any more.", code="upload_given_up")

    def _save(self, context: ChangeContext) -> None:
        read, preview = self._look.read, self._look.preview
        assert read is not None  # noqa: S101  # what may be saved was read
        assert preview is not None  # noqa: S101  # and previewed
        try:
            report = save(self.store, read, preview, context=context)
        except Refused as refused:
            with self.store.writing() as session:
                record_refusal(session, refused, context=context)
            self._settle(stage="previewed", problem=refused)
        except StoreChanged as changed:
            self._settle_changed(changed, preview)
        except CampaignError as problem:
            self._settle(stage="previewed", problem=problem)
        except Exception:  # a thread has no caller that would report it
            ours = _stumbled()
            LOG.exception("An upload failed (reference %s)", ours.terms["reference"])
            self._settle(stage="previewed", problem=ours)
        else:
            read.parts.clear()
            self._settle(stage="saved", report=report, context=context)
        finally:
            self.settled.set()

    def _settle_changed(self, changed: StoreChanged, preview: Preview) -> None:
        if changed.preview is None:
            self._settle(stage="failed", problem=changed, read=None, preview=None)
        else:
            self._settle(stage="previewed", problem=changed, before=preview, preview=changed.preview)

    def _now(self, **known: Any) -> None:
        """How far reading has come; ends it where nobody wants it any more."""
        self._check_wanted()
        self._settle(**known)

    def _settle(self, **known: Any) -> None:
        with self._lock:
            if self._look.stage != "cancelled":
                self._look = replace(self._look, **known)


def _stumbled() -> CampaignError:
    """A mistake of ours: people are shown a reference, under which the log keeps the rest."""
    reference = secrets.token_hex(4)
    return CampaignError(f"A mistake of the program, {reference}.", code="upload_stumbled", reference=reference)


def _make_room(newest: _Work) -> None:
    """Let go of the previews looked at longest ago until all of them together fit."""
    with _HOLDING:
        _HELD.add(newest)
        waiting = sorted((work for work in _HELD if work is not newest and work.held), key=lambda work: work.idle)
        while waiting and newest.held + sum(work.held for work in waiting) > MOST_HELD:
            waiting.pop().let_go()

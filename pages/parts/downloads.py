"""Files that people take along: the one way for pages to offer one. Whoever asks for it leaves an entry behind."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from models.actions.trail import record_download
from pages.parts import visitors
from pages.parts.page import Visit
from targets.permissions import Permission


def draw_download(
    label: str,
    make: Callable[[], bytes],
    *,
    visit: Visit,
    subject: str,
    file_name: str,
    mime: str,
    key: str,
    permission: Permission = Permission.READ,
    told: Mapping[str, Any] | None = None,
) -> None:
    """A button under which a file is made once somebody asks for it; drawing it costs nothing.

    `subject` names in the trail what is taken along, `told` what it was narrowed to; `permission` is asked of the store
    again at that moment, however long the page has stood open.
    """
    what = {"file": file_name, **(told or {})}
    data = partial(_taken, make, visit, visitors.current_seat(), label, subject, what, permission)
    st.download_button(
        label, data=data, file_name=file_name, mime=mime, key=key, icon=":material/download:", on_click="ignore"
    )


def _taken(
    make: Callable[[], bytes],
    visit: Visit,
    seat: visitors.Seat,
    label: str,
    subject: str,
    told: Mapping[str, Any],
    permission: Permission,
) -> bytes:
    """The file, after its entry has been written. Raises Refused, and a store that refuses the entry gives no file."""
    visitors.check_reads_as_before(visit, seat)
    visitors.carry_out(
        visit,
        label,
        lambda session, deed: record_download(session, subject=subject, told=told, permission=permission, deed=deed),
        seat=seat,
    )
    return make()

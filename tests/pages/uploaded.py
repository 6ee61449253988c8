"""A file as a page finds it in its form: a slip, for which the gate holds the file."""

import tempfile

from pages.access.uploads import find_uploads


def slip_for(name: str, content: bytes, *, session: int | None = None) -> bytes:
    """The slip for a file that a sign-in has handed in; without one, where nobody has to sign in."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever lets go of it closes it
    file.write(content)
    file.flush()
    return find_uploads().hold(file, name, session=session, place=("page", name)).encode()

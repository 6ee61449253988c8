"""What a visitor meets when something goes wrong that nobody foresaw: a kind sentence and a reference, no details."""

import logging
import secrets

import streamlit as st

from models.texts import text
from pages.parts.session import current_query, language_of

LOG = logging.getLogger(__name__)


def show_failure(error: Exception) -> bool:
    """Log the error under a reference and show only the reference; answers that the error has been shown."""
    reference = secrets.token_hex(4)
    LOG.error("A page failed (reference %s)", reference, exc_info=error)
    st.error(text("frame.sorry", language_of(current_query()), reference=reference), icon=":material/error:")
    return True

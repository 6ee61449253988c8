"""The HTML document: Streamlit's own, in the reader's language; and a plain answer where there is no page."""

import asyncio
import re

import pytest
from starlette.applications import Starlette

from models.core.texts import LANGUAGES
from pages.access.sign_in import document as sign_in_document
from pages.kit.page import ADDRESSES


def asked(path, query=""):
    """Status and text of one request."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": [], "root_path": "",
    }  # fmt: skip
    asyncio.run(Starlette(routes=list(sign_in_document.ROUTES))(scope, receive, send))
    return sent[0]["status"], b"".join(part.get("body", b"") for part in sent[1:]).decode()


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_public_address_is_answered_with_the_document(address):
    status, html = asked(f"/{address}")

    assert status == 200
    assert html == sign_in_document.DOCUMENTS["vi"]


def test_document_says_its_language_and_our_name():
    for language in LANGUAGES:
        _, html = asked("/", f"lang={language}")

        assert f'<html lang="{language}"' in html
        assert "<title>Cao Điểm</title>" in html
        assert "./assets/icon.png" in html


def test_document_loads_what_streamlits_own_loads():
    scripts = re.compile(r'(?:src|href)="(\./static/[^"]+)"')

    assert scripts.findall(sign_in_document.DOCUMENTS["vi"]) == scripts.findall(sign_in_document.original())
    assert scripts.findall(sign_in_document.original())


def test_address_that_does_not_exist_is_answered_in_plain_words():
    status, html = asked("/nowhere")

    assert status == 404
    assert "Không có trang nào ở địa chỉ này." in html
    assert "There is no page at this address." in html


@pytest.mark.parametrize("path", ["/_stcore/health", "/favicon.png", "/static/js/index.js", "/gaps_", "/a/b"])
def test_what_is_no_word_is_left_to_streamlit(path):
    status, html = asked(path)

    assert status == 404
    assert html == "Not Found"

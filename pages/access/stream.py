"""A page's websocket, message by message: what a browser may send, what strangers are told, and how a page ends."""

import asyncio
from collections.abc import Callable

from google.protobuf.message import DecodeError  # type: ignore[import-untyped] # it publishes no types
from starlette.types import Message, Receive, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

REVOKED = 4401
"""Close code of a websocket whose session is over."""
SILENT, NO_TEXT, NO_MESSAGE, TOO_LARGE = 1001, 1003, 1007, 1009
"""Close codes for silence, a text, bytes that are no message of Streamlit's, and more than a stranger has to say."""
LAST_WORDS = 1.0
"""Seconds in which the page that asks to sign in reaches the browser before the websocket is closed."""
OF_PAGES = frozenset({"rerun_script", "stop_script", "file_urls_request", "app_heartbeat", "backend_operation_request"})
"""What our pages send. Streamlit knows more: whoever sends `clear_cache`, `set_run_on_save` or `load_git_info` empties
what all others wait for, changes how the server runs, or makes it look for a repository."""
OPERATIONS = frozenset({"deferred_file", "dataframe_chunk"})
"""Of the operations without a run those that our pages ask for; others would write beside the program."""
OF_STRANGERS = frozenset({"rerun_script"})
"""Before the sign-in a page is drawn, and says to sign in; nothing else happens."""
OF_VIEWERS = OF_STRANGERS | {"backend_operation_request"}
"""Where anybody may look, they take along what they see."""
LARGEST_OF_STRANGERS = 64 * 1024
"""Bytes of such a message at most."""


class Stream:
    """Hands on what a page of ours sends; what is no message ends it, what our pages never send is left out."""

    def __init__(
        self,
        receive: Receive,
        send: Send,
        *,
        allowed: frozenset[str] = OF_PAGES,
        most: int | None = None,
        patience: tuple[float, float] | None = None,
        pace: float = 0.0,
        noted: Callable[[BackMsg], None] | None = None,
        sent: Callable[[bytes], bytes] | None = None,
    ) -> None:
        self._receive, self._send = receive, send
        self._allowed, self._most, self._noted, self._sent = allowed, most, noted, sent
        self._patience: float | None
        self._later: float | None
        self._patience, self._later = patience or (None, None)
        self._pace, self._passed_at = pace, float("-inf")
        self._is_closed = False

    async def receive(self) -> Message:
        while True:
            try:
                message = await asyncio.wait_for(self._receive(), self._patience)
            except TimeoutError:
                return await self.close(SILENT)
            if message["type"] != "websocket.receive":
                return message
            self._patience = self._later
            payload = message.get("bytes")
            if payload is None:
                return await self.close(NO_TEXT)
            if self._most is not None and len(payload) > self._most:
                return await self.close(TOO_LARGE)
            try:
                asked = BackMsg.FromString(payload)
            except DecodeError:
                return await self.close(NO_MESSAGE)
            if self._is_passed(asked):
                await self._keep_pace()
                if self._noted is not None:
                    self._noted(asked)
                return message

    async def _keep_pace(self) -> None:
        """Wait where the message before came a moment ago: until then nothing more is read."""
        loop = asyncio.get_running_loop()
        early = self._passed_at + self._pace - loop.time()
        if early > 0:
            await asyncio.sleep(early)
        self._passed_at = loop.time()

    def _is_passed(self, asked: BackMsg) -> bool:
        kind = asked.WhichOneof("type")
        if kind == "backend_operation_request":
            return kind in self._allowed and asked.backend_operation_request.WhichOneof("payload") in OPERATIONS
        return kind in self._allowed

    async def send(self, message: Message) -> None:
        if self._is_closed:  # what was drawn meanwhile reaches nobody any more
            return
        if self._sent is not None and message["type"] == "websocket.send" and message.get("bytes") is not None:
            message = {**message, "bytes": self._sent(message["bytes"])}
        await self._send(message)

    async def close(self, code: int) -> Message:
        """End it from our side; answers what the application behind hears of it."""
        await self.send({"type": "websocket.close", "code": code})
        self._is_closed = True
        return {"type": "websocket.disconnect", "code": code}


class EndingStream:
    """A page's websocket that says the page should be drawn anew once its session is over, and ends soon after."""

    def __init__(self, stream: Stream, is_over: asyncio.Event, noted: Callable[[], None]) -> None:
        self._stream, self._is_over, self._noted = stream, is_over, noted
        self._last_run = BackMsg()
        self._is_ending = False

    async def receive(self) -> Message:
        if self._is_ending:
            await asyncio.sleep(LAST_WORDS)
            return await self._stream.close(REVOKED)
        message = asyncio.ensure_future(self._stream.receive())
        end = asyncio.ensure_future(self._is_over.wait())
        _, waiting = await asyncio.wait({message, end}, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        if self._is_over.is_set():
            self._is_ending = True
            return {"type": "websocket.receive", "bytes": self._drawn_anew()}
        received = message.result()
        self._noted()
        self._remember(received)
        return received

    async def send(self, message: Message) -> None:
        await self._stream.send(message)

    def _remember(self, message: Message) -> None:
        """Which page was run last, with which choices in its address."""
        sent = BackMsg.FromString(message.get("bytes") or b"")
        if sent.WhichOneof("type") == "rerun_script" and not sent.rerun_script.fragment_id:
            self._last_run = sent

    def _drawn_anew(self) -> bytes:
        """The last run again, as the browser asks for it, without anything that was typed or pressed."""
        again = BackMsg()
        again.CopyFrom(self._last_run)
        again.rerun_script.ClearField("widget_states")
        return bytes(again.SerializeToString())


def without_our_house(payload: bytes, *, keeps_pages: bool = False) -> bytes:
    """A message of Streamlit's without versions, paths on this machine and, unless all may look, the list of pages."""
    sent = ForwardMsg.FromString(payload)
    kind = sent.WhichOneof("type")
    if kind == "new_session":
        begun = sent.new_session
        begun.name = begun.main_script_path = ""
        # There still, but empty: the page in the browser asks for them.
        for part in (begun.initialize.environment_info, begun.initialize.user_info):
            part.Clear()
            part.SetInParent()
        if not keeps_pages:
            _keep_page(begun.app_pages, begun.page_script_hash)
    elif kind == "navigation" and not keeps_pages:
        _keep_page(sent.navigation.app_pages, sent.navigation.page_script_hash)
    else:
        return payload
    return bytes(sent.SerializeToString())


def _keep_page(pages: object, page: str) -> None:
    """Of a list of pages the one that was asked for."""
    kept = [each for each in pages if each.page_script_hash == page]  # type: ignore[attr-defined]
    del pages[:]  # type: ignore[attr-defined]
    pages.extend(kept)  # type: ignore[attr-defined]

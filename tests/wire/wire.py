"""A connection between a client and a server of this machine that can be cut, stopped up or made slow."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

CHUNK_BYTES = 65536

Judge = Callable[[bytes], bool]


def containing(*texts: str) -> Judge:
    """Return what recognises a message of the client that contains one of some texts."""
    return lambda message: any(text.encode() in message for text in texts)


def number(wanted: int) -> Judge:
    """Return what recognises the client's message of a number, the first being 1, over all its connections."""
    seen = 0

    def judge(_: bytes) -> bool:
        nonlocal seen
        seen += 1
        return seen == wanted

    return judge


def after(first: Judge, then: Judge) -> Judge:
    """Return what recognises a message only once another has come."""
    come = False

    def judge(message: bytes) -> bool:
        nonlocal come
        if not come:
            come = first(message)
            return False
        return then(message)

    return judge


@dataclass
class Wire:
    """Passes on what both sides say, until told otherwise; a fault that waits for a message happens once."""

    to_port: int
    port: int = 0
    swallowing: bool = False
    """Whether whatever is said is lost, and the connections stay open."""
    awake_at: float = 0.0
    """When connections are answered, by the clock of the event loop."""
    cut_before: Judge | None = None
    """Which message of the client does not reach the server any more: both sides are cut off."""
    cut_after: Judge | None = None
    """Which message of the client reaches the server, whose answer is lost: the client is cut off."""
    swallow_from: Judge | None = None
    """From which message of the client on everything is lost."""
    connections: int = 0
    """How many connections clients made."""
    messages: int = 0
    """How many messages of clients came."""
    cuts: int = 0
    """How many connections were cut."""
    _server: asyncio.Server | None = None
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def listen(self) -> None:
        """Take connections, at the same port as before."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def refuse(self) -> None:
        """Take no more connections, and cut those that there are."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.cut()

    def cut(self) -> None:
        """Cut all connections."""
        self.cuts += len(self._open) // 2
        for writer in self._open:
            writer.transport.abort()
        self._open.clear()

    def sleep(self, seconds: float) -> None:
        """Answer nobody for so long, as a server does that has to wake up."""
        self.awake_at = asyncio.get_running_loop().time() + seconds

    def mend(self) -> None:
        """Pass everything on again."""
        self.swallowing, self.awake_at = False, 0.0
        self.cut_before = self.cut_after = self.swallow_from = None

    async def close(self) -> None:
        """Cut everything and end."""
        await self.refuse()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.connections += 1
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._open.add(writer)
        with suppress(asyncio.CancelledError, OSError):
            await asyncio.sleep(self.awake_at - asyncio.get_running_loop().time())
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self.to_port)
            self._open.add(server_writer)
            await asyncio.gather(
                self._answers(server_reader, writer), self._questions(reader, server_writer, writer)
            )

    async def _answers(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        async for data in _chunks(reader):
            if not self.swallowing:
                client.write(data)
        self._end(client)

    async def _questions(
        self, reader: asyncio.StreamReader, server: asyncio.StreamWriter, client: asyncio.StreamWriter
    ) -> None:
        async for data in _chunks(reader):
            self.messages += 1
            if self.cut_before is not None and self.cut_before(data):
                self.cut_before = None
                self.cuts += 1
                client.transport.abort()
                break
            if self.swallow_from is not None and self.swallow_from(data):
                self.swallowing = True
            if self.swallowing:
                continue
            if self.cut_after is not None and self.cut_after(data):
                self.cut_after = None
                self.cuts += 1
                client.transport.abort()
                server.write(data)
                await asyncio.sleep(0.05)
                break
            server.write(data)
        self._end(server)

    def _end(self, writer: asyncio.StreamWriter) -> None:
        self._open.discard(writer)
        writer.close()


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Yield what arrives, until the end of the connection or its loss."""
    while True:
        try:
            data = await reader.read(CHUNK_BYTES)
        except OSError:
            return
        if not data:
            return
        yield data


@asynccontextmanager
async def wire_to(port: int, *, at: int = 0) -> AsyncIterator[Wire]:
    """Yield a wire to a port of this machine; its own port is `wire.port`, by default any."""
    wire = Wire(port, at)
    await wire.listen()
    try:
        yield wire
    finally:
        await wire.close()

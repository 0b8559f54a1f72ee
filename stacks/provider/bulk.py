"""Creates of one type that are wanted at about the same time go to the cloud in one request, where its API takes a list."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable

from stacks.provider.base import Inputs, Remote, Resource, Wanted

SIZE = 100  # members of one request: Neutron takes more, and then takes longer for each
WINDOW_S = 0.05  # a program registers a resource in a few milliseconds
Key = tuple[str, str]
Batch = Callable[[], list[Wanted]]
Send = Callable[[Resource, Batch], Awaitable[dict[str, Remote]]]


class Bulk:
    """`send` calls for the batch when its turn has come, makes it, and answers by marker; what is not in its answer is to be made alone.

    What arrives while a request with others of its kind is on its way waits for that, so that a slow cloud is asked for more at a time.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: dict[Key, deque[tuple[Wanted, asyncio.Future[Remote | None]]]] = {}
        self._senders: Counter[Key] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()

    async def make(self, kind: Resource, want: Inputs, marker: str) -> Remote | None:
        """The object if it was made with others; None: make it alone."""
        key = (kind.token, kind.bulk_with(want))
        answer: asyncio.Future[Remote | None] = asyncio.get_running_loop().create_future()
        waiting = self._waiting.setdefault(key, deque())
        waiting.append((Wanted(want, marker), answer))
        if not self._senders[key] or len(waiting) % SIZE == 0:
            self._senders[key] += 1
            task = asyncio.create_task(self._run(kind, key))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await answer

    async def _run(self, kind: Resource, key: Key) -> None:
        """Send what waits until nothing does."""
        waiting = self._waiting[key]
        known = 0
        while known < len(waiting) < SIZE:
            known = len(waiting)
            await asyncio.sleep(WINDOW_S)
        while waiting:
            await self._turn(kind, waiting)
        self._senders[key] -= 1

    async def _turn(self, kind: Resource, waiting: deque[tuple[Wanted, asyncio.Future[Remote | None]]]) -> None:
        taken: list[tuple[Wanted, asyncio.Future[Remote | None]]] = []

        def batch() -> list[Wanted]:  # in the sender's thread, while more may be arriving
            while waiting and len(taken) < SIZE:
                taken.append(waiting.popleft())
            return [wanted for wanted, _ in taken]

        made: dict[str, Remote] = {}
        failed: Exception | None = None
        try:
            made = await self._send(kind, batch)
        except Exception as error:
            failed = error
        for wanted, answer in taken:
            if answer.done():  # who wanted it does not wait any more
                continue
            if failed is not None:
                answer.set_exception(failed)
            else:
                answer.set_result(made.get(wanted.marker))

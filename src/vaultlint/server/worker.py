"""The thread that does the work, so that reading messages of the client never waits for it."""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from threading import Condition, Thread
from typing import Any, TypeVar

T = TypeVar("T")

_LOGGER = logging.getLogger(__name__)


class Worker:
    """Runs jobs in order; when there are none, one step of a longer job.

    Only this thread uses the vaults, so nothing needs locks.
    """

    def __init__(self) -> None:
        self._jobs: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._slow: deque[Iterator[object]] = deque()
        self._waiting = Condition()
        self._stopped = False
        self._thread = Thread(target=self._run, name="vaultlint", daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[], T]) -> "Future[T]":
        """Queue a job; if its future is cancelled before it starts, it is dropped."""
        future: Future[T] = Future()
        with self._waiting:
            self._jobs.append((future, job))
            self._waiting.notify()
        return future

    def submit_slow(self, steps: Iterator[object]) -> None:
        """Queue a job that runs in steps; other jobs go first."""
        with self._waiting:
            self._slow.append(steps)
            self._waiting.notify()

    def stop(self) -> None:
        """Start no further jobs."""
        with self._waiting:
            self._stopped = True
            self._waiting.notify()

    def _run(self) -> None:
        while True:
            with self._waiting:
                self._waiting.wait_for(lambda: self._stopped or self._jobs or self._slow)
                if self._stopped:
                    return
                future, job = self._jobs.popleft() if self._jobs else (None, None)
                steps = None if job is not None else self._slow.popleft()
            if future is not None and job is not None:
                _do(future, job)
            elif steps is not None and _has_more(steps):
                with self._waiting:
                    self._slow.append(steps)


def _do(future: "Future[Any]", job: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(job())
    except BaseException as error:  # the waiting thread gets it
        future.set_exception(error)


def _has_more(steps: Iterator[object]) -> bool:
    try:
        next(steps)
    except StopIteration:
        return False
    except Exception:  # a bug must not end the thread
        _LOGGER.exception("work in the background failed")
        return False
    return True

"""One timer for many deadlines: who is late is ended, who is not is left alone."""

import asyncio

import pytest

from wirewatch_connectors.deadlines import Deadlines


async def answer(word: str, after: asyncio.Event | None = None) -> str:
    """Give a word, perhaps when something has happened."""
    if after is not None:
        await after.wait()
    return word


async def test_work_in_time_gives_its_result_and_work_that_is_late_ends() -> None:
    """Of work that hangs and work that does not, each gets its own end."""
    deadlines = Deadlines(0.02)
    hangs = [asyncio.create_task(deadlines.keep(answer("never", asyncio.Event()))) for _ in range(3)]
    assert await deadlines.keep(answer("soon")) == "soon"
    done, waiting = await asyncio.wait(hangs, timeout=10)
    assert len(done) == 3
    assert not waiting
    assert all(isinstance(task.exception(), TimeoutError) for task in done)
    assert all(not task.cancelled() for task in done)


async def test_a_later_deadline_is_kept_after_an_earlier_one_passed() -> None:
    """The timer goes on to who began later; a task may have one deadline after another."""
    deadlines = Deadlines(0.02)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            await deadlines.keep(answer("never", asyncio.Event()))
    assert await deadlines.keep(answer("soon")) == "soon"


async def test_work_that_ended_is_never_cancelled_by_its_old_deadline() -> None:
    """The task lives on past the deadline of what it did before."""
    deadlines = Deadlines(0.01)
    assert await deadlines.keep(answer("soon")) == "soon"
    await asyncio.wait({asyncio.ensure_future(asyncio.Event().wait())}, timeout=0.05)
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_who_is_cancelled_by_another_is_cancelled_and_not_late() -> None:
    """A stop stays a stop, also when the deadline passes in the same moment."""
    deadlines = Deadlines(0.01)
    begun = asyncio.Event()

    async def work() -> str:
        begun.set()
        return await deadlines.keep(answer("never", asyncio.Event()))

    stopped = asyncio.create_task(work())
    await begun.wait()
    stopped.cancel()
    await asyncio.wait({stopped})
    assert stopped.cancelled()
    both = asyncio.create_task(work())
    await asyncio.sleep(0)
    deadlines._ends[both] = 0.0
    deadlines._sweep(asyncio.get_running_loop())
    both.cancel()
    await asyncio.wait({both})
    assert both.cancelled()
    deadlines.close()


async def test_errors_of_the_work_come_through() -> None:
    """What the work raises is not disguised."""

    async def fail() -> None:
        raise OSError("no route")

    deadlines = Deadlines(10)
    with pytest.raises(OSError, match="no route"):
        await deadlines.keep(fail())
    deadlines.close()
    assert not deadlines._ends

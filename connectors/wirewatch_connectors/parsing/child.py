"""The process that reads what strangers wrote: `python -P -m wirewatch_connectors.parsing.child WORK CPU AS`.

After its imports it can open no file and no socket (its descriptors are used up), has no environment worth reading,
and dies at its CPU or memory limit. It reads questions from stdin and writes answers to stdout until stdin ends.
"""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import importlib
import os
import resource
import sys
import traceback

from wirewatch.errors import ParseError
from wirewatch_connectors.parsing.codec_names import ALLOWED_CODECS
from wirewatch_connectors.parsing.dating import EARLIEST
from wirewatch_connectors.parsing.decoding import LIKELY_ENCODINGS, decode_body
from wirewatch_connectors.parsing.frames import HEADER, Answer, Question, pack, unpack_question
from wirewatch_connectors.parsing.judging import judge
from wirewatch_connectors.parsing.reading import read_feed

#: No encoding's own bytes: reading them loads what recognising encodings needs.
_SAMPLES = (b"<a>" + bytes(range(0x80, 0x100)) * 4 + b"</a>", "<a>крушение в гавани</a>".encode("koi8-r") * 9)
#: The most that Linux grants to anybody.
_PIPE_BYTES = 1 << 20


def main() -> None:
    """Serve until stdin ends."""
    work, cpu_seconds, address_space_bytes = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    warm_up(work)
    for descriptor in (0, 1):
        # Bodies are far larger than a pipe's usual 64 kB; where the system grants no more, they take more turns.
        with contextlib.suppress(OSError, AttributeError):
            fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    out = os.dup(1)
    # A library that prints must not write into the frames.
    os.dup2(2, 1)
    # Opened while it can be: the peak that the kernel keeps would count the parent's memory, inherited at the fork.
    memory = os.open("/proc/self/statm", os.O_RDONLY) if sys.platform == "linux" else -1
    confine(max(out, memory), address_space_bytes)
    while (header := _read_exactly(HEADER.size)) is not None:
        body = _read_exactly(HEADER.unpack(header)[0])
        if body is None:
            return
        allow_cpu(cpu_seconds)
        answer = answer_question(unpack_question(body))
        # After a refused allocation nothing here is to be trusted; after a large one the memory stays with us.
        last = answer.reason == "too_big" or _resident_bytes(memory) > address_space_bytes // 2
        _write_all(out, pack(answer, last=last))
        if last:
            return


def warm_up(work: str) -> None:
    """Load now what later could not be opened any more."""
    for name in (*ALLOWED_CODECS, *LIKELY_ENCODINGS):
        codecs.lookup(name)
    for sample in _SAMPLES:
        decode_body(sample, "")
    for document in ("<rss><channel><item><title>x</title></item></channel></rss>", "<rss><item><title>&x"):
        judge(document, base="", language=None, now=EARLIEST)
    for module in ("encodings.idna", "stringprep", "unicodedata"):
        importlib.import_module(module)

    if work == "page":
        from wirewatch_connectors.parsing import pages

        pages.warm_up()


def confine(last_descriptor: int, address_space_bytes: int) -> None:
    """Close the doors: no descriptor beyond the last one in use, no file growth, no core, a bound on memory."""
    os.closerange(last_descriptor + 1, 1024)
    resource.setrlimit(resource.RLIMIT_NOFILE, (last_descriptor + 1, last_descriptor + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.platform == "linux":
        # Elsewhere the kernel refuses or ignores it; the time limits still hold.
        resource.setrlimit(resource.RLIMIT_AS, (address_space_bytes, address_space_bytes))


def allow_cpu(seconds: int) -> None:
    """Let this process use so many seconds from now on; beyond them the kernel ends it."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (used + 1 + seconds, hard))


def answer_question(question: Question) -> Answer:
    """Do the work; every failure is an answer."""
    try:
        if question.work == "page":
            from wirewatch_connectors.parsing import pages

            return Answer(text=pages.extract_text(question.body, question.content_type, question.url))
        assert question.now is not None
        feed = read_feed(
            question.body,
            content_type=question.content_type,
            url=question.url,
            known=frozenset(question.known),
            now=question.now,
        )
        return Answer(feed=feed)
    except ParseError as error:
        return Answer(error=str(error), reason=error.reason)
    except MemoryError:
        return Answer(error="needs more memory than it may have", reason="too_big")
    except Exception:  # noqa: BLE001  # the parent decides; a feed must not end the child without a word
        return Answer(error=traceback.format_exc(limit=-6), reason="bug")


def _resident_bytes(statm: int) -> int:
    if statm < 0:
        return 0
    return int(os.pread(statm, 64, 0).split()[1]) * resource.getpagesize()


def _read_exactly(size: int) -> bytes | None:
    parts: list[bytes] = []
    while size:
        part = os.read(0, min(size, 1 << 20))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _write_all(descriptor: int, body: bytes) -> None:
    view = memoryview(body)
    while view:
        view = view[os.write(descriptor, view) :]


if __name__ == "__main__":
    main()

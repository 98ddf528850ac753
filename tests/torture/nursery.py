"""Where the processes of the service are born: `python -m tests.torture.nursery`.

It has read the program and the language model once; each process is forked from it, so that a
start costs tenths of a second and not three seconds of processor. What a start does with the
database, the key and the schema, each process does anew. It is a process of its own, because one
that runs an event loop must not be forked.
"""

import gc
import json
import os
import signal
import sys
import traceback
from typing import Any

from bot.config import Config
from bot.service import app as app_module
from flows.policy import answers
from tests.torture import child


def born(order: dict[str, Any]) -> None:
    """Become a process of the service."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    commands = os.open(order["commands"], os.O_RDONLY)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number, file in ((0, commands), (1, log), (2, log)):
        os.dup2(file, number)
    os.environ.update(order["environment"])
    sys.argv = ["child", *order["arguments"]]
    try:
        child.main()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)  # not sys.exit: the model's library would look for threads that were not forked


def tell(*words: object) -> None:
    """One line to the driver, whole."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def bury(*_: object) -> None:
    """Say who has ended, and how."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        tell("ended", pid, os.waitstatus_to_exitcode(status))


def main() -> None:
    """One line on standard input is one birth."""
    engine = app_module.open_engine(Config())
    answers.index()
    setattr(app_module, "open_engine", lambda _config: engine)  # noqa: B010 - it is a function
    __import__("bot.channels.telegram_client")
    __import__("storage.migrate")
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, bury)
    tell("awake", os.getpid())
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            born(json.loads(line))
        tell("born", pid)


if __name__ == "__main__":
    main()

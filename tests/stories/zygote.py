"""Many commands, each in a process of its own that need not import the program again: a fork for each line on stdin."""

import json
import os
import sys
import traceback
from typing import Any

from onecard.cli.main import main


def run(call: dict[str, Any]) -> int:
    """Be the command *call*: its folder, environment, arguments, and files for what it says."""
    os.chdir(call["folder"])
    os.environ.clear()
    os.environ.update(call["environment"])
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for stream, path in ((1, call["out"]), (2, call["err"])):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), stream)
    sys.argv = ["onecard", *call["arguments"]]
    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


for line in sys.stdin:
    told = json.loads(line)
    child = os.fork()
    if child == 0:
        os._exit(run(told))
    _, status, usage = os.wait4(child, 0)
    cpu_seconds = usage.ru_utime + usage.ru_stime
    print(json.dumps({"code": os.waitstatus_to_exitcode(status), "cpu_seconds": cpu_seconds}), flush=True)

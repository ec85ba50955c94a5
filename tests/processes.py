# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes as /proc shows them, and waiting for them."""
import os, time

# Generous: as long as this takes only what will never come, whatever else the machine does.
WAIT_SECONDS = 60


def stat_of(pid):
    """State and parent; of what is gone an X and 0."""
    try:
        with open(f'/proc/{pid}/stat', encoding='utf-8', errors='replace') as f:
            state, parent = f.read().rpartition(')')[2].split()[:2]
            return state, int(parent)
    except (FileNotFoundError, ProcessLookupError):
        return 'X', 0


def children_of(pid):
    """All processes below it."""
    below = {}
    for name in filter(str.isdigit, os.listdir('/proc')):
        below.setdefault(stat_of(name)[1], []).append(int(name))
    found, todo = [], [pid]
    while todo:
        more = below.get(todo.pop(), [])
        found += more
        todo += more
    return found


def is_running(pid):
    return stat_of(pid)[0] not in ('Z', 'X')


def outlive(pids):
    """Those of the processes that are still there after their time."""
    for _ in range(100):
        pids = [pid for pid in pids if is_running(pid)]
        if not pids:
            return []
        time.sleep(0.02)
    return pids


def tasks_of(batch):
    """Its children that read documents: each leads a group of processes."""
    tasks = []
    for pid in children_of(batch):
        try:
            tasks += [pid] if stat_of(pid)[1] == batch and os.getpgid(pid) == pid else []
        except ProcessLookupError:
            pass
    return tasks


def forker_of(batch):
    """Its first child, which starts the tasks (cli/batch/forker.h)."""
    tasks = tasks_of(batch)
    return next((pid for pid in sorted(children_of(batch)) if stat_of(pid)[1] == batch
                 and is_running(pid) and pid not in tasks), None)


def stopped_below(pid, but=()):
    """A process below it that has stopped itself (fault=stop) and is none of these; or None."""
    return next((p for p in children_of(pid) if p not in but and stat_of(p)[0] == 'T'), None)


def bytes_read(pid):
    """How much it has read from anywhere."""
    with open(f'/proc/{pid}/io', encoding='ascii') as f:
        return int(f.readline().split()[1])


def wait_until(there, process):
    """What there() says, once it says something; or what it says last when the process (subprocess.Popen)
    has ended, or all time is over."""
    end = time.monotonic() + WAIT_SECONDS
    while not (found := there()) and process.poll() is None and time.monotonic() < end:
        time.sleep(0.01)
    return found


def give_up(process, what):
    """The fault that something has not come to be."""
    process.kill()
    return [f'{what}: it never came: {process.communicate()[1]}']

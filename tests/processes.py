# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes as /proc shows them."""
import os, time


def children_of(pid):
    """All processes below it."""
    below = {}
    for name in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{name}/stat', encoding='utf-8', errors='replace') as f:
                parent = int(f.read().rpartition(')')[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        below.setdefault(parent, []).append(int(name))
    found, todo = [], [pid]
    while todo:
        more = below.get(todo.pop(), [])
        found += more
        todo += more
    return found


def is_running(pid):
    try:
        with open(f'/proc/{pid}/stat', encoding='utf-8', errors='replace') as f:
            return f.read().rpartition(')')[2].split()[0] not in ('Z', 'X')
    except (FileNotFoundError, ProcessLookupError):
        return False


def outlive(pids):
    """Those of the processes that are still there after their time."""
    for _ in range(100):
        pids = [pid for pid in pids if is_running(pid)]
        if not pids:
            return []
        time.sleep(0.02)
    return pids

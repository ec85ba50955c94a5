# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a program under limits, and says what it took."""
import os, resource, signal, subprocess, tempfile, time




class Result:
    """code: exit code, negative for a signal, None when it was too slow. seconds: wall. processor:
    user and system seconds, of workers too. memory: bytes of the largest process. left_running:
    whether a process of its group outlived it."""

    def __init__(self, code, seconds, usage, left_running, out, err):
        self.code, self.seconds, self.out, self.err = code, seconds, out, err
        self.left_running = left_running
        self.processor = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss * 1024


def no_core():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def group_is_alive(group):
    """Whether a process of this group is there a moment later: what was killed takes its time."""
    for _ in range(20):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.05)
    os.killpg(group, signal.SIGKILL)
    return True


def catches_interrupt(pid):
    try:
        with open(f'/proc/{pid}/status', encoding='ascii', errors='replace') as f:
            caught = next(line.split()[1] for line in f if line.startswith('SigCgt:'))
        return bool(int(caught, 16) >> (signal.SIGINT - 1) & 1)
    except (OSError, StopIteration):
        return False


def run(command, seconds, stdin=None, stdout=None, interrupt_after=None, environment=None):
    """stdin, stdout: open files; without stdout what is printed is in the result. The command and all
    its children are ended after so many seconds, or told SIGINT after interrupt_after, once it listens to
    that: before, it has not begun."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.monotonic()
        process = subprocess.Popen(command, stdin=stdin or subprocess.DEVNULL, stdout=stdout or out,
                                   stderr=err, start_new_session=True, preexec_fn=no_core,
                                   env=dict(os.environ, **(environment or {})))
        status, usage, late = None, None, False
        while status is None:
            pid, code, usage = os.wait4(process.pid, os.WNOHANG)
            now = time.monotonic() - start
            if pid:
                status = code
            elif now > seconds:
                late = True
                os.killpg(process.pid, signal.SIGKILL)
                _, status, usage = os.wait4(process.pid, 0)
            else:
                if interrupt_after is not None and now > interrupt_after and catches_interrupt(process.pid):
                    os.kill(process.pid, signal.SIGINT)
                    interrupt_after = None
                time.sleep(min(0.02, now / 20 + 0.0005))
        took = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        for f in (out, err):
            f.seek(0)
        return Result(None if late else process.returncode, took, usage,
                      group_is_alive(process.pid), out.read(),
                      err.read().decode(errors='replace'))

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""slurm.py BUILD   scripts/slurm-batch on a real Slurm, Debian's, which this starts on the loopback
and stops: an array of 8 shards over an archive with a document that crashes (by yomijun-faults) gives
the bytes of one process. Skipped, with words, where Slurm is not installed or cannot be started."""
import os, pwd, shutil, signal, socket, subprocess, sys, tempfile, time

import make_archive

YOMIJUN = make_archive.program(os.path.abspath(sys.argv[1]))
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SHARDS = 8
SKIPPED = 77
START_SECONDS, ARRAY_SECONDS = 30, 300
NEEDED = ('munged', 'slurmctld', 'slurmd', 'sbatch', 'sinfo', 'squeue', 'scancel')

CONFIGURATION = '''
ClusterName=yomijun-test
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge.socket
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
SchedulerParameters=batch_sched_delay=0
NodeName={host} NodeAddr=127.0.0.1 CPUs={processors} State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
'''


class Skip(Exception):
    pass


def free_ports(n):
    """Ports that nobody has now."""
    found = [socket.socket() for _ in range(n)]
    for s in found:
        s.bind(('127.0.0.1', 0))
    ports = [s.getsockname()[1] for s in found]
    for s in found:
        s.close()
    return ports


class Cluster:
    """Munge and Slurm, of this user, in a folder."""

    def __init__(self, folder):
        self.folder, self.processes = folder, []
        self.environment = dict(os.environ, SLURM_CONF=os.path.join(folder, 'slurm.conf'))

    def start(self):
        for name in ('state', 'spool'):
            os.mkdir(os.path.join(self.folder, name))
        with open(os.path.join(self.folder, 'munge.key'), 'wb') as f:
            os.chmod(f.name, 0o600)
            f.write(os.urandom(128))
        with open(self.environment['SLURM_CONF'], 'w', encoding='ascii') as f:
            f.write(CONFIGURATION.format(host=socket.gethostname().split('.')[0], folder=self.folder,
                                         user=pwd.getpwuid(os.getuid()).pw_name,
                                         ports=free_ports(2), processors=os.cpu_count()))
        self.daemon('munged', '--foreground', '--force', *[
            f'--{option}={self.folder}/munge.{name}' for option, name in (
                ('socket', 'socket'), ('key-file', 'key'), ('pid-file', 'pid'), ('seed-file', 'seed'),
                ('log-file', 'log'))])
        self.wait_for('munge', lambda: os.path.exists(os.path.join(self.folder, 'munge.socket')))
        self.daemon('slurmctld', '-D')
        self.daemon('slurmd', '-D')
        self.wait_for('a node', lambda: 'idle' in self.said('sinfo', '-h', '-o', '%T'))

    def daemon(self, *command):
        log = open(os.path.join(self.folder, command[0] + '.out'), 'wb')
        self.processes.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                               env=self.environment, start_new_session=True))
        log.close()

    def said(self, *command):
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        return done.stdout + done.stderr

    def wait_for(self, what, there):
        end = time.monotonic() + START_SECONDS
        while not there():
            dead = [p.args[0] for p in self.processes if p.poll() is not None]
            if dead or time.monotonic() > end:
                raise Skip(f'{what} does not come up: {dead} {self.logs()}')
            time.sleep(0.05)

    def logs(self):
        lines = []
        for name in sorted(os.listdir(self.folder)):
            if name.endswith(('.out', '.log')):
                with open(os.path.join(self.folder, name), errors='replace') as f:
                    lines += f.read().splitlines()[-4:]
        return '\n    '.join(lines)

    def stop(self):
        self.said('scancel', '--quiet', '--name=yomijun')
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def slurm_batch(cluster, archive, out, *arguments):
    return subprocess.run(
        [os.path.join(ROOT, 'scripts', 'slurm-batch'), '-n', str(SHARDS), '-s', '--time=5', *arguments,
         archive, '-o', out, '--ocr', 'never'], capture_output=True, text=True, timeout=ARRAY_SECONDS,
        env=dict(cluster.environment, YOMIJUN=YOMIJUN))


def interrupted(cluster, folder):
    """Ctrl-C takes the jobs back, and what is done by then stays done."""
    archive, out = os.path.join(folder, 'hanging'), os.path.join(folder, 'hanging-out')
    for i in range(3):
        make_archive.write(os.path.join(archive, f'{i}.pdf'), make_archive.pdf('fault=hang', ['A page.']))
    running = subprocess.Popen(
        [os.path.join(ROOT, 'scripts', 'slurm-batch'), '-n', '2', archive, '-o', out, '--ocr', 'never'],
        stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True,
        env=dict(cluster.environment, YOMIJUN=YOMIJUN))
    queue = lambda: cluster.said('squeue', '-h', '-n', 'yomijun', '-t', 'R,PD,CG')
    end = time.monotonic() + START_SECONDS
    while not os.path.exists(os.path.join(out, '.yomijun', 'catalogue-1-of-2.sqlite')):
        if running.poll() is not None or time.monotonic() > end:
            os.killpg(running.pid, signal.SIGKILL)
            return [f'a job does not begin: {queue()}']
        time.sleep(0.1)
    os.kill(running.pid, signal.SIGINT)
    code = running.wait(START_SECONDS)
    faults = [] if code == 130 else [f'interrupted: exit code {code}']
    while queue() and time.monotonic() < end + START_SECONDS:
        time.sleep(0.2)
    return faults + ([f'jobs are left: {queue()}'] if queue() else [])


def check(cluster, folder):
    archive, whole, out = (os.path.join(folder, n) for n in ('archive', 'whole', 'slurm'))
    make_archive.make(archive)
    subprocess.run([YOMIJUN, 'batch', '-q', '--ocr', 'never', archive, '-o', whole],
                   capture_output=True)
    first = slurm_batch(cluster, archive, out)
    faults = [] if first.returncode == 1 else [f'exit code {first.returncode}: {first.stderr}']
    faults += make_archive.differences(whole, out)
    faults += [] if f'{SHARDS} shards merged' in first.stderr else [f'not merged: {first.stderr}']
    crashed = [row['path'] for row, *_ in make_archive.rows(out) if row['outcome'] == 'crash']
    print(f'crashed: {crashed}' if crashed else 'no crash: there is no yomijun-faults')
    make_archive.write(os.path.join(archive, 'new.pdf'), make_archive.small_pdf(60))
    again = slurm_batch(cluster, archive, out)
    faults += [] if again.returncode == 1 else [f'again: exit code {again.returncode}: {again.stderr}']
    if 'new.pdf.xml' not in make_archive.results(out):
        faults.append('a new document is not done')
    if YOMIJUN.endswith('yomijun-faults'):
        faults += interrupted(cluster, folder)
    wrong = slurm_batch(cluster, archive, out, '--lang', '../jpn')
    faults += [] if wrong.returncode == 2 and 'is not a list' in wrong.stderr else [
        f'wrong usage: exit code {wrong.returncode}: {wrong.stderr}']
    return faults


def main():
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing:
        print(f'skipped: not installed: {", ".join(missing)} (Debian: slurm-wlm, munge)')
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        place = os.path.join(folder, 'cluster')
        os.mkdir(place)
        cluster = Cluster(place)
        try:
            cluster.start()
            faults = check(cluster, folder)
        except Skip as why:
            print(f'skipped: {why}')
            return SKIPPED
        finally:
            cluster.stop()
    print(*(faults or ['good']), sep='\n')
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())

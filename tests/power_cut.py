# SPDX-License-Identifier: GPL-3.0-or-later
"""What a power cut would leave of a folder, for any moment of a run (with tests/disk-shim.c).

A disk keeps what was synced. Of the rest it may have kept nothing, or the names without the contents
(which journals allow), or everything: these three are tried."""
import hashlib, os, socket, subprocess, threading


class Disk:
    """names: path → number of the file, as programs see it; kept: the same, as synced; data: number →
    bytes, as synced. Paths are relative to the folder."""

    def __init__(self, folder):
        self.folder, self.count = os.fsencode(os.path.realpath(folder)), 0
        self.names, self.kept, self.data = {}, {}, {}
        self.cuts = {}  # hash → (moment, way, path → bytes)
        self.moment = 0
        for parent, _, names in os.walk(self.folder):
            for name in names:
                self.create(os.path.relpath(os.path.join(parent, name), self.folder))
        self.sync_all()

    def create(self, path):
        self.count += 1
        self.names[path], self.data[self.count] = self.count, b''

    def read(self, path):
        with open(os.path.join(self.folder, path), 'rb') as f:
            return f.read()

    def sync_all(self):
        for path, number in self.names.items():
            self.data[number] = self.read(path)
        self.kept = dict(self.names)

    def inside(self, path):
        path = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
        return os.path.relpath(path, self.folder) if path.startswith(self.folder + b'/') else None

    def cut(self, operation):
        """Notes what the disk may look like if the power goes now."""
        ways = {'nothing else': {p: self.data[n] for p, n in self.kept.items()},
                'names': {p: self.data[n] for p, n in self.names.items()},
                'everything': {p: self.read(p) for p in self.names}}
        for way, files in ways.items():
            files = {p: d for p, d in files.items() if not p.endswith(b'-shm')}
            key = hashlib.sha256(repr(sorted(files.items())).encode()).digest()
            self.cuts.setdefault(key, (f'{self.moment} before {operation}', way, files))
        self.moment += 1

    def happens(self, operation, path, other):
        if operation == 'syncfs':
            self.cut('syncfs')
            self.sync_all()
            return
        folder = operation == 'fsync' and os.path.isdir(path)
        at, to = self.inside(path), self.inside(other) if other else None
        if at is None and not folder:
            return
        self.cut(f'{operation} {os.fsdecode(at or path)} {os.fsdecode(to or b"")}')
        if folder:
            is_in = lambda p: os.path.dirname(os.path.join(self.folder, p)) == os.path.realpath(path)
            self.kept = {p: n for p, n in self.kept.items() if not is_in(p)}
            self.kept |= {p: n for p, n in self.names.items() if is_in(p)}
        elif operation == 'create':
            self.create(at)
        elif operation == 'rename' and at in self.names:
            self.names[to] = self.names.pop(at)
        elif operation == 'link' and at in self.names and to not in self.names:
            self.names[to] = self.names[at]
        elif operation == 'unlink':
            self.names.pop(at, None)
        elif operation == 'fsync':
            self.data[self.names[at]] = self.read(at)


def listen(server, disk):
    connection, _ = server.accept()
    with connection, connection.makefile('rb') as lines:
        for line in lines:
            disk.happens(*(x if i else x.decode() for i, x in enumerate(line[:-1].split(b'\t'))))
            connection.sendall(b'k')


def watch(shim, folder, scratch, run):
    """Runs run(environment) and returns the cuts of the folder, in their order."""
    os.makedirs(folder, exist_ok=True)
    disk = Disk(folder)
    path = os.path.join(scratch, 'ear')
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen(1)
        thread = threading.Thread(target=listen, args=(server, disk), daemon=True)
        thread.start()
        result = run({'LD_PRELOAD': shim, 'DISK_SHIM_SOCKET': path})
        thread.join(10)
    os.unlink(path)
    disk.cut('the end')
    return result, list(disk.cuts.values())


def lay_down(files, folder):
    for path, data in files.items():
        place = os.path.join(os.fsencode(folder), path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, 'wb') as f:
            f.write(data)


def works(shim, program):
    """Whether libraries can be put before libc for it: not with sanitizers."""
    return subprocess.run([program, '--version'], capture_output=True, check=False,
                          env={**os.environ, 'LD_PRELOAD': shim}).returncode == 0

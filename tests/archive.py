# SPDX-License-Identifier: GPL-3.0-or-later
"""Archives for tests of `yomijun batch`, runs over them, disturbed or not, and what can be compared
afterwards."""
import hashlib, io, json, os, random, sqlite3, subprocess, time, zipfile

import make_archive, measured
from make_archive import write
from processes import children_of, outlive, wait_until

# One a page, and no number, which would make it a running head.
WORDS = ['Alpha', 'Bravo', 'Charlie', 'Delta', 'Echo', 'Foxtrot', 'Golf', 'Hotel']
SECONDS = 60
# What a fault is waited for, instead of minutes; and groups of two documents, so that there are several.
QUICK = {'YOMIJUN_PAGE_SECONDS': '1', 'YOMIJUN_WORKER_BYTES': '200000000',
         'YOMIJUN_PAGE_WALL_SECONDS': '6', 'YOMIJUN_GROUP_MOST': '2'}
# Where a page waits for the test, not for its end.
PATIENT = {'YOMIJUN_PAGE_WALL_SECONDS': '100'}


def report(title, pages=3, note='', words=WORDS):
    """A PDF with a word a page, which does what its title says (cli/faults.h)."""
    return make_archive.pdf_of(title, [
        f'BT /F1 12 Tf 72 {400 + 20 * (i % 9)} Td ({words[i % len(words)] + note}) Tj ET' for i in range(pages)])


FEW = {'a.pdf': report('one'), 'b.pdf': report('fault=crash@2'), 'gone.pdf': report('gone'),
       'twin.pdf': report('one')}


def fill(folder, files):
    """files: name, str or bytes, to content."""
    for name, data in files.items():
        write(os.path.join(os.fsencode(folder), os.fsencode(name)), data)
    return folder


def zipped(files):
    """A ZIP of files, name → bytes, all of the same day."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, 'w', zipfile.ZIP_DEFLATED) as z:
        for name, content in files.items():
            z.writestr(zipfile.ZipInfo(name), content)
    return data.getvalue()


class Run:
    """A run of the command. failed: path → (outcome, reason) as the summary has them."""

    def __init__(self, result):
        self.result, self.code, self.err = result, result.code, result.err
        self.out = result.out.decode(errors='replace')

    def faults(self, code):
        """What must hold of every run."""
        lines = self.err.splitlines()
        faults = [f'exit code {self.code}, not {code}: {self.err[-600:]}'] if self.code != code else []
        faults += [f'not a message: {x[:200]}' for x in lines if not x.startswith('yomijun: ')]
        return faults + (['a process is left running'] if self.result.left_running else [])


def batch(program, archive, out, *options, seconds=SECONDS, environment=None, interrupt_after=None):
    return Run(measured.run([program, 'batch', archive, '-o', out, '--ocr', 'never', *options], seconds,
                            environment={**QUICK, **(environment or {})},
                            interrupt_after=interrupt_after))


class Place:
    """A build and a folder; each case has an archive and an OUT of its own."""

    def __init__(self, build, folder):
        self.program = os.path.join(build, 'yomijun-faults')
        self.shim = os.path.join(build, 'disk-shim.so')
        self.folder, self.cases = folder, 0
        self.paint_trace = 'paint trace: yes' in subprocess.run(
            [self.program, '--version'], capture_output=True, text=True, check=True).stdout
        self.all = os.environ.get('BATCH_ALL') == '1'

    def times(self, few, many):
        """How often something is tried: few times, or with BATCH_ALL=1 many times."""
        return many if self.all else few

    def some(self, cases):
        """So many of the cases as a test may try, another part of them for another seed; or all."""
        return cases if self.all else random.Random(1).sample(cases, min(24, len(cases)))

    def new(self, files):
        self.cases += 1
        self.case = os.path.join(self.folder, str(self.cases))
        self.archive = fill(os.path.join(self.case, 'archive'), files)
        self.out = os.path.join(self.case, 'out')
        os.makedirs(self.archive, exist_ok=True)
        return self

    def path(self, *names):
        return os.path.join(self.archive, *names)

    def batch(self, *options, **how):
        return batch(self.program, self.archive, self.out, *options, **how)


def query(out, sql, *parameters):
    catalogue = sqlite3.connect('file:' + os.path.join(out, 'catalogue.sqlite') + '?mode=ro', uri=True)
    catalogue.text_factory = os.fsdecode
    try:
        return catalogue.execute(sql, parameters).fetchall()
    finally:
        catalogue.close()


def outcomes(out):
    return dict(query(out, "SELECT path, outcome FROM documents WHERE kind <> 'container'"))


def reasons(out):
    """Path → all reasons, of the document and of its pages."""
    return dict(query(
        out, "SELECT path, coalesce(reason, '') || coalesce((SELECT group_concat(reason) FROM pages "
             "WHERE document = id), '') FROM documents"))


def results(out):
    """Path → bytes of all that stands in OUT and is a result."""
    found = {}
    for folder, folders, names in os.walk(os.fsencode(out)):
        if b'.yomijun' in folders:
            folders.remove(b'.yomijun')
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), os.fsencode(out))
            if not path.startswith(b'catalogue.sqlite'):
                with open(os.path.join(folder, name), 'rb') as f:
                    found[path] = f.read()
    return found


# Without what is of the time, the place or the order: ids, runs, times, memory, which of several
# documents of the same bytes was read.
SAME = [
    'SELECT path, kind, container, size, d.sha256, outcome, reason, version, options, libraries, pages, '
    'pages_failed, pages_ocr, characters, unread, output_sha256, output_bytes, text_sha256, staged, former, gone '
    'FROM documents d JOIN makings m ON m.id = d.making ORDER BY path',
    'SELECT path, page, p.outcome, p.reason, p.characters, p.unread, ocr FROM pages p '
    'JOIN documents d ON d.id = p.document ORDER BY path, page',
    'SELECT path, line FROM warnings JOIN documents d ON d.id = document ORDER BY path, line',
    'SELECT path, class, count FROM changes JOIN documents d ON d.id = document ORDER BY path, class',
    'SELECT path, line FROM unfit_corrections JOIN documents d ON d.id = document ORDER BY path, line']


def state(out):
    """What must be the same whatever happened on the way."""
    return results(out), [query(out, sql) for sql in SAME]


def state_faults(out, expected, name=''):
    """How it differs from that, and what does not hold together in it."""
    faults = consistency_faults(out)
    files, tables = state(out)
    for path in sorted(set(files) | set(expected[0])):
        if files.get(path) != expected[0].get(path):
            faults.append(f'{name}result {os.fsdecode(path)!r}: ' + (
                'missing' if path not in files else 'too many' if path not in expected[0] else 'other bytes'))
    for before, now in zip(expected[1], tables):
        faults += [f'{name}lost from the catalogue: {row}' for row in before if row not in now]
        faults += [f'{name}new in the catalogue: {row}' for row in now if row not in before]
    return faults


def consistency_faults(out):
    """That every result has its row and every row its result, with the bytes it says."""
    faults = []
    files = results(out)
    rows = {}
    for path, kind, sha256, staged, text in query(
            out, 'SELECT path, kind, output_sha256, staged, text_sha256 FROM documents '
                 'WHERE output_sha256 IS NOT NULL'):
        place = os.path.join(path, 'folder.xml') if kind == 'folder' else path + '.xml'
        rows[os.fsencode(place)] = sha256
        if text is not None:
            rows[os.fsencode(place)[:-4] + b'.txt'] = text
        if staged:
            faults.append(f'{path!r} is still staged')
    for place, sha256 in rows.items():
        if place not in files:
            faults.append(f'no result {place!r}')
        elif hashlib.sha256(files[place]).hexdigest() != sha256:
            faults.append(f'{place!r} is not what the catalogue says')
    faults += [f'{place!r} is not in the catalogue' for place in files
               if place not in rows]
    staged = os.path.join(out, '.yomijun', 'staged')
    return faults + [f'left behind: {name}' for name in os.listdir(staged)]


def whole_faults(out):
    """What stands at its place is whole and in the catalogue, whatever has happened. Where the catalogue
    says that a result is about to be put there, it may be the one before."""
    try:
        rows = query(out, 'SELECT path, output_sha256, staged FROM documents '
                                  'WHERE output_sha256 IS NOT NULL')
    except sqlite3.Error: # of a catalogue that is being made
        rows = []
    known = {os.fsencode(path + '.xml'): (sha256, staged) for path, sha256, staged in rows}
    faults = []
    for path, data in results(out).items():
        sha256, staged = known.get(path, (None, 0))
        if not data.endswith(b'</document>\n'):
            faults.append(f'{path!r} is cut off')
        elif not staged and sha256 != hashlib.sha256(data).hexdigest():
            faults.append(f'{path!r} stands there and is not in the catalogue')
    return faults


def differences(found, expected, what):
    keys = sorted(set(found) | set(expected))
    return [f'{what} {k!r}: {found.get(k)}, not {expected.get(k)}' for k in keys
            if found.get(k) != expected.get(k)]


def log_lines(path):
    with open(path, encoding='utf-8') as f:
        return [json.loads(line) for line in f]


def undisturbed(place, files, environment=None):
    """What comes out of the archive when nothing happens, and how long that takes."""
    place.new(files)
    began = time.monotonic()
    place.batch('-j', '2', environment=environment)
    return state(place.out), time.monotonic() - began


def start(place, out, environment=None):
    """A run, to be disturbed."""
    command = [place.program, 'batch', place.archive, '-o', out, '--ocr', 'never', '-j', '2']
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                            env={**os.environ, **QUICK, **(environment or {})},
                            start_new_session=True)


def count_in(out, rows):
    """rows: a table, and which of its rows."""
    try:
        return query(out, f'SELECT count(*) FROM {rows}')[0][0]
    except sqlite3.Error: # there is none yet
        return 0


def documents_in(out):
    return count_in(out, "documents WHERE kind <> 'container'")


def stop_once(place, out, after, signal_number, choose, environment=None):
    """Runs the batch and sends a signal to one of its processes after so many seconds, or once after(pid)
    is true; faults, and what became of it."""
    process = start(place, out, environment)
    if callable(after):
        wait_until(lambda: after(process.pid), process)
    else:
        time.sleep(after)
    below = children_of(process.pid)
    victim = choose(process.pid, below)
    if victim is not None:
        try:
            os.kill(victim, signal_number)
        except ProcessLookupError:
            victim = None
    err = process.communicate(timeout=SECONDS)[1]
    left = outlive(below)
    return [f'left running: {left}'] if left else [], process.returncode, err

# SPDX-License-Identifier: GPL-3.0-or-later
"""Archives for tests of `yomijun batch`, runs over them, and what can be compared afterwards."""
import hashlib, json, os, sqlite3

import make_archive, measured
from make_archive import write

# One a page, and no number, which would make it a running head.
WORDS = ['Alpha', 'Bravo', 'Charlie', 'Delta', 'Echo', 'Foxtrot', 'Golf', 'Hotel']
SECONDS = 60
# What a fault is waited for, instead of minutes; and groups of two documents, so that there are several.
QUICK = {'YOMIJUN_PAGE_SECONDS': '1', 'YOMIJUN_WORKER_BYTES': '200000000',
         'YOMIJUN_PAGE_WALL_SECONDS': '6', 'YOMIJUN_GROUP_MOST': '2'}


def report(title, pages=3, note='', words=WORDS):
    """A PDF with a word a page, which does what its title says (cli/faults.h)."""
    return make_archive.pdf_of(title, [
        f'BT /F1 12 Tf 72 {400 + 20 * (i % 9)} Td ({words[i % len(words)] + note}) Tj ET' for i in range(pages)])


def fill(folder, files):
    """files: name, str or bytes, to content."""
    for name, data in files.items():
        write(os.path.join(os.fsencode(folder), os.fsencode(name)), data)
    return folder


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


def query(out, sql, *parameters):
    catalogue = sqlite3.connect('file:' + os.path.join(out, 'catalogue.sqlite') + '?mode=ro', uri=True)
    catalogue.text_factory = os.fsdecode
    try:
        return catalogue.execute(sql, parameters).fetchall()
    finally:
        catalogue.close()


def outcomes(out):
    return dict(query(out, "SELECT path, outcome FROM documents WHERE kind <> 'container'"))


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


def log_lines(path):
    with open(path, encoding='utf-8') as f:
        return [json.loads(line) for line in f]

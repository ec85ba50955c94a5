# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents in archive files: sound, damaged, hostile."""
import io, os, struct, tarfile, zlib

import archive, make_bad, make_images, promises
from archive import differences, reasons, report, write, zipped
from promises import DONE, PARTLY


def tarred(files, mode, links=()):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode=mode) as t:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            if content is None:
                info.type = tarfile.DIRTYPE
            else:
                info.size = len(content)
            t.addfile(info, io.BytesIO(content or b''))
        for name, target, kind in links:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            t.addfile(info)
    return data.getvalue()


def picture(width=64):
    return make_images.png(width, 64, 8, 0, [bytes([255] * width)] * 64)


def members_are_like_files(place):
    """Documents of archive files come out as they would from a folder of that name."""
    files = {'a.pdf': report('one'), 'sub/b.pdf': report('two'), 'scans/2.png': picture(),
             'scans/10.png': picture(65), 'scans/1.png': picture(66), 'note.txt': b'note'}
    folders = {'sub/': None, 'scans/': None}
    packed = {'z.zip': zipped({**{n: b'' for n in folders}, **files}), 't.tar': tarred(folders | files, 'w'),
              't.tar.gz': tarred(folders | files, 'w:gz'), 't.tgz': tarred(files, 'w:gz'),
              't.tar.xz': tarred(files, 'w:xz'), 't.tar.bz2': tarred(files, 'w:bz2')}
    place.new(packed)
    run = place.batch()
    faults = run.faults(PARTLY) + archive.consistency_faults(place.out)  # pictures, without OCR
    found = archive.results(place.out)
    place.new(files)
    place.batch()
    plain = archive.results(place.out)
    expected = {os.fsencode(p) + b'/' + path: data for p in packed for path, data in plain.items()}
    if len(plain) != 3:
        faults.append(f'{sorted(plain)}')
    return faults + [f'{path!r} differs' for path in sorted(set(found) | set(expected))
                     if found.get(path) != expected.get(path)]


def pictures_by_themselves(place):
    """Page images at the top of an archive file are one document, which has another row than that file."""
    files = {'2.png': picture(), '1.png': picture(65)}
    place.new({'z.zip': zipped(files), 't.tar': tarred(files, 'w'), 'a.pdf': report('one')})
    run = place.batch()
    faults = run.faults(PARTLY) + archive.consistency_faults(place.out)
    found = archive.query(place.out, 'SELECT path, kind FROM documents ORDER BY path')
    faults += [] if found == [('a.pdf', 'pdf'), ('t.tar', 'container'), ('t.tar/', 'folder'),
                              ('z.zip', 'container'), ('z.zip/', 'folder')] else [f'{found}']
    faults += [f'no {p}/folder.xml' for p in ('z.zip', 't.tar')
               if not os.path.exists(os.path.join(place.out, p, 'folder.xml'))]
    again = place.batch()
    return faults + ([] if '0 of 0 documents' in again.err else [again.err])


def reads_only_what_changed(place):
    place.new({'z.zip': zipped({'a.pdf': report('one'), 'b.pdf': report('two')})})
    place.batch()
    idle = place.batch()
    faults = [] if '0 of 0 documents' in idle.err else [idle.err]
    write(place.path('z.zip'), zipped({'a.pdf': report('one'), 'b.pdf': report('new', note='s')}))
    faults += place.batch().faults(DONE)
    found = archive.query(place.out, "SELECT path, run FROM documents WHERE kind = 'pdf' ORDER BY path")
    return faults + ([] if found == [('z.zip/a.pdf', 1), ('z.zip/b.pdf', 3)] else [f'{found}'])


def cut_off(place):
    """Of archive files that end too early come the members that are there."""
    files = {f'{n}.pdf': report(n, pages=30) for n in 'abc'}
    whole = zipped(files), tarred(files, 'w'), tarred(files, 'w:gz')
    place.new({'z.zip': whole[0][:len(whole[0]) // 2], 't.tar': whole[1][:len(whole[1]) // 2],
               'g.tar.gz': whole[2][:len(whole[2]) // 2], 'ok.pdf': report('sound')})
    run = place.batch()
    found = archive.outcomes(place.out)
    containers = dict(archive.query(place.out,
                                    "SELECT path, outcome FROM documents WHERE kind = 'container'"))
    faults = run.faults(PARTLY) + archive.consistency_faults(place.out)
    faults += differences(containers, {n: 'damaged' for n in ('z.zip', 't.tar', 'g.tar.gz')}, 'outcome of')
    expected = {'ok.pdf': 'ok', 'z.zip/a.pdf': 'ok', 't.tar/a.pdf': 'ok'}
    faults += differences({k: found.get(k) for k in expected}, expected, 'outcome of')
    faults += [f'{path} is {outcome}' for path, outcome in found.items() if outcome not in ('ok', 'damaged')]
    again = place.batch()
    return faults + again.faults(PARTLY) + ([] if '0 of 0 documents' in again.err else [again.err])


def failed_archive_file_again(place):
    """--retry-failed opens an archive file anew that failed itself, and nothing else does."""
    place.new({'z.zip': b'no archive file', 'sound.zip': zipped({'a.pdf': report('one')})})
    place.batch()
    place.batch()
    run = place.batch('--retry-failed')
    found = archive.query(place.out, "SELECT path, run FROM documents WHERE kind = 'container' ORDER BY path")
    return run.faults(PARTLY) + archive.consistency_faults(place.out) + (
        [] if found == [('sound.zip', 1), ('z.zip', 3)] else [f'{found}'])


def bomb(place):
    """A member that unpacks to a thousand times its size is not read on; the others are."""
    piece, times = bytes(1 << 20), 400
    packed = make_bad.packed_many(piece, times)[2:]  # without zlib's head
    crc = 0
    for _ in range(times):
        crc = zlib.crc32(piece, crc)
    bomb_head = struct.pack('<HHHHHIIIHH', 20, 0, 8, 0, 33, crc, len(packed), times << 20, 8, 0)
    other = zipped({'a.pdf': report('one')})
    local = b'PK\x03\x04' + bomb_head + b'bomb.pdf' + packed
    directory = (b'PK\x01\x02' + struct.pack('<H', 20) + bomb_head + struct.pack('<HHHII', 0, 0, 0, 0, 0) +
                 b'bomb.pdf')
    start = other.index(b'PK\x01\x02')
    own = bytearray(other[start:other.index(b'PK\x05\x06')])
    own[42:46] = struct.pack('<I', len(local))
    data = local + other[:start] + directory + own
    place.new({'z.zip': data + b'PK\x05\x06' + struct.pack(
        '<HHHHIIH', 0, 0, 2, 2, len(directory) + len(own), len(local) + start, 0)})
    run = place.batch()
    said = reasons(place.out)
    return (run.faults(PARTLY) + differences(archive.outcomes(place.out), {
        'z.zip/bomb.pdf': 'damaged', 'z.zip/a.pdf': 'ok'}, 'outcome of') + promises.limits_faults(run.result) +
        ([] if 'times' in said['z.zip/bomb.pdf'] else [said['z.zip/bomb.pdf']]))


def leads_out(place):
    """Names of members that lead out of the archive, and links: nothing is written elsewhere, nothing else is
    read, and each is named."""
    evil = report('evil')
    place.new({'z.zip': zipped({'../../evil.pdf': evil, '/evil.pdf': evil, 'a/../../../evil.pdf': evil,
                                'ok.pdf': report('sound')}),
               't.tar': tarred({'../evil.pdf': evil, '/evil.pdf': evil, 'ok.pdf': report('good')}, 'w', [
                   ('secret.pdf', '/etc/passwd', tarfile.SYMTYPE), ('x', '/', tarfile.SYMTYPE),
                   ('hard.pdf', 'ok.pdf', tarfile.LNKTYPE), ('pipe.pdf', '', tarfile.FIFOTYPE)])})
    outside = sorted(os.listdir(place.folder)), sorted(os.listdir(place.case))
    run = place.batch()
    faults = run.faults(PARTLY) + archive.consistency_faults(place.out)
    if (sorted(os.listdir(place.folder)), sorted(os.listdir(place.case))) != (
            outside[0], sorted([*outside[1], 'out'])) or os.path.exists('/evil.pdf.xml'):
        faults.append('something is written outside of OUT')
    found = archive.outcomes(place.out)
    faults += differences({k for k, v in found.items() if v == 'ok'} and
                          {k: v for k, v in found.items() if v == 'ok'},
                          {'z.zip/ok.pdf': 'ok', 't.tar/ok.pdf': 'ok'}, 'outcome of')
    bad = [k for k, v in found.items() if v == 'damaged']
    return faults + ([] if len(bad) == 8 else [f'named: {bad}'])


def locked_members(place):
    data = bytearray(zipped({'a.pdf': report('one'), 'b.pdf': report('two')}))
    data[6] |= 1  # the flag in the first member's own header and in the directory
    data[data.index(b'PK\x01\x02') + 8] |= 1
    place.new({'z.zip': bytes(data)})
    run = place.batch()
    return run.faults(PARTLY) + differences(archive.outcomes(place.out), {
        'z.zip/a.pdf': 'encrypted', 'z.zip/b.pdf': 'ok'}, 'outcome of')


def flipped_bit(place):
    files = {f'{n}.pdf': report(n) for n in 'abc'}
    data = bytearray(zipped(files))
    data[data.index(b'b.pdf') + 80] ^= 4
    place.new({'z.zip': bytes(data)})
    run = place.batch()
    return run.faults(PARTLY) + differences(archive.outcomes(place.out), {
        'z.zip/a.pdf': 'ok', 'z.zip/b.pdf': 'damaged', 'z.zip/c.pdf': 'ok'}, 'outcome of')


def what_cannot_be_seen_is_not_gone(place):
    """An archive file that is damaged later, a folder that cannot be looked into: what was in them is not
    gone, and its results stay."""
    files = {f'{n}.pdf': report(n, pages=20) for n in 'abc'}
    place.new({'z.zip': zipped(files), 'ok.pdf': report('sound')})
    place.batch()
    before = archive.results(place.out)
    with open(place.path('z.zip'), 'r+b') as f:
        f.truncate(30)
    run = place.batch()
    gone = archive.query(place.out, 'SELECT path FROM documents WHERE gone')
    faults = run.faults(PARTLY) + ([f'gone: {gone}'] if gone else [])
    return faults + ([] if archive.results(place.out) == before else ['results were changed'])


def cases(place):
    for case in (members_are_like_files, pictures_by_themselves, reads_only_what_changed, cut_off,
                 failed_archive_file_again, bomb, leads_out, locked_members, flipped_bit,
                 what_cannot_be_seen_is_not_gone):
        yield 'container: ' + case.__name__, lambda case=case: case(place)

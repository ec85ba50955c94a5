# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of documents that are anything that a disk or an archive file allows."""
import os, subprocess

import archive
from archive import differences, report, zipped
from promises import DONE, PARTLY


def any_name(place):
    data = report('one')
    names = ['報告書.pdf', 'か\u3099.pdf', 'が.pdf', b'\x95\xf1\x8d\x90.pdf', b'\xff\xfe.pdf', 'a\nb.pdf', ' .pdf',
             '-o.pdf', "it's \"so\" %s & <x>.pdf", 'a\\b.pdf', 'A.PDF', 'a.pdf', 'tab\t.pdf', '%2E%2E.pdf',
             'x.pdf/inner.pdf', 'x.pdf.xml/inner.pdf', 'é' * 100 + '.pdf']
    place.new({name: data for name in names})
    log = os.path.join(place.case, 'log')
    run = place.batch('--log', log)
    faults = run.faults(DONE) + archive.consistency_faults(place.out)
    expected = {os.fsencode(name) + b'.xml' for name in names}
    found = set(archive.results(place.out))
    faults += [f'{path!r} is missing or too many' for path in sorted(found ^ expected)]
    faults += [] if len(archive.log_lines(log)) == len(names) else ['the log has not all of them']
    status = subprocess.run([place.program, 'batch', '--status', '-o', place.out], capture_output=True,
                            check=False)
    faults += [] if status.returncode == DONE else [f'--status: {status.stderr!r}']
    again = place.batch()
    return faults + ([] if '0 of 0 documents' in again.err else [again.err])


def names_in_the_way(place):
    """What cannot have its result where it belongs is named and counts; the others are done."""
    place.new({'a.pdf': report('one'), 'catalogue.sqlite/b.pdf': report('two'),
               'x' * 250 + '.pdf': report('three'), '.hidden.pdf': report('four')})
    run = place.batch()
    found = archive.outcomes(place.out)
    return run.faults(PARTLY) + differences(found, {
        'a.pdf': 'ok', 'catalogue.sqlite/b.pdf': 'damaged', 'x' * 250 + '.pdf': 'damaged'}, 'outcome of')


def zip_names(place):
    """Names of old Japanese ZIPs are CP932."""
    data = bytearray(zipped({'AAAA.pdf': report('one')}))
    place.new({'z.zip': bytes(data).replace(b'AAAA', '報告'.encode('cp932'))})
    run = place.batch()
    return run.faults(DONE) + differences(archive.outcomes(place.out), {'z.zip/報告.pdf': 'ok'}, 'outcome of')


def cases(place):
    for case in (any_name, names_in_the_way, zip_names):
        yield 'names: ' + case.__name__, lambda case=case: case(place)

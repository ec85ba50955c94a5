# SPDX-License-Identifier: GPL-3.0-or-later
"""The power goes, at any change of the disk: what is left can be gone on from."""
import os, shutil

import archive, power_cut
from archive import FEW, report, whole_faults, write
from promises import PARTLY


def power_cuts(place, files, change, code):
    """Cuts at every change of the disk in a run over what change() has made of the archive: what is left
    can be gone on from, to the same end."""
    if not power_cut.works(place.shim, place.program):
        print('  not tried: no library can be put before libc in this build')
        return []
    place.new(files)
    before = os.path.join(place.case, 'before')
    if change is not None:
        archive.batch(place.program, place.archive, before)
        change(place)
    watched = os.path.join(place.case, 'watched')
    if os.path.exists(before):
        shutil.copytree(before, watched, symlinks=True)
    run, cuts = power_cut.watch(place.shim, watched, place.case, lambda environment: archive.batch(
        place.program, place.archive, watched, '-j', '1', environment=environment))
    faults = run.faults(code)
    expected = archive.state(watched)
    ways = {way for _, way, _ in cuts}
    faults += [] if len(ways) == 3 else [f'only {ways} could be tried']
    for i, (moment, way, left) in enumerate(place.some(cuts)):
        out = os.path.join(place.case, f'cut {i}')
        power_cut.lay_down(left, out)
        wrong = whole_faults(out) if b'catalogue.sqlite' in left else []
        again = archive.batch(place.program, place.archive, out, '-j', '1')
        wrong += again.faults(code) + archive.state_faults(out, expected)
        faults += [f'{moment}, {way} kept: {x}' for x in wrong]
        shutil.rmtree(out)
    return faults


def change_some(place):
    write(place.path('a.pdf'), report('one', note='s'))
    write(place.path('new.pdf'), report('three'))
    os.unlink(place.path('gone.pdf'))


def cases(place):
    yield 'power: cut in the first run', lambda: power_cuts(place, FEW, None, PARTLY)
    yield 'power: cut in a later run', lambda: power_cuts(place, FEW, change_some, PARTLY)

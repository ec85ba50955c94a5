#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bad-input.py BUILD [PART …]   what is damaged, hostile, hard or wrongly asked for: the right exit code,
one line for each message, nothing half-written, nothing left running, within the limits of promises.
PART: only cases whose name contains it. Where the machine does not allow a case, it says so."""
import os, shutil, subprocess, sys
import xml.etree.ElementTree as ElementTree

import laws, measured, promises
from promises import (DONE, INPUT, INTERRUPTED, OUTPUT, PARTLY, PASSWORD, SECONDS_WALL, USAGE,
                      common_faults, output_faults, write_old)

# File: what may come of it. The font bomb only goes off in a build that renders,
# which may also take too long over many words or lines.
FILES = {
    'empty.pdf': INPUT, 'text.pdf': INPUT, 'zeros.pdf': INPUT, 'no-pages.pdf': INPUT,
    'cut-01.pdf': INPUT, 'cut-20.pdf': INPUT, 'cyclic-tree.pdf': INPUT, 'password.pdf': PASSWORD,
    'object-stream-bomb.pdf': INPUT, 'forms-that-double.pdf': INPUT, 'deep-nesting.pdf': INPUT,
    'content-bomb.pdf': PARTLY, 'owner-only.pdf': DONE, 'deep-tree.pdf': DONE,
    'form-in-itself.pdf': DONE, 'font-bomb.pdf': (DONE, INPUT), 'endless-length.pdf': DONE,
    'wide-page.pdf': DONE, 'huge-page.pdf': DONE, 'inside-out-page.pdf': DONE,
    'no-size-page.pdf': DONE, 'million-lines.pdf': (DONE, INPUT), 'tiny-images.pdf': DONE,
    'many-words.pdf': (DONE, INPUT), 'deep-arrays.pdf': DONE, 'long-dashes.pdf': DONE,
    'infinite-numbers.pdf': DONE,
}
# Cut or garbled anywhere, a file may be readable or not.
EITHER = (DONE, PARTLY, INPUT)
# These pages say a word before they turn bad.
READABLE = ('content-bomb.pdf', 'form-in-itself.pdf', 'font-bomb.pdf', 'endless-length.pdf',
            'wide-page.pdf', 'inside-out-page.pdf', 'million-lines.pdf', 'tiny-images.pdf',
            'deep-arrays.pdf', 'long-dashes.pdf')


class Place:
    """A build, and the folder in which its cases work."""

    def __init__(self, build, folder):
        self.yomijun = os.path.join(build, 'yomijun')
        self.folder = folder
        self.sample = os.path.join(folder, 'sample.pdf')
        self.cases = 0
        subprocess.run([os.path.join(build, 'yomijun-typeset'),
                        os.path.join(laws.ROOT, 'samples', 'report.xml'), '-o', self.sample,
                        '--pages', '3'], check=True)
        subprocess.run([sys.executable, os.path.join(laws.ROOT, 'tests', 'make_bad.py'), folder,
                        self.sample], check=True)

    def file(self, name):
        return os.path.join(self.folder, name)

    def fresh(self):
        """A folder with nothing in it, for output."""
        self.cases += 1
        path = os.path.join(self.folder, f'out-{self.cases}')
        os.mkdir(path)
        return path

    def process(self, *arguments, **more):
        return measured.run([self.yomijun, 'process', *arguments], SECONDS_WALL, **more)


def try_file(place, name, expected, *options):
    xml = os.path.join(place.fresh(), 'out.xml')
    write_old(xml)
    result = place.process(place.file(name), '-j', '2', '-o', xml, *options)
    faults = common_faults(result, expected) + output_faults(result, xml)
    if not faults and name in READABLE and result.code in (DONE, PARTLY):
        text = ''.join(ElementTree.parse(xml).getroot().itertext())
        if 'Readable' not in text:
            faults.append('the word that can be read is not there')
    return faults


def try_files(place):
    for name in sorted(os.listdir(place.folder)):
        if name in FILES:
            yield name, lambda n=name: try_file(place, n, FILES[n])
        elif name.startswith(('cut-', 'garbled-')):
            yield name, lambda n=name: try_file(place, n, EITHER)


def try_passwords(place):
    yield 'right password', lambda: try_file(place, 'password.pdf', DONE, '--password', 'secret')
    yield 'owner password', lambda: try_file(place, 'password.pdf', DONE, '--password', 'owner')
    yield 'wrong password', lambda: try_file(place, 'password.pdf', PASSWORD, '--password', 'wrong')
    yield 'password from the environment', lambda: common_faults(
        place.process(place.file('password.pdf'), environment={'YOMIJUN_PASSWORD': 'secret'}), DONE)


def try_usage(place):
    cases = {'no input': [], 'two inputs': [place.sample, place.sample],
             'unknown option': ['--sideways', place.sample], 'page 99': [place.sample, '-p', '99'],
             'page 0': [place.sample, '-p', '0'], 'pages x': [place.sample, '-p', 'x'],
             'unknown format': [place.sample, '-f', 'doc'], 'no jobs': [place.sample, '-j', '-1'],
             'unknown stage': [place.sample, '--stop-after=moon'],
             'line break in an option': ['--side\nways', place.sample],
             'line break in a value': [place.sample, '-f', 'd\noc']}
    for name, arguments in cases.items():
        yield 'usage: ' + name, lambda a=arguments: common_faults(place.process(*a), USAGE)
    yield 'usage: line break in a command', lambda: common_faults(
        measured.run([place.yomijun, 'pro\ncess', place.sample], SECONDS_WALL), USAGE)


def try_named(place):
    path = place.file('年次 報告（案）.pdf')
    with open(place.sample, 'rb') as f, open(path, 'wb') as g:
        g.write(f.read())
    xml = os.path.join(place.fresh(), '結果 1.xml')
    result = place.process(path, '-o', xml)
    faults = common_faults(result, DONE) or output_faults(result, xml)
    if not faults:
        with open(xml, encoding='utf-8') as f:
            if 'name="年次 報告（案）.pdf"' not in f.read():
                faults.append('its name is not in the document')
    return faults


def try_standard_input(place):
    with open(place.sample, 'rb') as f:
        result = place.process('-', stdin=f)
    xml = os.path.join(place.fresh(), 'out.xml')
    with open(xml, 'wb') as f:
        f.write(result.out)
    return common_faults(result, DONE) or laws.faults(xml)


def try_inputs(place):
    yield 'folder as input', lambda: common_faults(place.process(place.folder), INPUT)
    yield 'no such input', lambda: common_faults(place.process(place.file('none.pdf')), INPUT)
    yield 'nothing on standard input', lambda: common_faults(place.process('-'), INPUT)
    yield 'standard input', lambda: try_standard_input(place)
    yield 'line break and escape in a name', lambda: common_faults(
        place.process(place.file('no\nne\x1b[31m.pdf')), INPUT)
    yield 'name with spaces', lambda: try_named(place)


def try_full_device(place):
    with open('/dev/full', 'wb') as full:
        return common_faults(place.process(place.sample, stdout=full), OUTPUT)


def try_closed_output(place):
    result = measured.run(['sh', '-c', 'exec "$0" process "$1" >&-', place.yomijun, place.sample],
                          SECONDS_WALL)
    return common_faults(result, OUTPUT)


# A file system of 16 KiB at $0, which nobody else sees; then the command.
SMALL_DISK = 'mount --bind "$1" /mnt && mount -t tmpfs -o size=16k tmpfs "$0" && cd /mnt && '


def try_full_disk(place, disk):
    """Nothing fits on the disk at this path: /mnt/disk for output, /tmp for temporary files."""
    os.makedirs(place.file('disk'), exist_ok=True)
    shutil.copy(place.yomijun, place.file('yomijun'))
    allowed = subprocess.run(['unshare', '-m', 'sh', '-c', SMALL_DISK + 'true', disk, place.folder],
                             capture_output=True, text=True)
    if allowed.returncode:
        print(f'  not tried, no small file system here: {allowed.stderr.strip()}')
        return []
    command = SMALL_DISK + './yomijun process sample.pdf -o disk/out.xml; code=$?; ls disk; exit $code'
    result = measured.run(['unshare', '-m', 'sh', '-c', command, disk, place.folder],
                          SECONDS_WALL,
                          environment={'TMPDIR': '/tmp'})
    left = result.out.decode().split()
    return common_faults(result, OUTPUT) + ([f'left behind: {left}'] if left else [])


def try_outputs(place):
    missing = os.path.join(place.folder, 'no', 'such', 'folder', 'out.xml')
    yield 'output to a missing folder', lambda: common_faults(
        place.process(place.sample, '-o', missing), OUTPUT)
    yield 'output to a folder', lambda: common_faults(
        place.process(place.sample, '-o', place.folder), OUTPUT)
    yield 'output to a full device', lambda: try_full_device(place)
    yield 'closed standard output', lambda: try_closed_output(place)
    yield 'output to a full disk', lambda: try_full_disk(place, '/mnt/disk')
    yield 'full disk for temporary files', lambda: try_full_disk(place, '/tmp')


def try_interrupt(place, after):
    xml = os.path.join(place.fresh(), 'out.xml')
    write_old(xml)
    result = place.process(place.file('forms-that-double.pdf'), '-o', xml, interrupt_after=after)
    return common_faults(result, INTERRUPTED) + output_faults(result, xml)


def try_dumps(place):
    for name, content in (('dump-empty.xml', ''), ('dump-other.xml', '<page/>'),
                          ('dump-cut.xml', '<?xml version="1.0"?><page-dump xmlns="urn:yomijun:'
                                           'page:1" version="1"><page n="1" width="10"')):
        with open(place.file(name), 'w', encoding='utf-8') as f:
            f.write(content)
        yield name, lambda n=name: common_faults(
            measured.run([place.yomijun, 'reconstruct', place.file(n)], SECONDS_WALL), INPUT)


def cases(place):
    yield from try_files(place)
    yield from try_passwords(place)
    yield from try_usage(place)
    yield from try_inputs(place)
    yield from try_outputs(place)
    yield from try_dumps(place)
    yield 'interrupted at once', lambda: try_interrupt(place, 0.15)
    yield 'interrupted later', lambda: try_interrupt(place, 1)


def main():
    build = os.path.abspath(sys.argv[1])
    return promises.try_cases(lambda folder, parts: cases(Place(build, folder)))


if __name__ == '__main__':
    sys.exit(main())

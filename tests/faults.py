#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""faults.py BUILD   the faults that documents can ask yomijun-faults for (cli/faults.h)."""
import os, sys, tempfile

import archive, make_images, measured
from promises import DONE, INPUT, INTERRUPTED, PARTLY

YOMIJUN = os.path.join(sys.argv[1], 'yomijun-faults')
PAGES = 5
WORDS = archive.WORDS[:PAGES]
# A worker that hangs would be ended after minutes: so long is enough to see that it does, and that
# it takes no processor time, which is known when it has been told to end.
HANG_SECONDS = 4


def process(source, jobs=1, interrupt_after=None):
    return measured.run([YOMIJUN, 'process', '-q', '-f', 'text', '--ocr', 'never', '-j', str(jobs),
                         source], 60, interrupt_after=interrupt_after,
                        environment={'YOMIJUN_PAGE_SECONDS': '2', 'YOMIJUN_WORKER_BYTES': '300000000'})


def texts(result):
    """Which pages' text came out."""
    return [word.encode() in result.out for word in WORDS]


def one_page_fails(result, page, words):
    """That this page failed with these words, and no other."""
    return (result.code == PARTLY and f'page {page}: ' in result.err and words in result.err and
            texts(result) == [i + 1 != page for i in range(PAGES)])


def hangs(result, _page, _words):
    return result.code == INTERRUPTED and result.processor < HANG_SECONDS / 2


def all_done(result, _page, _words):
    return result.code == DONE and all(texts(result))


def cannot_be_opened(result, _page, words):
    return result.code == INPUT and words in result.err


CASES = [  # title, options, what must come out, page, words
    ('A report', {}, all_done, 0, ''),
    ('A report fault=crash@3', {}, one_page_fails, 3, 'signal 11'),
    ('fault=crash', {}, cannot_be_opened, 0, 'signal 11'),
    ('fault=exit@1', {}, one_page_fails, 1, 'before its time'),
    ('fault=exit', {}, cannot_be_opened, 0, 'before its time'),
    ('fault=memory@5', {}, one_page_fails, 5, 'of memory'),
    ('fault=spin@2', {}, one_page_fails, 2, 'processor time'),
    ('fault=hang@2', {'interrupt_after': HANG_SECONDS}, hangs, 0, ''),
    ('fault=crash@6', {}, all_done, 0, ''),
    ('fault=crash-once@3', {}, all_done, 0, ''),  # which is tried once more alone
    ('fault=crash-once@3', {'jobs': PAGES}, all_done, 0, ''),
    ('fault=crash-once@1', {}, all_done, 0, ''),
    ('fault=crahs@3', {}, cannot_be_opened, 0, 'before its time'),
]


def image_fault(folder):
    """A folder of pictures one of which crashes by its name."""
    place = os.path.join(folder, 'pictures')
    os.mkdir(place)
    for name in ('1.png', '2 fault=crash.png', '3.png'):
        with open(os.path.join(place, name), 'wb') as f:
            f.write(make_images.png(64, 64, 8, 0, [bytes([255] * 64)] * 64))
    result = process(place)
    return 'page 2 (2 fault=crash.png): ' in result.err and 'signal 11' in result.err, result


def main():
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'report.pdf')
        for title, options, check, page, words in CASES:
            with open(path, 'wb') as f:
                f.write(archive.report(title, PAGES))
            result = process(path, **options)
            good = check(result, page, words)
            bad += not good
            print('good' if good else f'BAD  {result.code} {result.err} {result.out!r}', title, options)
        good, result = image_fault(folder)
        bad += not good
        print('good' if good else f'BAD  {result.code} {result.err}', 'the name of a page image')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())

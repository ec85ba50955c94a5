#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""cli.py BUILD   what the commands promise to people and programs: formats, pages, dumps that lead to the
same document, validation, versions, installation."""
import os, re, subprocess, sys, tempfile
import xml.etree.ElementTree as ElementTree

import laws


class Place:
    """A build, a sample report and a folder to write in."""

    def __init__(self, build, folder):
        self.build, self.folder = build, folder
        self.sample = self.path('report.pdf')
        subprocess.run([os.path.join(build, 'yomijun-typeset'),
                        os.path.join(laws.ROOT, 'samples', 'report.xml'), '-o', self.sample,
                        '--pages', '6'], check=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *arguments, code=0):
        done = subprocess.run([os.path.join(self.build, 'yomijun'), *arguments],
                              capture_output=True, text=True)
        if done.returncode != code:
            raise AssertionError(f'{" ".join(arguments)}: exit code {done.returncode}: {done.stderr}')
        return done.stdout


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def read(path):
    with open(path, encoding='utf-8') as f:
        return f.read()


def without_facts(xml):
    """Without what only the PDF itself tells: its name, sum and dates."""
    return re.sub(r'<(source|producer) [^>]*/>', '', xml)


def pages_of(xml):
    pages = ElementTree.fromstring(xml).find(laws.NAMESPACE + 'pages')
    return [int(page.get('n')) for page in pages]


def test_standard_output_is_the_same_as_a_file(place):
    place.run('process', '-q', place.sample, '-o', place.path('a.xml'))
    expect(place.run('process', place.sample) == read(place.path('a.xml')), 'they differ')
    expect(place.run('process', place.sample, '-o', '-') == read(place.path('a.xml')), 'with -o - they differ')
    expect(not os.path.exists('-'), 'a file was named -')


def test_name_of_the_file_decides_the_format(place):
    place.run('process', '-q', place.sample, '-o', place.path('a.txt'))
    expect(place.run('process', '-f', 'text', place.sample) == read(place.path('a.txt')), 'no text')


def test_text_has_no_running_heads(place):
    head = '地域デジタル安全施策の実施状況及び令和７年度年次計画'
    expect(head in place.run('process', place.sample), 'the sample has another head')
    expect(head not in place.run('process', '-f', 'text', place.sample), 'the head is in the text')


def test_dump_leads_to_the_same_document(place):
    dump = place.path('dump.xml')
    place.run('process', '-q', '--stop-after=page', place.sample, '-o', dump)
    expect(not laws.schema_faults(dump, laws.DUMP_SCHEMA), 'the dump does not fit its schema')
    straight, round_about = place.run('process', place.sample), place.run('reconstruct', dump)
    expect(without_facts(straight) == without_facts(round_about), 'they differ')


def test_pages_are_those_asked_for(place):
    expect(pages_of(place.run('process', '-p', '2,4-5', place.sample)) == [2, 4, 5], 'other pages')
    expect(pages_of(place.run('process', '-p', '5-', place.sample)) == [5, 6], 'other pages')


def test_running_head_of_a_page_alone_is_recognised(place):
    body = place.run('process', '-p', '3', place.sample).split('<body>')[1]
    expect('地域デジタル安全施策の実施状況' not in body, 'its head is in the body')


def test_result_does_not_depend_on_the_name(place):
    os.mkdir(place.path('else where'))
    other = place.path('else where/名.pdf')
    os.link(place.sample, other)
    straight, renamed = place.run('process', place.sample), place.run('process', other)
    expect(straight == renamed.replace('name="名.pdf"', 'name="report.pdf"'), 'they differ')


def test_what_is_validated_is_valid(place):
    for name in ('a.xml', 'dump.xml'):
        stage = ['--stop-after=page'] if name == 'dump.xml' else []
        place.run('process', '-q', '--validate', *stage, place.sample, '-o', place.path(name))


def test_help_and_version_are_told(place):
    expect('process' in place.run('--help'), 'no help')
    expect('poppler' in place.run('--version'), 'no version of poppler')
    for command in ('process', 'reconstruct', 'verify', 'diff'):
        expect('--output' in place.run(command, '--help'), 'no help on ' + command)
    place.run(code=2)
    place.run('fly', code=2)


def test_every_option_is_in_the_man_page(place):
    manual = read(os.path.join(laws.ROOT, 'cli', 'yomijun.1')).replace('\\-', '-')
    helps = ''.join(place.run(c, '--help') for c in ('process', 'verify', 'diff', 'batch'))
    for option in re.findall(r'--([a-z-]+)', helps):
        expect(f'-{option}' in manual, f'--{option} is not in the man page')


def interleaved(place):
    """A page of two columns as pdftotext prints it, and its picture."""
    content, pdf, text, image = (place.path('table.' + e) for e in ('xml', 'pdf', 'txt', 'png'))
    if not os.path.exists(image):
        with open(content, 'w', encoding='utf-8') as f:
            f.write('<report><table widths="1 1"><row><cell>港に着いた貨物の検査を早めるため、書類の写しを前もって電子で受け取る'
                    '仕組みを整える。</cell><cell>検査に要する時間は平均して四割ほど短くなり、荷主からの問合せも目に見えて減った。'
                    '</cell></row></table></report>')
        for command in (['yomijun-typeset', content, '-o', pdf, '--pad', '2', '--margins', '150'],
                        ['yomijun-scan', pdf, '-o', image, '--dpi', '200']):
            subprocess.run([os.path.join(place.build, command[0]), *command[1:]], check=True)
        subprocess.run(['pdftotext', pdf, text], check=True)
    return text, image


def cells_of(path):
    return [re.sub(r'\s+', '', ''.join(c.itertext()))[:6] for c in ElementTree.parse(path).iter()
            if c.tag.endswith('}cell')]


def test_text_has_its_order_from_a_picture(place):
    text, image = interleaved(place)
    expect('港に着いた貨物の検査を早めるため、書類の写しを前もって電子で受け取る' not in re.sub(r'\s', '', read(text)),
           'the text is in order already')
    result = place.path('given.xml')
    place.run('reconstruct', '-q', '--validate', '--from', 'text', text, '--image', image, '-o', result)
    expect(cells_of(result) == ['港に着いた貨', '検査に要する'], f'cells are {cells_of(result)}')
    inked = lambda s: sorted(re.sub(r'\s', '', s))
    body = ElementTree.parse(result).find('{*}body')
    heads = ''.join(''.join(h.itertext()) for t in ('head', 'folio') for h in ElementTree.parse(result).iter('{*}' + t))
    expect(inked(''.join(body.itertext()) + heads) == inked(read(text)), 'characters were lost or put in')
    expect('origin="text"' in read(result), 'the origin is not the text')


def test_text_is_read_in_other_encodings_and_others_are_named(place):
    text, image = interleaved(place)
    for encoding, hint in (('EUC-JP', 'EUC-JP'), ('SHIFT_JIS', 'SHIFT_JIS')):
        other = place.path(encoding + '.txt')
        with open(other, 'wb') as f:
            f.write(read(text).encode(encoding))
        result = place.path(encoding + '.xml')
        place.run('reconstruct', '-q', '--from', 'text', other, '--image', image, '--encoding', encoding, '-o', result)
        expect(cells_of(result) == ['港に着いた貨', '検査に要する'], f'{encoding}: cells are {cells_of(result)}')
        done = subprocess.run([os.path.join(place.build, 'yomijun'), 'reconstruct', '--from', 'text', other, '--image', image],
                              capture_output=True, text=True)
        expect(done.returncode == 3 and f'byte 0 is 0x' in done.stderr and hint in done.stderr and done.stderr.count('\n') == 1,
               f'{encoding}: {done.returncode} {done.stderr}')
    place.run('reconstruct', '--from', 'text', text, '--image', image, '--encoding', 'KLINGON', code=2)
    two = place.path('two.txt')
    with open(two, 'w', encoding='utf-8') as f:
        f.write(read(text) + 'もう一枚\f')
    place.run('reconstruct', '--from', 'text', two, '--image', image, code=3)
    place.run('reconstruct', '--image', image, text, code=2)


def test_installation_has_all_files(place):
    prefix = place.path('installed')
    subprocess.run(['cmake', '--install', place.build, '--prefix', prefix], check=True,
                   capture_output=True)
    for name in ('share/man/man1/yomijun.1', 'share/yomijun/document.rng',
                 'share/yomijun/page-dump.rng', 'share/yomijun/joins.ngrams', 'share/yomijun/changes.rng'):
        expect(os.path.exists(os.path.join(prefix, name)), f'{name} is not installed')
    subprocess.run([os.path.join(prefix, 'bin', 'yomijun'), '--version'], check=True,
                   capture_output=True)


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        place = Place(os.path.abspath(sys.argv[1]), folder)
        for name, test in list(globals().items()):
            if not name.startswith('test_'):
                continue
            try:
                test(place)
                print('good', name)
            except (AssertionError, subprocess.CalledProcessError) as fault:
                failed += 1
                print('BAD ', name, fault)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())

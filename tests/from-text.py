#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""from-text.py YOMIJUN: reconstruct --from text: pages in order come back byte for byte, mixed ones
lose nothing, bad input ends with a line and a code."""
import collections, glob, gzip, os, re, resource, shutil, subprocess, sys, tempfile
import xml.etree.ElementTree as ElementTree

YOMIJUN = sys.argv[1]
PROSE = ('令和六年度の取組\n\n水道管の点検について、古い管から順に調べ、漏れのある所を直すための費用の\n'
         '半分を補助する。補助を受けた市町村は四十二となった。\n・来年も続ける。  \n\n- 1 -\n')
LEFT = ['市町村が行う水道管の点検に', 'ついて、古い管から順に調べ', 'て漏れのある所を見いだし、', '直すための費用を補助する。']
RIGHT = ['・補助を受けた市町村は四十二となり、直し', 'た所は百八か所に上った。費用が足りず、工',
         '事を見送った所も三割ほどあり、来年も続け', 'て補助する必要がある。']
MIXED = '令和六年度の取組\n' + LEFT[0] + ' ' + RIGHT[0] + '\n' + ''.join(a + '\n' + b + '\n' for a, b in zip(LEFT[1:], RIGHT[1:]))


def run(text, *options, suffix='text'):
    with tempfile.TemporaryDirectory() as folder:
        source, output = os.path.join(folder, 'page.txt'), os.path.join(folder, 'out.' + suffix)
        with open(source, 'wb') as f:
            f.write(text if isinstance(text, bytes) else text.encode())
        done = subprocess.run([YOMIJUN, 'reconstruct', '--from', 'text', '-f', suffix, source, '-o', output, *options],
                              capture_output=True, check=False, timeout=120)
        if not os.path.exists(output):
            return done.returncode, '', done.stderr.decode()
        with open(output, encoding='utf-8', newline='') as f:
            return done.returncode, f.read(), done.stderr.decode()


def check(name, holds, *shown):
    if not holds:
        sys.exit(f'{name}: {shown}')


for text in ('', '\n', PROSE, PROSE[:-1], PROSE + '\f' + PROSE, PROSE + '\f', '\f\f', 'a\r\nb\r\n', PROSE * 200):
    code, out, errors = run(text)
    check('in order', code == 0 and out == text and not errors, code, text[:80], out[:80], errors)

code, out, _ = run(PROSE + '\f' + MIXED)
check('mixed', code == 0 and ''.join(LEFT) + '\n' + ''.join(RIGHT) in out, out)
check('nothing lost', sorted(''.join((PROSE + MIXED).split())) == sorted(''.join(out.split())), out)

code, out, _ = run(PROSE + '\f' + MIXED, '--validate', suffix='xml')
zones = re.findall(r'<zone id="z\d+" page="(\d)" line="(\d+)" origin="text" confidence="([0-9.]+)"/>', out)
check('XML', code == 0 and '<cell column="2"><p' in out, code, out)
check('zones', {z[0] for z in zones} == {'1', '2'} and all(0 <= float(z[2]) <= 1 for z in zones), zones)
for jobs in '1', '2', '5':
    check('again', run(PROSE + '\f' + MIXED, '-j', jobs, suffix='xml')[1] == out, jobs)

for bad in (b'\xff\xfe', b'a\0b'):
    code, out, errors = run(bad)
    check('bad input', code == 3 and not out and errors.count('\n') == 1, code, errors)

# ---- encodings ----

KANA = 'テキストページ\n'  # of which each byte that is not ASCII would be a control character of EUC-JP
for text in (PROSE, KANA, '①㈱髙﨑\n'):
    for name, codec in (('SHIFT_JIS', 'cp932'), ('EUC-JP', 'euc_jp'), ('ISO-2022-JP', 'iso2022_jp'), ('UTF-16', 'utf-16')):
        try:
            coded = text.encode(codec)
        except UnicodeEncodeError: # which only Windows has
            continue
        code, out, errors = run(coded, '--encoding', name)
        check(f'{name}', code == 0 and out == text and not errors, code, out, errors)
    code, out, errors = run(text.encode('cp932'))
    check('Shift_JIS taken for UTF-8', code == 3 and not out and 'try --encoding SHIFT_JIS' in errors, code, errors)
code, out, errors = run(KANA.encode('cp932'), '--encoding', 'EUC-JP')
check('Shift_JIS taken for EUC-JP', code == 3 and 'byte 0 is 0x83; try --encoding SHIFT_JIS' in errors, code, errors)
code, out, errors = run(('水' + KANA).encode('euc_jp') + 'テ'.encode('cp932'), '--encoding', 'EUC-JP')
check('two in one', code == 3 and 'byte 17 is 0x83' in errors, code, errors)
code, out, errors = run(PROSE.encode('euc_jp'))
check('EUC-JP taken for UTF-8', code == 3 and 'try --encoding EUC-JP' in errors, code, errors)
for bad, codec, name in (('点', 'utf-8', 'UTF-8'), ('点', 'cp932', 'SHIFT_JIS'), ('点', 'euc_jp', 'EUC-JP')):
    code, out, errors = run(PROSE.encode(codec) + bad.encode(codec)[:-1], '--encoding', name)
    check('cut off', code == 3 and not out and 'ends within a character' in errors and errors.count('\n') == 1, code, errors)
code, out, errors = run(PROSE, '--encoding', 'EBCDIC-XX')
check('no such encoding', code == 2 and "there is no 'EBCDIC-XX'" in errors and errors.count('\n') == 1, code, errors)

done = subprocess.run([YOMIJUN, 'reconstruct', '--from', 'text', '-f', 'text', '-'], input=PROSE.encode(), capture_output=True, check=False)
check('standard input', done.returncode == 0 and done.stdout.decode() == PROSE, done)


def bounded(source, megabytes):
    """The command with no more memory than this."""
    def bound():
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    asan = b'__asan_init' in open(YOMIJUN, 'rb').read()  # which takes terabytes of addresses
    return subprocess.run([YOMIJUN, 'reconstruct', '--from', 'text', '-f', 'text', source, '-o', os.devnull],
                          preexec_fn=None if asan else bound, capture_output=True, check=False, timeout=300)


done = bounded('/dev/zero', 2048)
check('without an end', done.returncode == 3 and b'256 MiB' in done.stderr and done.stderr.count(b'\n') == 1, done)
with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, 'pages.txt'), 'wb') as f:
        f.write(b'\f' * 1000000)
    done = bounded(f.name, 400)
check('a million pages', done.returncode == 0, done)
code, out, errors = run(PROSE, '--image', '/nowhere.png')
check('no picture', code == 3 and '/nowhere.png' in errors and errors.count('\n') == 1, code, errors)
for options in (['--from', 'speech', 'x.txt'], ['--from', 'text']):
    done = subprocess.run([YOMIJUN, 'reconstruct', *options], capture_output=True, check=False)
    check('usage', done.returncode == 2, done)


# ---- without the model of Japanese ----

def without_model(model, text, *options):
    """(exit code, output, messages) of a program beside which this stands in the model's place."""
    with tempfile.TemporaryDirectory() as folder:
        program, share = os.path.join(folder, 'bin', 'yomijun'), os.path.join(folder, 'share', 'yomijun')
        os.makedirs(os.path.dirname(program))
        os.makedirs(share)
        shutil.copy(YOMIJUN, program)
        if model is None:
            os.mkdir(os.path.join(share, 'joins.ngrams'))
        else:
            with open(os.path.join(share, 'joins.ngrams'), 'wb') as f:
                f.write(model)
        done = subprocess.run([program, 'reconstruct', '--from', 'text', *options, '-'], input=text.encode(),
                              capture_output=True, check=False, timeout=120)
        return done.returncode, done.stdout.decode(), done.stderr.decode()


ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..')
with open(os.path.join(ROOT, 'reconstruct', 'joins.ngrams'), 'rb') as f:
    MODEL = f.read()
spoilt = bytearray(gzip.decompress(MODEL))
spoilt[0] ^= 1
DAMAGED = {'a folder': None, 'empty': b'', 'cut off': MODEL[:len(MODEL) // 2], 'no gzip': b'YJN1' * 1000,
           'another file': gzip.compress(b'another'), 'cut off inside': gzip.compress(gzip.decompress(MODEL)[:100000]),
           'spoilt': gzip.compress(bytes(spoilt), 1)}
for what, model in DAMAGED.items():
    code, out, errors = without_model(model, PROSE + '\f' + MIXED, '-f', 'text')
    check(f'the model is {what}', code == 0 and errors.count('\n') == 1 and 'without the model of Japanese' in errors, code, errors)
    check(f'the model is {what}: prose stays', out.startswith(PROSE + '\f'), out)
    check(f'the model is {what}: nothing lost', sorted(''.join((PROSE + MIXED).split())) == sorted(''.join(out.split())), out)
code, out, _ = without_model(b'', PROSE, '-f', 'xml')
check('without a model', code == 0 and 'options="from=text joins=none"' in out, out[:500])
code, out, errors = without_model(MODEL, PROSE + '\f' + MIXED, '-f', 'text')
check('the model is well', code == 0 and not errors and ''.join(LEFT) + '\n' + ''.join(RIGHT) in out, code, errors)


# ---- with a picture ----

RULED = os.path.join(ROOT, '..', 'shared', 'corpus', 'ruled')


NAMES = ['水道管の点検', '漏れのある所の数', '市町村への補助', '来年の計画', '調べ方と用語', '費用の内訳', '港の監視装置', '下水道の更新']
CONTENTS = ('<page><row><label>(ア)</label><org>水道課</org><cell col="plan">' +
            ''.join(f'<p>{i + 1}.{k + 1} {name}{"." * (30 - 2 * len(name) + i)} {10 * i + k + 1}</p>'
                    for i in range(3) for k, name in enumerate(NAMES)) + '</cell><cell col="result"><p>費用</p></cell></row></page>')


def characters(xml):
    """How often each stands in a document, notices and white space apart."""
    root = ElementTree.fromstring(xml)
    for parent in root.iter():
        for child in list(parent):
            if child.tag.endswith('}noticed'):
                child.tail = child.text = None
    return collections.Counter(''.join(''.join(root.itertext()).split()))


def pictured(pdf, page, folder, text=None):
    """(exit code, text, XML, messages) of the text of a page with its picture."""
    picture = os.path.join(folder, 'page')
    subprocess.run(['pdftoppm', '-r', '150', '-f', page, '-l', page, '-singlefile', '-png', pdf, picture], check=True)
    if text is None:
        text = subprocess.run(['pdftotext', '-f', page, '-l', page, pdf, '-'], check=True, capture_output=True).stdout.decode()
    return run(text, '-q', '--image', picture + '.png', suffix='xml'), text


def check_all_there(name, pdf, page):
    with tempfile.TemporaryDirectory() as folder:
        (code, out, errors), text = pictured(pdf, page, folder)
    check(name, code == 0 and len(text) > 100, code, errors, text)
    given, there = collections.Counter(''.join(text.split())), characters(out)
    check(name + ': every character once', given == there, given - there, there - given)


for number in ('02', '06', '07', '08'):
    for pdf in glob.glob(os.path.join(RULED, number + '-*.pdf')):
        check_all_there(os.path.basename(pdf), pdf, '2')

with tempfile.TemporaryDirectory() as folder:
    content, pdf = os.path.join(folder, 'page.gold.xml'), os.path.join(folder, 'page.pdf')
    with open(content, 'w', encoding='utf-8') as f:
        f.write(CONTENTS)
    subprocess.run([os.path.join(os.path.dirname(YOMIJUN), 'yomijun-typeset'), content, '-o', pdf], check=True)
    check_all_there('leader dots', pdf, '1')
    contents = subprocess.run(['pdftotext', pdf, '-'], check=True, capture_output=True).stdout.decode().rstrip('\f')
    (code, out, errors), text = pictured(pdf, '1', folder, PROSE)
    check('another picture', code == 1 and 'is it of this page?' in errors, code, errors)
    for name, text, words in (('too much for a page', '点' * 100001, 'no page may have more than 100000'),
                              ('more pages than pictures', PROSE + '\f' + PROSE, 'its text has 2 pages, the pictures of it are 1')):
        (code, _, errors), _ = pictured(pdf, '1', folder, text)
        check(name, code == 3 and words in errors and errors.count('\n') == 1, code, errors)
    header, footer = '町の白書 検索結果 (12 ページ)', 'このページの先頭へ'
    (code, web, errors), text = pictured(pdf, '1', folder, header + '\n' + contents + footer + '\n')
    paragraphs = {''.join(''.join(p.itertext()).split()) for p in ElementTree.fromstring(web).find('{*}body').findall('{*}p')}
    check('a web page around it', code == 0 and 'is it of this page?' not in errors, code, errors)
    check('a web page around it: lines', {''.join(header.split()), footer} <= paragraphs, web)
    check('a web page around it: nothing lost', characters(web) == collections.Counter(''.join(text.split())), web)
    wrong = contents.replace('漏れのある所の数', '漏れのない所の数', 1)
    (code, both, errors), _ = pictured(pdf, '1', folder, wrong)
    check('where they disagree both are there', code == 0 and '漏れのない所の数' in both and
          re.search('text “ない?”, picture “ある?”', both), code, both)
    pictures = os.path.join(folder, 'pages')
    os.makedirs(pictures)
    for name in ('1.png', '2.png'):
        shutil.copy(os.path.join(folder, 'page.png'), os.path.join(pictures, name))
    code, none, errors = run(PROSE, '-q', '--image', pictures, suffix='xml')
    check('more pictures than pages', code == 3 and not none and errors.count('\n') == 1 and
          'its text has 1 page, the pictures of it are 2' in errors, code, errors)
    os.makedirs(os.path.join(folder, 'empty'))
    code, none, errors = run(PROSE, '-q', '--image', os.path.join(folder, 'empty'), suffix='xml')
    check('no pictures in the folder', code == 3 and not none and errors.count('\n') == 1, code, errors)
    check('another picture: nothing lost', characters(out) == collections.Counter(''.join(PROSE.split())), out)
print('from-text: well')

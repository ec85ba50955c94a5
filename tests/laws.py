# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold of every document that yomijun writes: the schema, and conservation."""
import os, subprocess
import xml.etree.ElementTree as ElementTree

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SCHEMA = os.path.join(ROOT, 'reconstruct', 'document.rng')
DUMP_SCHEMA = os.path.join(ROOT, 'reconstruct', 'page-dump.rng')
NAMESPACE = '{urn:yomijun:document:1}'
# Characters that conservation does not count, as in glyph_is_blank.
BLANKS = set('\u00ad\u200b\u200c\u200d\u2060\ufeff')


def schema_faults(path, schema=SCHEMA):
    """What xmllint says against it, at most three lines; empty if it validates."""
    done = subprocess.run(['xmllint', '--huge', '--noout', '--relaxng', schema, path],
                          capture_output=True, text=True)
    return done.stderr.splitlines()[:3] if done.returncode else []


def inked(text):
    return sum(not c.isspace() and c not in BLANKS for c in text or '')


def inked_in(element):
    return inked(''.join(element.itertext())) + sum(inked(r.get('rt'))
                                                    for r in element.iter(NAMESPACE + 'ruby'))


def conservation_faults(path):
    """Counts that do not balance: page by page, and of the text as a whole, but for what a person
    changed."""
    faults, placed = [], 0
    root = ElementTree.parse(path).getroot()
    pages = root.find(NAMESPACE + 'pages')
    text = inked_in(root.find(NAMESPACE + 'body'))
    for page in pages:
        text += sum(inked_in(e) for e in page if e.tag in (NAMESPACE + 'head', NAMESPACE + 'folio'))
        counts = page.find(NAMESPACE + 'counts')
        if counts is None:
            if page.get('failed') is None:
                faults.append(f'page {page.get("n")}: no counts')
            continue
        glyphs, here = int(counts.get('glyphs')), int(counts.get('placed'))
        dropped = sum(int(d.get('count')) for d in page.iterfind(NAMESPACE + 'dropped'))
        placed += here
        if glyphs != here + dropped:
            faults.append(f'page {page.get("n")}: {glyphs} glyphs, {here} placed, {dropped} dropped')
    for correction in root.iterfind(NAMESPACE + 'corrections/' + NAMESPACE + 'correction[@zone]'):
        text += inked(correction.findtext(NAMESPACE + 'old')) - inked(correction.findtext(NAMESPACE + 'new'))
    if text != placed:
        faults.append(f'{placed} characters placed, but {text} in the document')
    return faults


def faults(path):
    """All of it; a document without faults gives an empty list."""
    return schema_faults(path) or conservation_faults(path)

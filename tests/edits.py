# SPDX-License-Identifier: GPL-3.0-or-later
"""How far texts are apart, in characters put in, left out or exchanged.

Both functions keep a column of the table of distances as the bits of two integers, after Myers, A
Fast Bit-Vector Algorithm for Approximate String Matching (1999), and Hyyrö (2003): Python's long
integers do whole pages at once (10,000 characters against 10,000: a tenth of a second)."""
import re, unicodedata

# What NFKC leaves apart, though nobody sees a difference: radicals, and kinds of dashes and waves.
ALIKE = str.maketrans({'⺠': '民', '⻑': '長', '⻝': '食', '⻩': '黄', '⻫': '斉', '⻲': '亀', '⺁': '厂',
                       '⻄': '西', '\u301c': '\uff5e', '\u2212': '-', '\u2013': '-'})


def norm(text):
    return re.sub(r'\s+', '', unicodedata.normalize('NFKC', (text or '').translate(ALIKE)))


def _scores(pattern, text, anywhere):
    """The distance of the pattern from each beginning of the text, the empty one first; or, anywhere,
    from whatever ends there."""
    score = len(pattern)
    yield score
    if not pattern:
        for i, _ in enumerate(text, 1):
            yield 0 if anywhere else i
        return
    places = {}
    for i, c in enumerate(pattern):
        places[c] = places.get(c, 0) | 1 << i
    mask, last, first = (1 << score) - 1, 1 << score - 1, 0 if anywhere else 1
    more, less = mask, 0  # where the column grows by one, or shrinks, from row to row
    for c in text:
        same = places.get(c, 0)
        steep = (same & more) + more ^ more | same
        right_more, right_less = less | mask & ~(steep | more), more & steep
        score += bool(right_more & last) - bool(right_less & last)
        yield score
        right_more, right_less = (right_more << 1 | first) & mask, right_less << 1 & mask
        more, less = right_less | mask & ~(same | less | right_more), right_more & (same | less)


def distance(one, other):
    """Between the two as wholes."""
    if len(one) < len(other):
        one, other = other, one
    for last in _scores(one, other, False):
        pass
    return last


def distance_inside(part, whole):
    """Between the part and whatever piece of the whole is nearest to it."""
    return min(_scores(part, whole, True))

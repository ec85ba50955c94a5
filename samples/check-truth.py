#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-truth.py OUT.pdf TRUTH.json [--any-order]

Does the PDF's text layer hold exactly the truth's characters, page by page, white space apart? In the
order of reading, which is that of the file with --order reading; or, with --any-order, in whatever
order. Needs pdftotext. Exit code 1 and one line for each page that differs."""
import collections
import json
import re
import subprocess
import sys


def bare(text):
    return re.sub(r"\s+", "", text)


def pieces(text, page, cuts):
    """(page, text) for each page a text stands on; cuts count its characters before each page end."""
    text = bare(text)
    ends = [0, *cuts, len(text)]
    return [(page + i, text[a:b]) for i, (a, b) in enumerate(zip(ends, ends[1:]))]


def add_table(block, pages):
    rows = block["rows"]
    header = [r for r in rows if all(c["header"] for c in r["cells"])]
    head_text = "".join(bare(c["text"]) for r in header for c in r["cells"])
    reached = None
    for row in rows[len(header):]:
        parts = collections.defaultdict(str)
        for cell in row["cells"]:
            for page, text in pieces(cell["text"], row["page"], cell.get("cuts", [])):
                parts[page] += text
        for page in sorted(parts):
            if page != reached:
                pages[page].append(head_text)
                reached = page
            pages[page].append(parts[page])


def expected(truth):
    """The text of each page in the order of reading."""
    body = collections.defaultdict(list)
    notes = collections.defaultdict(list)
    for block in truth["blocks"]:
        if block["type"] == "table":
            add_table(block, body)
        elif block.get("footnote"):
            notes[block["page"]].append(bare(block["text"]))
        else:
            text = "".join(block["texts"]) if block["type"] == "figure" else block["text"]
            for page, part in pieces(text, block["page"], block.get("cuts", [])):
                body[page].append(part)
    return [bare("".join(p["head"])) + "".join(body[p["n"]]) + "".join(notes[p["n"]])
            + bare(p["folio"]) for p in truth["pages"]]


def main():
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    if len(arguments) != 2:
        sys.exit(__doc__)
    with open(arguments[1], encoding="utf-8") as file:
        want = expected(json.load(file))
    layer = subprocess.run(["pdftotext", "-raw", arguments[0], "-"], check=True, capture_output=True)
    got = [bare(page) for page in layer.stdout.decode("utf-8").split("\f")[:-1]]
    bad = abs(len(want) - len(got))
    if bad:
        print(f"{arguments[0]}: {len(got)} pages, the truth has {len(want)}")
    for number, (a, b) in enumerate(zip(want, got), 1):
        if "--any-order" in sys.argv:
            a, b = "".join(sorted(a)), "".join(sorted(b))
        if a != b:
            bad += 1
            at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
            print(f"{arguments[0]}: page {number}: wanted {a[at:at + 20]!r}, found {b[at:at + 20]!r}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""mix-pages.py REPORT.pdf SCANS.pdf --every N -o MIXED.pdf

The report, with each Nth page replaced by its picture; the other pages are byte for byte the same
text. SCANS.pdf is what `yomijun-scan REPORT.pdf --every N -o SCANS.pdf` made. Needs qpdf. Exit code 2
for wrong usage, or a number of pictures that does not fit; that of qpdf if it fails."""
import argparse
import subprocess
import sys


def page_count(pdf):
    done = subprocess.run(["qpdf", "--show-npages", pdf], check=True, capture_output=True, text=True)
    return int(done.stdout)


def ranges(count, every):
    """qpdf's list of which pages to take from which file: runs of the report, single pictures."""
    for picture, page in enumerate(range(every, count + 1, every), 1):
        if every > 1:
            yield "report", f"{page - every + 1}-{page - 1}"
        yield "scans", str(picture)
    if count % every:
        yield "report", f"{count - count % every + 1}-{count}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[1])
    parser.add_argument("report")
    parser.add_argument("scans")
    parser.add_argument("--every", type=int, required=True, metavar="N")
    parser.add_argument("-o", "--output", required=True)
    options = parser.parse_args()
    count = page_count(options.report)
    if options.every < 1 or page_count(options.scans) != count // options.every:
        parser.error("there must be a picture for each Nth page of the report")
    files = {"report": options.report, "scans": options.scans}
    pages = [part for name, pages in ranges(count, options.every) for part in (files[name], pages)]
    return subprocess.run(["qpdf", "--deterministic-id", "--empty", "--pages", *pages, "--",
                           options.output]).returncode


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""golden.py YOMIJUN CASE …            a folder's page.xml must become its expected.xml and expected.txt
golden.py --update YOMIJUN CASE …   shows what changed and asks; refuses what breaks a law

The <producer> is put out alike for every build, so that a new version changes no case."""
import difflib, os, re, subprocess, sys, tempfile

import laws

PRODUCER = '<producer name="yomijun" version="0" paint-trace="yes"/>'


def reconstruct(yomijun, case, folder):
    """Paths of what the case gives now: {'expected.xml': …, 'expected.txt': …}."""
    made = {}
    for name, form in (('expected.xml', 'xml'), ('expected.txt', 'text')):
        made[name] = os.path.join(folder, name)
        done = subprocess.run([yomijun, 'reconstruct', os.path.join(case, 'page.xml'), '-f', form,
                               '-o', made[name]], capture_output=True, text=True)
        if done.returncode not in (0, 1):
            sys.exit(f'{case}: exit code {done.returncode}: {done.stderr}')
    with open(made['expected.xml'], encoding='utf-8') as f:
        text = re.sub(r'<producer [^>]*/>', PRODUCER, f.read(), count=1)
    with open(made['expected.xml'], 'w', encoding='utf-8') as f:
        f.write(text)
    return made


def lines_of(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding='utf-8') as f:
        return f.read().splitlines()


def difference(case, name, made):
    return list(difflib.unified_diff(lines_of(os.path.join(case, name)), lines_of(made),
                                     'expected', 'now', lineterm=''))


def check(yomijun, case):
    with tempfile.TemporaryDirectory() as folder:
        made = reconstruct(yomijun, case, folder)
        faults = laws.schema_faults(os.path.join(case, 'page.xml'), laws.DUMP_SCHEMA)
        faults += laws.faults(made['expected.xml'])
        for name, path in made.items():
            faults += difference(case, name, path)
    for fault in faults:
        print(f'{os.path.basename(case)}: {fault}')
    return not faults


def update(yomijun, case):
    with tempfile.TemporaryDirectory() as folder:
        made = reconstruct(yomijun, case, folder)
        faults = laws.faults(made['expected.xml'])
        if faults:
            print(f'{case}: not updated, a law is broken:', *faults, sep='\n  ')
            return False
        for name, path in made.items():
            changed = difference(case, name, path)
            if not changed:
                continue
            print(*changed, sep='\n')
            if input(f'{case}/{name}: is that right? [y/N] ').strip().lower() != 'y':
                return False
            with open(path, 'rb') as now, open(os.path.join(case, name), 'wb') as then:
                then.write(now.read())
    return True


def main():
    arguments = sys.argv[1:]
    action = check
    if arguments and arguments[0] == '--update':
        action = update
        arguments = arguments[1:]
    if len(arguments) < 2:
        sys.exit(__doc__)
    results = [action(os.path.abspath(arguments[0]), case.rstrip('/')) for case in arguments[1:]]
    sys.exit(0 if all(results) else 1)


if __name__ == '__main__':
    main()

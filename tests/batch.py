#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""batch.py BUILD [GROUP …]   `yomijun batch`: every outcome true, nothing lost, nothing done twice, whatever
happens on the way. GROUP: outcomes, again, kill, power, container, names, disk, people, texts; none: all.
BATCH_ALL=1 tries everything that is tried at random or in part otherwise, which takes minutes."""
import signal, sys

import archive, promises
import batch_again, batch_containers, batch_disk, batch_kill, batch_names, batch_outcomes, batch_people, batch_power
import batch_texts

GROUPS = {'outcomes': batch_outcomes.cases, 'again': batch_again.cases, 'kill': batch_kill.cases,
          'power': batch_power.cases, 'container': batch_containers.cases, 'names': batch_names.cases,
          'disk': batch_disk.cases, 'people': batch_people.cases,
          'texts': batch_texts.cases}

if __name__ == '__main__':
    signal.signal(signal.SIGINT, signal.default_int_handler)  # which may be ignored, and is then by children
    sys.exit(promises.try_groups(lambda folder: archive.Place(sys.argv[1], folder), GROUPS))

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Forker: a process that starts the tasks. What a fork costs grows with the process that forks, and
 * the batch grows with its archive; this one is forked before there is a plan, loads what tasks
 * need and stays as it is. So the batch has its time for results, a core beside the tasks'.
 *
 * The tasks are the batch's children all the same: it waits for them, and they end with it. If the
 * forker is ended by somebody, tasks go on, and another one is forked for the next. Requests go out
 * over a socket, with the descriptors of the task; nothing comes back.
 */
#pragma once

#include "task.h"

typedef struct Forker Forker;

/* Forks it now. options: of all tasks; must live as long. */
Forker *forker_new(const Options *options);
void forker_free(Forker *forker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Forker, forker_free)

/* Asks for a process for the task, which speaks over these descriptors (task_run()) and says first
 * who it is; or the forker says its end in its place, where no process can be had. What is given
 * stays the caller's, and none of it is needed any more when this returns. FALSE with an error if
 * there is no forker to be had. */
gboolean forker_start(Forker *forker, const Task *task, int report, int answer, int messages,
                      GError **error);

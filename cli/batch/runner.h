/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runner: tasks in processes, so many at a time. It hears what they say, checks it, and ends those
 * that are silent for too long. Where there are fewer tasks than processes may be, a big document
 * gets more workers.
 */
#pragma once

#include "forker.h"
#include "outcome.h"

/* A task that says nothing for so long, seconds, is ended: more than a page may take. So is one
 * that goes on for so long after its time is over. */
#define SILENCE_SECONDS (PAGE_WALL_SECONDS + 60)

/* What became of a task. */
typedef struct {
    char *sha256; /* of the input; NULL if it did not come so far */
    gboolean stopped, copied;
    gboolean interrupted; /* ended with the batch: nothing is known */
    Outcome outcome;
    int code;                              /* exit code of messages.h */
    char *reason;                          /* or NULL */
    GArray *pages;                         /* PageOutcome */
    GPtrArray *warnings, *changes, *unfit; /* char * */
    char *output_sha256;
    gint64 output_bytes;
    double seconds, processor;
    gint64 memory; /* bytes of its largest process */
} TaskResult;

/* All empty; the arrays are there. */
void task_result_init(TaskResult *result);
void task_result_clear(TaskResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TaskResult, task_result_clear)

typedef struct Running Running;

typedef enum { ANSWER_GO, ANSWER_STOP, ANSWER_COPY, ANSWER_WAIT } HashAnswer;

/* What the batch decides. */
typedef struct {
    /* The next task, whose parts become the runner's, and what it is to the batch; FALSE if there
     * is none now. */
    gboolean (*next)(gpointer user_data, Task *ret_task, gpointer *ret_item);
    /* Its bytes are known. ANSWER_COPY: ret_copy, a new string as of runner_answer(), which comes
     * later if it is ANSWER_WAIT. */
    HashAnswer (*hashed)(gpointer item, Running *running, const char *sha256, char **ret_copy,
                         gpointer user_data);
    /* The result may be moved away: what is left is cleared. */
    void (*ended)(gpointer item, const Running *running, TaskResult *result, gpointer user_data);
    /* From time to time; FALSE ends everything. */
    gboolean (*tick)(gpointer user_data);
    gpointer user_data;
} RunnerHooks;

/* A task that somebody else kills is run once more. Runs until there is nothing to do and nothing
 * running, or tick() says so, or a signal comes: then FALSE. */
gboolean runner_run(const RunnerHooks *hooks, Forker *forker, guint jobs, guint seconds);

/* Whether a signal has come that ends everything. */
gboolean runner_interrupted(void);

/* The answer to a task that waits. copy: the SHA-256 of the result to be copied, a space, its path;
 * NULL if it is another answer. */
void runner_answer(Running *running, HashAnswer answer, const char *copy);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "death.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faults.h"
#include "pages.h"

/* The exit status of a process that memory failed. */
#define STATUS_MEMORY 77
/* Less room than this is none. */
#define ROOM (32u << 20)

/* What fails for want of memory aborts: poppler, C++ and GLib alike. The last error tells, unless
 * somebody printed in between; then there is still no room. */
static void
on_abort(int number)
{
    gboolean short_of = errno == ENOMEM; /* NOLINT(bugprone-signal-handler): it dies in any case */
    if (!short_of) {
        /* cppcheck-suppress invalidFunctionArg ; no file */
        /* NOLINTNEXTLINE(bugprone-signal-handler) */
        void *room = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        short_of = room == MAP_FAILED;
        munmap(room, ROOM); /* NOLINT(bugprone-signal-handler) */
    }
    if (short_of) {
        _exit(STATUS_MEMORY);
    }
    signal(number, SIG_DFL);
    raise(number);
}

void
death_by_memory_watch(void)
{
    signal(SIGABRT, on_abort);
    signal(SIGTRAP, on_abort);
}

void
death_with(pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(1);
    }
}

gboolean
death_from_outside(int status)
{
    static const int numbers[] = {SIGKILL, SIGTERM, SIGINT, SIGHUP};
    gboolean found = FALSE;
    for (guint i = 0; WIFSIGNALED(status) && i < G_N_ELEMENTS(numbers); i++) {
        found = found || WTERMSIG(status) == numbers[i];
    }
    return found;
}

PageFailure
death_kind(int status, gboolean late)
{
    if (late || (WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF)) {
        return PAGE_TIME;
    }
    gboolean memory = WIFEXITED(status) && WEXITSTATUS(status) == STATUS_MEMORY;
    return memory || death_from_outside(status) ? PAGE_MEMORY : PAGE_CRASH;
}

char *
death_words(int status, gboolean late)
{
    switch (death_kind(status, late)) {
    case PAGE_TIME:
        return late ? g_strdup_printf("given up after %d s",
                                      (int)faults_limit("PAGE_WALL_SECONDS", PAGE_WALL_SECONDS))
                    : g_strdup_printf("given up: it takes more than %d s of processor time, or "
                                      "%d s with OCR",
                                      (int)faults_limit("PAGE_SECONDS", PAGE_SECONDS), OCR_SECONDS);
    case PAGE_MEMORY:
        return death_from_outside(status)
                   ? g_strdup("its process was ended from outside, as the kernel does when the "
                              "machine has no memory left")
                   : g_strdup_printf("reading it needed more than %u MiB of memory",
                                     (guint)(faults_limit("WORKER_BYTES", WORKER_BYTES) >> 20));
    case PAGE_READ:
    case PAGE_DAMAGED:
    case PAGE_CRASH:
    case PAGE_UNKNOWN:
    default:
        return WIFSIGNALED(status)
                   ? g_strdup_printf("reading it crashed (signal %d)", WTERMSIG(status))
                   : g_strdup("reading it ended before its time");
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "faults.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INSTRUCTION "fault="
/* What memory is taken by. */
#define PIECE (1u << 20)
/* How slow what is slow is. */
#define SLOW_MILLISECONDS 1000

static G_NORETURN void
crash(void)
{
    raise(SIGSEGV);
    abort(); /* where a sanitizer has taken the signal */
}

static G_NORETURN void
hang(void)
{
    for (;;) {
        poll(NULL, 0, -1);
    }
}

static G_NORETURN void
spin(void)
{
    for (volatile guint i = 0;; i++) {
    }
}

static G_NORETURN void
take_memory(void)
{
    char *memory = NULL;
    for (gsize size = PIECE;; size += PIECE) {
        memory = g_realloc(memory, size); /* which aborts in the end */
        memset(memory + size - PIECE, 1, PIECE);
    }
}

static void
wait_a_while(void)
{
    poll(NULL, 0, (int)faults_limit("SLOW_MILLISECONDS", SLOW_MILLISECONDS));
}

static void
stop(void)
{
    raise(SIGSTOP);
}

static G_NORETURN void
leave(void)
{
    _exit(1);
}

static const struct {
    const char *name;
    void (*act)(void);
    gboolean later; /* only if another page was read before */
} FAULTS_KNOWN[] = {
    {"slow", wait_a_while, FALSE}, {"stop", stop, FALSE},       {"crash", crash, FALSE},
    {"hang", hang, FALSE},         {"spin", spin, FALSE},       {"memory", take_memory, FALSE},
    {"exit", leave, FALSE},        {"crash-once", crash, TRUE},
};

/* Obeys what stands in a text. */
static void
obey(const char *text, guint number, guint read_before)
{
    const char *at = text != NULL ? strstr(text, INSTRUCTION) : NULL;
    if (at == NULL) {
        return;
    }
    at += strlen(INSTRUCTION);
    gsize length = strspn(at, "abcdefghijklmnopqrstuvwxyz-");
    guint64 page = at[length] == '@' ? g_ascii_strtoull(at + length + 1, NULL, 10) : 0;
    for (guint i = 0; i < G_N_ELEMENTS(FAULTS_KNOWN); i++) {
        if (strlen(FAULTS_KNOWN[i].name) != length ||
            strncmp(at, FAULTS_KNOWN[i].name, length) != 0) {
            continue;
        }
        gboolean due = page == 0 || page == number;
        if (due && (!FAULTS_KNOWN[i].later || read_before > 0)) {
            FAULTS_KNOWN[i].act();
        }
        return;
    }
    leave();
}

void
faults_obey(const Source *source, guint number, guint read_before)
{
    obey(source_facts(source)->title, number, read_before);
    if (number > 0) {
        obey(source_page_file(source, number), number, read_before);
    }
}

void
faults_obey_text(const char *text, guint number, guint read_before)
{
    g_autofree char *line = g_strndup(text, strcspn(text, "\n"));
    obey(line, number, read_before);
}

guint64
faults_limit(const char *name, guint64 usual)
{
    g_autofree char *variable = g_strconcat("YOMIJUN_", name, NULL);
    const char *said = g_getenv(variable);
    return said != NULL ? g_ascii_strtoull(said, NULL, 10) : usual;
}

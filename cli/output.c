/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

struct Output {
    FILE *stream;
    char *path; /* NULL: nothing to rename to */
    char *temporary;
};

static int real_stdout = STDOUT_FILENO;

void
output_guard(void)
{
    fflush(stdout);
    real_stdout = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3); /* -1 if it was closed */
    int nowhere = open("/dev/null", O_RDWR);
    for (int fd = STDIN_FILENO; nowhere >= 0 && fd <= STDERR_FILENO; fd++) {
        if (fd == STDOUT_FILENO || fcntl(fd, F_GETFD) < 0) {
            dup2(nowhere, fd); /* closed ones would become pipes or files of ours */
        }
    }
    if (nowhere > STDERR_FILENO) {
        close(nowhere);
    }
}

gboolean
output_is_terminal(void)
{
    return real_stdout >= 0 && isatty(real_stdout);
}

static void
set_error(GError **error, const char *what, int why)
{
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(why), "%s: %s", what, g_strerror(why));
}

/* A device or a pipe cannot be renamed to: it is written as it is. */
static gboolean
is_special(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

/* Beside the target, so that the rename stays in one file system; with the mode a new file gets. */
static FILE *
open_temporary(Output *output)
{
    output->temporary = g_strdup_printf("%s.XXXXXX", output->path);
    int fd = g_mkstemp_full(output->temporary, O_RDWR | O_CLOEXEC, 0666);
    if (fd < 0) {
        g_clear_pointer(&output->temporary, g_free);
        return NULL;
    }
    return fdopen(fd, "wb");
}

Output *
output_open(const char *path, GError **error)
{
    g_autoptr(Output) output = g_new0(Output, 1);
    if (path == NULL) {
        int fd = real_stdout >= 0 ? dup(real_stdout) : -1;
        errno = fd < 0 ? EBADF : errno;
        output->stream = fd >= 0 ? fdopen(fd, "wb") : NULL;
    } else if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
        set_error(error, path, EISDIR);
        return NULL;
    } else if (is_special(path)) {
        output->stream = fopen(path, "wb");
    } else {
        output->path = g_strdup(path);
        output->stream = open_temporary(output);
    }
    if (output->stream == NULL) {
        set_error(error, path != NULL ? path : "standard output", errno);
        return NULL;
    }
    return g_steal_pointer(&output);
}

FILE *
output_stream(Output *output)
{
    return output->stream;
}

gboolean
output_commit(Output *output, GError **error)
{
    const char *what = output->path != NULL ? output->path : "standard output";
    gboolean failed = fflush(output->stream) != 0 || ferror(output->stream) != 0;
    failed = failed || (output->path != NULL && fsync(fileno(output->stream)) != 0);
    int why = errno;
    failed = fclose(output->stream) != 0 || failed;
    output->stream = NULL;
    if (!failed && output->path != NULL) {
        failed = g_rename(output->temporary, output->path) != 0;
        why = errno;
    }
    if (failed) {
        set_error(error, what, why);
        return FALSE;
    }
    g_clear_pointer(&output->temporary, g_free);
    return TRUE;
}

void
output_free(Output *output)
{
    if (output == NULL) {
        return;
    }
    if (output->stream != NULL) {
        fclose(output->stream);
    }
    if (output->temporary != NULL) {
        g_unlink(output->temporary);
    }
    g_free(output->temporary);
    g_free(output->path);
    g_free(output);
}

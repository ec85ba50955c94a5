/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image-set.h"
#include "pdf.h"

/* Bytes read from standard input at most. */
#define INPUT_MOST (2ull << 30)

/* Standard input as a file without a name: a PDF is read from its end. */
static int
copy_input(GError **error)
{
    FILE *copy = tmpfile();
    g_autofree char *buffer = g_malloc(1 << 16);
    guint64 total = 0;
    size_t n;
    while (copy != NULL && (n = fread(buffer, 1, 1 << 16, stdin)) > 0) {
        total += n;
        if (total > INPUT_MOST || fwrite(buffer, 1, n, copy) != n) {
            g_clear_pointer(&copy, fclose);
        }
    }
    int fd = copy != NULL && fflush(copy) == 0 && !ferror(stdin) ? dup(fileno(copy)) : -1;
    g_clear_pointer(&copy, fclose);
    if (fd < 0) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_OPEN,
                    total > INPUT_MOST ? "standard input is larger than 2 GiB"
                                       : "standard input cannot be read or copied");
    }
    return fd;
}

void
input_cannot_open(int why, GError **error)
{
    gboolean machine = why == EMFILE || why == ENFILE || why == ENOMEM;
    g_set_error(error, machine ? G_FILE_ERROR : EXTRACT_ERROR,
                machine ? (int)g_file_error_from_errno(why) : EXTRACT_ERROR_OPEN,
                "cannot be opened: %s", g_strerror(why));
}

static int
open_file(const char *path, struct stat *ret_stat, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, ret_stat) != 0) {
        input_cannot_open(errno, error);
        if (fd >= 0) {
            close(fd);
        }
        return -1;
    }
    return fd;
}

gboolean
input_find(const char *path, Input *ret_input, GError **error)
{
    g_auto(Input) input = {.fd = -1,
                           .images = g_ptr_array_new_with_free_func(g_free),
                           .others = g_ptr_array_new_with_free_func(g_free)};
    struct stat st = {0};
    gboolean standard = strcmp(path, "-") == 0;
    input.fd = standard ? copy_input(error) : open_file(path, &st, error);
    if (input.fd < 0) {
        return FALSE;
    }
    if (!standard && S_ISDIR(st.st_mode)) {
        close(input.fd);
        input.fd = -1;
        input.folder = TRUE;
        if (!image_folder_list(path, input.images, input.others, error)) {
            return FALSE;
        }
    } else if (!standard && !S_ISREG(st.st_mode)) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_OPEN,
                    "is no regular file; pass it on standard input as -");
        return FALSE;
    } else if (standard && image_is_known(input.fd)) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_OPEN,
                    "is an image: only a PDF may come on standard input; give the file's name");
        return FALSE;
    } else if (image_is_known(input.fd)) {
        close(input.fd);
        input.fd = -1;
        g_ptr_array_add(input.images, g_strdup(path));
    }
    memcpy(ret_input, &input, sizeof input);
    memset(&input, 0, sizeof input);
    input.fd = -1;
    return TRUE;
}

void
input_clear(Input *input)
{
    if (input->fd >= 0) {
        close(input->fd);
        input->fd = -1;
    }
    g_clear_pointer(&input->images, g_ptr_array_unref);
    g_clear_pointer(&input->others, g_ptr_array_unref);
}

/* fd -1: of nothing. */
static char *
file_checksum(int fd)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree guchar *buffer = g_malloc(1 << 16);
    gint64 at = 0;
    ssize_t n;
    while (fd >= 0 && (n = pread(fd, buffer, 1 << 16, at)) > 0) {
        g_checksum_update(sum, buffer, n);
        at += n;
    }
    return g_strdup(g_checksum_get_string(sum));
}

char *
input_checksum(const Input *input)
{
    if (input->fd >= 0) {
        return file_checksum(input->fd);
    }
    g_autoptr(GString) digests = g_string_new(NULL);
    for (guint i = 0; i < input->images->len; i++) {
        int fd = open(g_ptr_array_index(input->images, i), O_RDONLY | O_CLOEXEC);
        g_autofree char *digest = file_checksum(fd); /* -1 if it is gone */
        if (input->images->len == 1) {
            g_string_append(digests, digest);
        } else {
            g_string_append_printf(digests, "%s\n", digest);
        }
        if (fd >= 0) {
            close(fd);
        }
    }
    return input->images->len == 1 ? g_strdup(digests->str)
                                   : g_compute_checksum_for_string(G_CHECKSUM_SHA256, digests->str,
                                                                   (gssize)digests->len);
}

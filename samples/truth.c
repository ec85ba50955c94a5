/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "truth.h"

#include "linebreak.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>

/* Bytes: the buffer goes to the file when it is this full. */
static const gsize BUFFER_FULL = 1 << 16;

struct Truth {
    FILE *file;
    char *path;
    GString *text;   /* not yet in the file */
    GString *pages;  /* the entries of "pages" */
    GString *closes; /* one bracket for each open one */
    gboolean empty;  /* nothing yet in the innermost one */
};

Truth *
truth_new(const char *path, GError **error)
{
    FILE *file = g_fopen(path, "wb");

    if (!file) {
        g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "%s: %s", path,
                    g_strerror(errno));
        return NULL;
    }
    Truth *truth = g_new0(Truth, 1);
    truth->file = file;
    truth->path = g_strdup(path);
    truth->text = g_string_new(NULL);
    truth->pages = g_string_new(NULL);
    truth->closes = g_string_new(NULL);
    truth->empty = TRUE;
    truth_open(truth, NULL, '{');
    truth_open(truth, "blocks", '[');
    return truth;
}

void
truth_free(Truth *truth)
{
    if (!truth)
        return;
    if (truth->file)
        fclose(truth->file);
    g_string_free(truth->text, TRUE);
    g_string_free(truth->pages, TRUE);
    g_string_free(truth->closes, TRUE);
    g_free(truth->path);
    g_free(truth);
}

/* A failed write shows in ferror at the end. */
static void
buffer_flush(Truth *truth)
{
    fwrite(truth->text->str, 1, truth->text->len, truth->file);
    g_string_truncate(truth->text, 0);
}

static void
text_append_quoted(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (const char *p = text; *p; p = text_next(p)) {
        gunichar c = g_utf8_get_char(p);

        if (c >= REFERENCE_BASE + '0' && c <= REFERENCE_BASE + '9')
            c -= REFERENCE_BASE;
        if (c == '"' || c == '\\')
            g_string_append_c(out, '\\');
        if (c < 0x20)
            g_string_append_printf(out, "\\u%04x", c);
        else
            g_string_append_unichar(out, c);
    }
    g_string_append_c(out, '"');
}

static void
begin_value(Truth *truth, const char *key)
{
    if (!truth->empty)
        g_string_append_c(truth->text, ',');
    if (truth->closes->len > 0)
        g_string_append_printf(truth->text, "\n%*s", (int)truth->closes->len, "");
    truth->empty = FALSE;
    if (key)
        g_string_append_printf(truth->text, "\"%s\": ", key);
}

void
truth_open(Truth *truth, const char *key, char bracket)
{
    if (!truth)
        return;
    begin_value(truth, key);
    g_string_append_c(truth->text, bracket);
    g_string_append_c(truth->closes, bracket == '{' ? '}' : ']');
    truth->empty = TRUE;
}

void
truth_close(Truth *truth)
{
    if (!truth)
        return;
    gsize depth = truth->closes->len;

    g_assert(depth > 0);
    if (!truth->empty)
        g_string_append_printf(truth->text, "\n%*s", (int)depth - 1, "");
    g_string_append_c(truth->text, truth->closes->str[depth - 1]);
    g_string_truncate(truth->closes, depth - 1);
    truth->empty = FALSE;
    if (truth->text->len > BUFFER_FULL)
        buffer_flush(truth);
}

void
truth_add_text(Truth *truth, const char *key, const char *text)
{
    if (!truth)
        return;
    begin_value(truth, key);
    text_append_quoted(truth->text, text);
}

void
truth_add_number(Truth *truth, const char *key, gint64 number)
{
    if (!truth)
        return;
    begin_value(truth, key);
    g_string_append_printf(truth->text, "%" G_GINT64_FORMAT, number);
}

void
truth_add_flag(Truth *truth, const char *key, gboolean flag)
{
    if (!truth)
        return;
    begin_value(truth, key);
    g_string_append(truth->text, flag ? "true" : "false");
}

void
truth_add_numbers(Truth *truth, const char *key, const GArray *numbers)
{
    if (!truth)
        return;
    begin_value(truth, key);
    for (guint i = 0; i < numbers->len; i++)
        g_string_append_printf(truth->text, "%s%u", i ? ", " : "[",
                               g_array_index(numbers, guint, i));
    g_string_append(truth->text, numbers->len ? "]" : "[]");
}

void
truth_add_page(Truth *truth, int number, const GPtrArray *head, const char *folio)
{
    if (!truth)
        return;
    g_string_append_printf(truth->pages, "%s\n  {\"n\": %d, \"head\": [",
                           truth->pages->len ? "," : "", number);
    for (guint i = 0; i < head->len; i++) {
        g_string_append(truth->pages, i ? ", " : "");
        text_append_quoted(truth->pages, head->pdata[i]);
    }
    g_string_append(truth->pages, "], \"folio\": ");
    text_append_quoted(truth->pages, folio);
    g_string_append_c(truth->pages, '}');
}

gboolean
truth_finish(Truth *truth, GError **error)
{
    if (!truth)
        return TRUE;
    truth_close(truth);
    begin_value(truth, "pages");
    g_string_append_printf(truth->text, "[%s\n ]", truth->pages->str);
    truth_close(truth);
    g_string_append_c(truth->text, '\n');
    buffer_flush(truth);
    gboolean good = !ferror(truth->file);
    good = fclose(truth->file) == 0 && good;
    truth->file = NULL;
    if (!good)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_IO, "%s: cannot write", truth->path);
    return good;
}

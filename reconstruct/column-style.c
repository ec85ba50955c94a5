/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "column-style.h"

#include <math.h>

/* A column of which nothing is known counts as this many sentences of the usual kind. */
static const double PRIOR_SENTENCES = 1.0;
static const double PRIOR_LINES = 0.3;
#define LINE_MOST 24u /* characters of a line that may come again on purpose */

/* Sentences of a run that end in the past (…た。), and others that end with a verb. */
static void
count_ends(Run run, guint *past, guint *other)
{
    for (guint i = 1; i < run.n; i++) {
        guint32 before = run.c[i - 1];
        if (run.c[i] != 0x3002) {
            continue;
        }
        /* …た。 …だ。 …ている。: what is so by now */
        gboolean so_now = i >= 3 && before == 0x308B && run.c[i - 2] == 0x3044 &&
                          (run.c[i - 3] == 0x3066 || run.c[i - 3] == 0x3067);
        if (before == 0x305F || before == 0x3060 || so_now) {
            (*past)++;
        } else if (before >= 0x3041 && before <= 0x309F) {
            (*other)++;
        }
    }
}

static gpointer
line_key(Run run)
{
    guint64 hash = G_GUINT64_CONSTANT(0xcbf29ce484222325);
    for (guint i = 0; i < run.n; i++) {
        hash = (hash ^ run.c[i]) * G_GUINT64_CONSTANT(0x100000001b3);
    }
    return GSIZE_TO_POINTER((gsize)(hash ^ (hash >> 32)));
}

void
column_style_clear(ColumnStyle *style)
{
    g_clear_pointer(&style->lines, g_hash_table_unref);
}

static void
count_line(ColumnStyle *style, Run run, guint32 column)
{
    if (run.n > LINE_MOST) {
        return;
    }
    double *columns = g_hash_table_lookup(style->lines, line_key(run));
    if (columns == NULL) {
        columns = g_new0(double, TEXT_MAX_COLUMNS);
        g_hash_table_insert(style->lines, line_key(run), columns);
    }
    columns[column]++;
}

void
column_style_find(const TextPage *page, const TextReading *reading, ColumnStyle *ret_style)
{
    guint past[TEXT_MAX_COLUMNS] = {0}, other[TEXT_MAX_COLUMNS] = {0}, all_past = 0, all = 0;
    *ret_style = (ColumnStyle){.lines = g_hash_table_new_full(NULL, NULL, NULL, g_free)};
    for (guint i = 0; i < reading->placements->len; i++) {
        const TextPlacement *it = &g_array_index(reading->placements, TextPlacement, i);
        if (it->row >= 0) {
            const Run run = {text_page_chars(page, it->from), it->to - it->from};
            count_ends(run, &past[it->column], &other[it->column]);
            count_line(ret_style, run, it->column);
        }
    }
    for (guint c = 0; c < TEXT_MAX_COLUMNS; c++) {
        all_past += past[c];
        all += past[c] + other[c];
    }
    double usual = (all_past + 0.5) / (all + 1.0);
    for (guint c = 0; c < TEXT_MAX_COLUMNS; c++) {
        ret_style->past[c] =
            (past[c] + PRIOR_SENTENCES * usual) / (past[c] + other[c] + PRIOR_SENTENCES);
    }
}

void
column_style_odds(const ColumnStyle *style, const TextColumns *columns, Run run, double *odds)
{
    guint past = 0, other = 0;
    count_ends(run, &past, &other);
    const double *lines = style->lines == NULL || run.n > LINE_MOST
                              ? NULL
                              : g_hash_table_lookup(style->lines, line_key(run));
    double times = 0, mean = 0, texts = 0;
    for (guint c = 0; c < columns->n; c++) {
        times += lines != NULL ? lines[c] : 0;
        mean += columns->width[c] > TEXT_LABEL_WIDTH ? style->past[c] : 0;
        texts += columns->width[c] > TEXT_LABEL_WIDTH;
    }
    mean = CLAMP(texts > 0 ? mean / texts : 0.5, 0.02, 0.98);
    for (guint c = 0; c < columns->n; c++) {
        odds[c] = 0;
        if (columns->width[c] > TEXT_LABEL_WIDTH) {
            double share = CLAMP(style->past[c], 0.02, 0.98);
            odds[c] = past * log(share / mean) + other * log((1 - share) / (1 - mean));
        }
        if (lines != NULL && times >= 2) { /* with itself: what comes once says nothing */
            odds[c] +=
                log((lines[c] + PRIOR_LINES) / (times + PRIOR_LINES * columns->n) * columns->n);
        }
    }
}

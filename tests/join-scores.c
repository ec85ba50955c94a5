/* SPDX-License-Identifier: GPL-3.0-or-later */
/* join-scores: lines of text from standard input; for each pair of lines how likely the second goes
 * on with the first, a row for each first. With an argument, without the model. For
 * scripts/score-joins. */
#include <stdio.h>

#include "data-file.h"

static guint32 *
ink_of(const char *line, glong *ret_n)
{
    g_autofree char *bare = g_strdup(line);
    char *to = bare;
    for (const char *p = line; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
        if (!g_unichar_isspace(g_utf8_get_char(p))) {
            to += g_unichar_to_utf8(g_utf8_get_char(p), to);
        }
    }
    *to = '\0';
    return g_utf8_to_ucs4_fast(bare, -1, ret_n);
}

int
main(int argc, char **argv)
{
    (void)argv;
    g_autoptr(GError) error = NULL;
    g_autoptr(JoinModel) model = argc > 1 ? NULL : join_model_load(&error);
    g_autoptr(GString) text = g_string_new(NULL);
    char part[4096];
    for (gsize n = fread(part, 1, sizeof part, stdin); n > 0;
         n = fread(part, 1, sizeof part, stdin)) {
        g_string_append_len(text, part, (gssize)n);
    }
    if ((model == NULL && argc == 1) || !g_utf8_validate(text->str, -1, NULL)) {
        fprintf(stderr, "join-scores: %s\n", error != NULL ? error->message : "no UTF-8");
        return 1;
    }
    g_autoptr(DocumentJoins) joins = document_joins_new(model, text->str);
    const JoinJudge *judge = document_joins_judge(joins);
    g_auto(GStrv) lines = g_strsplit(g_strchomp(text->str), "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        glong n_left = 0;
        g_autofree guint32 *left = ink_of(lines[i], &n_left);
        for (guint k = 0; lines[k] != NULL; k++) {
            glong n_right = 0;
            g_autofree guint32 *right = ink_of(lines[k], &n_right);
            printf("%.4f ", judge->join(judge->self, left, (guint)n_left, right, (guint)n_right));
        }
        printf("\n");
    }
    return 0;
}

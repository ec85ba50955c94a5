/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alike.h"

#include <stdlib.h>
#include <string.h>

/* Longer texts are compared for being equal only. */
#define LENGTH_MOST 400

static gboolean
digits_are_equal(const gunichar *a, const gunichar *b)
{
    for (;;) {
        while (*a != 0 && !g_unichar_isdigit(*a)) {
            a++;
        }
        while (*b != 0 && !g_unichar_isdigit(*b)) {
            b++;
        }
        if (*a == 0 || *b == 0) {
            return *a == *b;
        }
        if (g_unichar_digit_value(*a++) != g_unichar_digit_value(*b++)) {
            return FALSE;
        }
    }
}

/* The edit distance (Wagner and Fischer, "The string-to-string correction problem", 1974). */
static glong
distance(const gunichar *a, glong n, const gunichar *b, glong m)
{
    g_autofree glong *row = g_new(glong, m + 1);
    for (glong j = 0; j <= m; j++) {
        row[j] = j;
    }
    for (glong i = 1; i <= n; i++) {
        glong corner = row[0];
        row[0] = i;
        for (glong j = 1; j <= m; j++) {
            glong above = row[j];
            glong least = MIN(above, row[j - 1]) + 1;
            row[j] = MIN(least, corner + (a[i - 1] != b[j - 1]));
            corner = above;
        }
    }
    return row[m];
}

gboolean
text_is_alike(const char *a, const char *b)
{
    if (strcmp(a, b) == 0) {
        return TRUE;
    }
    glong n, m;
    g_autofree gunichar *p = g_utf8_to_ucs4_fast(a, -1, &n);
    g_autofree gunichar *q = g_utf8_to_ucs4_fast(b, -1, &m);
    glong most = MAX(n, m) / ALIKE_OF;
    return n <= LENGTH_MOST && m <= LENGTH_MOST && labs(n - m) <= most && digits_are_equal(p, q) &&
           distance(p, n, q, m) <= most;
}

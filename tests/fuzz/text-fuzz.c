/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Plain text in any order into text in reading order: whatever comes in, each character comes out
 * once, as text and as a document.
 */
#include "fuzz.h"
#include "record.h"
#include "text-cuts.h"
#include "text-order.h"

#include <string.h>

static int
compare_chars(gconstpointer a, gconstpointer b)
{
    gunichar p = *(const gunichar *)a, q = *(const gunichar *)b;
    return p < q ? -1 : p > q;
}

/* The characters of a text but white space, sorted. */
static GArray *
chars_of(const char *text)
{
    glong n = 0;
    g_autofree gunichar *all = g_utf8_to_ucs4_fast(text, -1, &n);
    GArray *chars = g_array_new(FALSE, FALSE, sizeof(gunichar));
    for (glong i = 0; i < n; i++) {
        if (!g_unichar_isspace(all[i])) {
            g_array_append_val(chars, all[i]);
        }
    }
    g_array_sort(chars, compare_chars);
    return chars;
}

/* Any opinion, the same of the same characters. */
static double
opinion(const void *self, const guint32 *left, guint n_left, const guint32 *right, guint n_right)
{
    (void)self;
    guint32 a = n_left > 0 ? left[n_left - 1] : 0, b = n_right > 0 ? right[0] : 0;
    return (double)((a * 31u + b * 17u) % 13u) - 6.0;
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *text = g_utf8_make_valid((const char *)data, (gssize)size);
    text[strcspn(text, "\f")] = '\0'; /* the next page */
    g_autoptr(TextPage) page = text_page_new(1, g_strdup(text));
    const JoinJudge judge = {opinion, NULL};
    text_cuts_find(page, size % 2 == 0 ? &judge : NULL);
    g_autoptr(TextOrder) order = text_order_find(page, size % 2 == 0 ? &judge : NULL, 1);
    g_autoptr(GString) out = g_string_new(NULL);
    text_order_print(order, out);
    g_autoptr(GArray) before = chars_of(text), after = chars_of(out->str);
    g_assert_cmpmem(before->data, before->len * sizeof(gunichar), after->data,
                    after->len * sizeof(gunichar));
    Record record;
    record_init(&record);
    record.writer.page = check_balance;
    guint32 zones = 0;
    text_order_write(order, &record.writer, &zones);
    record_clear(&record);
    return 0;
}

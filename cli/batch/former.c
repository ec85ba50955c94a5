/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "former.h"

#include <string.h>

#include "changes.h"

/* So many changes of a document are told one by one; of the others, how many there are of each
 * class. */
#define EACH_MOST 1000u
/* Characters of a text that differs. */
#define TEXT_MOST 100u

/* What differs in the spots, in one line; of a passage that is only named, nothing. */
static char *
spots_text(const Claims *claims, const GArray *spots)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < spots->len; i++) {
        const Spot *spot = &g_array_index(spots, Spot, i);
        const char *all = claims_passage(claims, spot->passage)->text;
        guint32 to = MIN(spot->to, spot->from + TEXT_MOST);
        if (to > spot->from) {
            const char *from = g_utf8_offset_to_pointer(all, spot->from);
            g_string_append_len(text, from, g_utf8_offset_to_pointer(from, to - spot->from) - from);
            g_string_append(text, to < spot->to ? "…" : i + 1 < spots->len ? " " : "");
        }
        if (text->len > (gsize)4 * TEXT_MOST) {
            break;
        }
    }
    for (char *p = text->str; *p != '\0'; p++) {
        *p = g_ascii_iscntrl(*p) ? ' ' : *p;
    }
    return g_string_free(text, FALSE);
}

/* The zone where the new document has it; "" where it has not. */
static const char *
zone_of(const Claims *new, const GArray *spots)
{
    const Passage *p =
        spots->len > 0 ? claims_passage(new, g_array_index(spots, Spot, 0).passage) : NULL;
    return p != NULL && p->zones->len > 0 ? claims_zone(new, g_array_index(p->zones, guint, 0))->id
                                          : "";
}

static void
tell_change(const Claims *old, const Claims *new, const DocChange *change, FILE *out)
{
    g_autofree char *was = spots_text(old, change->old);
    g_autofree char *is = spots_text(new, change->new);
    fprintf(out, "C %s 1 %u\t%s\t%s\t%s\t%s\n", class_word(change->class), change->page,
            zone_of(new, change->new), was, is, change->what != NULL ? change->what : "");
}

void
former_compare(const char *path, int output, FILE *out)
{
    g_autofree char *new_path = g_strdup_printf("/proc/self/fd/%d", output);
    g_autoptr(Claims) old = claims_read(path, NULL);
    g_autoptr(Claims) new = claims_read(new_path, NULL);
    guint more[CLASS_LAST + 1] = {0};
    if (old == NULL || new == NULL) {
        fprintf(out, "C %s 1 0\t\t\t\tno document any more\n", class_word(CLASS_LOST));
        return;
    }
    g_autoptr(Changes) changes = changes_find(old, new);
    for (guint i = 0; i < changes->list->len; i++) {
        const DocChange *change = changes_change(changes, i);
        if (i < EACH_MOST) {
            tell_change(old, new, change, out);
        } else {
            more[change->class]++;
        }
    }
    for (guint i = 0; i <= CLASS_LAST; i++) {
        if (more[i] > 0) {
            fprintf(out, "C %s %u 0\t\t\t\tnot told one by one\n", class_word((ChangeClass)i),
                    more[i]);
        }
    }
}

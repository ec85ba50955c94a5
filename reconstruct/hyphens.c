/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hyphens.h"

#include <string.h>

#include "chars.h"

/* So many words are kept. */
#define WORDS_MOST 200000u
/* A part of a broken word has at least so many letters. */
#define PART_LEAST 2u
#define WORD_LONG 60u

struct Hyphens {
    GHashTable *words; /* hashes of words and compounds, as pointers */
};

Hyphens *
hyphens_new(void)
{
    Hyphens *h = g_new0(Hyphens, 1);
    h->words = g_hash_table_new(NULL, NULL);
    return h;
}

void
hyphens_free(Hyphens *h)
{
    if (h != NULL) {
        g_hash_table_unref(h->words);
        g_free(h);
    }
}

static gboolean
is_letter(guint32 c)
{
    return char_is_latin(c) && !char_is_digit(c);
}

static gboolean
is_hyphen(guint32 c)
{
    return c == '-' || c == 0x2010;
}

static void
word_append(GString *word, guint32 c)
{
    if (word->len < WORD_LONG) {
        g_string_append_unichar(word, is_hyphen(c) ? '-' : g_unichar_tolower(c));
    }
}

static void
keep(Hyphens *h, const char *word)
{
    if (g_hash_table_size(h->words) < WORDS_MOST) {
        g_hash_table_add(h->words, GUINT_TO_POINTER(g_str_hash(word)));
    }
}

static gboolean
has(const Hyphens *h, const char *word)
{
    return g_hash_table_contains(h->words, GUINT_TO_POINTER(g_str_hash(word)));
}

/* A word, and the parts of a compound. */
static void
keep_parts(Hyphens *h, const char *word)
{
    keep(h, word);
    if (strchr(word, '-') == NULL) {
        return;
    }
    g_auto(GStrv) parts = g_strsplit(word, "-", -1);
    for (guint i = 0; parts[i] != NULL; i++) {
        keep(h, parts[i]);
    }
}

/* The words of a line; what a hyphen at its end, or at the end of the line before, cuts is none.
 * Returns whether it ends in a hyphen. */
static gboolean
add_line(Hyphens *h, const Page *page, const Layout *layout, const Line *line, gboolean cut)
{
    g_autoptr(GString) word = g_string_new(NULL);
    for (guint i = line->first; i < line->first + line->count; i++) {
        const Glyph *g = page_glyph(page, g_array_index(layout->order, guint32, i));
        if (is_letter(g->unicode) || (is_hyphen(g->unicode) && word->len > 0)) {
            word_append(word, g->unicode);
        } else if (word->len > 0) {
            if (!cut) {
                keep_parts(h, word->str);
            }
            cut = FALSE;
            g_string_truncate(word, 0);
        }
    }
    gboolean broken = word->len > 0 && word->str[word->len - 1] == '-';
    if (word->len > 0 && !broken && !cut) {
        keep_parts(h, word->str);
    }
    return broken;
}

void
hyphens_add(Hyphens *h, const Page *page, const Layout *layout)
{
    gboolean cut = FALSE;
    for (guint i = 0; i < layout->lines->len; i++) {
        cut = add_line(h, page, layout, layout_line(layout, i), cut);
    }
}

static guint32
code_at(const Paragraph *p, guint i)
{
    return g_array_index(p->chars, Char, i).unicode;
}

/* Signs of an address or a name of a program, in which a hyphen may be anything. */
static gboolean
is_of_address(const Paragraph *p, guint i)
{
    guint32 c = i < p->chars->len ? code_at(p, i) : ' ';
    return is_hyphen(c) || c == '/' || c == '_' || c == '@' || c == '#';
}

/* Does the hyphen at `at` only break a word? One word out of both parts speaks for it; one of the
 * parts being a word of the document, or the two of them with a hyphen, against. */
static gboolean
breaks_word(const Hyphens *h, const Paragraph *p, guint at)
{
    guint from = at, to = at + 1;
    while (from > 0 && is_letter(code_at(p, from - 1))) {
        from--;
    }
    while (to < p->chars->len && is_letter(code_at(p, to))) {
        to++;
    }
    gboolean compound = (from > 0 && is_of_address(p, from - 1)) || is_of_address(p, to);
    if (at - from < PART_LEAST || to - at - 1 < PART_LEAST || to - from > WORD_LONG || compound ||
        !g_unichar_islower(code_at(p, at - 1)) || !g_unichar_islower(code_at(p, at + 1))) {
        return FALSE;
    }
    g_autoptr(GString) left = g_string_new(NULL);
    g_autoptr(GString) right = g_string_new(NULL);
    for (guint i = from; i < to; i++) {
        if (i != at) {
            word_append(i < at ? left : right, code_at(p, i));
        }
    }
    g_autofree char *with = g_strconcat(left->str, "-", right->str, NULL);
    g_autofree char *without = g_strconcat(left->str, right->str, NULL);
    gboolean unknown = !has(h, left->str) && !has(h, right->str);
    return !has(h, with) && (has(h, without) || unknown);
}

static void
take_out(Paragraph *p, guint at)
{
    g_array_remove_index(p->chars, at);
    for (guint i = 0; i < p->rubies->len; i++) {
        Ruby *r = &g_array_index(p->rubies, Ruby, i);
        r->from -= r->from > at;
        r->to -= r->to > at;
    }
}

guint
hyphens_drop(const Hyphens *h, Paragraph *p)
{
    guint dropped = 0;
    for (guint i = p->chars->len; i > 1; i--) { /* backwards, since places after one move */
        guint at = i - 1;
        if (g_array_index(p->chars, Char, at).line_end && at + 1 < p->chars->len &&
            breaks_word(h, p, at)) {
            take_out(p, at);
            dropped++;
        }
    }
    return dropped;
}

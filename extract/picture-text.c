/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Picture-text: see picture-text.h.
 *
 * A line is sure if it has several different letters or digits and the recogniser is sure of them.
 * A picture is one of text if sure lines make up most of what looks like lines of text in it: in
 * photographs they never do, since their every edge looks like a line. In such a picture less sure
 * lines are text as well, as on a page; in any other one only lines that leave no doubt.
 */
#include "picture-text.h"

/* Letters of a sure line, and its mean confidence. In photographs of a newsletter most of what is
 * read with more confidence than this has one or two letters. */
#define SURE_LETTERS 3u
#define SURE 0.9
/* The same for a line that is text by itself, and for its least sure letter. */
#define PLAIN_LETTERS 5u
#define PLAIN 0.95
#define PLAIN_LEAST 0.6
/* The part of all that looks like text which must be sure (up to .2 in photographs, .46 and more in
 * diagrams and maps), and its lines and letters at least: one line by itself says nothing of
 * others. */
#define TEXT_PART 0.4
#define TEXT_LINES 2u
#define TEXT_LETTERS 6.0
/* A picture of which this part is full of edges is a photograph (.35 to .67 of those in a
 * newsletter; diagrams, charts and maps: .1 to .33), and needs many more letters. */
#define UNEVEN 0.345
#define TEXT_LETTERS_UNEVEN 60.0
/* What a line that was not read counts for, in letters an em; and at most: a row of anything. */
#define UNREAD_AN_EM 0.7
#define UNREAD_MOST 30.0

/* Strokes that pass for letters are none. */
static gboolean
is_letter(guint32 c)
{
    return g_unichar_isalnum(c) && c != 0x30FC && c != 0x4E00 && c != '1' && c != 'I' && c != 'l' &&
           c != 0x30CE && c != 0x30CB && c != 0x4E8C;
}

typedef struct {
    guint letters, digits, different, all;
    double mean, least; /* confidence */
} Look;

static Look
look_at(const PictureLine *line)
{
    Look look = {.all = line->n, .least = 1};
    for (guint i = 0; i < line->n; i++) {
        const Symbol *s = &g_array_index(line->symbols, Symbol, line->from + i);
        gboolean again = FALSE;
        look.mean += (double)s->confidence / line->n;
        look.least = MIN(look.least, (double)s->confidence);
        for (guint k = 0; k < i && !again; k++) {
            again = g_array_index(line->symbols, Symbol, line->from + k).unicode == s->unicode;
        }
        look.letters += is_letter(s->unicode);
        look.digits += g_unichar_isdigit(s->unicode);
        look.different += is_letter(s->unicode) && !again;
    }
    return look;
}

gboolean
picture_line_is_sure(const PictureLine *line)
{
    Look look = look_at(line);
    return look.letters >= SURE_LETTERS && look.different * 2 >= look.letters &&
           look.letters * 2 > look.all && look.mean >= SURE;
}

gboolean
picture_line_is_plain(const PictureLine *line)
{
    Look look = look_at(line);
    return look.letters >= PLAIN_LETTERS && look.different * 2 >= look.letters &&
           look.letters * 2 > look.all && look.mean >= PLAIN && look.least >= PLAIN_LEAST;
}

gboolean
picture_line_has_letters(const PictureLine *line, gboolean in_cell)
{
    Look look = look_at(line);
    return look.letters * 2 > look.all || (in_cell && look.digits == look.all);
}

double
picture_text_letters(const PictureLine *lines, guint n)
{
    double sure = 0, other = 0;
    guint lines_sure = 0;
    for (guint i = 0; i < n; i++) {
        if (picture_line_is_sure(&lines[i])) {
            sure += look_at(&lines[i]).letters;
            lines_sure++;
        } else {
            other += MIN(MAX(1, UNREAD_AN_EM * lines[i].ems), UNREAD_MOST);
        }
    }
    return lines_sure >= TEXT_LINES && sure >= TEXT_PART * (sure + other) ? sure : 0;
}

gboolean
picture_is_text(double letters, double uneven)
{
    return letters >= (uneven < UNEVEN ? TEXT_LETTERS : TEXT_LETTERS_UNEVEN);
}

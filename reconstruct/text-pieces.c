/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text-pieces.h"

#include <math.h>

#include "chars.h"
#include "marks.h"

static const double COST_SPACE_KEPT = 3;  /* a space between Japanese characters inside a piece */
static const double COST_MARK_KEPT = 0.5; /* … after a list's mark */
static const double KEPT_AGAINST = 1.5;   /* … more, as far as the language speaks against it */
static const double COST_OPENER_KEPT = 3; /* … before a bullet or a title */

#define BARE_DIGITS 2u  /* of a number that is a label */
#define MOST_KEPT 3000u /* pieces of a page whose joins are kept */
#define APART_MOST 6u   /* characters of a name that stand apart */
#define HEAD_MOST 16u   /* characters of a column's name */
#define START_REACH 24u /* characters that say what a piece begins with */

static Run
run_of(const TextPieces *p, const TextPiece *piece)
{
    return (Run){text_page_chars(p->page, piece->from), piece->to - piece->from};
}

/* The width of what a line cannot be broken in, at the start of these characters. */
static double
unbreakable_width(Run r)
{
    double width = 0;
    guint i = 0;
    while (i < r.n && text_may_not_end(r.c[i])) {
        width += r.c[i++] < 0x1100 ? 0.5 : 1;
    }
    gboolean latin = i < r.n && (char_is_latin(r.c[i]) || char_is_digit(r.c[i]));
    do {
        width += i < r.n ? (r.c[i] < 0x1100 ? 0.5 : 1) : 0;
        i++;
    } while (i < r.n &&
             ((latin && (r.c[i] < 0x80 || char_is_digit(r.c[i]))) || text_may_not_begin(r.c[i])));
    return width;
}

/* The mark that a piece is, and nothing else. */
static guint8
sole_mark(Run r)
{
    if (r.n > 8) {
        return MARK_NONE;
    }
    Start start = start_read(r.c, r.n);
    gboolean sole =
        start.length == r.n || (start.length + 1 == r.n && text_may_not_begin(r.c[r.n - 1]));
    return sole ? (guint8)start.kind : MARK_NONE;
}

/* Lists and labels are numbered so. */
static gboolean
does_count(StartMark kind)
{
    return kind == MARK_CIRCLED || kind == MARK_NUMBER_PAREN || kind == MARK_KANA ||
           kind == MARK_NUMBER || kind == MARK_LETTER;
}

/* Digits and nothing else. */
static gboolean
is_bare_number(Run r)
{
    guint digits = 0;
    for (guint i = 0; i < r.n; i++) {
        digits += char_is_digit(r.c[i]);
    }
    return digits == r.n && r.n <= BARE_DIGITS;
}

/* ア */
static gboolean
is_kana_label(Run r)
{
    return r.n == 1 && r.c[0] >= 0x30A1 && r.c[0] <= 0x30F3;
}

static void
read_start(TextPiece *piece, Run r)
{
    if (is_bare_number(r)) {
        piece->mark = piece->counts = MARK_NUMBER;
        for (guint i = 0; i < r.n; i++) {
            piece->number = (guint16)(piece->number * 10 + g_unichar_digit_value(r.c[i]));
        }
        return;
    }
    if (is_kana_label(r)) {
        const Start alone = {.kind = MARK_KANA, .length = 1, .depth = 1};
        piece->mark = piece->counts = MARK_KANA;
        piece->number = (guint16)start_number(r.c, &alone);
        return;
    }
    Start start = start_read(r.c, MIN(r.n, START_REACH));
    if (does_count(start.kind) && start.depth <= 1) {
        piece->counts = (guint8)start.kind;
        piece->number = (guint16)MIN(start_number(r.c, &start), 999);
    }
    piece->is_title = start.kind == MARK_BRACKET && r.n <= START_REACH && char_closes(r.c[r.n - 1]);
}

static gboolean
is_name(Run r)
{
    if (start_read(r.c, r.n).kind != MARK_NONE) {
        return FALSE;
    }
    for (guint i = 0; i < r.n; i++) {
        if ((r.c[i] >= 0x3041 && r.c[i] <= 0x309F) || r.c[i] == 0x3001 || r.c[i] == 0x3002) {
            return FALSE;
        }
    }
    return TRUE;
}

/* 今後の取組, 見直し */
static gboolean
is_head(Run r)
{
    if (r.n > HEAD_MOST || start_read(r.c, r.n).kind != MARK_NONE ||
        g_utf8_strchr("はがをにでとのてもへやっ", -1, r.c[r.n - 1]) != NULL) {
        return FALSE;
    }
    for (guint i = 0; i < r.n; i++) {
        if (r.c[i] == 0x3001 || r.c[i] == 0x3002) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Set so wide apart that nearly each character is printed by itself. */
static gboolean
is_spread(const TextPage *page, guint32 from, guint32 to)
{
    guint spaces = 0;
    for (guint32 i = from + 1; i < to; i++) {
        spaces += g_array_index(page->spaced, guint8, i);
    }
    return to - from >= 4 && spaces * 10 >= (to - from - 1) * 6;
}

/* Each of its characters is printed by itself. */
static gboolean
is_apart(const TextPage *page, guint32 from, guint32 to)
{
    for (guint32 i = from + 1; i < to; i++) {
        if (!g_array_index(page->spaced, guint8, i)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* What begins with a mark after a space begins a cell, or a list's text. */
static gboolean
opens_cell(const TextPage *page, const TextPart *part)
{
    guint n = MIN(part->to - part->from, START_REACH);
    StartMark kind = start_read(text_page_chars(page, part->from), n).kind;
    return kind == MARK_BULLET || kind == MARK_BRACKET || kind == MARK_NOTE;
}

/* The space before a part of these: more where the language does not go on there. */
static double
space_kept_cost(const TextPieces *p, const TextPart *first, const TextPart *part,
                const TextPart *last)
{
    const Run left = {text_page_chars(p->page, first->from), part->from - first->from};
    const Run right = {text_page_chars(p->page, part->from), last->to - part->from};
    if (sole_mark(left) != MARK_NONE || is_kana_label(left)) {
        return COST_MARK_KEPT;
    }
    double evidence = join_evidence(p->judge, left, right);
    return COST_SPACE_KEPT - CLAMP(evidence, -KEPT_AGAINST, 0);
}

static void
add_piece(TextPieces *p, guint32 line, const TextPart *first, const TextPart *last)
{
    TextPiece piece = {.line = line, .from = first->from, .to = last->to};
    Run r = {text_page_chars(p->page, piece.from), piece.to - piece.from};
    piece.width = text_page_width(p->page, piece.from, piece.to);
    for (const TextPart *part = first + 1; part <= last; part++) {
        piece.kept += part->cut ? space_kept_cost(p, first, part, last) : 0;
        piece.kept += opens_cell(p->page, part) ? COST_OPENER_KEPT : 0;
    }
    piece.start = start_evidence(p->judge, r);
    piece.end = end_evidence(p->judge, r);
    piece.first = unbreakable_width(r);
    piece.mark = sole_mark(r);
    read_start(&piece, r);
    piece.is_mark_alone = piece.mark != MARK_NONE && piece.mark != MARK_BRACKET &&
                          piece.mark != MARK_NOTE && !char_is_digit(r.c[r.n - 1]);
    g_autofree char *text = g_ucs4_to_utf8(r.c, r.n, NULL, NULL, NULL);
    guint number;
    piece.is_spread = (guint8)is_spread(p->page, piece.from, piece.to);
    piece.is_folio = text != NULL && r.n < 24 && text_is_folio(text, &number);
    piece.is_name = !piece.is_folio && is_name(r);
    piece.is_apart = piece.is_name && piece.mark == MARK_NONE && r.n <= APART_MOST &&
                     is_apart(p->page, piece.from, piece.to);
    piece.is_head = !piece.is_folio && is_head(r);
    g_array_append_val(p->pieces, piece);
}

TextPieces *
text_pieces_new(const TextPage *page, const JoinJudge *judge)
{
    TextPieces *p = g_new0(TextPieces, 1);
    p->page = page;
    p->judge = judge;
    p->pieces = g_array_new(FALSE, FALSE, sizeof(TextPiece));
    p->lines = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint32 i = 0; i < page->lines->len; i++) {
        const TextLine *line = &g_array_index(page->lines, TextLine, i);
        g_array_append_val(p->lines, p->pieces->len);
        const TextPart *parts = &g_array_index(page->parts, TextPart, line->part);
        for (guint a = 0; a < line->n_part; a++) {
            for (guint b = a; b < line->n_part; b++) {
                add_piece(p, i, parts + a, parts + b);
            }
        }
    }
    g_array_append_val(p->lines, p->pieces->len);
    gsize n = p->pieces->len;
    p->joins = n <= MOST_KEPT ? g_new(_Atomic float, n *n) : NULL;
    for (gsize i = 0; p->joins != NULL && i < n * n; i++) {
        atomic_init(&p->joins[i], NAN);
    }
    return p;
}

void
text_pieces_free(TextPieces *p)
{
    if (p != NULL) {
        g_array_unref(p->pieces);
        g_array_unref(p->lines);
        g_free(p->joins);
        g_free(p);
    }
}

guint
text_pieces_count(const TextPieces *p)
{
    return p->pieces->len;
}

Run
text_pieces_run(const TextPieces *p, guint i)
{
    return run_of(p, text_piece_at(p, (gint32)i));
}

gint32
text_pieces_of_parts(const TextPieces *p, guint32 line, guint first, guint last)
{
    guint m = g_array_index(p->page->lines, TextLine, line).n_part;
    guint32 piece = g_array_index(p->lines, guint32, line);
    return (gint32)(piece + first * m - first * (first - 1) / 2 + (last - first));
}

double
text_pieces_join(TextPieces *p, gint32 a, gint32 b)
{
    _Atomic float *kept = p->joins != NULL ? &p->joins[(gsize)a * p->pieces->len + (gsize)b] : NULL;
    float join = kept != NULL ? atomic_load_explicit(kept, memory_order_relaxed) : NAN;
    if (isnan(join)) {
        join = (float)join_evidence(p->judge, run_of(p, text_piece_at(p, a)),
                                    run_of(p, text_piece_at(p, b)));
    }
    if (kept != NULL) { /* whichever search asks first: the same */
        atomic_store_explicit(kept, join, memory_order_relaxed);
    }
    return (double)join;
}

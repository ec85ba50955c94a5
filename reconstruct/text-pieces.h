/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text pieces: the lines of a page of plain text into all the stretches that may stand in a column:
 * a line was printed across the columns, so each run of its parts may be a line of one of them.
 * Of each piece what speaks for its place, and of two whether one goes on with the other.
 *
 * Widths in em. Of a line with m parts there are m (m + 1) / 2 pieces, m at most TEXT_MAX_PARTS.
 */
#pragma once

#include <stdatomic.h>

#include "line-joins.h"
#include "text-lines.h"

typedef struct {
    guint32 line, from, to; /* from, to: into the page's chars */
    double width;
    double kept;          /* cost of the spaces inside */
    double start, end;    /* evidence that it begins, and ends, a paragraph */
    double first;         /* width that cannot be parted at its start */
    guint8 mark;          /* StartMark, if it is nothing but one */
    guint8 counts;        /* StartMark that numbers it, or MARK_NONE */
    guint16 number;       /* … and the number */
    guint8 is_mark_alone; /* … a list's, after which its line is to come */
    guint8 is_title;      /* ＜…＞ and nothing else */
    guint8 is_spread;     /* single characters, each apart */
    guint8 is_apart;      /* of a name: one character, or several each apart */
    guint8 is_folio;
    guint8 is_name; /* without kana that bend words, without stops */
    guint8 is_head; /* short, without stops, not ending as a clause that goes on: names a column */
} TextPiece;

/* A page's pieces, and evidence about them that is kept over several searches, which may go on at
 * the same time. */
typedef struct {
    const TextPage *page;   /* borrowed */
    const JoinJudge *judge; /* borrowed; may be NULL */
    GArray *pieces;         /* TextPiece, by line, then by first part, then by last */
    GArray *lines;          /* guint32: the first piece of each line, and one more */
    _Atomic float *joins;   /* of each piece after each; NAN: not asked yet; NULL: too many */
} TextPieces;

/* `page` and `judge` must outlive the pieces; text_pieces_free() them. */
TextPieces *text_pieces_new(const TextPage *page, const JoinJudge *judge);
void text_pieces_free(TextPieces *pieces);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TextPieces, text_pieces_free)

guint text_pieces_count(const TextPieces *pieces);
Run text_pieces_run(const TextPieces *pieces, guint i);

static inline const TextPiece *
text_piece_at(const TextPieces *p, gint32 i)
{
    return &g_array_index(p->pieces, TextPiece, i);
}

/* The piece of parts first … last of a line, counted from 0 on the line. */
gint32 text_pieces_of_parts(const TextPieces *pieces, guint32 line, guint first, guint last);

/* How much speaks for piece b going on after a, join_evidence(); computed once. */
double text_pieces_join(TextPieces *pieces, gint32 a, gint32 b);

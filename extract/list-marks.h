/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * List marks: the signs that stand at the ends of a level line, as ● ■ ◆ ▲ ★ ○ □ ◇ ☆ ◎, and digits
 * in a circle, which the recogniser does not know: it reads them as letters, and the text beside
 * them worse for it. They are told by their outline, and the rest of the line is read without them.
 *
 * In: the ink of a page. Out: which sign, and where along the line. It cannot know marks that touch
 * the text, and hollow squares that stand as near to it as the characters 口 and ロ would.
 */
#pragma once

#include "ink-lines.h"
#include "recognise.h"

typedef struct {
    guint32 unicode;
    int from, to; /* pixels from the line's start */
} ListMark;

typedef struct {
    ListMark first, last; /* unicode 0: there is none */
    InkLine line, text;   /* with the marks, and what is between them */
} ListMarks;

/* The marks at the ends of a line; a line that is nothing else has none. The recogniser reads what
 * circles hold. FALSE with an error of its. */
gboolean list_marks_find(PIX *ink, const InkLine *line, Recogniser *recogniser,
                         ListMarks *ret_marks, GError **error);
gboolean list_marks_are_any(const ListMarks *marks);

/* Puts the marks before and after what was read of the text between them. FALSE, and nothing done,
 * if that says that a mark was a letter. */
gboolean list_marks_put(const ListMarks *marks, GArray *symbols);

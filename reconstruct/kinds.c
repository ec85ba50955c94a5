/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kinds.h"

#include "chars.h"

/* A heading is at most so many characters. */
#define HEADING_LONG 70u
#define SHORT_HEADING 34u
/* Text this much larger than the body's is a heading; this much smaller at a page's foot, a note.
 */
#define LARGER 1.12
#define SMALLER 0.93
/* Notes stand below this part of the page's height. */
#define FOOT 0.6
/* From this on even what stands in brackets is a title. */
#define TITLE 1.5
#define CAPTION_LONG 90u
/* So many dots lead to a page number. */
#define LEADER_DOTS 6u
#define START_MOST 32u

static gboolean
is_space(guint32 c)
{
    return c == ' ' || c == 0x3000;
}

static gboolean
is_contents_entry(const Paragraph *p)
{
    guint run = 0, most = 0;
    for (guint i = 0; i < p->chars->len; i++) {
        guint32 c = g_array_index(p->chars, Char, i).unicode;
        guint dots = c == 0x2026                                           ? 3
                     : c == 0x2025                                         ? 2
                     : c == '.' || c == 0x30FB || c == 0xFF65 || c == 0xB7 ? 1
                                                                           : 0;
        run = dots > 0 ? run + dots : is_space(c) ? run : 0;
        most = MAX(most, run);
    }
    return most >= LEADER_DOTS;
}

Look
look_of(const Paragraph *p, double page_height)
{
    Look look = {.size = p->size,
                 .indent = p->indent,
                 .lines = p->lines,
                 .bold = p->bold,
                 .serif = p->serif,
                 .full = p->full,
                 .centred = p->centred,
                 .contents = p->contents || is_contents_entry(p)};
    guint32 codes[START_MOST];
    for (guint i = 0; i < p->chars->len; i++) {
        guint32 c = g_array_index(p->chars, Char, i).unicode;
        if (is_space(c)) {
            continue;
        }
        if (look.length < START_MOST) {
            codes[look.length] = c;
        }
        look.first = look.length == 0 ? c : look.first;
        look.end = c;
        look.length++;
    }
    guint n = MIN(look.length, START_MOST);
    const Start none = {0};
    look.start = p->mark == MARK_NONE ? none : start_read(codes, n);
    look.start.spaced = p->sure;
    look.number = start_number(codes, &look.start);
    look.pointed = look.start.kind == MARK_NUMBER && !char_is_digit(codes[look.start.length - 1]);
    look.caption = start_is_caption(codes, n);
    if (p->zones->len > 0 && page_height > 0) {
        look.top = g_array_index(p->zones, Zone, 0).box.y0 / page_height;
    }
    return look;
}

static gboolean
is_heading(const Look *look, const Body *body)
{
    const Start *start = &look->start;
    gboolean numbered =
        start->kind == MARK_CHAPTER || (start->kind == MARK_NUMBER && start->depth >= 2);
    if (look->length > HEADING_LONG || look->length < 2 || look->lines > 3 || look->end == 0x3002 ||
        look->end == 0x3001 || look->end == ':' || look->end == 0xFF1A) {
        return FALSE;
    }
    if (start->kind == MARK_BULLET || start->kind == MARK_NOTE) {
        return FALSE;
    }
    if (start->kind == MARK_NONE && char_opens(look->first) && char_closes(look->end) &&
        look->first != 0x3010 && look->size < TITLE * body->size) {
        return FALSE; /* （単位：千円） */
    }
    if (look->size >= LARGER * body->size) {
        return TRUE;
    }
    if (numbered && start->spaced + (start->kind == MARK_CHAPTER) > 0 && look->lines <= 2) {
        return look->length > start->length;
    }
    /* Gothic in a Mincho text stands out as bold does */
    gboolean stands_out = look->bold || (body->serif && !look->serif);
    return stands_out && look->size >= SMALLER * body->size && look->lines <= 2;
}

static gboolean
is_foot_note(const Look *look, const Body *body)
{
    if (look->size > SMALLER * body->size || look->start.kind == MARK_CHAPTER || look->length < 2) {
        return FALSE;
    }
    return look->top > FOOT && (char_is_digit(look->first) || look->start.kind != MARK_NONE);
}

/* An item that is short and no sentence. */
static gboolean
may_be_heading(const Look *look)
{
    return look->start.kind != MARK_BULLET && look->start.kind != MARK_CIRCLED &&
           look->length <= SHORT_HEADING && look->length > look->start.length &&
           look->end != 0x3002 && look->end != 0x3001 && !look->full;
}

/* A short line in the middle of its column. */
static gboolean
may_be_title(const Look *look, const Body *body)
{
    gboolean bracketed = char_opens(look->first) && char_closes(look->end);
    return look->centred && look->size >= SMALLER * body->size && look->start.kind == MARK_NONE &&
           !bracketed && look->length >= 2 && look->length <= HEADING_LONG && look->end != 0x3002 &&
           look->end != 0x3001 && !char_is_digit(look->end);
}

Kind
look_kind(const Look *look, const Body *body, gboolean *ret_maybe)
{
    *ret_maybe = FALSE;
    if (look->contents) {
        return KIND_ITEM;
    }
    if (look->caption && look->length <= CAPTION_LONG && look->end != 0x3002) {
        return KIND_CAPTION;
    }
    if (look->start.kind == MARK_NOTE || is_foot_note(look, body)) {
        return KIND_NOTE;
    }
    if (is_heading(look, body)) {
        return KIND_HEADING;
    }
    if (look->start.kind != MARK_NONE && look->start.kind != MARK_BRACKET &&
        look->start.kind != MARK_CHAPTER) {
        *ret_maybe = may_be_heading(look);
        return KIND_ITEM;
    }
    *ret_maybe = may_be_title(look, body);
    return KIND_PARAGRAPH;
}

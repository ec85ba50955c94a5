/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "layout.h"

#include "figure.h"
#include "table.h"

/* Prose is larger than tables by so many points, and its lines stand so many font sizes apart. */
static const double PROSE_LARGER = 1.5;
static const double PROSE_LEADING = 1.6;
/* By level: points added to the size of prose, points above and below. */
static const double HEADING_LARGER[] = {3.5, 1.5, 0.5, 0.0};
static const double HEADING_ABOVE[] = {14.0, 10.0, 8.0, 5.0};
static const double HEADING_BELOW[] = {8.0, 4.0, 3.0, 2.0};
static const double TITLE_SIZE = 20.0;
/* Above and below captions, boxes and tables, points. */
static const double BLOCK_SPACE = 6.0;
/* Above the first block of the title page and after each of its lines, points. */
static const double TITLE_ABOVE = 160.0;
/* Points a heading or a caption needs below it. */
static const double KEEP_WITH_NEXT = 60.0;
/* The shrinking of a page that must fit, and how often it may. */
static const double SHRINK = 0.97;
enum { MAX_SHRINKS = 60 };

/* What is set of the content, and what earlier runs found. */
typedef struct {
    guint first_block, end_block;
    int stop_page; /* of the table that cycles; 0: its own rows and no more */
    double size;
    GArray *heading_pages; /* int, by block */
    int table_first, table_last, total;
} Plan;

static double
prose_size(const Flow *flow)
{
    return flow->size + PROSE_LARGER;
}

static void
block_tell(Flow *flow, const char *type, int page, const char *text, const GArray *cuts)
{
    truth_add_text(flow->truth, "type", type);
    truth_add_number(flow->truth, "page", page);
    truth_add_text(flow->truth, "text", text);
    if (cuts->len > 0)
        truth_add_numbers(flow->truth, "cuts", cuts);
}

/* Points the footnotes need to which that line refers, the first NEXT_NOTE being placed. */
static double
line_notes_height(const Flow *flow, const Block *block, guint next_note, guint n_references)
{
    double height = 0.0;

    for (guint i = next_note; i < MIN(next_note + n_references, block->paragraphs->len); i++)
        height += flow_note_height(flow, block->paragraphs->pdata[i]);
    return height;
}

/* Places a paragraph line by line over the pages it needs; the page of its first line. */
static int
paragraph_flow(Flow *flow, const Block *block, const Paragraph *paragraph, GArray *cuts)
{
    double leading = paragraph->style.size * PROSE_LEADING;
    guint next_note = 0;
    guint ink = 0;
    int page = 0;

    for (guint i = 0; i < paragraph->lines->len; i++) {
        guint references = paragraph_count_references(paragraph, i);
        int before = flow->number;

        flow_require(flow, leading + line_notes_height(flow, block, next_note, references));
        if (i == 0)
            page = flow->number;
        else if (before != flow->number)
            g_array_append_val(cuts, ink);
        Spot spot = {flow->left, line_baseline(flow->y, paragraph->style.size, leading), RANK_BODY,
                     flow->block, 0};
        paragraph_place_line(paragraph, i, flow->page, &spot);
        ink += paragraph_count_ink(paragraph, i);
        flow->y += leading;
        for (guint j = 0; j < references && next_note < block->paragraphs->len; j++)
            flow_add_note(flow, block->paragraphs->pdata[next_note++]);
    }
    return page;
}

static void
prose_set(Flow *flow, const Block *block, const TextStyle *style, const char *type)
{
    g_autoptr(GArray) cuts = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(Paragraph) paragraph =
        paragraph_new(flow->fonts, style, block->text, flow->right - flow->left);
    int page = paragraph_flow(flow, block, paragraph, cuts);

    truth_open(flow->truth, NULL, '{');
    block_tell(flow, type, page, block->text, cuts);
    if (block->kind == BLOCK_HEADING || block->kind == BLOCK_TITLE)
        truth_add_number(flow->truth, "level", block->level);
    if (block->kind == BLOCK_TITLE)
        truth_add_flag(flow->truth, "title", TRUE);
    truth_close(flow->truth);
}

static void
paragraph_set(Flow *flow, const Block *block)
{
    TextStyle style = {FACE_TEXT, prose_size(flow), block->align, 0.0, 0.0};
    double em = style.size;

    if (block->align == ALIGN_JUSTIFY)
        style_indent(&style, block->text, 1.0);
    if (block->kind == BLOCK_ITEM || block->kind == BLOCK_NOTE) {
        style.indent_first = em;
        style.indent_rest = 2.0 * em;
    }
    if (block->kind == BLOCK_NOTE)
        style.size = flow->size;
    if (block->kind == BLOCK_CAPTION) {
        style = (TextStyle){FACE_HEADING, flow->size, ALIGN_CENTER, 0.0, 0.0};
        flow->y += BLOCK_SPACE;
    }
    prose_set(flow, block, &style,
              block->kind == BLOCK_ITEM      ? "item"
              : block->kind == BLOCK_NOTE    ? "note"
              : block->kind == BLOCK_CAPTION ? "caption"
                                             : "p");
    if (block->kind == BLOCK_CAPTION)
        flow->y += BLOCK_SPACE / 3.0;
}

static void
title_set(Flow *flow, const Block *block)
{
    TextStyle style = {FACE_HEADING, TITLE_SIZE, ALIGN_CENTER, 0.0, 0.0};

    if (flow_page_is_empty(flow))
        flow->y += TITLE_ABOVE;
    prose_set(flow, block, &style, "heading");
    flow->y += TITLE_SIZE;
}

static void
heading_set(Flow *flow, const Block *block, Plan *plan, guint index)
{
    guint level = (guint)CLAMP(block->level, 1, (int)G_N_ELEMENTS(HEADING_LARGER)) - 1;
    double size = prose_size(flow) + HEADING_LARGER[level];
    TextStyle style = {FACE_HEADING, size, ALIGN_START, 0.0, 2.0 * size};

    if (!flow_page_is_empty(flow))
        flow->y += HEADING_ABOVE[level];
    flow_require(flow, size * PROSE_LEADING + HEADING_BELOW[level] + KEEP_WITH_NEXT);
    g_array_index(plan->heading_pages, int, index) = flow->number;
    if (level == 0) {
        flow->chapter = block->text;
        if (!flow->page_chapter)
            flow->page_chapter = block->text;
    }
    prose_set(flow, block, &style, "heading");
    flow->y += HEADING_BELOW[level];
}

/* A part of a line of the table of contents. */
static void
toc_place(Flow *flow, const char *text, double x, double width, Align align)
{
    TextStyle style = {FACE_TEXT, prose_size(flow), align, 0.0, 0.0};
    g_autoptr(Paragraph) paragraph = paragraph_new(flow->fonts, &style, text, width);
    Spot spot = {x, line_baseline(flow->y, style.size, style.size), RANK_BODY, flow->block, 0};

    paragraph_place_line(paragraph, 0, flow->page, &spot);
}

static void
toc_entry_set(Flow *flow, const Block *heading, int page)
{
    double em = prose_size(flow);
    double x = flow->left + (heading->level - 1) * em;
    g_autofree char *number = g_strdup_printf("%d", page);
    double title_width = text_width(flow->fonts, FACE_TEXT, em, heading->text) + 0.1;
    double number_width = text_width(flow->fonts, FACE_TEXT, em, number) + 0.1;
    double room = flow->right - x - title_width - number_width - em;
    g_autoptr(GString) leader = g_string_new(NULL);

    for (int i = (int)(room / em); i > 0; i--)
        g_string_append(leader, "…");
    g_autofree char *line = g_strjoin(" ", heading->text, leader->str, number, NULL);
    flow_require(flow, em * PROSE_LEADING);
    toc_place(flow, heading->text, x, title_width, ALIGN_START);
    toc_place(flow, leader->str, x + title_width, room + em / 2.0, ALIGN_END);
    toc_place(flow, number, flow->right - number_width, number_width, ALIGN_END);
    flow->y += em * PROSE_LEADING;
    truth_open(flow->truth, NULL, '{');
    truth_add_text(flow->truth, "type", "item");
    truth_add_number(flow->truth, "page", flow->number);
    truth_add_text(flow->truth, "text", line);
    truth_add_flag(flow->truth, "toc", TRUE);
    truth_add_number(flow->truth, "level", heading->level);
    truth_add_text(flow->truth, "title", heading->text);
    truth_add_text(flow->truth, "page_label", number);
    truth_close(flow->truth);
}

/* The headings of the upper two levels that come after the table of contents. */
static void
toc_set(Flow *flow, const Plan *plan, guint index)
{
    for (guint i = index + 1; i < plan->end_block; i++) {
        const Block *block = flow->content->blocks->pdata[i];

        if (block->kind == BLOCK_HEADING && block->level <= 2)
            toc_entry_set(flow, block, g_array_index(plan->heading_pages, int, i));
    }
}

/* The paragraphs of a box; how many lines they have. */
static guint
box_break(Flow *flow, const Block *block, GPtrArray *ret_paragraphs)
{
    TextStyle style = {FACE_HEADING, flow->size, ALIGN_JUSTIFY, 0.0, 0.0};
    double width = flow->right - flow->left - 2.0 * BLOCK_SPACE;
    guint n_lines = 0;

    for (guint i = 0; i < block->paragraphs->len; i++) {
        const char *text = block->paragraphs->pdata[i];

        style_indent(&style, text, i == 0 ? 0.0 : 1.0);
        Paragraph *paragraph = paragraph_new(flow->fonts, &style, text, width);
        n_lines += paragraph->lines->len;
        g_ptr_array_add(ret_paragraphs, paragraph);
        style.face = FACE_TEXT;
    }
    return n_lines;
}

static void
frame_place(Flow *flow, double bottom)
{
    Rule frame[] = {{flow->left, flow->y, flow->right, flow->y, RULE_EDGE},
                    {flow->left, bottom, flow->right, bottom, RULE_EDGE},
                    {flow->left, flow->y, flow->left, bottom, RULE_SIDE},
                    {flow->right, flow->y, flow->right, bottom, RULE_SIDE}};

    for (guint i = 0; i < G_N_ELEMENTS(frame); i++)
        page_add_rule(flow->page, frame[i], FALSE);
}

static void
box_set(Flow *flow, const Block *block)
{
    double leading = flow->size * PROSE_LEADING;
    g_autoptr(GPtrArray) paragraphs =
        g_ptr_array_new_with_free_func((GDestroyNotify)paragraph_free);
    double height = box_break(flow, block, paragraphs) * leading + 2.0 * BLOCK_SPACE;

    flow_require(flow, height + BLOCK_SPACE + KEEP_WITH_NEXT);
    double bottom = flow->y + height;
    frame_place(flow, bottom);
    flow->y += BLOCK_SPACE;
    for (guint i = 0; i < paragraphs->len; i++) {
        const Paragraph *paragraph = paragraphs->pdata[i];

        for (guint j = 0; j < paragraph->lines->len; j++, flow->y += leading) {
            Spot spot = {flow->left + BLOCK_SPACE, line_baseline(flow->y, flow->size, leading),
                         RANK_BODY, flow->block, 0};
            paragraph_place_line(paragraph, j, flow->page, &spot);
        }
        truth_open(flow->truth, NULL, '{');
        truth_add_text(flow->truth, "type", "p");
        truth_add_number(flow->truth, "page", flow->number);
        truth_add_flag(flow->truth, "box", TRUE);
        truth_add_text(flow->truth, "text", block->paragraphs->pdata[i]);
        truth_close(flow->truth);
    }
    flow->y = bottom + BLOCK_SPACE;
}

static void
table_block_set(Flow *flow, const Block *block, Plan *plan)
{
    int first = flow->number;

    table_set(flow, block->table, plan->stop_page);
    if (block->table->cycles) {
        plan->table_first = first;
        plan->table_last = flow->number;
    }
    flow->y += BLOCK_SPACE;
}

static void
block_set(Flow *flow, Plan *plan, guint index)
{
    const Block *block = flow->content->blocks->pdata[index];
    const Block *next =
        index + 1 < plan->end_block ? flow->content->blocks->pdata[index + 1] : NULL;

    flow->block = index + 1;
    switch (block->kind) {
    case BLOCK_TITLE:
        title_set(flow, block);
        break;
    case BLOCK_HEADING:
        heading_set(flow, block, plan, index);
        break;
    case BLOCK_TOC:
        toc_set(flow, plan, index);
        break;
    case BLOCK_BOX:
        box_set(flow, block);
        break;
    case BLOCK_TABLE:
        table_block_set(flow, block, plan);
        break;
    case BLOCK_FIGURE:
        figure_set(flow, block->figure);
        break;
    case BLOCK_NEW_PAGE:
        if (!flow_page_is_empty(flow))
            flow_break_page(flow);
        break;
    case BLOCK_CAPTION:
        if (next && next->kind == BLOCK_TABLE)
            flow_require(flow, 2.0 * KEEP_WITH_NEXT);
        paragraph_set(flow, block);
        break;
    case BLOCK_PARAGRAPH:
    case BLOCK_ITEM:
    case BLOCK_NOTE:
    default:
        paragraph_set(flow, block);
        break;
    }
}

/* The heading of the chapter that block END is in, or NULL. */
static const char *
chapter_before(const Content *content, guint end)
{
    const char *chapter = NULL;

    for (guint i = 0; i < end; i++) {
        const Block *block = content->blocks->pdata[i];

        if (block->kind == BLOCK_HEADING && block->level == 1)
            chapter = block->text;
    }
    return chapter;
}

static void
blocks_set(const Content *content, const Options *options, Fonts *fonts, Plan *plan, Truth *truth,
           Painter *painter)
{
    g_autoptr(Flow) flow = flow_new(content, options, plan->size, fonts);

    flow->truth = truth;
    flow->painter = painter;
    flow->chapter = chapter_before(content, plan->first_block);
    for (guint i = plan->first_block; i < plan->end_block; i++) {
        block_set(flow, plan, i);
        flow_tell_notes(flow);
    }
    flow_end(flow);
    plan->total = flow->number - 1;
}

/* Where the section of the table that cycles begins, and the block after that table. */
static void
section_find(const Content *content, guint *ret_first, guint *ret_end)
{
    for (guint i = 0; i < content->blocks->len; i++) {
        const Block *block = content->blocks->pdata[i];

        if (block->kind == BLOCK_HEADING && block->level <= 2)
            *ret_first = i;
        if (block->kind == BLOCK_TABLE && block->table->cycles) {
            *ret_end = i + 1;
            return;
        }
    }
    *ret_first = 0;
    *ret_end = content->blocks->len;
}

/* Decides what of the content makes the wanted number of pages. */
static void
plan_pages(Plan *plan, const Content *content, int wanted)
{
    int front = plan->table_first - 1;
    int tail = plan->total - plan->table_last;

    if (wanted == 0 || plan->table_last == 0)
        return;
    if (wanted < front + tail + 2) {
        section_find(content, &plan->first_block, &plan->end_block);
        tail = 0;
    }
    plan->stop_page = wanted - tail;
}

static void
plan_make(Plan *plan, const Content *content, const Options *options, Fonts *fonts)
{
    gboolean fits = content->fits_page && options->pages == 0;

    blocks_set(content, options, fonts, plan, NULL, NULL);
    for (int i = 0; fits && plan->total > 1 && i < MAX_SHRINKS; i++) {
        plan->size *= SHRINK;
        blocks_set(content, options, fonts, plan, NULL, NULL);
    }
    plan_pages(plan, content, options->pages);
    blocks_set(content, options, fonts, plan, NULL, NULL);
}

gboolean
layout_run(const Content *content, const Options *options, Fonts *fonts, const char *pdf_path,
           const char *truth_path, GError **error)
{
    g_autoptr(GArray) heading_pages = g_array_new(FALSE, TRUE, sizeof(int));
    Plan plan = {.end_block = content->blocks->len, .size = options->size};
    double width = 0.0;
    double height = 0.0;

    g_array_set_size(heading_pages, content->blocks->len);
    plan.heading_pages = heading_pages;
    plan_make(&plan, content, options, fonts);
    page_size(options, &width, &height);
    g_autoptr(Painter) painter = painter_new(pdf_path, width, height, options, error);
    if (!painter)
        return FALSE;
    g_autoptr(Truth) truth = truth_path ? truth_new(truth_path, error) : NULL;
    if (truth_path && !truth)
        return FALSE;
    blocks_set(content, options, fonts, &plan, truth, painter);
    return painter_finish(painter, error) && truth_finish(truth, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow.h"

static const double A4_WIDTH = 595.276;
static const double A4_HEIGHT = 841.89;

/* Running head, folio and footnotes, points. */
static const double FURNITURE_SIZE = 8.5;
static const double FURNITURE_LEADING = 12.0;
static const double HEAD_SPACE = 10.0; /* below the running head */
static const double NOTE_SPACE = 8.0;  /* above the footnotes; their line is in its middle */
static const double NOTE_LINE = 130.0;

void
page_size(const Options *options, double *ret_width, double *ret_height)
{
    gboolean turned = options->sideways || options->rotate;

    *ret_width = turned ? A4_HEIGHT : A4_WIDTH;
    *ret_height = turned ? A4_WIDTH : A4_HEIGHT;
}

Flow *
flow_new(const Content *content, const Options *options, double size, Fonts *fonts)
{
    Flow *flow = g_new0(Flow, 1);
    double width = 0.0;
    double height = 0.0;
    double head = options->margin / 2.0 + content->head_lines->len * FURNITURE_LEADING + HEAD_SPACE;

    page_size(options, &width, &height);
    flow->content = content;
    flow->options = options;
    flow->size = size;
    flow->fonts = fonts;
    flow->left = options->margin;
    flow->right = width - options->margin;
    flow->top = MAX(options->margin, head);
    flow->bottom = height - options->margin;
    flow->page = page_new(width, height);
    flow->number = 1;
    flow->y = flow->top;
    flow->notes = g_ptr_array_new_with_free_func((GDestroyNotify)paragraph_free);
    flow->told_notes = g_ptr_array_new_with_free_func(g_free);
    flow->told_pages = g_array_new(FALSE, FALSE, sizeof(int));
    return flow;
}

void
flow_free(Flow *flow)
{
    if (!flow)
        return;
    page_free(flow->page);
    g_ptr_array_unref(flow->notes);
    g_ptr_array_unref(flow->told_notes);
    g_array_unref(flow->told_pages);
    g_free(flow);
}

double
flow_room(const Flow *flow)
{
    return flow->bottom - flow->notes_height - flow->y;
}

gboolean
flow_page_is_empty(const Flow *flow)
{
    return flow->page->pieces->len == 0;
}

/* One line of TEXT at Y, its top. */
static void
furniture_place(Flow *flow, const char *text, double y, PieceRank rank, Align align)
{
    TextStyle style = {FACE_TEXT, FURNITURE_SIZE, align, 0.0, 0.0};
    g_autoptr(Paragraph) paragraph =
        paragraph_new(flow->fonts, &style, text, flow->right - flow->left);
    Spot spot = {flow->left, line_baseline(y, FURNITURE_SIZE, FURNITURE_SIZE), rank, 0, 0};

    for (guint i = 0; i < paragraph->lines->len; i++, spot.y += FURNITURE_LEADING)
        paragraph_place_line(paragraph, i, flow->page, &spot);
}

/* The lines of the running head as they stand on this page. */
static GPtrArray *
head_compose(const Flow *flow)
{
    GPtrArray *head = g_ptr_array_new_with_free_func(g_free);
    const char *chapter = flow->page_chapter ? flow->page_chapter : flow->chapter;

    for (guint i = 0; i < flow->content->head_lines->len; i++) {
        const char *line = flow->content->head_lines->pdata[i];

        if (g_strcmp0(line, "#") != 0)
            g_ptr_array_add(head, g_strdup(line));
        else if (chapter)
            g_ptr_array_add(head, g_strdup(chapter));
    }
    return head;
}

static char *
folio_compose(const Flow *flow)
{
    g_auto(GStrv) parts = g_strsplit(flow->content->folio, "#", 2);
    g_autofree char *number = g_strdup_printf("%d", flow->number);

    return g_strjoinv(number, parts);
}

static void
notes_place(Flow *flow)
{
    double y = flow->bottom - flow->notes_height + NOTE_SPACE;
    Rule line = {flow->left, y - NOTE_SPACE / 2.0, flow->left + NOTE_LINE, y - NOTE_SPACE / 2.0,
                 RULE_DRAWING};

    if (flow->notes->len > 0)
        page_add_rule(flow->page, line, FALSE);
    for (guint i = 0; i < flow->notes->len; i++) {
        const Paragraph *note = flow->notes->pdata[i];
        Spot spot = {flow->left, line_baseline(y, FURNITURE_SIZE, FURNITURE_SIZE), RANK_NOTE, i, 0};

        for (guint j = 0; j < note->lines->len; j++, spot.y += FURNITURE_LEADING)
            paragraph_place_line(note, j, flow->page, &spot);
        y += note->lines->len * FURNITURE_LEADING;
    }
    g_ptr_array_set_size(flow->notes, 0);
    flow->notes_height = 0.0;
}

void
flow_break_page(Flow *flow)
{
    g_autoptr(GPtrArray) head = head_compose(flow);
    g_autofree char *folio = folio_compose(flow);
    double y = flow->options->margin / 2.0;

    for (guint i = 0; i < head->len; i++, y += FURNITURE_LEADING)
        furniture_place(flow, head->pdata[i], y, RANK_HEAD, i == 0 ? ALIGN_END : ALIGN_START);
    notes_place(flow);
    furniture_place(flow, folio,
                    flow->page->height - flow->options->margin / 2.0 - FURNITURE_LEADING,
                    RANK_FOLIO, ALIGN_CENTER);
    truth_add_page(flow->truth, flow->number, head, folio);
    if (flow->painter)
        painter_add_page(flow->painter, flow->page, flow->fonts);
    page_clear(flow->page);
    flow->number++;
    flow->y = flow->top;
    flow->page_chapter = NULL;
}

void
flow_require(Flow *flow, double height)
{
    if (height > flow_room(flow) && !flow_page_is_empty(flow))
        flow_break_page(flow);
}

static Paragraph *
note_set(const Flow *flow, const char *text)
{
    TextStyle style = {FACE_TEXT, FURNITURE_SIZE, ALIGN_JUSTIFY, 0.0, 1.5 * FURNITURE_SIZE};

    return paragraph_new(flow->fonts, &style, text, flow->right - flow->left);
}

double
flow_note_height(const Flow *flow, const char *text)
{
    g_autoptr(Paragraph) note = note_set(flow, text);

    return note->lines->len * FURNITURE_LEADING + (flow->notes->len == 0 ? NOTE_SPACE : 0.0);
}

void
flow_add_note(Flow *flow, const char *text)
{
    flow->notes_height += flow_note_height(flow, text);
    g_ptr_array_add(flow->notes, note_set(flow, text));
    g_ptr_array_add(flow->told_notes, g_strdup(text));
    g_array_append_val(flow->told_pages, flow->number);
}

static void
notes_tell(Flow *flow, int last_page)
{
    while (flow->told_notes->len > 0 && g_array_index(flow->told_pages, int, 0) <= last_page) {
        truth_open(flow->truth, NULL, '{');
        truth_add_text(flow->truth, "type", "note");
        truth_add_number(flow->truth, "page", g_array_index(flow->told_pages, int, 0));
        truth_add_flag(flow->truth, "footnote", TRUE);
        truth_add_text(flow->truth, "text", flow->told_notes->pdata[0]);
        truth_close(flow->truth);
        g_ptr_array_remove_index(flow->told_notes, 0);
        g_array_remove_index(flow->told_pages, 0);
    }
}

void
flow_tell_notes(Flow *flow)
{
    notes_tell(flow, flow->number - 1);
}

void
flow_end(Flow *flow)
{
    notes_tell(flow, flow->number);
    if (!flow_page_is_empty(flow))
        flow_break_page(flow);
}

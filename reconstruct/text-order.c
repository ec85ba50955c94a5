/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Goal: say of each page what is to be put in order, and put it out.
 *
 * The reading (text-columns.c) makes rows of whatever reads a little better so; a page in order
 * must come back untouched. So a table is believed only where the text itself is the witness: more
 * must speak, by a margin, for the joins of running text that the reading makes over other lines
 * than for the lines going on as they came. What is not believed, and what stands in no table,
 * comes out as it came in.
 */
#include "text-order.h"

#include <string.h>

#include "chars.h"
#include "remainder.h"
#include "text-apart.h"
#include "text.h"

/* Natural logarithm of the odds that the moved lines of a table must have, all and each, over the
 * lines as they came; and how many lines must be moved. */
static const double MARGIN = 6, MARGIN_EACH = 0.8;
#define MOVED_LEAST 3u
#define MOVED_SHARE 6u /* one in so many of the pieces: tables of numbers have none */
/* … or of two columns, which notes beside a text are not, each with so much for it, and all lines.
 */
#define MOVED_SHARE_TWO 10u
static const double MARGIN_COLUMN = 3, MARGIN_EACH_TWO = 2.5;
/* More speaks for all lines of a table as it was read than as they came, by so much, and each. Of
 * generated pages in order none with so many moved lines has 0.3 a line, of interleaved ones hardly
 * one less than 1.1. */
static const double MARGIN_WHOLE = 15, MARGIN_WHOLE_EACH = 1;
#define RUNNING_LEAST 8u /* characters of running text */
/* A space between Japanese characters inside a line speaks against its going on there. */
static const double SPACE_INSIDE = 1.8;

static TextPlacement *
placement_at(const TextOrder *o, guint i)
{
    return &g_array_index(o->reading->placements, TextPlacement, i);
}

static Run
run_between(const TextPage *page, guint32 from, guint32 to)
{
    return (Run){text_page_chars(page, from), to - from};
}

/* ---- which tables are believed ---- */

/* What speaks for placement i coming right after the one printed before it. */
static double
printed_evidence(const TextOrder *o, const JoinJudge *judge, guint i)
{
    const TextPlacement *it = placement_at(o, i), *before = placement_at(o, i - 1);
    Run a = run_between(o->page, before->from, before->to);
    Run b = run_between(o->page, it->from, it->to);
    double join = join_evidence(judge, a, b);
    if (before->line == it->line) {
        return join - SPACE_INSIDE;
    }
    return MAX(join, end_evidence(judge, a) + start_evidence(judge, b));
}

/* Running text, not names, numbers or headings: long, of Japanese, with kana that bend words. */
static gboolean
is_running(Run r)
{
    guint kana = 0, japanese = 0;
    for (guint i = 0; i < r.n; i++) {
        kana += r.c[i] >= 0x3041 && r.c[i] <= 0x309F;
        japanese += char_is_cjk(r.c[i]) && !char_is_digit(r.c[i]);
    }
    return r.n >= RUNNING_LEAST && kana * 8 >= r.n && japanese * 10 >= r.n * 6;
}

/* Lines of running text that the reading joins to lines that do not stand before them. */
typedef struct {
    guint count;
    double evidence; /* how much more speaks for that than for their being joined as they came */
    double column[TEXT_MAX_COLUMNS]; /* … of each column */
} Moved;

static Moved
moved_lines(const TextOrder *o, const JoinJudge *judge, guint from, guint to)
{
    Moved moved = {0, 0, {0}};
    for (guint i = from + 1; i < to; i++) {
        const TextPlacement *it = placement_at(o, i);
        if (it->after < (gint32)from || it->after == (gint32)i - 1 ||
            o->columns.width[it->column] <= TEXT_LABEL_WIDTH) {
            continue;
        }
        const TextPlacement *before = placement_at(o, (guint)it->after);
        Run a = run_between(o->page, before->from, before->to);
        if (!is_running(a)) {
            continue;
        }
        double evidence = join_evidence(judge, a, run_between(o->page, it->from, it->to)) -
                          printed_evidence(o, judge, i);
        moved.count++;
        moved.evidence += evidence;
        moved.column[it->column] += evidence;
    }
    return moved;
}

static Run
run_at(const TextOrder *o, guint i)
{
    return run_between(o->page, placement_at(o, i)->from, placement_at(o, i)->to);
}

/* What speaks for each line of a table beginning and ending as it was read: after another, or at a
 * paragraph's edge. */
static double
read_evidence(const TextOrder *o, const JoinJudge *judge, guint from, guint to)
{
    g_autofree gboolean *goes_on = g_new0(gboolean, to - from);
    double sum = 0;
    for (guint i = from; i < to; i++) {
        gint32 after = placement_at(o, i)->after;
        gboolean is_joined = after >= (gint32)from && after < (gint32)to;
        if (is_joined) {
            goes_on[(guint)after - from] = TRUE;
        }
        sum += is_joined ? join_evidence(judge, run_at(o, (guint)after), run_at(o, i))
                         : start_evidence(judge, run_at(o, i));
    }
    for (guint i = from; i < to; i++) {
        sum += goes_on[i - from] ? 0 : end_evidence(judge, run_at(o, i));
    }
    return sum;
}

/* … as the lines came. */
static double
came_evidence(const TextOrder *o, const JoinJudge *judge, guint from, guint to)
{
    double sum = start_evidence(judge, run_at(o, from)) + end_evidence(judge, run_at(o, to - 1));
    for (guint i = from + 1; i < to; i++) {
        sum += printed_evidence(o, judge, i);
    }
    return sum;
}

/* A table is believed where the text itself is the witness: where lines are moved, or all in all.
 */
static gboolean
is_believed(const Moved *moved, guint pieces, double whole)
{
    guint columns = 0;
    for (guint c = 0; c < TEXT_MAX_COLUMNS; c++) {
        columns += moved->column[c] >= MARGIN_COLUMN;
    }
    gboolean is_two = columns > 1 && moved->evidence >= MARGIN_EACH_TWO * moved->count;
    if (moved->count < MOVED_LEAST) {
        return FALSE;
    }
    if (whole >= MARGIN_WHOLE && whole >= MARGIN_WHOLE_EACH * pieces &&
        moved->count * MOVED_SHARE >= pieces) {
        return TRUE;
    }
    return moved->evidence >= MARGIN && moved->evidence >= MARGIN_EACH * moved->count &&
           moved->count * (is_two ? MOVED_SHARE_TWO : MOVED_SHARE) >= pieces;
}

/* Rows at the start or the end of a table of which only one column has text are none. Returns how
 * many placements from `from` on (or before `to`) belong to the row there, 0 if it is a real row.
 */
static guint
plain_row(const TextOrder *o, guint from, guint to, gboolean at_end)
{
    guint n = 0, edge = at_end ? to - 1 : from;
    const TextPlacement *first = placement_at(o, edge);
    for (guint i = from; i < to; i++) {
        const TextPlacement *it = placement_at(o, i);
        if (it->row == first->row && it->column != first->column && !it->is_loose) {
            return 0;
        }
        n += it->row == first->row;
    }
    for (guint k = 0; k < n; k++) {
        if (placement_at(o, at_end ? to - 1 - k : from + k)->row != first->row) {
            return 0;
        }
    }
    return n;
}

/* Takes placements out of their table. */
static void
leave_out(TextOrder *o, guint from, guint to)
{
    for (guint i = from; i < to; i++) {
        placement_at(o, i)->row = -1;
        placement_at(o, i)->rival.is_given = FALSE;
    }
}

/* A table. */
static void
judge_table(TextOrder *o, const JoinJudge *judge, guint from, guint to)
{
    for (guint n; from < to && (n = plain_row(o, from, to, FALSE)) > 0; from += n) {
        leave_out(o, from, from + n);
    }
    for (guint n; from < to && (n = plain_row(o, from, to, TRUE)) > 0; to -= n) {
        leave_out(o, to - n, to);
    }
    if (from == to) {
        return;
    }
    const Moved moved = moved_lines(o, judge, from, to);
    double whole = read_evidence(o, judge, from, to) - came_evidence(o, judge, from, to);
    if (!is_believed(&moved, to - from, whole)) {
        leave_out(o, from, to);
    }
}

/* The end of the run of placements that are in a table, or are not, as the one at `from`. */
static guint
run_end(const TextOrder *o, guint from)
{
    guint end = from + 1;
    while (end < o->reading->placements->len &&
           (placement_at(o, end)->row < 0) == (placement_at(o, from)->row < 0)) {
        end++;
    }
    return end;
}

static void
judge_tables(TextOrder *o, const JoinJudge *judge)
{
    for (guint i = 0, end; i < o->reading->placements->len; i = end) {
        end = run_end(o, i);
        if (placement_at(o, i)->row >= 0) {
            judge_table(o, judge, i, end);
        }
    }
}

/* ---- stretches ---- */

static void
add_lines(TextOrder *o, guint32 first, guint32 end)
{
    if (first < end) {
        TextStretch lines = {.first = first, .last = end - 1};
        while (lines.from < o->reading->placements->len &&
               placement_at(o, lines.from)->line < first) {
            lines.from++;
        }
        lines.to = lines.from;
        while (lines.to < o->reading->placements->len && placement_at(o, lines.to)->line < end) {
            lines.to++;
        }
        g_array_append_val(o->stretches, lines);
    }
}

static void
find_stretches(TextOrder *o)
{
    guint32 line = 0; /* those before are in stretches */
    for (guint i = 0, end; i < o->reading->placements->len; i = end) {
        end = run_end(o, i);
        if (placement_at(o, i)->row >= 0) {
            TextStretch table = {.is_table = TRUE, .from = i, .to = end};
            add_lines(o, line, placement_at(o, i)->line);
            g_array_append_val(o->stretches, table);
            line = placement_at(o, end - 1)->line + 1;
        }
    }
    add_lines(o, line, o->page->lines->len);
}

TextOrder *
text_order_find(const TextPage *page, const JoinJudge *judge, guint jobs)
{
    TextOrder *o = g_new0(TextOrder, 1);
    o->page = page;
    o->reading = text_columns_read(page, judge, jobs, &o->columns);
    o->stretches = g_array_new(FALSE, TRUE, sizeof(TextStretch));
    judge_tables(o, judge);
    text_apart_settle(page, judge, &o->columns, o->reading);
    find_stretches(o);
    return o;
}

void
text_order_free(TextOrder *o)
{
    if (o != NULL) {
        text_reading_free(o->reading);
        g_array_unref(o->stretches);
        g_free(o);
    }
}

/* ---- paragraphs ---- */

static gboolean
is_spread(const TextPage *page, const TextLine *line, guint32 at)
{
    for (guint i = line->part; i < line->part + line->n_part; i++) {
        const TextPart *part = &g_array_index(page->parts, TextPart, i);
        if (at >= part->from + !part->soft && at < part->to) {
            return part->spread;
        }
    }
    return FALSE;
}

/* The space before a character inside its line is text: not between Latin and Japanese, where
 * extractors put one, and not in a spread label. */
static gboolean
is_space_kept(const TextPage *page, const TextLine *line, guint32 at)
{
    const guint32 *c = text_page_chars(page, at);
    return g_array_index(page->spaced, guint8, at) && char_is_cjk(c[-1]) == char_is_cjk(c[0]) &&
           !is_spread(page, line, at);
}

/* Adds characters from … to of a line, with a zone. */
static void
add_piece(Paragraph *p, const TextPage *page, const TextPlacement *it)
{
    const TextLine *line = &g_array_index(page->lines, TextLine, it->line);
    Zone zone = {.page = page->number,
                 .origin = ORIGIN_TEXT,
                 .confidence = it->confidence,
                 .line = it->line + 1,
                 .has_rival = it->rival.is_given,
                 .rival_column = (guint32)(it->rival.column + 1),
                 .rival_after = it->rival.line_plus};
    g_array_append_val(p->zones, zone);
    for (guint32 i = it->from; i < it->to; i++) {
        guint32 c = *text_page_chars(page, i);
        if (i == it->from) {
            text_join(p, c);
        } else if (is_space_kept(page, line, i)) {
            Char space = {.unicode = ' ', .raw = ' '};
            g_array_append_val(p->chars, space);
        }
        Char it_is = {.unicode = c, .raw = c};
        g_array_append_val(p->chars, it_is);
    }
}

static gint
compare_places(gconstpointer a, gconstpointer b)
{
    const TextPlacement *p = a, *q = b;
    guint32 x = p->place, y = q->place;
    if (p->is_loose != q->is_loose) { /* after its cell's name */
        return p->is_loose ? 1 : -1;
    }
    return (x > y) - (x < y);
}

/* The paragraphs of a cell, from placements `from` … `to`. */
static GPtrArray *
paragraphs_of(const TextOrder *o, const TextStretch *table, gint32 row, guint32 column)
{
    GPtrArray *paragraphs = g_ptr_array_new_with_free_func((GDestroyNotify)paragraph_free);
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(TextPlacement));
    for (guint i = table->from; i < table->to; i++) {
        const TextPlacement *it = placement_at(o, i);
        if (it->column == column && it->row == row) {
            g_array_append_vals(pieces, it, 1);
        }
    }
    g_array_sort(pieces, compare_places);
    for (guint k = 0; k < pieces->len; k++) {
        const TextPlacement *it = &g_array_index(pieces, TextPlacement, k);
        if (it->after < (gint32)table->from || paragraphs->len == 0) {
            g_ptr_array_add(paragraphs, paragraph_new());
        }
        add_piece(g_ptr_array_index(paragraphs, paragraphs->len - 1), o->page, it);
    }
    return paragraphs;
}

static gint32
last_row(const TextOrder *o, const TextStretch *table)
{
    gint32 last = -1;
    for (guint i = table->from; i < table->to; i++) {
        last = MAX(last, placement_at(o, i)->row);
    }
    return last;
}

static gint32
first_row(const TextOrder *o, const TextStretch *table)
{
    gint32 first = G_MAXINT32;
    for (guint i = table->from; i < table->to; i++) {
        first = MIN(first, placement_at(o, i)->row);
    }
    return first;
}

/* ---- text out ---- */

static void
print_row(const TextOrder *o, const TextStretch *table, gint32 row, GString *out)
{
    for (guint32 c = 0; c < o->columns.n; c++) {
        g_autoptr(GPtrArray) paragraphs = paragraphs_of(o, table, row, c);
        for (guint i = 0; i < paragraphs->len; i++) {
            g_autofree char *text = paragraph_text(g_ptr_array_index(paragraphs, i));
            g_string_append_printf(out, "%s\n", text);
        }
    }
    g_string_append_c(out, '\n');
}

static void
print_lines(const TextOrder *o, const TextStretch *lines, GString *out)
{
    const char *end = o->page->raw + strlen(o->page->raw);
    for (guint32 k = lines->first; k <= lines->last; k++) {
        const TextLine *line = &g_array_index(o->page->lines, TextLine, k);
        gboolean ended = line->raw + line->raw_length < end;
        g_string_append_len(out, line->raw, (gssize)line->raw_length);
        g_string_append(out, ended ? "\n" : "");
    }
}

void
text_order_print(const TextOrder *o, GString *out)
{
    for (guint i = 0; i < o->stretches->len; i++) {
        const TextStretch *stretch = &g_array_index(o->stretches, TextStretch, i);
        if (!stretch->is_table) {
            print_lines(o, stretch, out);
            continue;
        }
        for (gint32 row = first_row(o, stretch); row <= last_row(o, stretch); row++) {
            print_row(o, stretch, row, out);
        }
    }
}

/* ---- blocks out ---- */

static void
number_zones(const Paragraph *p, Writer *writer, guint32 *zones)
{
    for (guint i = 0; i < p->zones->len; i++) {
        Zone *zone = &g_array_index(p->zones, Zone, i);
        zone->zone = ++*zones;
        writer->zone(writer, zone);
    }
}

static void
write_row(const TextOrder *o, const TextStretch *table, gint32 row, Writer *writer, guint32 *zones)
{
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func((GDestroyNotify)doc_cell_free);
    for (guint32 c = 0; c < o->columns.n; c++) {
        DocCell *cell = doc_cell_new();
        cell->column = c;
        cell->row_span = cell->column_span = 1;
        g_ptr_array_unref(cell->paragraphs);
        cell->paragraphs = paragraphs_of(o, table, row, c);
        for (guint i = 0; i < cell->paragraphs->len; i++) {
            number_zones(g_ptr_array_index(cell->paragraphs, i), writer, zones);
        }
        g_ptr_array_add(cells, cell);
    }
    writer->table_row(writer, cells);
}

static void
write_table(const TextOrder *o, const TextStretch *table, Writer *writer, guint32 *zones)
{
    writer->table_begin(writer, o->columns.n);
    for (gint32 row = first_row(o, table); row <= last_row(o, table); row++) {
        write_row(o, table, row, writer, zones);
    }
    writer->table_end(writer);
}

/* Lines in no table, as paragraphs. */
static void
write_lines(const TextOrder *o, const TextStretch *lines, Writer *writer, guint32 *zones)
{
    g_autoptr(Paragraph) p = NULL;
    for (guint i = lines->from; i < lines->to; i++) {
        const TextPlacement *it = placement_at(o, i);
        gboolean goes_on = i > lines->from &&
                           (it->after == (gint32)i - 1 || it->line == placement_at(o, i - 1)->line);
        if (p != NULL && !goes_on) {
            number_zones(p, writer, zones);
            writer->block(writer, KIND_PARAGRAPH, 0, p);
            g_clear_pointer(&p, paragraph_free);
        }
        p = p == NULL ? paragraph_new() : p;
        add_piece(p, o->page, it);
    }
    if (p != NULL) {
        number_zones(p, writer, zones);
        writer->block(writer, KIND_PARAGRAPH, 0, p);
    }
}

void
text_order_write(const TextOrder *o, Writer *writer, guint32 *zones)
{
    for (guint i = 0; i < o->stretches->len; i++) {
        const TextStretch *stretch = &g_array_index(o->stretches, TextStretch, i);
        if (stretch->is_table) {
            write_table(o, stretch, writer, zones);
        } else {
            write_lines(o, stretch, writer, zones);
        }
    }
    g_autoptr(Page) page = page_new(o->page->number, 0, 0);
    page->painted_known = TRUE;
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    g_autoptr(GArray) changes = g_array_new(FALSE, TRUE, sizeof(PageChange));
    g_autoptr(GArray) remainder = g_array_new(FALSE, TRUE, sizeof(Remainder));
    guint placed = 0;
    for (guint i = 0; i < o->reading->placements->len; i++) {
        placed += placement_at(o, i)->to - placement_at(o, i)->from;
    }
    const PageRecord record = {.page = page,
                               .glyphs = o->page->chars->len,
                               .placed = placed,
                               .heads = none,
                               .folios = none,
                               .changes = changes,
                               .remainder = remainder};
    writer->page(writer, &record);
}

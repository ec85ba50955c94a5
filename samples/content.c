/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "content.h"

#include <libxml/parser.h>
#include <string.h>

static void
cell_free(gpointer data)
{
    Cell *cell = data;

    g_ptr_array_unref(cell->paragraphs);
    g_free(cell);
}

static void
row_free_pointer(gpointer data)
{
    row_free(data);
}

void
row_free(Row *row)
{
    if (!row)
        return;
    g_ptr_array_unref(row->cells);
    g_free(row);
}

static void
bar_clear(gpointer data)
{
    g_free(((Bar *)data)->label);
}

static void
block_free(gpointer data)
{
    Block *block = data;

    g_free(block->text);
    g_clear_pointer(&block->paragraphs, g_ptr_array_unref);
    if (block->table) {
        g_array_unref(block->table->widths);
        g_ptr_array_unref(block->table->rows);
        g_free(block->table);
    }
    if (block->figure) {
        g_array_unref(block->figure->bars);
        g_free(block->figure->unit);
        g_free(block->figure);
    }
    g_free(block);
}

void
content_free(Content *content)
{
    if (!content)
        return;
    g_ptr_array_unref(content->head_lines);
    g_ptr_array_unref(content->blocks);
    g_ptr_array_unref(content->pool);
    g_free(content->folio);
    g_free(content);
}

static gboolean
node_named(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static char *
node_attribute(xmlNode *node, const char *name)
{
    xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
    char *copy = g_strdup((const char *)value);

    xmlFree(value);
    return copy;
}

static guint
node_number(xmlNode *node, const char *name, guint otherwise)
{
    g_autofree char *value = node_attribute(node, name);

    return value ? (guint)CLAMP(g_ascii_strtoll(value, NULL, 10), 1, 100) : otherwise;
}

static gboolean
node_flag(xmlNode *node, const char *name)
{
    g_autofree char *value = node_attribute(node, name);

    return g_strcmp0(value, "yes") == 0;
}

static Align
node_align(xmlNode *node, Align otherwise)
{
    static const struct {
        const char *name;
        Align align;
    } NAMES[] = {{"start", ALIGN_START},
                 {"center", ALIGN_CENTER},
                 {"end", ALIGN_END},
                 {"spread", ALIGN_SPREAD}};
    g_autofree char *value = node_attribute(node, "align");

    for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        if (g_strcmp0(value, NAMES[i].name) == 0)
            return NAMES[i].align;
    }
    return otherwise;
}

/* Text without ASCII white space at the ends and without line breaks: a report's source may be
 * wrapped, with the next line indented. */
static void
text_append(GString *text, const char *source)
{
    for (const char *p = source; *p; p++) {
        if (*p != '\n' && *p != '\t' && *p != '\r')
            g_string_append_c(text, *p);
        if (*p == '\n')
            p += strspn(p + 1, " ");
    }
}

static void
reference_append(GString *text, guint number)
{
    g_autofree char *digits = g_strdup_printf("%u", number);

    for (const char *p = digits; *p; p++)
        g_string_append_unichar(text, REFERENCE_BASE + (guchar)*p);
}

/* The element's own text; <fn> in it becomes a reference, and its text joins NOTES. */
static char *
node_text(xmlNode *node, GPtrArray *notes, guint *n_notes)
{
    GString *text = g_string_new(NULL);

    for (xmlNode *child = node->children; child; child = child->next) {
        if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) {
            text_append(text, (const char *)child->content);
        } else if (notes && node_named(child, "fn")) {
            g_autofree char *note = node_text(child, NULL, NULL);

            reference_append(text, ++*n_notes);
            g_ptr_array_add(notes, g_strdup_printf("%u\u3000%s", *n_notes, note));
        }
    }
    return g_strstrip(g_string_free(text, FALSE));
}

/* The <p> children, or the element's own text where it has none. */
static GPtrArray *
node_paragraphs(xmlNode *node)
{
    GPtrArray *paragraphs = g_ptr_array_new_with_free_func(g_free);

    for (xmlNode *child = node->children; child; child = child->next) {
        if (node_named(child, "p"))
            g_ptr_array_add(paragraphs, node_text(child, NULL, NULL));
    }
    if (paragraphs->len == 0) {
        g_autofree char *text = node_text(node, NULL, NULL);

        if (*text)
            g_ptr_array_add(paragraphs, g_steal_pointer(&text));
    }
    return paragraphs;
}

static Cell *
cell_new(guint column, guint rowspan, guint colspan)
{
    Cell *cell = g_new0(Cell, 1);

    cell->column = column;
    cell->rowspan = rowspan;
    cell->colspan = colspan;
    return cell;
}

static Row *
row_new(gboolean header)
{
    Row *row = g_new0(Row, 1);

    row->header = header;
    row->cells = g_ptr_array_new_with_free_func(cell_free);
    return row;
}

static Row *
measure_read(xmlNode *node, gboolean header)
{
    Row *row = row_new(header);
    guint column = 0;

    for (xmlNode *child = node->children; child && column < 4; child = child->next) {
        if (child->type != XML_ELEMENT_NODE)
            continue;
        Cell *cell = cell_new(column++, 1, 1);
        cell->header = header;
        cell->align = node_align(child, header ? ALIGN_CENTER : ALIGN_JUSTIFY);
        cell->paragraphs = node_paragraphs(child);
        g_ptr_array_add(row->cells, cell);
    }
    return row;
}

static Table *
measures_new(void)
{
    Table *table = g_new0(Table, 1);

    table->measures = TRUE;
    table->widths = g_array_new(FALSE, FALSE, sizeof(double));
    table->rows = g_ptr_array_new_with_free_func(row_free_pointer);
    return table;
}

static Table *
measures_read(xmlNode *node, GPtrArray *pool)
{
    Table *table = measures_new();

    table->cycles = node_flag(node, "cycle");
    for (xmlNode *child = node->children; child; child = child->next) {
        gboolean header = node_named(child, "headrow");

        if (!header && !node_named(child, "row"))
            continue;
        g_ptr_array_add(table->rows, measure_read(child, header));
        if (!header)
            g_ptr_array_add(pool, table->rows->pdata[table->rows->len - 1]);
    }
    return table;
}

/* One row; COVERED has, per column, how many rows below a spanning cell still reach. */
static Row *
row_read(xmlNode *node, GArray *covered)
{
    Row *row = row_new(node_flag(node, "header"));
    guint column = 0;

    for (xmlNode *child = node->children; child; child = child->next) {
        if (!node_named(child, "cell"))
            continue;
        while (column < covered->len && g_array_index(covered, guint, column) > 0)
            column++;
        Cell *cell =
            cell_new(column, node_number(child, "rowspan", 1), node_number(child, "colspan", 1));
        cell->header = row->header || node_flag(child, "header");
        cell->align = node_align(child, cell->header ? ALIGN_CENTER : ALIGN_JUSTIFY);
        cell->paragraphs = node_paragraphs(child);
        g_ptr_array_add(row->cells, cell);
        for (guint i = 0; i < cell->colspan && column < covered->len; i++)
            g_array_index(covered, guint, column++) = cell->rowspan;
    }
    for (guint i = 0; i < covered->len; i++) {
        if (g_array_index(covered, guint, i) > 0)
            g_array_index(covered, guint, i)--;
    }
    return row;
}

static Table *
table_read(xmlNode *node)
{
    Table *table = g_new0(Table, 1);
    g_autofree char *value = node_attribute(node, "widths");
    g_auto(GStrv) widths = g_strsplit(value ? value : "1", " ", -1);
    g_autofree char *valign = node_attribute(node, "valign");
    g_autoptr(GArray) covered = g_array_new(FALSE, TRUE, sizeof(guint));

    table->top = g_strcmp0(valign, "top") == 0;
    table->widths = g_array_new(FALSE, FALSE, sizeof(double));
    table->rows = g_ptr_array_new_with_free_func(row_free_pointer);
    for (guint i = 0; widths[i]; i++) {
        double width = CLAMP(g_ascii_strtod(widths[i], NULL), 0.01, 100.0);

        g_array_append_val(table->widths, width);
    }
    g_array_set_size(covered, table->widths->len);
    for (xmlNode *child = node->children; child; child = child->next) {
        if (node_named(child, "row"))
            g_ptr_array_add(table->rows, row_read(child, covered));
    }
    return table;
}

static Figure *
figure_read(xmlNode *node)
{
    Figure *figure = g_new0(Figure, 1);

    figure->unit = node_attribute(node, "unit");
    figure->bars = g_array_new(FALSE, FALSE, sizeof(Bar));
    g_array_set_clear_func(figure->bars, bar_clear);
    for (xmlNode *child = node->children; child; child = child->next) {
        if (!node_named(child, "bar"))
            continue;
        g_autofree char *value = node_attribute(child, "value");
        Bar bar = {node_attribute(child, "label"), value ? g_ascii_strtod(value, NULL) : 0.0};

        if (!bar.label)
            bar.label = g_strdup("");
        bar.value = CLAMP(bar.value, 0.0, 1e9);
        g_array_append_val(figure->bars, bar);
    }
    return figure;
}

static gboolean
block_kind_named(const xmlNode *node, BlockKind *ret_kind)
{
    static const struct {
        const char *name;
        BlockKind kind;
    } NAMES[] = {
        {"title", BLOCK_TITLE},    {"heading", BLOCK_HEADING}, {"p", BLOCK_PARAGRAPH},
        {"item", BLOCK_ITEM},      {"note", BLOCK_NOTE},       {"caption", BLOCK_CAPTION},
        {"toc", BLOCK_TOC},        {"box", BLOCK_BOX},         {"table", BLOCK_TABLE},
        {"measures", BLOCK_TABLE}, {"figure", BLOCK_FIGURE},   {"newpage", BLOCK_NEW_PAGE}};

    for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        if (node_named(node, NAMES[i].name)) {
            *ret_kind = NAMES[i].kind;
            return TRUE;
        }
    }
    return FALSE;
}

static Block *
block_read(xmlNode *node, BlockKind kind, GPtrArray *pool, guint *n_notes)
{
    Block *block = g_new0(Block, 1);

    block->kind = kind;
    block->level = (int)node_number(node, "level", 1);
    block->align = node_align(node, ALIGN_JUSTIFY);
    if (kind == BLOCK_BOX) {
        block->paragraphs = node_paragraphs(node);
    } else if (kind == BLOCK_FIGURE) {
        block->figure = figure_read(node);
    } else if (kind == BLOCK_TABLE) {
        block->table = node_named(node, "measures") ? measures_read(node, pool) : table_read(node);
    } else {
        block->paragraphs = g_ptr_array_new_with_free_func(g_free);
        block->text = node_text(node, block->paragraphs, n_notes);
    }
    return block;
}

/* FALSE with an error when a row has more cells than the table has columns. */
static gboolean
table_check(const Table *table, const char *path, int line, GError **error)
{
    for (guint i = 0; i < table->rows->len; i++) {
        const Row *row = table->rows->pdata[i];

        for (guint j = 0; j < row->cells->len; j++) {
            const Cell *cell = row->cells->pdata[j];

            if (!table->measures && cell->column + cell->colspan > table->widths->len) {
                g_set_error(error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT,
                            "%s:%d: table has a row with more cells than columns", path, line);
                return FALSE;
            }
        }
    }
    return TRUE;
}

static gboolean
report_read(Content *content, xmlNode *root, const char *path, GError **error)
{
    guint n_notes = 0;

    for (xmlNode *node = root->children; node; node = node->next) {
        BlockKind kind = BLOCK_PARAGRAPH;

        if (node->type != XML_ELEMENT_NODE)
            continue;
        if (node_named(node, "head")) {
            g_ptr_array_add(content->head_lines, node_text(node, NULL, NULL));
        } else if (node_named(node, "folio")) {
            g_free(content->folio);
            content->folio = node_text(node, NULL, NULL);
        } else if (block_kind_named(node, &kind)) {
            Block *block = block_read(node, kind, content->pool, &n_notes);

            g_ptr_array_add(content->blocks, block);
            if (block->table && !table_check(block->table, path, (int)node->line, error))
                return FALSE;
        } else {
            g_set_error(error, G_MARKUP_ERROR, G_MARKUP_ERROR_UNKNOWN_ELEMENT,
                        "%s:%d: unknown element <%s>", path, (int)node->line, node->name);
            return FALSE;
        }
    }
    return TRUE;
}

static void
page_read(Content *content, xmlNode *root)
{
    Block *block = g_new0(Block, 1);

    block->kind = BLOCK_TABLE;
    block->table = measures_new();
    block->table->cycles = TRUE;
    g_ptr_array_add(content->blocks, block);
    content->fits_page = TRUE;
    for (xmlNode *node = root->children; node; node = node->next) {
        if (node_named(node, "header")) {
            g_ptr_array_add(content->head_lines, node_text(node, NULL, NULL));
        } else if (node_named(node, "footer")) {
            g_free(content->folio);
            content->folio = node_text(node, NULL, NULL);
        } else if (node_named(node, "row")) {
            g_ptr_array_add(block->table->rows, measure_read(node, FALSE));
            g_ptr_array_add(content->pool, block->table->rows->pdata[block->table->rows->len - 1]);
        }
    }
}

static void
ignore_xml_error(void *data, xmlErrorPtr error)
{
    (void)data;
    (void)error;
}

Content *
content_read(const char *path, GError **error)
{
    xmlSetStructuredErrorFunc(NULL, ignore_xml_error);
    xmlDoc *document = xmlReadFile(path, NULL, XML_PARSE_NONET | XML_PARSE_NOENT);
    xmlNode *root = document ? xmlDocGetRootElement(document) : NULL;

    if (!root) {
        const xmlError *problem = xmlGetLastError();
        g_autofree char *message = g_strdup(problem ? problem->message : "no document");

        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s:%d: cannot read as XML: %s", path,
                    problem ? problem->line : 0, g_strchomp(message));
        return NULL;
    }
    g_autoptr(Content) content = g_new0(Content, 1);
    content->head_lines = g_ptr_array_new_with_free_func(g_free);
    content->blocks = g_ptr_array_new_with_free_func(block_free);
    content->pool = g_ptr_array_new();
    content->folio = g_strdup("");
    gboolean good = TRUE;

    if (node_named(root, "page"))
        page_read(content, root);
    else
        good = report_read(content, root, path, error);
    xmlFreeDoc(document);
    return good ? g_steal_pointer(&content) : NULL;
}

static gboolean
is_digit(gunichar c)
{
    return (c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19);
}

/* Years and the digits of names (Wi-Fi 6E, CVE-2021) stay. */
static gboolean
number_varies(const char *text, const char *start, const char *end)
{
    gboolean year =
        end - start == 4 && (g_str_has_prefix(start, "19") || g_str_has_prefix(start, "20"));
    gboolean in_name = (start > text && (g_ascii_isalpha(start[-1]) || start[-1] == '-')) ||
                       g_ascii_isalpha(*end) || *end == '-';

    return !year && !in_name;
}

static char *
text_vary(const char *text, GRand *random)
{
    GString *varied = g_string_new(NULL);
    const char *p = text;

    while (*p) {
        const char *end = p;

        while (is_digit(g_utf8_get_char(end)))
            end = text_next(end);
        gboolean varies = end > p && number_varies(text, p, end);
        if (end == p)
            end = text_next(p);
        for (const char *q = p; q < end; q = text_next(q)) {
            gunichar c = g_utf8_get_char(q);
            gunichar zero = c >= 0xFF10 ? 0xFF10 : '0';

            if (varies)
                c = zero + (gunichar)g_rand_int_range(random, q == p ? 1 : 0, 10);
            g_string_append_unichar(varied, c);
        }
        p = end;
    }
    return g_string_free(varied, FALSE);
}

static Cell *
cell_copy(const Cell *cell)
{
    Cell *copy = cell_new(cell->column, cell->rowspan, cell->colspan);

    copy->header = cell->header;
    copy->align = cell->align;
    copy->paragraphs = g_ptr_array_new_with_free_func(g_free);
    return copy;
}

Row *
row_vary(const Row *row, GRand *random)
{
    Row *copy = row_new(row->header);

    for (guint i = 0; i < row->cells->len; i++) {
        const Cell *cell = row->cells->pdata[i];
        Cell *varied = cell_copy(cell);

        for (guint j = 0; j < cell->paragraphs->len; j++)
            g_ptr_array_add(varied->paragraphs, text_vary(cell->paragraphs->pdata[j], random));
        g_ptr_array_add(copy->cells, varied);
    }
    return copy;
}

static char *
cell_join_paragraphs(const Cell *cell)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < cell->paragraphs->len; i++)
        g_string_append(text, cell->paragraphs->pdata[i]);
    return g_string_free(text, FALSE);
}

Row *
row_merge_labels(const Row *row)
{
    Row *merged = row_new(row->header);

    for (guint i = 0; i < row->cells->len; i++) {
        const Cell *cell = row->cells->pdata[i];

        if (i == 1) {
            Cell *label = merged->cells->pdata[0];
            g_autofree char *name = cell_join_paragraphs(cell);
            char *joined = g_strconcat(label->paragraphs->len ? label->paragraphs->pdata[0] : "",
                                       " ", name, NULL);

            g_ptr_array_set_size(label->paragraphs, 0);
            g_ptr_array_add(label->paragraphs, g_strstrip(joined));
            continue;
        }
        Cell *copy = cell_copy(cell);
        copy->column = i == 0 ? 0 : cell->column - 1;
        if (i == 0 && !row->header)
            copy->align = ALIGN_JUSTIFY;
        for (guint j = 0; j < cell->paragraphs->len; j++)
            g_ptr_array_add(copy->paragraphs, g_strdup(cell->paragraphs->pdata[j]));
        g_ptr_array_add(merged->cells, copy);
    }
    return merged;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "claims.h"

#include <stdlib.h>
#include <string.h>

#include "alike.h"
#include "layout.h"
#include "xml-nodes.h"

static const char *const kind_words[] = {"p",       "heading", "cell", "item", "note",
                                         "caption", "figure",  "head", "folio"};

const char *
passage_word(PassageKind kind)
{
    return kind_words[kind];
}

/* ---- grams ---- */

static int
compare_grams(gconstpointer a, gconstpointer b)
{
    guint64 p = *(const guint64 *)a, q = *(const guint64 *)b;
    return p < q ? -1 : p > q;
}

void
grams_add(GArray *grams, const gunichar *chars, guint n)
{
    gunichar before = 0;
    for (guint i = 0; i < n; i++) {
        gunichar c = char_plain(chars[i]);
        guint64 gram = (guint64)before << 32 | c;
        if (i > 0) {
            g_array_append_val(grams, gram);
        }
        before = c;
    }
}

void
grams_sort(GArray *grams)
{
    guint kept = 0;
    g_array_sort(grams, compare_grams);
    guint64 *g = (guint64 *)(void *)grams->data;
    for (guint i = 0; i < grams->len; i++) {
        if (i == 0 || g[i] != g[kept - 1]) {
            g[kept++] = g[i];
        }
    }
    g_array_set_size(grams, kept);
}

double
grams_part(const GArray *some, const GArray *all)
{
    guint found = 0, k = 0;
    for (guint i = 0; i < some->len; i++) {
        guint64 gram = g_array_index(some, guint64, i);
        while (k < all->len && g_array_index(all, guint64, k) < gram) {
            k++;
        }
        found += k < all->len && g_array_index(all, guint64, k) == gram;
    }
    return some->len > 0 ? (double)found / some->len : 0;
}

/* ---- reading ---- */

typedef struct {
    Claims *claims;
    GHashTable *by_id; /* id → index of zone + 1 */
    Passage about;     /* what is around the element that is being read */
    guint lists, figures;
} Reader;

static guint
number_attribute(const xmlNode *node, const char *name, guint otherwise)
{
    g_autofree char *value = xml_node_attribute(node, name);
    return value != NULL ? (guint)strtoul(value, NULL, 10) : otherwise;
}

static double
decimal_attribute(const xmlNode *node, const char *name)
{
    g_autofree char *value = xml_node_attribute(node, name);
    return value != NULL ? g_ascii_strtod(value, NULL) : 0;
}

static void
add_zone(Reader *reader, const xmlNode *node)
{
    ClaimedZone zone = {.id = xml_node_attribute(node, "id"),
                        .page = number_attribute(node, "page", 0),
                        .confidence = decimal_attribute(node, "confidence"),
                        .passage = NO_PASSAGE};
    g_autofree char *origin = xml_node_attribute(node, "origin");
    if (zone.id == NULL) { /* nothing refers to it */
        zone.id = g_strdup("");
    }
    zone.placed = xml_node_box(node, &zone.box);
    for (guint i = 0; i <= ORIGIN_LAST && origin != NULL; i++) {
        if (strcmp(origin_word((Origin)i), origin) == 0) {
            zone.origin = (guint8)i;
        }
    }
    g_array_append_val(reader->claims->zones, zone);
    g_hash_table_insert(reader->by_id,
                        claims_zone(reader->claims, reader->claims->zones->len - 1)->id,
                        GUINT_TO_POINTER(reader->claims->zones->len));
}

static void
add_ruby(GArray *rubies, const xmlNode *node)
{
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (xml_node_is(child, NULL, "ruby")) {
            g_autofree char *rt = xml_node_attribute(child, "rt");
            for (const char *p = rt; p != NULL && *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
                gunichar c = g_utf8_get_char(p);
                g_array_append_val(rubies, c);
            }
        }
        if (child->type == XML_ELEMENT_NODE) {
            add_ruby(rubies, child);
        }
    }
}

/* Marks the characters of all elements inside; how many characters there are. */
static guint
add_marks(guint8 *marks, const xmlNode *node, guint8 mark)
{
    guint n = 0;
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        guint8 here = xml_node_is(child, NULL, "u")      ? TEXT_UNDERLINED
                      : xml_node_is(child, NULL, "s")    ? TEXT_STRUCK
                      : xml_node_is(child, NULL, "ruby") ? TEXT_RUBY
                                                         : 0;
        if (child->type == XML_ELEMENT_NODE) {
            n += add_marks(marks + n, child, mark | here);
        } else if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) {
            guint length = (guint)g_utf8_strlen((const char *)child->content, -1);
            memset(marks + n, mark, length);
            n += length;
        }
    }
    return n;
}

static gboolean
has_element(const xmlNode *node)
{
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (child->type == XML_ELEMENT_NODE) {
            return TRUE;
        }
    }
    return FALSE;
}

static void
add_passage(Reader *reader, const xmlNode *node, PassageKind kind)
{
    Claims *claims = reader->claims;
    xmlChar *content = xmlNodeGetContent(node);
    Passage passage = reader->about;
    passage.kind = reader->about.column > 0 ? PASSAGE_CELL : kind;
    passage.text = g_strdup((const char *)content);
    passage.zones = g_array_new(FALSE, FALSE, sizeof(guint));
    passage.rubies = g_array_new(FALSE, FALSE, sizeof(gunichar));
    passage.level = number_attribute(node, "level", 0);
    xmlFree(content);
    if (has_element(node)) {
        passage.marks = g_malloc0(strlen(passage.text) + 1);
        add_marks(passage.marks, node, 0);
    }
    passage.chars = g_new(gunichar, strlen(passage.text) + 1);
    for (const char *p = passage.text; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
        gunichar c = g_utf8_get_char(p);
        if (!g_unichar_isspace(c)) {
            passage.chars[passage.n++] = c;
        }
    }
    add_ruby(passage.rubies, node);
    g_autofree char *zones = xml_node_attribute(node, "zones");
    g_auto(GStrv) ids = g_strsplit_set(zones != NULL ? zones : "", " \t\r\n", -1);
    for (guint i = 0; ids[i] != NULL; i++) {
        guint index = GPOINTER_TO_UINT(g_hash_table_lookup(reader->by_id, ids[i]));
        if (index == 0) {
            continue;
        }
        index--;
        ClaimedZone *zone = claims_zone(claims, index);
        if (zone->users++ == 0) {
            zone->passage = claims->passages->len;
            zone->part = passage.zones->len;
        }
        g_array_append_val(passage.zones, index);
    }
    g_array_append_val(claims->passages, passage);
}

static void
add_page(Reader *reader, const xmlNode *node)
{
    ClaimedPage page = {.number = number_attribute(node, "n", 0),
                        .width = decimal_attribute(node, "width"),
                        .height = decimal_attribute(node, "height"),
                        .label = xml_node_attribute(node, "label"),
                        .failed = xml_node_attribute(node, "failed"),
                        .first_zone = reader->claims->zones->len,
                        .grams = g_array_new(FALSE, FALSE, sizeof(guint64))};
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (xml_node_is(child, NULL, "zone")) {
            add_zone(reader, child);
            page.zones++;
        }
    }
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (xml_node_is(child, NULL, "head") || xml_node_is(child, NULL, "folio")) {
            add_passage(reader, child,
                        xml_node_is(child, NULL, "head") ? PASSAGE_HEAD : PASSAGE_FOLIO);
        }
    }
    g_array_append_val(reader->claims->pages, page);
}

static void add_blocks(Reader *reader, const xmlNode *parent, PassageKind kind);

/* Which cells a header cell is the header of. */
static guint8
header_of(const xmlNode *cell)
{
    g_autofree char *header = xml_node_attribute(cell, "header");
    return header == NULL                  ? 0
           : strcmp(header, "column") == 0 ? (guint8)HEADER_COLUMN
                                           : (guint8)HEADER_ROW;
}

static void
add_cell(Reader *reader, const xmlNode *cell, GString *grid)
{
    Passage *about = &reader->about;
    about->column = number_attribute(cell, "column", 1);
    about->colspan = number_attribute(cell, "colspan", 1);
    about->rowspan = number_attribute(cell, "rowspan", 1);
    about->header_of = header_of(cell);
    about->header = about->header_of != 0 || about->row == 1;
    g_string_append_printf(grid, "%u:%ux%u:%u ", about->column, about->rowspan, about->colspan,
                           about->header_of);
    add_blocks(reader, cell, PASSAGE_CELL);
    about->column = about->colspan = about->rowspan = about->header_of = 0;
    about->header = FALSE;
}

static void
add_table(Reader *reader, const xmlNode *node)
{
    Passage *about = &reader->about;
    g_autoptr(GString) grid = g_string_new(NULL);
    about->table = reader->claims->tables->len + 1;
    for (const xmlNode *row = node->children; row != NULL; row = row->next) {
        if (!xml_node_is(row, NULL, "row")) {
            continue;
        }
        about->row++;
        for (const xmlNode *cell = row->children; cell != NULL; cell = cell->next) {
            if (xml_node_is(cell, NULL, "cell")) {
                add_cell(reader, cell, grid);
            }
        }
        g_string_append_c(grid, '\n');
    }
    ClaimedTable table = {.columns = number_attribute(node, "columns", 0),
                          .rows = about->row,
                          .grid = g_string_free(g_steal_pointer(&grid), FALSE)};
    g_array_append_val(reader->claims->tables, table);
    about->table = about->row = 0;
}

static void
add_list(Reader *reader, const xmlNode *list)
{
    reader->about.list = ++reader->lists;
    for (const xmlNode *item = list->children; item != NULL; item = item->next) {
        if (xml_node_is(item, NULL, "item")) {
            reader->about.item++;
            add_blocks(reader, item, PASSAGE_ITEM);
        }
    }
    reader->about.list = reader->about.item = 0;
}

static void
add_figure(Reader *reader, const xmlNode *figure)
{
    g_autofree char *zones = xml_node_attribute(figure, "zones");
    g_auto(GStrv) ids = g_strsplit_set(zones != NULL ? zones : "", " \t\r\n", -1);
    for (guint i = 0; ids[i] != NULL; i++) {
        guint zone = GPOINTER_TO_UINT(g_hash_table_lookup(reader->by_id, ids[i]));
        if (zone > 0) {
            zone--;
            g_array_append_val(reader->claims->figures, zone);
        }
    }
    reader->about.figure = ++reader->figures;
    add_blocks(reader, figure, PASSAGE_FIGURE);
    reader->about.figure = 0;
}

static void
add_blocks(Reader *reader, const xmlNode *parent, PassageKind kind)
{
    for (const xmlNode *node = parent->children; node != NULL; node = node->next) {
        if (xml_node_is(node, NULL, "p")) {
            add_passage(reader, node, kind);
        } else if (xml_node_is(node, NULL, "heading")) {
            add_passage(reader, node, PASSAGE_HEADING);
        } else if (xml_node_is(node, NULL, "note")) {
            add_passage(reader, node, PASSAGE_NOTE);
        } else if (xml_node_is(node, NULL, "caption")) {
            add_passage(reader, node, PASSAGE_CAPTION);
        } else if (xml_node_is(node, NULL, "figure")) {
            add_figure(reader, node);
        } else if (xml_node_is(node, NULL, "list")) {
            add_list(reader, node);
        } else if (xml_node_is(node, NULL, "table")) {
            add_table(reader, node);
        }
    }
}

static void
add_grams(Claims *claims)
{
    for (guint i = 0; i < claims->pages->len; i++) {
        ClaimedPage *page = claims_page(claims, i);
        for (guint k = page->first_zone; k < page->first_zone + page->zones; k++) {
            const ClaimedZone *zone = claims_zone(claims, k);
            const Passage *p =
                zone->passage != NO_PASSAGE ? claims_passage(claims, zone->passage) : NULL;
            if (p != NULL && p->kind != PASSAGE_HEAD) { /* a running head is on every page */
                grams_add(page->grams, p->chars, p->n);
            }
        }
        grams_sort(page->grams);
    }
}

static Claims *
claims_new(void)
{
    Claims *claims = g_new0(Claims, 1);
    claims->pages = g_array_new(FALSE, FALSE, sizeof(ClaimedPage));
    claims->zones = g_array_new(FALSE, FALSE, sizeof(ClaimedZone));
    claims->passages = g_array_new(FALSE, FALSE, sizeof(Passage));
    claims->tables = g_array_new(FALSE, FALSE, sizeof(ClaimedTable));
    claims->figures = g_array_new(FALSE, FALSE, sizeof(guint));
    claims->corrections = g_array_new(FALSE, FALSE, sizeof(ClaimedCorrection));
    return claims;
}

/* All that the document says of what made it. */
static char *
producer_of(const xmlNode *node)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (const xmlAttr *a = node->properties; a != NULL; a = a->next) {
        g_autofree char *value = xml_node_attribute(node, (const char *)a->name);
        g_string_append_printf(all, "%s%s=%s", all->len > 0 ? " " : "", (const char *)a->name,
                               value);
    }
    return g_string_free(g_steal_pointer(&all), FALSE);
}

static char *
text_or_nothing(const xmlNode *node, const char *name)
{
    char *text = xml_node_child_text(node, name);
    return text != NULL ? text : g_strdup("");
}

static void
add_correction(Reader *reader, const xmlNode *node)
{
    ClaimedCorrection c = {.page = number_attribute(node, "page", 0),
                           .zone = xml_node_attribute(node, "zone"),
                           .state = xml_node_attribute(node, "state"),
                           .old = text_or_nothing(node, "old"),
                           .new = text_or_nothing(node, "new")};
    xml_node_box(node, &c.box);
    g_array_append_val(reader->claims->corrections, c);
}

static void
read_root(Reader *reader, const xmlNode *root)
{
    for (const xmlNode *node = root->children; node != NULL; node = node->next) {
        if (xml_node_is(node, NULL, "source")) {
            reader->claims->source = xml_node_attribute(node, "name");
            reader->claims->source_sha256 = xml_node_attribute(node, "sha256");
            reader->claims->source_pages = number_attribute(node, "pages", 0);
        } else if (xml_node_is(node, NULL, "producer")) {
            reader->claims->producer = producer_of(node);
        } else if (xml_node_is(node, NULL, "pages")) {
            for (const xmlNode *page = node->children; page != NULL; page = page->next) {
                if (xml_node_is(page, NULL, "page")) {
                    add_page(reader, page);
                }
            }
        } else if (xml_node_is(node, NULL, "corrections")) {
            for (const xmlNode *one = node->children; one != NULL; one = one->next) {
                if (xml_node_is(one, NULL, "correction")) {
                    add_correction(reader, one);
                }
            }
        } else if (xml_node_is(node, NULL, "body")) {
            add_blocks(reader, node, PASSAGE_P);
        }
    }
}

Claims *
claims_parse(const char *bytes, gsize size, GError **error)
{
    const char *why = NULL;
    xmlDocPtr doc = xml_read(bytes, size, &why);
    const xmlNode *root = doc != NULL ? xmlDocGetRootElement(doc) : NULL;
    if (root == NULL || !xml_node_is(root, NULL, "document")) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "is no document of yomijun%s%s",
                    why != NULL ? ": " : "", why != NULL ? why : "");
        xmlFreeDoc(doc);
        return NULL;
    }
    Reader reader = {.claims = claims_new(), .by_id = g_hash_table_new(g_str_hash, g_str_equal)};
    reader.claims->sha256 =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, size);
    read_root(&reader, root);
    add_grams(reader.claims);
    g_hash_table_destroy(reader.by_id);
    xmlFreeDoc(doc);
    return reader.claims;
}

Claims *
claims_read(const char *path, GError **error)
{
    g_autofree char *bytes = NULL;
    gsize size = 0;
    return g_file_get_contents(path, &bytes, &size, error) ? claims_parse(bytes, size, error)
                                                           : NULL;
}

void
claims_free(Claims *claims)
{
    if (claims == NULL) {
        return;
    }
    for (guint i = 0; i < claims->pages->len; i++) {
        g_free(claims_page(claims, i)->label);
        g_free(claims_page(claims, i)->failed);
        g_array_unref(claims_page(claims, i)->grams);
    }
    for (guint i = 0; i < claims->zones->len; i++) {
        g_free(claims_zone(claims, i)->id);
    }
    for (guint i = 0; i < claims->passages->len; i++) {
        Passage *p = claims_passage(claims, i);
        g_free(p->chars);
        g_free(p->text);
        g_free(p->marks);
        g_array_unref(p->zones);
        g_array_unref(p->rubies);
    }
    for (guint i = 0; i < claims->tables->len; i++) {
        g_free(claims_table(claims, i)->grid);
    }
    for (guint i = 0; i < claims->corrections->len; i++) {
        g_free(claims_correction(claims, i)->zone);
        g_free(claims_correction(claims, i)->state);
        g_free(claims_correction(claims, i)->old);
        g_free(claims_correction(claims, i)->new);
    }
    g_array_unref(claims->corrections);
    g_array_unref(claims->tables);
    g_array_unref(claims->figures);
    g_array_unref(claims->pages);
    g_array_unref(claims->zones);
    g_array_unref(claims->passages);
    g_free(claims->producer);
    g_free(claims->source);
    g_free(claims->sha256);
    g_free(claims->source_sha256);
    g_free(claims);
}

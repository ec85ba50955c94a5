/* SPDX-License-Identifier: GPL-3.0-or-later */
/* yomijun-scan: a PDF to pictures of its pages, as a scanner would have made them. */
#include "defects.h"
#include "raster.h"
#include "store.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_INPUT = 3 };

/* Names of the format and of the suffix of a file; FileKind of each. */
static const struct {
    const char *name;
    FileKind kind;
} KINDS[] = {{"png", KIND_PNG}, {"jpg", KIND_JPG},  {"tif", KIND_TIF},
             {"pdf", KIND_PDF}, {"jpeg", KIND_JPG}, {"tiff", KIND_TIF}};

/* The command line as GOption leaves it. */
typedef struct {
    Settings settings;
    char *format, *paper, *pages, *geometry;
    gboolean colour, bilevel;
    int every;
    gint64 seed;
    char **files;
} CommandLine;

static void
command_line_clear(CommandLine *line)
{
    g_free(line->settings.output);
    g_free(line->format);
    g_free(line->paper);
    g_free(line->pages);
    g_free(line->geometry);
    g_strfreev(line->files);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CommandLine, command_line_clear)

static gboolean
usage_fail(GError **error, const char *message)
{
    g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);
    return FALSE;
}

/* ---- options ---- */

static gboolean
kind_find(const char *name, FileKind *ret_kind)
{
    for (guint i = 0; name && i < G_N_ELEMENTS(KINDS); i++) {
        if (g_ascii_strcasecmp(name, KINDS[i].name) == 0) {
            *ret_kind = KINDS[i].kind;
            return TRUE;
        }
    }
    return FALSE;
}

/* The suffix of the output makes it a file, else it is a folder of files of --format. */
static gboolean
output_settle(CommandLine *line, GError **error)
{
    Settings *settings = &line->settings;
    g_autofree char *name = g_path_get_basename(settings->output);
    const char *dot = strrchr(name, '.');
    FileKind asked = KIND_PNG;

    if (line->format && !kind_find(line->format, &asked))
        return usage_fail(error, "--format must be png, jpg, tif or pdf");
    settings->folder = !kind_find(dot ? dot + 1 : NULL, &settings->kind);
    if (settings->folder)
        settings->kind = asked;
    else if (line->format && asked != settings->kind)
        return usage_fail(error, "--format and the suffix of the output disagree");
    return TRUE;
}

static gboolean
paper_parse(const char *text, guint32 *ret_paper)
{
    char *end = NULL;

    if (!text)
        return TRUE;
    *ret_paper = (guint32)strtoul(text, &end, 16);
    return strlen(text) == 6 && strspn(text, "0123456789abcdefABCDEF") == 6;
}

static gboolean
depth_settle(CommandLine *line, GError **error)
{
    Settings *settings = &line->settings;
    gboolean bilevel = line->bilevel || settings->threshold > 0;

    if (settings->threshold < 0 || settings->threshold > 255)
        return usage_fail(error, "--threshold must be 1 to 255");
    if (bilevel && line->colour)
        return usage_fail(error, "--bilevel and --colour exclude each other");
    if (bilevel && (settings->jpeg > 0 || settings->kind == KIND_JPG))
        return usage_fail(error, "a picture of two grey values cannot be a JPEG");
    settings->depth = bilevel ? DEPTH_BILEVEL : line->colour ? DEPTH_COLOUR : DEPTH_GREY;
    return TRUE;
}

static gboolean
command_line_check(CommandLine *line, GError **error)
{
    Settings *settings = &line->settings;

    if (!line->files || g_strv_length(line->files) != 1 || !settings->output)
        return usage_fail(error, "wanted: REPORT.pdf -o FOLDER|FILE.tif|FILE.pdf");
    if (settings->dpi < 150 || settings->dpi > 600)
        return usage_fail(error, "--dpi must be 150 to 600");
    if (!(settings->skew >= -3.0 && settings->skew <= 3.0))
        return usage_fail(error, "--skew must be -3 to 3");
    if (settings->turn % 90 != 0 || settings->turn < 0 || settings->turn > 270)
        return usage_fail(error, "--rotate must be 0, 90, 180 or 270");
    if (!(settings->noise >= 0.0 && settings->noise <= 64.0))
        return usage_fail(error, "--noise must be 0 to 64");
    if (!(settings->blur >= 0.0 && settings->blur <= 5.0))
        return usage_fail(error, "--blur must be 0 to 5");
    if (!(settings->shading >= 0.1 && settings->shading <= 1.0))
        return usage_fail(error, "--shading must be 0.1 to 1");
    if (settings->jpeg < 0 || settings->jpeg > 100)
        return usage_fail(error, "--jpeg must be 1 to 100");
    if (!paper_parse(line->paper, &settings->paper))
        return usage_fail(error, "--paper must be six hexadecimal digits");
    if (line->every < 1)
        return usage_fail(error, "--every must be 1 or more");
    settings->seed = (guint32)line->seed;
    return output_settle(line, error) && depth_settle(line, error);
}

static gboolean
command_line_parse(CommandLine *line, int *argc, char ***argv, GError **error)
{
    Settings *s = &line->settings;
    const GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &s->output,
         "A folder, or a file ending in .tif, .pdf, .png or .jpg", "PLACE"},
        {"format", 'f', 0, G_OPTION_ARG_STRING, &line->format,
         "Of the files in a folder: png, jpg, tif, pdf", "NAME"},
        {"pages", 'p', 0, G_OPTION_ARG_STRING, &line->pages, "Such as 1-3,7,10-", "LIST"},
        {"every", 0, 0, G_OPTION_ARG_INT, &line->every, "Of these only each Nth of the report",
         "N"},
        {"geometry", 'g', 0, G_OPTION_ARG_FILENAME, &line->geometry,
         "The JSON to write: from points to pixels", "FILE"},
        {"dpi", 0, 0, G_OPTION_ARG_INT, &s->dpi, "150 to 600 (300)", "N"},
        {"no-resolution", 0, 0, G_OPTION_ARG_NONE, &s->no_resolution, "The files do not say it",
         NULL},
        {"rotate", 0, 0, G_OPTION_ARG_INT, &s->turn, "Clockwise: 90, 180, 270", "DEGREES"},
        {"skew", 0, 0, G_OPTION_ARG_DOUBLE, &s->skew, "Clockwise, -3 to 3", "DEGREES"},
        {"paper", 0, 0, G_OPTION_ARG_STRING, &line->paper, "Its colour (FFFFFF)", "RRGGBB"},
        {"shading", 0, 0, G_OPTION_ARG_DOUBLE, &s->shading, "Light in a dark corner (1.0)", "X"},
        {"blur", 0, 0, G_OPTION_ARG_DOUBLE, &s->blur, "Standard deviation (0)", "PIXELS"},
        {"noise", 0, 0, G_OPTION_ARG_DOUBLE, &s->noise,
         "Standard deviation, of grey values 0 to 255 (0)", "SIGMA"},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &line->seed, "Of the noise (0)", "N"},
        {"colour", 0, 0, G_OPTION_ARG_NONE, &line->colour, "Not grey", NULL},
        {"bilevel", 0, 0, G_OPTION_ARG_NONE, &line->bilevel, "Black and white, as Sauvola does",
         NULL},
        {"threshold", 0, 0, G_OPTION_ARG_INT, &s->threshold,
         "Black and white: black below this grey value", "N"},
        {"jpeg", 0, 0, G_OPTION_ARG_INT, &s->jpeg, "Compress with this quality, 1 to 100", "N"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &line->files, NULL, NULL},
        {0}};
    g_autoptr(GOptionContext) context = g_option_context_new("REPORT.pdf");

    g_option_context_add_main_entries(context, entries, NULL);
    return g_option_context_parse(context, argc, argv, error) && command_line_check(line, error);
}

/* ---- pages ---- */

/* The number that text begins with, not above MOST + 1; FALSE if it does not begin with one. */
static gboolean
number_read(const char **text, guint most, guint *ret_number)
{
    char *end = NULL;

    if (!g_ascii_isdigit(**text))
        return FALSE;
    *ret_number = (guint)MIN(g_ascii_strtoull(*text, &end, 10), (guint64)most + 1);
    *text = end;
    return TRUE;
}

/* Marks the pages of a part such as "7", "1-3" or "10-". */
static gboolean
range_mark(const char *text, gboolean *chosen, guint count)
{
    guint first = 0;

    if (!number_read(&text, count, &first))
        return FALSE;
    guint last = first;
    if (*text == '-') {
        text++;
        last = count;
        if (*text && !number_read(&text, count, &last))
            return FALSE;
    }
    if (*text || first < 1 || first > last || last > count)
        return FALSE;
    for (guint page = first; page <= last; page++)
        chosen[page - 1] = TRUE;
    return TRUE;
}

/* count flags, one for each page; NULL if a page of the list does not exist, or none is left. */
static gboolean *
pages_choose(const CommandLine *line, guint count, GError **error)
{
    g_autofree gboolean *chosen = g_new0(gboolean, count);
    g_auto(GStrv) parts = g_strsplit(line->pages ? line->pages : "1-", ",", -1);
    guint left = 0;

    for (guint i = 0; parts[i]; i++) {
        if (!range_mark(parts[i], chosen, count)) {
            g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                        "--pages %s: no such pages; there are 1 to %u", line->pages, count);
            return NULL;
        }
    }
    for (guint page = 1; page <= count; page++) {
        chosen[page - 1] = chosen[page - 1] && page % (guint)line->every == 0;
        left += chosen[page - 1] ? 1 : 0;
    }
    FileKind kind = line->settings.kind;
    gboolean single = !line->settings.folder && (kind == KIND_PNG || kind == KIND_JPG);
    if (left == 0 || (single && left > 1)) {
        usage_fail(error, left == 0 ? "--pages and --every leave no page"
                                    : "this is a file for one page: choose it with --pages");
        return NULL;
    }
    return g_steal_pointer(&chosen);
}

/* ---- geometry ---- */

static void
number_append(GString *out, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append(out, g_ascii_formatd(text, sizeof text, "%.9g", value));
}

/* place: of the page in a file of several, from 0. */
static void
geometry_append(GString *out, const Geometry *geometry, guint page, guint place, const char *name,
                int dpi)
{
    const cairo_matrix_t *m = &geometry->to_pixels;
    const double matrix[] = {m->xx, m->yx, m->xy, m->yy, m->x0, m->y0};
    g_autofree char *valid = g_utf8_make_valid(name, -1);

    g_string_append(out, out->len > 0 ? ",\n" : "{\"pages\": [\n");
    g_string_append_printf(out, "{\"n\": %u, \"file\": \"", page);
    for (const char *p = valid; *p; p++) {
        if (*p == '"' || *p == '\\')
            g_string_append_c(out, '\\');
        g_string_append_c(out, (guchar)*p < ' ' ? ' ' : *p);
    }
    g_string_append_printf(out,
                           "\", \"place\": %u, \"dpi\": %d, \"pixels\": [%d, %d], \"points\": [",
                           place, dpi, geometry->columns, geometry->rows);
    number_append(out, geometry->width);
    g_string_append(out, ", ");
    number_append(out, geometry->height);
    g_string_append(out, "], \"matrix\": [");
    for (guint i = 0; i < G_N_ELEMENTS(matrix); i++) {
        g_string_append(out, i > 0 ? ", " : "");
        number_append(out, matrix[i]);
    }
    g_string_append(out, "]}");
}

/* ---- scanning ---- */

typedef struct {
    const Settings *settings;
    ScanStore *store;
    GString *geometry;
    guint count; /* of pages so far */
} Scan;

static gboolean
page_scan(Scan *scan, PopplerPage *source, guint page, GError **error)
{
    const Settings *settings = scan->settings;
    Geometry geometry = geometry_of(source, settings);
    g_autofree char *name = scan_store_name(scan->store, page);
    PIX *pix = NULL;

    if (!page_rasterise(source, &geometry, settings->depth == DEPTH_COLOUR, &pix, error)) {
        g_prefix_error(error, "page %u: ", page);
        return FALSE;
    }
    geometry_append(scan->geometry, &geometry, page, settings->folder ? 0 : scan->count, name,
                    settings->dpi);
    scan->count++;
    pix = pix_worsen(pix, settings, page);
    if (!pix) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOMEM, "page %u: out of memory", page);
        return FALSE;
    }
    gboolean good = scan_store_add(scan->store, pix, page, error);
    pixDestroy(&pix);
    return good;
}

static gboolean
document_scan(PopplerDocument *document, const CommandLine *line, const gboolean *chosen,
              GError **error)
{
    int count = poppler_document_get_n_pages(document);
    g_autoptr(ScanStore) store = scan_store_new(&line->settings, error);
    g_autoptr(GString) geometry = g_string_new(NULL);
    Scan scan = {&line->settings, store, geometry, 0};
    gboolean good = store != NULL;

    for (int i = 0; good && i < count; i++) {
        PopplerPage *page = chosen[i] ? poppler_document_get_page(document, i) : NULL;

        if (page)
            good = page_scan(&scan, page, (guint)i + 1, error);
        else if (chosen[i])
            good = usage_fail(error, "a page cannot be read");
        g_clear_object(&page);
    }
    if (!good || !scan_store_finish(store, error))
        return FALSE;
    g_string_append(geometry, "\n]}\n");
    return !line->geometry || g_file_set_contents(line->geometry, geometry->str, -1, error);
}

/* Options, then input, then output; what went wrong decides the exit code. */
static int
run(const CommandLine *line, GError **error)
{
    g_autofree char *path = g_canonicalize_filename(line->files[0], NULL);
    g_autofree char *uri = g_filename_to_uri(path, NULL, error);
    g_autoptr(GObject) owner =
        uri ? (GObject *)poppler_document_new_from_file(uri, NULL, error) : NULL;
    PopplerDocument *document = (PopplerDocument *)owner;

    if (!document || poppler_document_get_n_pages(document) < 1) {
        if (!document)
            g_prefix_error(error, "%s: ", line->files[0]);
        else
            g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: has no pages",
                        line->files[0]);
        return EXIT_INPUT;
    }
    g_autofree gboolean *chosen =
        pages_choose(line, (guint)poppler_document_get_n_pages(document), error);
    if (!chosen)
        return EXIT_USAGE;
    return document_scan(document, line, chosen, error) ? 0 : EXIT_FAILED;
}

int
main(int argc, char **argv)
{
    g_auto(CommandLine)
        line = {.settings = {.dpi = 300, .shading = 1.0, .paper = 0xFFFFFF}, .every = 1};
    g_autoptr(GError) error = NULL;

    setlocale(LC_CTYPE, "");
    setMsgSeverity(L_SEVERITY_NONE);
    int status = command_line_parse(&line, &argc, &argv, &error) ? run(&line, &error) : EXIT_USAGE;
    if (error)
        g_printerr("yomijun-scan: %s\n", error->message);
    return status;
}

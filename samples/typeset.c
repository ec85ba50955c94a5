/* SPDX-License-Identifier: GPL-3.0-or-later */
/* yomijun-typeset: a report's content to a PDF like the real ones, and the truth about it. */
#include "layout.h"

#include <libxml/parser.h>
#include <locale.h>
#include <string.h>

enum { EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_INPUT = 3 };
enum { MAX_PAGES = 2000 };

static const char *const RULE_NAMES[] = {"solid",         "dotted",     "dashed",   "double",
                                         "fill",          "horizontal", "vertical", "open",
                                         "no-top-bottom", "none",       NULL};
static const char *const ORDER_NAMES[] = {"reading", "lines", "columns", "shuffle", NULL};

/* The command line as GOption leaves it. */
typedef struct {
    Options options;
    char *output, *truth, *rules, *order;
    gint64 seed;
    char **files;
} CommandLine;

static void
command_line_clear(CommandLine *line)
{
    g_free(line->options.font);
    g_free(line->options.heading_font);
    g_free(line->output);
    g_free(line->truth);
    g_free(line->rules);
    g_free(line->order);
    g_strfreev(line->files);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CommandLine, command_line_clear)

/* The place of NAME in the list; 0 when it is NULL, -1 when it is not there. */
static int
name_index(const char *const *names, const char *name)
{
    for (int i = 0; name && names[i]; i++) {
        if (strcmp(names[i], name) == 0)
            return i;
    }
    return name ? -1 : 0;
}

static gboolean
usage_fail(GError **error, const char *message)
{
    g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);
    return FALSE;
}

static gboolean
command_line_check(CommandLine *line, GError **error)
{
    Options *options = &line->options;
    int rules = name_index(RULE_NAMES, line->rules);
    int order = name_index(ORDER_NAMES, line->order);

    if (!line->files || g_strv_length(line->files) != 1 || !line->output)
        return usage_fail(error, "wanted: CONTENT.xml -o OUT.pdf");
    if (rules < 0 || order < 0)
        return usage_fail(error, "no such --rules or --order; see --help");
    if (options->pages < 0 || options->pages > MAX_PAGES)
        return usage_fail(error, "--pages must be 1 to 2000");
    if (options->label_columns < 1 || options->label_columns > 2)
        return usage_fail(error, "--label-columns must be 1 or 2");
    if (!(options->size >= 4.0 && options->size <= 24.0))
        return usage_fail(error, "--size must be 4 to 24");
    if (!(options->leading >= 1.0 && options->leading <= 4.0) ||
        !(options->leading2 * options->leading >= 1.0 && options->leading2 <= 2.0))
        return usage_fail(error, "--leading must be 1 to 4, --leading2 at most 2 and lines not "
                                 "closer than the font size");
    if (!(options->margin >= 20.0 && options->margin <= 150.0))
        return usage_fail(error, "--margins must be 20 to 150");
    if (!(options->row_gap >= 0.0 && options->row_gap <= 100.0))
        return usage_fail(error, "--row-gap must be 0 to 100");
    if (!(options->pad >= 0.0 && options->pad <= 20.0))
        return usage_fail(error, "--pad must be 0 to 20");
    if (!(options->indent >= 0.0 && options->indent <= 2.0))
        return usage_fail(error, "--indent must be 0 to 2");
    if (options->sideways && options->rotate)
        return usage_fail(error, "--sideways and --rotate exclude each other");
    options->rules = (RuleStyle)rules;
    options->order = (PieceOrder)order;
    options->seed = (guint32)line->seed;
    return TRUE;
}

/* The sans-serif family that goes with the text's. */
static char *
heading_font_for(const char *font)
{
    if (g_str_has_prefix(font, "Noto"))
        return g_strdup("Noto Sans CJK JP");
    return g_strdup(g_str_has_prefix(font, "IPAex") ? "IPAexGothic" : "IPAGothic");
}

static gboolean
command_line_parse(CommandLine *line, int *argc, char ***argv, GError **error)
{
    Options *o = &line->options;
    const GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &line->output, "The PDF to write", "FILE"},
        {"truth", 't', 0, G_OPTION_ARG_FILENAME, &line->truth, "The JSON to write", "FILE"},
        {"pages", 'p', 0, G_OPTION_ARG_INT, &o->pages, "About this many pages, 1 to 2000", "N"},
        {"font", 0, 0, G_OPTION_ARG_STRING, &o->font, "Family of the text", "FAMILY"},
        {"heading-font", 0, 0, G_OPTION_ARG_STRING, &o->heading_font,
         "Family of headings and header rows", "FAMILY"},
        {"size", 0, 0, G_OPTION_ARG_DOUBLE, &o->size, "Font size in tables (10)", "PT"},
        {"leading", 0, 0, G_OPTION_ARG_DOUBLE, &o->leading,
         "Line height in tables, in font sizes (1.35)", "X"},
        {"leading2", 0, 0, G_OPTION_ARG_DOUBLE, &o->leading2,
         "Factor on it in the last column (1.0)", "X"},
        {"label-columns", 0, 0, G_OPTION_ARG_INT, &o->label_columns,
         "Label and ministry in one column or in two (2)", "1|2"},
        {"rules", 0, 0, G_OPTION_ARG_STRING, &line->rules,
         "solid, dotted, dashed, double, fill, horizontal, vertical, open, no-top-bottom, none",
         "STYLE"},
        {"gaps", 0, 0, G_OPTION_ARG_NONE, &o->gaps, "Break the rulings at crossings", NULL},
        {"row-gap", 0, 0, G_OPTION_ARG_DOUBLE, &o->row_gap, "Space below each row (0)", "PT"},
        {"pad", 0, 0, G_OPTION_ARG_DOUBLE, &o->pad, "Between a ruling and text beside it (4)",
         "PT"},
        {"indent", 0, 0, G_OPTION_ARG_DOUBLE, &o->indent,
         "Of paragraphs in tables, in font sizes (0)", "X"},
        {"order", 0, 0, G_OPTION_ARG_STRING, &line->order,
         "Of the text in the file: reading, lines, columns, shuffle", "ORDER"},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &line->seed, "Of changed numbers and shuffling", "N"},
        {"sideways", 0, 0, G_OPTION_ARG_NONE, &o->sideways, "Lying pages on upright paper", NULL},
        {"rotate", 0, 0, G_OPTION_ARG_NONE, &o->rotate, "The same with /Rotate 90", NULL},
        {"no-header-row", 0, 0, G_OPTION_ARG_NONE, &o->no_header_row,
         "No header rows on tables of measures", NULL},
        {"margins", 0, 0, G_OPTION_ARG_DOUBLE, &o->margin, "On all sides (45)", "PT"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &line->files, NULL, NULL},
        {0}};
    g_autoptr(GOptionContext) context = g_option_context_new("CONTENT.xml");

    g_option_context_add_main_entries(context, entries, NULL);
    return g_option_context_parse(context, argc, argv, error) && command_line_check(line, error);
}

/* Options, then input, then output; what went wrong decides the exit code. */
static int
typeset(CommandLine *line, GError **error)
{
    Options *options = &line->options;

    if (!options->font)
        options->font = g_strdup("IPAexMincho");
    if (!options->heading_font)
        options->heading_font = heading_font_for(options->font);
    g_autoptr(Content) content = content_read(line->files[0], error);
    if (!content)
        return EXIT_INPUT;
    g_autoptr(Fonts) fonts = fonts_new(options->font, options->heading_font, error);
    if (!fonts || !layout_run(content, options, fonts, line->output, line->truth, error))
        return EXIT_FAILED;
    if (*fonts_missing(fonts)) {
        g_set_error(error, G_CONVERT_ERROR, G_CONVERT_ERROR_NO_CONVERSION,
                    "cannot be set, no installed font has:%s", fonts_missing(fonts));
        return EXIT_FAILED;
    }
    return 0;
}

int
main(int argc, char **argv)
{
    g_auto(CommandLine) line = {.options = {.size = 10.0,
                                            .leading = 1.35,
                                            .leading2 = 1.0,
                                            .label_columns = 2,
                                            .margin = 45.0,
                                            .pad = 4.0}};
    g_autoptr(GError) error = NULL;

    setlocale(LC_CTYPE, "");
    LIBXML_TEST_VERSION;
    int status =
        command_line_parse(&line, &argc, &argv, &error) ? typeset(&line, &error) : EXIT_USAGE;
    if (error)
        g_printerr("yomijun-typeset: %s\n", error->message);
    xmlCleanupParser();
    return status;
}

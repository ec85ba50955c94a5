/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "text-input.h"

#define JOBS_MOST 256
/* The agreement that verification asks for. */
#define THRESHOLD 0.98
#define DPI_LEAST 50
#define DPI_MOST 1200
/* Names of tesseract's models: no paths. */
#define LANGUAGES "^[A-Za-z0-9_]+(\\+[A-Za-z0-9_]+)*$"

void
options_free(Options *options)
{
    if (options != NULL) {
        g_free(options->input);
        g_free(options->document);
        g_free(options->html);
        g_free(options->annotate);
        g_free(options->output);
        g_free(options->format);
        g_free(options->colour);
        g_free(options->pages);
        g_free(options->password);
        g_free(options->languages);
        g_free(options->encoding);
        g_free(options->image);
        g_free(options->corrections);
        batch_options_clear(&options->batch);
        g_free(options);
    }
}

static gboolean usage(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Always FALSE, so that a check can return it. */
static gboolean
usage(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, text);
    return FALSE;
}

/* What diff puts out: for people, unless it is asked for XML. */
static gboolean
settle_diff_format(Options *o, GError **error)
{
    static const char *const modes[] = {"auto", "always", "never", NULL};
    if (o->colour == NULL) {
        o->colour = g_strdup("auto");
    }
    if (!g_strv_contains(modes, o->colour)) {
        return usage(error, "--color: there is no '%s'; there are: auto, always, never", o->colour);
    }
    if (o->format == NULL) {
        gboolean xml = o->output != NULL && g_str_has_suffix(o->output, ".xml");
        o->format = g_strdup(xml ? "xml" : "text");
    }
    if (strcmp(o->format, "xml") != 0 && strcmp(o->format, "text") != 0) {
        return usage(error, "there is no format '%s'; there are: text, xml", o->format);
    }
    if (o->validate && strcmp(o->format, "text") == 0) {
        return usage(error, "--validate: text has no schema");
    }
    return TRUE;
}

/* Without -f the suffix of -o decides. */
static gboolean
settle_format(Options *o, const char *stop_after, GError **error)
{
    if (stop_after != NULL) {
        if (strcmp(stop_after, "page") != 0) {
            return usage(error, "--stop-after: there is no stage '%s'; there is: page", stop_after);
        }
        if (o->format != NULL && strcmp(o->format, "page") != 0) {
            return usage(error, "--stop-after=page puts out a page dump, not '%s'", o->format);
        }
        g_free(o->format);
        o->format = g_strdup("page");
    }
    if (o->format == NULL) {
        gboolean text = o->output != NULL && g_str_has_suffix(o->output, ".txt");
        o->format = g_strdup(text ? "text" : "xml");
    }
    if (strcmp(o->format, "xml") != 0 && strcmp(o->format, "text") != 0 &&
        strcmp(o->format, "page") != 0) {
        return usage(error, "there is no format '%s'; there are: xml, text", o->format);
    }
    if (o->validate && strcmp(o->format, "text") == 0) {
        return usage(error, "--validate: text has no schema");
    }
    return TRUE;
}

static gboolean
settle_password(Options *o, const char *file, GError **error)
{
    if (o->password == NULL && file != NULL) {
        if (!g_file_get_contents(file, &o->password, NULL, NULL)) {
            return usage(error, "--password-file: %s cannot be read", file);
        }
        o->password[strcspn(o->password, "\r\n")] = '\0';
    }
    if (o->password == NULL) {
        o->password = g_strdup(g_getenv("YOMIJUN_PASSWORD"));
    }
    return TRUE;
}

static gboolean
settle_ocr(Options *o, const char *mode, GError **error)
{
    static const char *const modes[] = {"auto", "never", "always"};
    for (guint i = 0; mode != NULL && i < G_N_ELEMENTS(modes); i++) {
        if (strcmp(mode, modes[i]) == 0) {
            o->ocr = (OcrMode)i;
            mode = NULL;
        }
    }
    if (mode != NULL) {
        return usage(error, "--ocr: there is no '%s'; there are: auto, never, always", mode);
    }
    if (o->languages == NULL) {
        o->languages = g_strdup("jpn");
    }
    if (!g_regex_match_simple(LANGUAGES, o->languages, G_REGEX_DOLLAR_ENDONLY, 0)) {
        return usage(error, "--lang: '%s' is not a list like jpn+eng", o->languages);
    }
    if (o->dpi != 0 && !(o->dpi >= DPI_LEAST && o->dpi <= DPI_MOST)) {
        return usage(error, "--dpi is a number from %d to %d", DPI_LEAST, DPI_MOST);
    }
    return TRUE;
}

/* verify has two: the document and what it is verified against. */
static gboolean
settle_inputs(Options *o, char **files, GError **error)
{
    if (files == NULL || files[0] == NULL || files[1] == NULL) {
        return usage(error, "a document and its PDF or page images are needed");
    }
    if (files[2] != NULL) {
        return usage(error, "one document and one source at a time: what is '%s'?", files[2]);
    }
    if (!(o->threshold >= 0 && o->threshold <= 1)) {
        return usage(error, "--threshold is a number from 0 to 1");
    }
    o->document = g_strdup(files[0]);
    o->input = g_strdup(files[1]);
    return TRUE;
}

/* diff has two: the document as it was and as it is. */
static gboolean
settle_documents(Options *o, char **files, GError **error)
{
    if (files == NULL || files[0] == NULL || files[1] == NULL) {
        return usage(error, "two documents are needed, the old one and the new one");
    }
    if (files[2] != NULL) {
        return usage(error, "two documents at a time: what is '%s'?", files[2]);
    }
    o->document = g_strdup(files[0]);
    o->input = g_strdup(files[1]);
    return TRUE;
}

static gboolean
settle_input(Options *o, char **files, GError **error)
{
    if (files == NULL || files[0] == NULL) {
        return usage(error, "no input file given");
    }
    if (files[1] != NULL) {
        return usage(error, "one input at a time: what is '%s'?", files[1]);
    }
    o->input = g_strdup(files[0]);
    return TRUE;
}

static gboolean
settle_jobs(Options *o, GError **error)
{
    if (o->jobs < 0 || o->jobs > JOBS_MOST) {
        return usage(error, "--jobs is a number from 1 to %d", JOBS_MOST);
    }
    if (o->jobs == 0) {
        o->jobs = (int)g_get_num_processors();
    }
    return TRUE;
}

/* GOption knows -j 2 but not -j2, which everybody writes: parts such words in two. */
static char **
arguments_part(int argc, char **argv)
{
    GStrvBuilder *parted = g_strv_builder_new();
    gboolean options = TRUE;
    for (int i = 0; i < argc; i++) {
        options = options && strcmp(argv[i], "--") != 0;
        if (options && argv[i][0] == '-' && argv[i][1] != '\0' &&
            strchr("ofpjl", argv[i][1]) != NULL && argv[i][2] != '\0') {
            g_autofree char *name = g_strndup(argv[i], 2);
            g_strv_builder_add(parted, name);
            g_strv_builder_add(parted, argv[i] + 2);
        } else {
            g_strv_builder_add(parted, argv[i]);
        }
    }
    char **words = g_strv_builder_end(parted);
    g_strv_builder_unref(parted);
    return words;
}

/* What every command has, and every one that reads pages; what only some have is beside them. */
typedef struct {
    Options *options;
    char *stop_after, *password_file, *ocr, *from;
    char **files;
    gboolean writes_file; /* -o is a file, not a folder */
} Parse;

/* What every command takes. */
static void
add_files(GOptionContext *context, Parse *parse)
{
    const GOptionEntry entries[] = {
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &parse->options->quiet, "No progress bar", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &parse->files, NULL, NULL},
        G_OPTION_ENTRY_NULL};
    g_option_context_add_main_entries(context, entries, NULL);
}

/* What every command takes that writes a file. */
static void
add_all(GOptionContext *context, Parse *parse)
{
    Options *o = parse->options;
    const GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &o->output,
         "Write to FILE, whole or not at all (default, and -: standard output)", "FILE"},
        {"validate", 0, 0, G_OPTION_ARG_NONE, &o->validate,
         "Check what is written against its schema", NULL},
        G_OPTION_ENTRY_NULL};
    g_option_context_add_main_entries(context, entries, NULL);
    parse->writes_file = TRUE;
    add_files(context, parse);
}

/* What the commands that make a document take. */
static void
add_making(GOptionContext *context, Parse *parse)
{
    Options *o = parse->options;
    const GOptionEntry entries[] = {
        {"format", 'f', 0, G_OPTION_ARG_STRING, &o->format,
         "xml (default) or text; without -f the suffix of -o decides", "NAME"},
        {"strict", 0, 0, G_OPTION_ARG_NONE, &o->strict,
         "Exit 1 when painted marks or claimed text stay unaccounted for", NULL},
        G_OPTION_ENTRY_NULL};
    g_option_context_add_main_entries(context, entries, NULL);
}

/* What reconstruct takes. */
static void
add_from(GOptionContext *context, Parse *parse)
{
    const GOptionEntry entries[] = {
        {"from", 0, 0, G_OPTION_ARG_STRING, &parse->from,
         "dump (default); text: plain text in which an extractor mixed the columns of tables",
         "KIND"},
        {"encoding", 0, 0, G_OPTION_ARG_STRING, &parse->options->encoding,
         "Of the text: UTF-8 (default), SHIFT_JIS, EUC-JP, …", "NAME"},
        {"image", 0, 0, G_OPTION_ARG_FILENAME, &parse->options->image,
         "A picture of the text's page, or a folder or file of those of all: the places come from "
         "it",
         "PICTURE"},
        {"lang", 'l', 0, G_OPTION_ARG_STRING, &parse->options->languages,
         "Models for OCR of the picture (jpn)", "LIST"},
        {"dpi", 0, 0, G_OPTION_ARG_DOUBLE, &parse->options->dpi,
         "Resolution of a picture that does not say its own", "N"},
        {"jobs", 'j', 0, G_OPTION_ARG_INT, &parse->options->jobs,
         "Worker processes, or threads for plain text alone (the number of processors)", "N"},
        G_OPTION_ENTRY_NULL};
    g_option_context_add_main_entries(context, entries, NULL);
}

/* What verify takes. */
static void
add_judging(GOptionContext *context, Parse *parse)
{
    Options *o = parse->options;
    const GOptionEntry entries[] = {
        {"html", 0, 0, G_OPTION_ARG_FILENAME, &o->html,
         "Write the review page for people, one file that needs no server", "FILE"},
        {"annotate", 0, 0, G_OPTION_ARG_FILENAME, &o->annotate,
         "Write the document again, with the verdicts in it", "FILE"},
        {"threshold", 0, 0, G_OPTION_ARG_DOUBLE, &o->threshold,
         "Agreement below which the exit code is 1 (default: 0.98)", "X"},
        G_OPTION_ENTRY_NULL};
    g_option_context_add_main_entries(context, entries, NULL);
}

/* What the commands that read pages take. */
static void
add_reading(GOptionContext *context, Parse *parse)
{
    Options *o = parse->options;
    const GOptionEntry entries[] = {
        {"password", 0, 0, G_OPTION_ARG_STRING, &o->password,
         "The password (also in YOMIJUN_PASSWORD)", "TEXT"},
        {"password-file", 0, 0, G_OPTION_ARG_FILENAME, &parse->password_file,
         "The password is the first line of FILE", "FILE"},
        {"lang", 'l', 0, G_OPTION_ARG_STRING, &o->languages,
         "The languages of OCR, as tesseract names them (default: jpn)", "LIST"},
        {"dpi", 0, 0, G_OPTION_ARG_DOUBLE, &o->dpi,
         "Resolution of the rendering for OCR (default: 300), and of images that do not say theirs",
         "N"},
        {"jobs", 'j', 0, G_OPTION_ARG_INT, &o->jobs,
         "Read N pages at a time (default: the number of processors)", "N"},
        G_OPTION_ENTRY_NULL};
    g_option_context_add_main_entries(context, entries, NULL);
}

/* What the commands that extract take. */
static void
add_ocr(GOptionContext *context, Parse *parse)
{
    const GOptionEntry entries[] = {
        {"ocr", 0, 0, G_OPTION_ARG_STRING, &parse->ocr,
         "auto (default): only what the text layer does not give; never; always", "MODE"},
        G_OPTION_ENTRY_NULL};
    g_option_context_add_main_entries(context, entries, NULL);
}

/* What process takes. */
static void
add_choosing(GOptionContext *context, Parse *parse)
{
    Options *o = parse->options;
    const GOptionEntry entries[] = {{"pages", 'p', 0, G_OPTION_ARG_STRING, &o->pages,
                                     "Only these pages, counted from 1: 1-3,7,10-", "LIST"},
                                    {"stop-after", 0, 0, G_OPTION_ARG_STRING, &parse->stop_after,
                                     "Put out the dump of a stage: page", "STAGE"},
                                    {"corrections", 0, 0, G_OPTION_ARG_FILENAME, &o->corrections,
                                     "Put in what people corrected on the review page", "FILE"},
                                    G_OPTION_ENTRY_NULL};
    g_option_context_add_main_entries(context, entries, NULL);
    add_ocr(context, parse);
}

/* What batch takes. */
static void
add_batch(GOptionContext *context, Parse *parse)
{
    Options *o = parse->options;
    batch_options_add(context, &o->batch);
    const GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &o->output,
         "The folder of results: catalogue.sqlite, and a/b.pdf.xml for ARCHIVE/a/b.pdf", "OUT"},
        {"format", 'f', 0, G_OPTION_ARG_STRING, &o->format,
         "xml (default); text: plain text beside it", "NAMES"},
        {"encoding", 0, 0, G_OPTION_ARG_STRING, &o->encoding,
         "Of the texts: UTF-8 (default), SHIFT_JIS, EUC-JP, …", "NAME"},
        {"corrections", 0, 0, G_OPTION_ARG_FILENAME, &o->corrections,
         "Where corrections are, as a/b.pdf.corrections.xml (default: in the archive)", "FOLDER"},
        G_OPTION_ENTRY_NULL};
    g_option_context_add_main_entries(context, entries, NULL);
}

static gboolean
settle_process(Options *o, Parse *parse, GError **error)
{
    return settle_input(o, parse->files, error) && settle_format(o, parse->stop_after, error);
}

static gboolean
settle_reconstruct(Options *o, Parse *parse, GError **error)
{
    o->from_text = g_strcmp0(parse->from, "text") == 0;
    if (parse->from != NULL && !o->from_text && strcmp(parse->from, "dump") != 0) {
        return usage(error, "--from: there is no '%s'; there are: dump, text", parse->from);
    }
    if (!o->from_text && (o->encoding != NULL || o->image != NULL)) {
        return usage(error, "--encoding and --image go with --from text");
    }
    return settle_process(o, parse, error);
}

static gboolean
settle_verify(Options *o, Parse *parse, GError **error)
{
    return settle_inputs(o, parse->files, error) && settle_format(o, NULL, error);
}

static gboolean
settle_batch(Options *o, Parse *parse, GError **error)
{
    BatchOptions *b = &o->batch;
    g_autoptr(GError) unknown = NULL;
    if (!batch_options_settle(b, error)) {
        return FALSE;
    }
    if (o->output == NULL) {
        return usage(error, "-o is needed: the folder of results");
    }
    static const char *const formats[] = {"xml", "text", "xml,text", NULL};
    if (o->format != NULL && !g_strv_contains(formats, o->format)) {
        return usage(error, "--format: '%s' is neither xml nor text", o->format);
    }
    if (o->encoding != NULL && !b->texts) {
        return usage(error, "--encoding goes with --texts");
    }
    if (o->encoding != NULL && !text_input_knows(o->encoding, &unknown)) {
        return usage(error, "%s", unknown->message);
    }
    b->text = o->format != NULL && strcmp(o->format, "xml") != 0;
    if (b->what == BATCH_ACCEPT) {
        b->paths = g_steal_pointer(&parse->files);
        return TRUE;
    }
    if (b->what != BATCH_EXTRACT && parse->files != NULL) {
        return usage(error, "what is '%s'? no archive is needed", parse->files[0]);
    }
    return b->what != BATCH_EXTRACT || settle_input(o, parse->files, error);
}

/* What diff takes. */
static void
add_comparing(GOptionContext *context, Parse *parse)
{
    Options *o = parse->options;
    const GOptionEntry entries[] = {
        {"format", 'f', 0, G_OPTION_ARG_STRING, &o->format,
         "text (default) or xml; without -f the suffix of -o decides", "NAME"},
        {"color", 0, 0, G_OPTION_ARG_STRING, &o->colour,
         "auto (default): where standard output is a terminal and NO_COLOR is unset; always; never",
         "WHEN"},
        G_OPTION_ENTRY_NULL};
    g_option_context_add_main_entries(context, entries, NULL);
}

static gboolean
settle_diff(Options *o, Parse *parse, GError **error)
{
    return settle_documents(o, parse->files, error) && settle_diff_format(o, error);
}

static const struct {
    const char *name, *operands, *summary;
    void (*add[4])(GOptionContext *context, Parse *parse); /* NULL after the last */
    gboolean (*settle)(Options *options, Parse *parse, GError **error);
} commands[] = {
    {"process",
     "INPUT",
     "Reads a PDF, a page image (PNG, JPEG, TIFF) or a folder of page images and\n"
     "writes its text as structured XML in reading order.",
     {add_all, add_making, add_reading, add_choosing},
     settle_process},
    {"reconstruct",
     "FILE",
     "Makes the document from a page dump (process --stop-after=page), or from plain text\n"
     "in which an extractor mixed the lines of table columns (--from text).",
     {add_all, add_making, add_from},
     settle_reconstruct},
    {"verify",
     "DOCUMENT.xml SOURCE",
     "Compares a document that yomijun wrote with the PDF or the page images it is of,\n"
     "zone by zone, and writes what it finds as XML.",
     {add_all, add_judging, add_reading},
     settle_verify},
    {"batch",
     "ARCHIVE -o OUT",
     "Extracts every document of a folder tree, those in ZIP and tar files too, and does\n"
     "again only what is new, changed, or was made otherwise.",
     {add_batch, add_files, add_ocr, add_reading},
     settle_batch},
    {"diff",
     "OLD.xml NEW.xml",
     "Tells what changed between two extractions of the same document, passage by passage\n"
     "and by kind. Exit code 0: nothing; 1: something.",
     {add_all, add_comparing},
     settle_diff},
};

static guint
command_index(const char *name)
{
    guint i = 0;
    while (strcmp(name, commands[i].name) != 0) {
        i++;
    }
    return i;
}

static GOptionContext *
context_of(guint i, Parse *parse)
{
    GOptionContext *context = g_option_context_new(commands[i].operands);
    g_option_context_set_summary(context, commands[i].summary);
    for (guint k = 0; k < G_N_ELEMENTS(commands[i].add) && commands[i].add[k] != NULL; k++) {
        commands[i].add[k](context, parse);
    }
    return context;
}

Options *
options_parse(const char *command, int argc, char **argv, GError **error)
{
    g_autoptr(Options) o = g_new0(Options, 1);
    Parse parse = {.options = o};
    guint i = command_index(command);
    o->threshold = THRESHOLD;
    o->leave = o->steps = -1;
    g_autoptr(GOptionContext) context = context_of(i, &parse);
    g_autofree char *name = g_strdup_printf("yomijun %s", command);
    g_set_prgname(name);
    g_auto(GStrv) words = arguments_part(argc, argv);
    gboolean ok = g_option_context_parse_strv(context, &words, error);
    if (parse.writes_file && g_strcmp0(o->output, "-") == 0) {
        g_clear_pointer(&o->output, g_free); /* standard output, as without it */
    }
    ok = ok && commands[i].settle(o, &parse, error) &&
         settle_password(o, parse.password_file, error) && settle_jobs(o, error) &&
         settle_ocr(o, parse.ocr, error);
    g_strfreev(parse.files);
    g_free(parse.stop_after);
    g_free(parse.password_file);
    g_free(parse.ocr);
    g_free(parse.from);
    return ok ? g_steal_pointer(&o) : NULL;
}

/* ---- page lists ---- */

static gboolean
read_number(const char **p, guint *ret_number)
{
    guint64 n;
    const char *start = *p;
    size_t digits = strspn(start, "0123456789");
    if (digits == 0 || digits > 9) {
        return FALSE;
    }
    n = strtoull(start, NULL, 10);
    *p = start + digits;
    *ret_number = (guint)n;
    return TRUE;
}

static gboolean
read_range(const char **p, guint count, guint *ret_from, guint *ret_to)
{
    gboolean from = read_number(p, ret_from);
    if (!from) {
        *ret_from = 1;
    }
    if (**p != '-') {
        *ret_to = *ret_from;
        return from;
    }
    (*p)++;
    if (!read_number(p, ret_to)) {
        *ret_to = count;
        return from;
    }
    return TRUE;
}

GArray *
page_list_parse(const char *list, guint count, GError **error)
{
    g_autofree guint8 *chosen = g_new0(guint8, (gsize)count + 1);
    const char *p = list;
    do {
        guint from, to;
        if (!read_range(&p, count, &from, &to) || (*p != ',' && *p != '\0')) {
            usage(error, "--pages: '%s' is not a list like 1-3,7,10-", list);
            return NULL;
        }
        if (from < 1 || to < from || to > count) {
            usage(error, "--pages: there is no page %u: the document has pages 1 to %u",
                  from < 1     ? 0
                  : to > count ? MAX(from, to)
                               : from,
                  count);
            return NULL;
        }
        memset(chosen + from, 1, to - from + 1);
    } while (*p++ == ',');
    GArray *pages = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint32 i = 1; i <= count; i++) {
        if (chosen[i]) {
            g_array_append_val(pages, i);
        }
    }
    return pages;
}

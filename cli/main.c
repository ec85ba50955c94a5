/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include <libxml/xmlversion.h>

#include "batch.h"
#include "diff.h"
#include "image-set.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "pdf.h"
#include "process.h"
#include "recognise.h"
#include "verify.h"

static void
print_help(void)
{
    fputs(
        "Usage:\n"
        "  yomijun process [OPTIONS] INPUT          a PDF or page images in, structured XML in\n"
        "                                           reading order out\n"
        "  yomijun reconstruct [OPTIONS] FILE       the same from a page dump, or from plain text\n"
        "                                           whose columns are mixed (--from text)\n"
        "  yomijun verify [OPTIONS] DOCUMENT.xml SOURCE\n"
        "                                           is the text what the pages show? where not?\n"
        "  yomijun batch [OPTIONS] ARCHIVE -o OUT   every document of an archive, again and again\n"
        "  yomijun diff [OPTIONS] OLD.xml NEW.xml   what changed between two extractions\n"
        "  yomijun COMMAND --help                   the options of a command\n"
        "  yomijun --version\n"
        "\n"
        "INPUT is a PDF, a page image (PNG, JPEG, TIFF of one or more pages), a folder of page\n"
        "images, or - for a PDF on standard input. The result goes to standard output or, with\n"
        "-o FILE, to a file, which appears whole or not at all.\n"
        "\n"
        "Exit codes: 0 done; 1 done, but some page or document failed, verification disagreed or\n"
        "documents differ; 2 wrong usage; 3 the input cannot be opened or is damaged beyond use;\n"
        "4 it is encrypted and the password is missing or wrong; 5 something needed is not\n"
        "installed; 6 the result cannot be written; 130 interrupted.\n",
        stdout);
}

static void
print_version(void)
{
    g_autofree char *leptonica = image_library_version();
    printf("yomijun %s\npoppler %s, paint trace: %s\ntesseract %s\nleptonica %s\n"
           "libxml2 %s\nGLib %u.%u.%u\nLicence GPL-3.0-or-later\n",
           YOMIJUN_VERSION, pdf_poppler_version(), pdf_has_paint_trace() ? "yes" : "no",
           recogniser_version(), leptonica, LIBXML_DOTTED_VERSION, glib_major_version,
           glib_minor_version, glib_micro_version);
}

typedef struct {
    const char *name;
    int (*run)(const Options *options); /* the exit code */
} Command;

static const Command commands[] = {
    {"process", process_run}, {"reconstruct", reconstruct_run},
    {"verify", verify_run},   {"batch", batch_run},
    {"diff", diff_run},
};

static int
run(const Command *command, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Options) options = options_parse(command->name, argc, argv, &error);
    if (options == NULL) {
        g_autofree char *why = message_text(error->message);
        fprintf(stderr, "yomijun: %s (see yomijun %s --help)\n", why, command->name);
        return EXIT_USAGE;
    }
    output_guard();
    return command->run(options);
}

int
main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "");
    const char *command = argc > 1 ? argv[1] : "";
    if (strcmp(command, "--help") == 0 || strcmp(command, "-h") == 0 ||
        strcmp(command, "help") == 0) {
        print_help();
        return EXIT_DONE;
    }
    if (strcmp(command, "--version") == 0) {
        print_version();
        return EXIT_DONE;
    }
    for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (strcmp(command, commands[i].name) == 0) {
            return run(&commands[i], argc - 1, argv + 1);
        }
    }
    if (argc < 2) {
        print_help();
        return EXIT_USAGE;
    }
    g_autofree char *shown = message_text(command);
    fprintf(stderr, "yomijun: there is no command '%s' (see yomijun --help)\n", shown);
    return EXIT_USAGE;
}

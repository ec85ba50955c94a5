/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents.h"

#include <dirent.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archives.h"
#include "pdf.h"

static const DocumentsOptions plain = {0};

/* ---- helpers ---- */

static char *
new_archive(void)
{
    g_autoptr(GError) error = NULL;
    char *archive = g_dir_make_tmp("documents-XXXXXX", &error);
    g_assert_no_error(error);
    return archive;
}

/* Files of that name with a few bytes, and the folders they are in. */
static void
make(const char *archive, const char *name)
{
    g_autofree char *path = g_build_filename(archive, name, NULL);
    g_autofree char *folder = g_path_get_dirname(path);
    g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    g_assert_cmpint(write(fd, "bytes", 5), ==, 5);
    close(fd);
}

static void
make_all(const char *archive, const char *const *names)
{
    for (guint i = 0; names[i] != NULL; i++) {
        make(archive, names[i]);
    }
}

static void
link_to(const char *archive, const char *name, const char *target)
{
    g_autofree char *path = g_build_filename(archive, name, NULL);
    g_assert_cmpint(symlink(target, path), ==, 0);
}

/* By descriptors: some are deeper than a path can say. */
static void
drop_in(int folder, const char *name)
{
    int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    struct dirent *entry;
    /* cppcheck-suppress readdirCalled ; no other thread has this folder open */
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            drop_in(fd, entry->d_name);
        }
    }
    unlinkat(folder, name, dir != NULL ? AT_REMOVEDIR : 0);
    g_clear_pointer(&dir, closedir);
}

static void
drop(const char *path)
{
    drop_in(AT_FDCWD, path);
}

static const Document *
at(const Documents *documents, guint i)
{
    return &g_array_index(documents->documents, Document, i);
}

/* The path of a document's text, after " < ", or nothing. */
static void
tell_text(const Documents *documents, const Document *document, guint32 text, GString *lines)
{
    if (text < document->n_texts) {
        g_string_append_printf(
            lines, " < %s",
            g_array_index(documents->texts, DocumentText, document->first_text + text).path);
    }
}

/* A line for each: kind, path, files; the text of each. */
static char *
told(const Documents *documents)
{
    static const char letters[N_DOCUMENT_KINDS + 1] = "pitfco!";
    g_autoptr(GString) lines = g_string_new(NULL);
    for (guint i = 0; i < documents->documents->len; i++) {
        const Document *document = at(documents, i);
        g_string_append_printf(lines, "%c %s", letters[document->kind], document->path);
        if (document->kind == DOCUMENT_FOLDER) {
            g_string_append_printf(lines, " (");
            for (guint k = 0; k < document->n_files; k++) {
                const DocumentFile *file =
                    &g_array_index(documents->files, DocumentFile, document->first_file + k);
                g_string_append_printf(lines, "%s%s", k > 0 ? " " : "", file->name);
                tell_text(documents, document, file->text, lines);
            }
            g_string_append_c(lines, ')');
        } else {
            tell_text(documents, document, 0, lines);
        }
        g_string_append_c(lines, '\n');
    }
    return g_string_free(g_steal_pointer(&lines), FALSE);
}

static void
expect(const Documents *documents, const char *lines)
{
    g_autofree char *is = told(documents);
    g_assert_cmpstr(is, ==, lines);
}

static Documents *
walked(const char *archive, const DocumentsOptions *options)
{
    g_autoptr(GError) error = NULL;
    Documents *documents = documents_walk(archive, options, &error);
    g_assert_no_error(error);
    return documents;
}

static const Document *
of_path(const Documents *documents, const char *path)
{
    for (guint i = 0; i < documents->documents->len; i++) {
        if (strcmp(at(documents, i)->path, path) == 0) {
            return at(documents, i);
        }
    }
    g_error("no document %s", path);
}

/* ---- a tree ---- */

static void
kinds_by_suffix_in_bytewise_order(void)
{
    static const char *const names[] = {
        "b/x.PDF",    "b.pdf",      "b-c.pdf",          "b/notes.txt", "b/page.Png",
        "a/data.zip", "a/r.tar.xz", "報告/令和5年.pdf", NULL};
    g_autofree char *archive = new_archive();
    make_all(archive, names);
    g_autoptr(Documents) documents = walked(archive, &plain);
    expect(documents, "c a/data.zip\nc a/r.tar.xz\np b-c.pdf\np b.pdf\no b/notes.txt\n"
                      "i b/page.Png\np b/x.PDF\np 報告/令和5年.pdf\n");
    g_assert_cmpuint(documents->counts[DOCUMENT_PDF], ==, 4);
    g_assert_cmpuint(documents->counts[DOCUMENT_OTHER], ==, 1);
    g_assert_cmpstr(at(documents, 4)->why, ==, NULL);
    g_autofree char *output = document_output(at(documents, 7));
    g_assert_cmpstr(output, ==, "報告/令和5年.pdf.xml");
    drop(archive);
}

static void
images_without_pdf_are_one_document(void)
{
    static const char *const names[] = {
        "scan/p10.png",   "scan/p2.png",     "scan/p1.tif", "scan/.p0.png",
        "scan/Thumbs.db", "scan/more/1.jpg", "scan/a.zip",  NULL};
    g_autofree char *archive = new_archive();
    make_all(archive, names);
    g_autoptr(Documents) documents = walked(archive, &plain);
    expect(documents, "f scan (p1.tif p2.png p10.png)\no scan/.p0.png\no scan/Thumbs.db\n"
                      "c scan/a.zip\nf scan/more (1.jpg)\n");
    const Document *scan = at(documents, 0);
    g_assert_cmpint(scan->stamp.size, ==, 15);
    g_assert_cmpint(scan->stamp.mtime, >, G_GINT64_CONSTANT(1700000000000000000));
    g_autofree char *output = document_output(scan);
    g_assert_cmpstr(output, ==, "scan/folder.xml");
    drop(archive);
}

static void
hidden_pdf_leaves_the_folder_a_document(void)
{
    static const char *const names[] = {"scan/1.png", "scan/._1.pdf", NULL};
    g_autofree char *archive = new_archive();
    make_all(archive, names);
    g_autoptr(Documents) documents = walked(archive, &plain);
    expect(documents, "f scan (1.png)\no scan/._1.pdf\n");
    drop(archive);
}

static void
top_folder_of_images_is_a_document(void)
{
    static const char *const names[] = {"1.png", "2.png", "sub/a.pdf", NULL};
    g_autofree char *archive = new_archive();
    make_all(archive, names);
    g_autoptr(Documents) documents = walked(archive, &plain);
    expect(documents, "f  (1.png 2.png)\np sub/a.pdf\n");
    g_autofree char *output = document_output(at(documents, 0));
    g_assert_cmpstr(output, ==, "folder.xml");
    drop(archive);
}

static void
image_without_suffix_is_told_by_its_bytes(void)
{
    g_autofree char *archive = new_archive();
    g_autofree char *path = g_build_filename(archive, "page", NULL);
    g_assert_true(g_file_set_contents(path, "\x89PNG\r\n\x1a\n", 8, NULL));
    g_autoptr(Documents) documents = walked(archive, &plain);
    expect(documents, "f  (page)\n");
    drop(archive);
}

static void
links_and_special_files(void)
{
    g_autofree char *archive = new_archive(), *outside = new_archive();
    g_autofree char *fifo = g_build_filename(archive, "fifo.pdf", NULL);
    make(archive, "a/a.pdf");
    make(outside, "far.pdf");
    g_autofree char *far = g_build_filename(outside, "far.pdf", NULL);
    link_to(archive, "to-file.pdf", far);
    link_to(archive, "to-nowhere.pdf", "nothing");
    link_to(archive, "to-folder", "a");
    link_to(archive, "a/circle", "..");
    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
    g_autoptr(Documents) documents = walked(archive, &plain);
    expect(documents, "p a/a.pdf\no a/circle\no fifo.pdf\np to-file.pdf\no to-folder\n"
                      "! to-nowhere.pdf\n");
    g_assert_cmpint(of_path(documents, "to-file.pdf")->stamp.size, ==, 5);
    for (guint i = 1; i < 6; i++) {
        g_assert_true(i == 3 || at(documents, i)->why != NULL);
    }
    drop(archive);
    drop(outside);
}

static void
stamps_are_those_of_the_disk(void)
{
    struct stat st;
    g_autofree char *archive = new_archive(), *path = g_build_filename(archive, "a.pdf", NULL);
    make(archive, "a.pdf");
    g_assert_cmpint(stat(path, &st), ==, 0);
    g_autoptr(Documents) documents = walked(archive, &plain);
    const FileStamp *stamp = &at(documents, 0)->stamp;
    g_assert_cmpint(stamp->size, ==, 5);
    g_assert_cmpint(stamp->mtime, ==, st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec);
    g_assert_cmpuint(stamp->inode, ==, st.st_ino);
    g_assert_cmpuint(stamp->device, ==, st.st_dev);
    drop(archive);
}

/* As root everything can be read; then the folder too deep stands for it. */
static void
folder_that_cannot_be_read_is_named(void)
{
    g_autofree char *archive = new_archive();
    make(archive, "a.pdf");
    make(archive, "closed/b.pdf");
    g_autofree char *closed = g_build_filename(archive, "closed", NULL);
    g_assert_cmpint(g_chmod(closed, 0), ==, 0);
    g_autoptr(Documents) documents = walked(archive, &plain);
    if (geteuid() == 0) {
        g_test_message("as root: the folder can be read");
        expect(documents, "p a.pdf\np closed/b.pdf\n");
    } else {
        expect(documents, "p a.pdf\n! closed\n");
        g_assert_nonnull(at(documents, 1)->why);
    }
    g_assert_cmpint(g_chmod(closed, 0700), ==, 0);
    drop(archive);
}

/* Deeper than a path can be long. */
static void
folder_too_deep_is_named(void)
{
    g_autofree char *archive = new_archive();
    g_autofree char *part = g_strnfill(200, 'd');
    int fd = open(archive, O_RDONLY | O_DIRECTORY);
    for (guint i = 0; i < 25; i++) {
        g_assert_cmpint(mkdirat(fd, part, 0700), ==, 0);
        int inner = openat(fd, part, O_RDONLY | O_DIRECTORY);
        close(fd);
        fd = inner;
    }
    close(fd);
    make(archive, "z.pdf");
    g_autoptr(Documents) documents = walked(archive, &plain);
    g_assert_cmpuint(documents->documents->len, ==, 2);
    g_assert_cmpint(at(documents, 0)->kind, ==, DOCUMENT_UNREADABLE);
    g_assert_nonnull(at(documents, 0)->why);
    g_assert_cmpint(at(documents, 1)->kind, ==, DOCUMENT_PDF);
    drop(archive);
}

static void
what_is_no_folder_is_an_error(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(documents_walk("/nowhere/at/all", &plain, &error));
    g_assert_error(error, EXTRACT_ERROR, EXTRACT_ERROR_OPEN);
}

static void
folder_of_results_is_left_out(void)
{
    g_autofree char *archive = new_archive();
    make(archive, "a.pdf");
    make(archive, "out/a.pdf.xml");
    make(archive, "out/kept.pdf");
    g_autofree char *out = g_build_filename(archive, "out", NULL);
    DocumentsOptions options = {.results = out};
    g_autoptr(Documents) documents = walked(archive, &options);
    expect(documents, "p a.pdf\no out\n");
    drop(archive);
}

/* ---- places of results ---- */

static void
results_in_each_others_way_are_refused(void)
{
    static const char *const names[] = {"a.pdf",
                                        "a.pdf.xml/b.pdf",
                                        "a.pdf.xml/c/d.zip",
                                        "scan/1.png",
                                        "scan/folder.xml/2.pdf",
                                        "scan/folder.xml/x/3.png",
                                        "fine.xml/4.pdf",
                                        NULL};
    g_autofree char *archive = new_archive();
    make_all(archive, names);
    g_autoptr(Documents) documents = walked(archive, &plain);
    expect(documents, "p a.pdf\n! a.pdf.xml/b.pdf\n! a.pdf.xml/c/d.zip\np fine.xml/4.pdf\n"
                      "f scan (1.png)\n! scan/folder.xml/2.pdf\n! scan/folder.xml/x\n");
    g_assert_nonnull(strstr(at(documents, 1)->why, "a.pdf.xml"));
    drop(archive);
}

static void
places_the_batch_needs_are_refused(void)
{
    static const char *const names[] = {"catalogue.sqlite/a.pdf", "sub/catalogue.sqlite/b.pdf",
                                        NULL};
    static const char *const reserved[] = {"catalogue.sqlite", NULL};
    DocumentsOptions options = {.reserved = reserved};
    g_autofree char *archive = new_archive();
    make_all(archive, names);
    g_autoptr(Documents) documents = walked(archive, &options);
    expect(documents, "! catalogue.sqlite/a.pdf\np sub/catalogue.sqlite/b.pdf\n");
    drop(archive);
}

static void
name_without_room_for_its_result_is_refused(void)
{
    g_autofree char *archive = new_archive();
    g_autofree char *stem = g_strnfill(248, 'n');
    g_autofree char *name = g_strconcat(stem, ".pdf", NULL);
    g_autofree char *right = g_strconcat(stem + 1, ".pdf", NULL);
    make(archive, name);
    make(archive, right);
    g_autoptr(Documents) documents = walked(archive, &plain);
    g_assert_cmpint(of_path(documents, right)->kind, ==, DOCUMENT_PDF);
    g_assert_cmpint(of_path(documents, name)->kind, ==, DOCUMENT_UNREADABLE);
    drop(archive);
}

/* ---- lists ---- */

static Documents *
listed_with(const char *archive, const char *text, gsize size, char separator,
            const DocumentsOptions *options)
{
    g_autoptr(GError) error = NULL;
    FILE *in = tmpfile();
    g_assert_nonnull(in);
    g_assert_cmpuint(fwrite(text, 1, size, in), ==, size);
    rewind(in);
    Documents *documents = documents_from_list(archive, in, separator, options, &error);
    g_assert_no_error(error);
    fclose(in);
    return documents;
}

static Documents *
listed(const char *archive, const char *text, gsize size, char separator)
{
    return listed_with(archive, text, size, separator, &plain);
}

static void
list_gives_the_same_kinds(void)
{
    static const char *const names[] = {"a.pdf",      "b.pdf",      "mixed/c.pdf", "mixed/p.png",
                                        "scan/1.png", "scan/2.png", "d.zip",       "n.txt",
                                        "text/n.txt", NULL};
    g_autofree char *archive = new_archive();
    make_all(archive, names);
    g_autofree char *text =
        g_strdup_printf("a.pdf\n\n%s/d.zip\r\nmixed/p.png\nscan/2.png\nscan/1.png\n./n.txt\n"
                        "text\nmixed//../a.pdf",
                        archive);
    g_autoptr(Documents) documents = listed(archive, text, strlen(text), '\n');
    expect(documents, "p a.pdf\nc d.zip\ni mixed/p.png\no n.txt\nf scan (1.png 2.png)\no text\n");
    g_autofree char *folder = g_strdup_printf("%s/scan/", archive);
    g_autoptr(Documents) by_folder = listed(archive, folder, strlen(folder), '\n');
    expect(by_folder, "f scan (1.png 2.png)\n");
    drop(archive);
}

static void
list_by_nul_takes_any_name(void)
{
    static const char text[] = "line\nbreak.pdf\0b.pdf";
    g_autofree char *archive = new_archive();
    make(archive, "line\nbreak.pdf");
    make(archive, "b.pdf");
    g_autoptr(Documents) documents = listed(archive, text, sizeof text, 0);
    expect(documents, "p b.pdf\np line\nbreak.pdf\n");
    drop(archive);
}

static void
list_leads_nowhere_else(void)
{
    g_autofree char *archive = new_archive(), *outside = new_archive();
    make(outside, "x.pdf");
    make(archive, "a/a.pdf");
    make(archive, ".git/b.pdf");
    link_to(archive, "out", outside);
    g_autofree char *name = g_path_get_basename(outside);
    g_autofree char *prefix = g_strdup_printf("%s-more/x.pdf", archive);
    g_autofree char *text =
        g_strdup_printf("%s/x.pdf\n../%s/x.pdf\nout/x.pdf\nmissing.pdf\nmissing/x.pdf\n%s\n"
                        "/etc/passwd\n..\n.git/b.pdf\nout\na/a.pdf/x.pdf\n",
                        outside, name, prefix);
    g_autoptr(Documents) documents = listed(archive, text, strlen(text), '\n');
    g_assert_cmpuint(documents->documents->len, ==, 11);
    g_assert_cmpuint(documents->counts[DOCUMENT_UNREADABLE], ==, 9);
    g_assert_cmpuint(documents->counts[DOCUMENT_OTHER], ==, 2);
    for (guint i = 0; i < 11; i++) {
        g_assert_nonnull(at(documents, i)->why);
    }
    g_assert_cmpstr(of_path(documents, "out/x.pdf")->why, ==, "is not in the archive");
    drop(archive);
    drop(outside);
}

static void
list_of_endless_line_is_refused(void)
{
    g_autofree char *archive = new_archive();
    make(archive, "a.pdf");
    g_autofree char *endless = g_strnfill(100000, 'x');
    g_autofree char *text = g_strconcat(endless, "\na.pdf\n", NULL);
    g_autoptr(Documents) documents = listed(archive, text, strlen(text), '\n');
    g_assert_cmpuint(documents->counts[DOCUMENT_PDF], ==, 1);
    g_assert_cmpuint(documents->counts[DOCUMENT_UNREADABLE], ==, 1);
    drop(archive);
}

/* ---- containers ---- */

static void
members_count_as_in_a_folder(void)
{
    g_autoptr(GError) error = NULL;
    Zip zip;
    zip_begin(&zip);
    static const char *const names[] = {"x/y.pdf",           "p10.png",       "p2.png",
                                        "notes.txt",         "x/1.png",       "inner.zip",
                                        "__MACOSX/._p2.png", "scan/1.tif",    "scan/2.tif",
                                        "../out.pdf",        ".hidden/z.pdf", "folder.xml/z.pdf"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        zip_add(&zip, names[i], names[i], strlen(names[i]),
                strcmp(names[i], "scan/2.tif") == 0 ? ZIP_ENCRYPTED : 0);
    }
    g_autoptr(GByteArray) bytes = zip_end(&zip);
    g_autofree char *archive = new_archive();
    g_autofree char *path = g_build_filename(archive, "a.zip", NULL);
    g_assert_true(g_file_set_contents(path, (char *)bytes->data, bytes->len, NULL));
    ContainerOptions options = container_options();
    g_autoptr(ContainerList) list = container_list(path, &options, &error);
    g_assert_no_error(error);
    g_autoptr(Documents) documents = documents_in_container("sub/a.zip", list, FALSE);
    expect(documents, "f sub/a.zip/ (p2.png p10.png)\n! sub/a.zip/%2E%2E/out.pdf\n"
                      "o sub/a.zip/.hidden/z.pdf\no sub/a.zip/__MACOSX/._p2.png\n"
                      "! sub/a.zip/folder.xml/z.pdf\n"
                      "o sub/a.zip/inner.zip\no sub/a.zip/notes.txt\nf sub/a.zip/scan (1.tif)\n"
                      "! sub/a.zip/scan/2.tif\ni sub/a.zip/x/1.png\np sub/a.zip/x/y.pdf\n");
    g_assert_cmpuint(of_path(documents, "sub/a.zip/scan")->lost, ==, 1);
    const Document *pdf = of_path(documents, "sub/a.zip/x/y.pdf");
    g_assert_cmpuint(pdf->member, ==, 0);
    g_assert_cmpint(pdf->stamp.size, ==, 7);
    const Document *top = at(documents, 0);
    g_assert_cmpuint(g_array_index(documents->files, DocumentFile, top->first_file).member, ==, 2);
    g_autofree char *output = document_output(top);
    g_assert_cmpstr(output, ==, "sub/a.zip/folder.xml");
    drop(archive);
}

/* ---- plain texts ---- */

static const DocumentsOptions with_texts = {NULL, NULL, TRUE};

/* What there is of these names, with texts. */
static void
expect_of(const char *const *names, const char *lines)
{
    g_autofree char *archive = new_archive();
    make_all(archive, names);
    g_autoptr(Documents) documents = walked(archive, &with_texts);
    expect(documents, lines);
    drop(archive);
}

static void
text_alone_is_a_document(void)
{
    static const char *const names[] = {"a/page.txt", "a/b.TXT",  "a/.c.txt",
                                        "a/txt",      "a/d.text", NULL};
    expect_of(names, "o a/.c.txt\nt a/b.TXT\no a/d.text\nt a/page.txt\no a/txt\n");
}

static void
texts_are_left_alone_unless_asked_for(void)
{
    static const char *const names[] = {"scan/1.png", "scan/1.txt", "a/page.txt", NULL};
    g_autofree char *archive = new_archive();
    make_all(archive, names);
    g_autoptr(Documents) documents = walked(archive, &plain);
    expect(documents, "o a/page.txt\nf scan (1.png)\no scan/1.txt\n");
    drop(archive);
}

static void
text_beside_a_pdf_is_that_pdfs(void)
{
    static const char *const names[] = {"a.pdf",     "a.txt",     "b.PDF", "b.pdf.txt",
                                        "b.PDF.txt", "notes.txt", "a.png", NULL};
    expect_of(names, "p a.pdf\ni a.png\no a.txt\np b.PDF\no b.PDF.txt\nt b.pdf.txt\n"
                     "t notes.txt\n");
}

static void
text_of_its_images_name_is_theirs(void)
{
    static const char *const names[] = {"s/p1.png", "s/p1.txt", "s/p2.tif", "s/p2.tif.txt",
                                        "s/p3.jpg", "s/p4.txt", NULL};
    expect_of(names, "f s (p1.png < s/p1.txt p2.tif < s/p2.tif.txt p3.jpg)\nt s/p4.txt\n");
}

static void
text_beside_an_image_by_itself_is_its(void)
{
    static const char *const names[] = {"x.pdf",      "p.png", "p.txt", "q-1.png",
                                        "folder.txt", "p.jpg", "q.txt", NULL};
    expect_of(names, "t folder.txt\ni p.jpg < p.txt\ni p.png\ni q-1.png\nt q.txt\np x.pdf\n");
}

static void
text_with_pages_is_that_of_numbered_images(void)
{
    static const char *const names[] = {"r-1.png", "r-02.png", "r_3.png", "r4.png", "r.txt",
                                        "rs1.png", "5.png",    "q 1.png", "q.txt",  NULL};
    expect_of(names, "f  (5.png q 1.png < q.txt r-1.png < r.txt r-02.png < r.txt r4.png < r.txt "
                     "r_3.png < r.txt rs1.png)\n");
}

static void
text_called_folder_is_that_of_all_images(void)
{
    static const char *const names[] = {"a/x.png", "a/y.png", "a/folder.txt", "a/notes.txt",
                                        "b/x.png", "b/x.txt", "b/folder.txt", NULL};
    expect_of(names, "f a (x.png < a/folder.txt y.png < a/folder.txt)\nt a/notes.txt\n"
                     "f b (x.png < b/x.txt)\nt b/folder.txt\n");
}

static void
text_beside_a_folder_is_that_of_its_images(void)
{
    static const char *const names[] = {"d/a/x.png",      "d/a/y.png", "d/a.txt",   "d/b/x.png",
                                        "d/b/x.txt",      "d/b.txt",   "d/c/x.pdf", "d/c.txt",
                                        "d/e/x.png",      "d/e.txt",   "d/e.pdf",   "d/f/x.png",
                                        "d/f/folder.txt", "d/f.txt",   NULL};
    expect_of(names, "f d/a (x.png < d/a.txt y.png < d/a.txt)\nf d/b (x.png < d/b/x.txt)\n"
                     "t d/b.txt\nt d/c.txt\np d/c/x.pdf\nf d/e (x.png)\np d/e.pdf\no d/e.txt\n"
                     "f d/f (x.png < d/f/folder.txt)\nt d/f.txt\n");
}

static void
listed_text_stands_for_its_images(void)
{
    static const char *const names[] = {"s/p1.png", "s/p1.txt",  "t/x.pdf", "t/p.png",
                                        "t/p.txt",  "d/a/x.png", "d/a.txt", "d/b.txt",
                                        "e/y.png",  "e.txt",     NULL};
    static const struct {
        const char *list, *lines;
    } cases[] = {
        {"s/p1.txt", "f s (p1.png < s/p1.txt)\n"},
        {"t/p.txt", "i t/p.png < t/p.txt\n"},
        {"d/a.txt", "f d/a (x.png < d/a.txt)\n"},
        {"d/a", "f d/a (x.png < d/a.txt)\n"},
        {"d/a/x.png", "f d/a (x.png < d/a.txt)\n"},
        {"e", "f e (y.png < e.txt)\n"},
        {"d/b.txt", "t d/b.txt\n"},
        {"t", "o t\n"},
    };
    g_autofree char *archive = new_archive();
    make_all(archive, names);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Documents) documents =
            listed_with(archive, cases[i].list, strlen(cases[i].list), '\n', &with_texts);
        expect(documents, cases[i].lines);
    }
    drop(archive);
}

static void
texts_among_members_are_their_images(void)
{
    g_autoptr(GError) error = NULL;
    Zip zip;
    zip_begin(&zip);
    static const char *const names[] = {"s/p1.png", "s/p1.txt", "f/1.png", "f/2.png",
                                        "f.txt",    "x/a.pdf",  "x/a.txt", "alone.txt"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        zip_add(&zip, names[i], names[i], strlen(names[i]), 0);
    }
    g_autoptr(GByteArray) bytes = zip_end(&zip);
    g_autofree char *archive = new_archive(), *path = g_build_filename(archive, "a.zip", NULL);
    g_assert_true(g_file_set_contents(path, (char *)bytes->data, bytes->len, NULL));
    ContainerOptions options = container_options();
    g_autoptr(ContainerList) list = container_list(path, &options, &error);
    g_assert_no_error(error);
    g_autoptr(Documents) documents = documents_in_container("a.zip", list, TRUE);
    expect(documents, "t a.zip/alone.txt\nf a.zip/f (1.png < a.zip/f.txt 2.png < a.zip/f.txt)\n"
                      "f a.zip/s (p1.png < a.zip/s/p1.txt)\np a.zip/x/a.pdf\no a.zip/x/a.txt\n");
    const Document *folder = of_path(documents, "a.zip/f");
    g_assert_cmpuint(g_array_index(documents->texts, DocumentText, folder->first_text).member, ==,
                     4);
    drop(archive);
}

/* ---- many ---- */

static void
many_files_are_walked_at_once(void)
{
    g_autofree char *archive = new_archive();
    for (guint i = 0; i < 20000; i++) {
        g_autofree char *name = g_strdup_printf("%03u/annual-report-%06u.pdf", i / 100, i);
        g_autofree char *path = g_build_filename(archive, name, NULL);
        if (i % 100 == 0) {
            make(archive, name);
        }
        int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
        g_assert_cmpint(fd, >=, 0);
        close(fd);
    }
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    gint64 start = g_get_monotonic_time();
    g_autoptr(Documents) documents = walked(archive, &plain);
    gint64 end = g_get_monotonic_time();
    getrusage(RUSAGE_SELF, &after);
    g_assert_cmpuint(documents->counts[DOCUMENT_PDF], ==, 20000);
    g_test_message("20,000 files: %.3f s, %ld bytes a document", (double)(end - start) / 1e6,
                   (after.ru_maxrss - before.ru_maxrss) * 1024 / 20000);
    g_assert_cmpint(after.ru_maxrss - before.ru_maxrss, <, 20000);
    drop(archive);
}

int
main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/documents/kinds-by-suffix-in-bytewise-order",
                    kinds_by_suffix_in_bytewise_order);
    g_test_add_func("/documents/images-without-pdf-are-one-document",
                    images_without_pdf_are_one_document);
    g_test_add_func("/documents/hidden-pdf-leaves-the-folder-a-document",
                    hidden_pdf_leaves_the_folder_a_document);
    g_test_add_func("/documents/top-folder-of-images-is-a-document",
                    top_folder_of_images_is_a_document);
    g_test_add_func("/documents/image-without-suffix-is-told-by-its-bytes",
                    image_without_suffix_is_told_by_its_bytes);
    g_test_add_func("/documents/links-and-special-files", links_and_special_files);
    g_test_add_func("/documents/stamps-are-those-of-the-disk", stamps_are_those_of_the_disk);
    g_test_add_func("/documents/folder-that-cannot-be-read-is-named",
                    folder_that_cannot_be_read_is_named);
    g_test_add_func("/documents/folder-too-deep-is-named", folder_too_deep_is_named);
    g_test_add_func("/documents/what-is-no-folder-is-an-error", what_is_no_folder_is_an_error);
    g_test_add_func("/documents/folder-of-results-is-left-out", folder_of_results_is_left_out);
    g_test_add_func("/documents/results-in-each-others-way-are-refused",
                    results_in_each_others_way_are_refused);
    g_test_add_func("/documents/places-the-batch-needs-are-refused",
                    places_the_batch_needs_are_refused);
    g_test_add_func("/documents/name-without-room-for-its-result-is-refused",
                    name_without_room_for_its_result_is_refused);
    g_test_add_func("/documents/list-gives-the-same-kinds", list_gives_the_same_kinds);
    g_test_add_func("/documents/list-by-nul-takes-any-name", list_by_nul_takes_any_name);
    g_test_add_func("/documents/list-leads-nowhere-else", list_leads_nowhere_else);
    g_test_add_func("/documents/list-of-endless-line-is-refused", list_of_endless_line_is_refused);
    g_test_add_func("/documents/members-count-as-in-a-folder", members_count_as_in_a_folder);
    g_test_add_func("/documents/many-files-are-walked-at-once", many_files_are_walked_at_once);
    g_test_add_func("/documents/text-alone-is-a-document", text_alone_is_a_document);
    g_test_add_func("/documents/texts-are-left-alone-unless-asked-for",
                    texts_are_left_alone_unless_asked_for);
    g_test_add_func("/documents/text-beside-a-pdf-is-that-pdfs", text_beside_a_pdf_is_that_pdfs);
    g_test_add_func("/documents/text-of-its-images-name-is-theirs",
                    text_of_its_images_name_is_theirs);
    g_test_add_func("/documents/text-beside-an-image-by-itself-is-its",
                    text_beside_an_image_by_itself_is_its);
    g_test_add_func("/documents/text-with-pages-is-that-of-numbered-images",
                    text_with_pages_is_that_of_numbered_images);
    g_test_add_func("/documents/text-called-folder-is-that-of-all-images",
                    text_called_folder_is_that_of_all_images);
    g_test_add_func("/documents/text-beside-a-folder-is-that-of-its-images",
                    text_beside_a_folder_is_that_of_its_images);
    g_test_add_func("/documents/listed-text-stands-for-its-images",
                    listed_text_stands_for_its_images);
    g_test_add_func("/documents/texts-among-members-are-their-images",
                    texts_among_members_are_their_images);
    return g_test_run();
}

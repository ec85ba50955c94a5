/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "container.h"

#include <archive.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "archives.h"
#include "member-names.h"
#include "pdf.h"

/* 令和 in CP932. */
#define REIWA_CP932 "\x97\xdf\x98\x61"

/* ---- helpers ---- */

/* Writes a file in a folder of the test's own; its path. */
static char *
store(const GByteArray *bytes, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("container-XXXXXX", &error);
    g_assert_no_error(error);
    char *path = g_build_filename(folder, name, NULL);
    g_file_set_contents(path, (const char *)bytes->data, bytes->len, &error);
    g_assert_no_error(error);
    return path;
}

static void
drop(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_unlink(path);
    g_rmdir(folder);
}

/* Bytes that only that number gives: half of them text, half noise. */
static GBytes *
content(guint number, gsize size)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(number + 1);
    guint8 *data = g_malloc(size);
    for (gsize i = 0; i < size; i++) {
        data[i] = (guint8)(i % 64 < 32 ? 'a' + number % 26 : g_rand_int(rand));
    }
    return g_bytes_new_take(data, size);
}

static ContainerList *
list_of(const GByteArray *bytes, const char *name, char **ret_path)
{
    g_autoptr(GError) error = NULL;
    ContainerOptions options = container_options();
    *ret_path = store(bytes, name);
    ContainerList *list = container_list(*ret_path, &options, &error);
    g_assert_no_error(error);
    return list;
}

static const ContainerMember *
member_at(const ContainerList *list, guint i)
{
    g_assert_cmpuint(i, <, list->members->len);
    return &g_array_index(list->members, ContainerMember, i);
}

static GArray *
readable(const ContainerList *list)
{
    GArray *wanted = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint i = 0; i < list->members->len; i++) {
        if (member_at(list, i)->refused == NULL) {
            g_array_append_val(wanted, member_at(list, i)->index);
        }
    }
    return wanted;
}

static GBytes *
bytes_of(int fd)
{
    GByteArray *bytes = g_byte_array_new();
    guint8 block[1 << 14];
    ssize_t n;
    g_assert_cmpint(lseek(fd, 0, SEEK_CUR), ==, 0);
    while ((n = read(fd, block, sizeof block)) > 0) {
        g_byte_array_append(bytes, block, (guint)n);
    }
    close(fd);
    return g_byte_array_free_to_bytes(bytes);
}

/* What came of each member that is not refused: by index, its bytes, or (as a string) why not. */
typedef struct {
    GHashTable *bytes, *why;
} Results;

static Results
read_all(const ContainerList *list, const ContainerOptions *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) wanted = readable(list);
    g_autoptr(ContainerReader) reader = container_reader_new(list, wanted, options, &error);
    g_assert_no_error(error);
    Results results = {g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_bytes_unref),
                       g_hash_table_new_full(NULL, NULL, NULL, g_free)};
    for (guint i = 0; i < wanted->len; i++) {
        guint32 index = 0;
        int fd = -2;
        char *why = NULL;
        g_assert_true(container_reader_next(reader, &index, &fd, &why, &error));
        g_assert_no_error(error);
        g_assert_cmpuint(index, ==, g_array_index(wanted, guint32, i));
        if (why != NULL) {
            g_assert_cmpint(fd, ==, -1);
            g_hash_table_insert(results.why, GUINT_TO_POINTER(index), why);
        } else {
            g_hash_table_insert(results.bytes, GUINT_TO_POINTER(index), bytes_of(fd));
        }
    }
    guint32 index;
    int fd;
    char *why;
    g_assert_false(container_reader_next(reader, &index, &fd, &why, &error));
    g_assert_no_error(error);
    return results;
}

static void
results_clear(Results *results)
{
    g_hash_table_unref(results->bytes);
    g_hash_table_unref(results->why);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Results, results_clear)

static GBytes *
bytes_at(const Results *results, guint32 index)
{
    return g_hash_table_lookup(results->bytes, GUINT_TO_POINTER(index));
}

static const char *
why_at(const Results *results, guint32 index)
{
    return g_hash_table_lookup(results->why, GUINT_TO_POINTER(index));
}

/* `n` members of different sizes, every third stored, every fourth with a descriptor. */
static GByteArray *
some_zip(guint n)
{
    Zip zip;
    zip_begin(&zip);
    for (guint i = 0; i < n; i++) {
        g_autoptr(GBytes) bytes = content(i, 100 + 1500 * i);
        g_autofree char *name = g_strdup_printf("年報/%u.pdf", i);
        zip_add(&zip, name, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
                (i % 3 == 0   ? ZIP_STORED
                 : i % 4 == 1 ? ZIP_DESCRIPTOR
                              : 0) |
                    ZIP_UTF8);
    }
    return zip_end(&zip);
}

static GByteArray *
some_tar(guint n, const char *filter)
{
    g_autofree TarMember *members = g_new0(TarMember, n);
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) bytes = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    for (guint i = 0; i < n; i++) {
        GBytes *of_member = content(i, 100 + 1500 * i);
        char *name = g_strdup_printf("年報/%u.pdf", i);
        g_ptr_array_add(bytes, of_member);
        g_ptr_array_add(keep, name);
        members[i] = (TarMember){name, NULL, g_bytes_get_data(of_member, NULL),
                                 g_bytes_get_size(of_member), '-'};
    }
    return tar_make(members, n, filter);
}

/* Is it what some_zip() or some_tar() made a member of? Each has a size of its own. */
static gboolean
is_content(GBytes *bytes, guint n)
{
    gsize size = g_bytes_get_size(bytes);
    guint number = size >= 100 ? (guint)(size - 100) / 1500 : 0;
    g_autoptr(GBytes) right = content(number, 100 + 1500 * number);
    return number < n && g_bytes_equal(bytes, right);
}

/* ---- what is right ---- */

static void
names_tell_containers(void)
{
    g_assert_true(container_is_one("a.zip"));
    g_assert_true(container_is_one("A.ZIP"));
    g_assert_true(container_is_one("x/報告.tar.gz"));
    g_assert_true(container_is_one("a.tgz"));
    g_assert_true(container_is_one("a.tar.zst"));
    g_assert_false(container_is_one(".zip"));
    g_assert_false(container_is_one("x/.tar"));
    g_assert_false(container_is_one("zip"));
    g_assert_false(container_is_one("a.pdf.gz"));
    g_assert_false(container_is_one("a.zip.pdf"));
}

static void
check_whole(GByteArray *bytes, const char *name, guint n, gboolean checked)
{
    g_autofree char *path = NULL;
    ContainerOptions options = container_options();
    g_autoptr(ContainerList) list = list_of(bytes, name, &path);
    g_assert_cmpstr(list->damaged, ==, NULL);
    g_assert_cmpint(list->checked, ==, checked);
    g_assert_cmpuint(list->members->len, ==, n);
    g_auto(Results) results = read_all(list, &options);
    for (guint i = 0; i < n; i++) {
        const ContainerMember *member = member_at(list, i);
        g_autoptr(GBytes) right = content(i, 100 + 1500 * i);
        g_autofree char *expected = g_strdup_printf("年報/%u.pdf", i);
        g_assert_cmpstr(member->path, ==, expected);
        g_assert_cmpstr(member->raw, ==, NULL);
        g_assert_cmpstr(member->refused, ==, NULL);
        g_assert_cmpint(member->size, ==, g_bytes_get_size(right));
        g_assert_cmpint(member->mtime, ==, 1743508800);
        GBytes *given = bytes_at(&results, member->index);
        g_assert_nonnull(given);
        g_assert_true(g_bytes_equal(given, right));
    }
    drop(path);
    g_byte_array_unref(bytes);
}

static void
members_come_out_as_they_are(void)
{
    check_whole(some_zip(12), "a.zip", 12, TRUE);
    check_whole(some_tar(12, NULL), "a.tar", 12, FALSE);
    check_whole(some_tar(12, "gzip"), "a.tgz", 12, TRUE);
    check_whole(some_tar(12, "bzip2"), "a.tar.bz2", 12, TRUE);
    check_whole(some_tar(12, "xz"), "a.tar.xz", 12, TRUE);
    check_whole(some_tar(12, "zstd"), "a.tar.zst", 12, FALSE);
}

static void
only_members_wanted_are_read(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;
    g_autoptr(GByteArray) bytes = some_zip(12);
    ContainerOptions options = container_options();
    g_autoptr(ContainerList) list = list_of(bytes, "a.zip", &path);
    g_autoptr(GArray) wanted = g_array_new(FALSE, FALSE, sizeof(guint32));
    guint32 indices[] = {3, 10};
    g_array_append_vals(wanted, indices, 2);
    g_autoptr(ContainerReader) reader = container_reader_new(list, wanted, &options, &error);
    guint32 index = 0;
    int fd = -1;
    char *why = NULL;
    for (guint i = 0; i < 2; i++) {
        g_assert_true(container_reader_next(reader, &index, &fd, &why, &error));
        g_assert_cmpuint(index, ==, indices[i]);
        g_assert_cmpstr(why, ==, NULL);
        g_autoptr(GBytes) given = bytes_of(fd);
        g_autoptr(GBytes) right = content(index, 100 + 1500 * index);
        g_assert_true(g_bytes_equal(given, right));
    }
    g_assert_false(container_reader_next(reader, &index, &fd, &why, &error));
    drop(path);
}

static void
changed_file_is_not_read(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;
    g_autoptr(GByteArray) bytes = some_zip(3);
    ContainerOptions options = container_options();
    g_autoptr(ContainerList) list = list_of(bytes, "a.zip", &path);
    g_autoptr(GArray) wanted = readable(list);
    g_file_set_contents(path, "something else", -1, NULL);
    g_assert_null(container_reader_new(list, wanted, &options, &error));
    g_assert_error(error, EXTRACT_ERROR, EXTRACT_ERROR_OPEN);
    drop(path);
}

/* ---- names ---- */

static void
names_of_all_encodings_are_kept(void)
{
    static const struct {
        const char *raw, *path;
        ZipFlags flags;
    } cases[] = {
        {"報告/令和5年.pdf", "報告/令和5年.pdf", ZIP_UTF8},
        {"報告/令和6年.pdf", "報告/令和6年.pdf", 0},     /* UTF-8, and does not say so */
        {REIWA_CP932 "/\x95\x5c.pdf", "令和/表.pdf", 0}, /* 表 has a backslash in CP932 */
        {REIWA_CP932 "\\\x95\x5c\\1.pdf", "令和/表/1.pdf", 0},
        {"\xff\xfe/x.pdf", "%FF%FE/x.pdf", 0},
        {"a//./b.pdf", "a/b.pdf", 0},
        {"line\nbreak.pdf", "line%0Abreak.pdf", 0},
        {"か\u3099.pdf", "が.pdf", 0}, /* NFD */
    };
    Zip zip;
    zip_begin(&zip);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        zip_add(&zip, cases[i].raw, "x", 1, cases[i].flags);
    }
    g_autoptr(GByteArray) bytes = zip_end(&zip);
    g_autofree char *path = NULL;
    g_autoptr(ContainerList) list = list_of(bytes, "a.zip", &path);
    g_assert_cmpuint(list->members->len, ==, G_N_ELEMENTS(cases));
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const ContainerMember *member = member_at(list, i);
        gboolean same = strcmp(cases[i].raw, cases[i].path) == 0;
        g_assert_cmpstr(member->path, ==, cases[i].path);
        g_assert_cmpstr(member->refused, ==, NULL);
        g_assert_cmpstr(member->raw, ==, same ? NULL : cases[i].raw);
    }
    drop(path);
}

/* Marked as UTF-8, and not so: its name is lost, the member is not. */
static void
name_that_lies_about_utf8_keeps_its_member(void)
{
    Zip zip;
    zip_begin(&zip);
    zip_add(&zip, "a.pdf", "a", 1, 0);
    zip_add(&zip, "\xff\xfe.pdf", "b", 1, ZIP_UTF8);
    g_autoptr(GByteArray) bytes = zip_end(&zip);
    g_autofree char *path = NULL;
    ContainerOptions options = container_options();
    g_autoptr(ContainerList) list = list_of(bytes, "a.zip", &path);
    g_assert_cmpuint(list->members->len, ==, 2);
    g_assert_true(g_str_has_prefix(member_at(list, 1)->path, "member-1"));
    g_assert_cmpstr(member_at(list, 1)->refused, ==, NULL);
    g_auto(Results) results = read_all(list, &options);
    g_assert_cmpuint(g_hash_table_size(results.bytes), ==, 2);
    drop(path);
}

static void
names_that_lead_elsewhere_are_refused(void)
{
    static const struct {
        const char *raw, *path;
    } cases[] = {
        {"../x", "%2E%2E/x"},    {"/etc/x", "%2F/etc/x"},   {"a/../../b", "a/%2E%2E/%2E%2E/b"},
        {"..\\x", "%2E%2E/x%3"}, {"a/..\\b", "a/%2E%2E/b"}, {"C:\\x", "C%3A/x"},
        {"c:x", "c%3A/x"},       {"a/..", "a/%2E%2E"},      {"\\\\host\\x", "%2F/host/x"},
        {"..", "%2E%2E"},
    };
    for (int tar = 0; tar < 2; tar++) {
        Zip zip;
        TarMember members[G_N_ELEMENTS(cases)];
        zip_begin(&zip);
        for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
            zip_add(&zip, cases[i].raw, "x", 1, 0);
            members[i] = (TarMember){cases[i].raw, NULL, "x", 1, '-'};
        }
        g_autoptr(GByteArray) as_zip = zip_end(&zip);
        g_autoptr(GByteArray) as_tar = tar_make(members, G_N_ELEMENTS(cases), NULL);
        g_autofree char *path = NULL;
        g_autoptr(ContainerList) list = list_of(tar ? as_tar : as_zip, "a.zip", &path);
        g_assert_cmpuint(list->members->len, ==, G_N_ELEMENTS(cases));
        for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
            const ContainerMember *member = member_at(list, i);
            g_assert_nonnull(member->refused);
            g_assert_cmpstr(member->path, ==, cases[i].path);
            g_assert_true(member_path_is_safe(member->path));
        }
        drop(path);
    }
}

static void
second_of_a_name_is_refused(void)
{
    Zip zip;
    zip_begin(&zip);
    zip_add(&zip, "a.pdf", "1", 1, 0);
    zip_add(&zip, "a.pdf", "2", 1, 0);
    zip_add(&zip, "./a.pdf", "3", 1, 0);
    zip_add(&zip, "が.pdf", "4", 1, 0);
    zip_add(&zip, "か\u3099.pdf", "5", 1, 0);
    g_autoptr(GByteArray) bytes = zip_end(&zip);
    g_autofree char *path = NULL;
    ContainerOptions options = container_options();
    g_autoptr(ContainerList) list = list_of(bytes, "a.zip", &path);
    g_assert_cmpuint(list->members->len, ==, 5);
    static const gboolean refused[] = {FALSE, TRUE, TRUE, FALSE, TRUE};
    g_autoptr(GHashTable) paths = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < 5; i++) {
        g_assert_cmpint(member_at(list, i)->refused != NULL, ==, refused[i]);
        g_hash_table_add(paths, (gpointer)(gsize)member_at(list, i)->path);
    }
    g_assert_cmpuint(g_hash_table_size(paths), ==, 5);
    g_auto(Results) results = read_all(list, &options);
    g_autoptr(GBytes) first = g_bytes_new("1", 1);
    g_assert_true(g_bytes_equal(bytes_at(&results, 0), first));
    drop(path);
}

static void
long_names_are_refused(void)
{
    g_autofree char *part = g_strnfill(252, 'a'), *right = g_strnfill(251, 'b');
    g_autofree char *many = g_strnfill(9001, '/');
    for (guint i = 0; i < 9001; i += 2) {
        many[i] = 'x';
    }
    TarMember members[] = {
        {part, NULL, "x", 1, '-'}, {right, NULL, "x", 1, '-'}, {many, NULL, "x", 1, '-'}};
    g_autoptr(GByteArray) bytes = tar_make(members, 3, NULL);
    g_autofree char *path = NULL;
    g_autoptr(ContainerList) list = list_of(bytes, "a.tar", &path);
    g_assert_cmpuint(list->members->len, ==, 3);
    g_assert_cmpstr(member_at(list, 0)->path, ==, "member-0");
    g_assert_nonnull(member_at(list, 0)->refused);
    g_assert_cmpstr(member_at(list, 1)->refused, ==, NULL);
    g_assert_nonnull(member_at(list, 2)->refused);
    drop(path);
}

/* ---- kinds of members ---- */

static void
links_and_devices_are_refused(void)
{
    TarMember members[] = {
        {"folder", NULL, NULL, 0, 'd'},
        {"a.pdf", NULL, "right", 5, '-'},
        {"link.pdf", "/etc/passwd", NULL, 0, 'l'},
        {"hard.pdf", "a.pdf", NULL, 0, 'h'},
        {"fifo.pdf", NULL, NULL, 0, 'p'},
        {"b.pdf", NULL, "right", 5, '-'},
    };
    g_autoptr(GByteArray) bytes = tar_make(members, G_N_ELEMENTS(members), "gzip");
    g_autofree char *path = NULL;
    ContainerOptions options = container_options();
    g_autoptr(ContainerList) list = list_of(bytes, "a.tgz", &path);
    g_assert_cmpuint(list->members->len, ==, 5); /* a folder is no member */
    g_assert_cmpstr(member_at(list, 1)->refused, ==, "is a symbolic link");
    g_assert_cmpstr(member_at(list, 2)->refused, ==, "is a link to another member");
    g_assert_cmpstr(member_at(list, 3)->refused, ==, "is no regular file");
    g_auto(Results) results = read_all(list, &options);
    g_assert_cmpuint(g_hash_table_size(results.bytes), ==, 2);
    drop(path);
}

static void
link_in_a_zip_is_refused(void)
{
    Zip zip;
    zip_begin(&zip);
    zip_add(&zip, "a.pdf", "1", 1, 0);
    zip_add(&zip, "link.pdf", "/etc/passwd", 11, ZIP_LINK | ZIP_STORED);
    g_autoptr(GByteArray) bytes = zip_end(&zip);
    g_autofree char *path = NULL;
    g_autoptr(ContainerList) list = list_of(bytes, "a.zip", &path);
    g_assert_cmpstr(member_at(list, 1)->refused, ==, "is a symbolic link");
    drop(path);
}

static void
encrypted_member_is_refused_and_the_rest_read(void)
{
    g_autoptr(GError) error = NULL;
    ContainerOptions options = container_options();
    for (int all = 0; all < 2; all++) {
        Zip zip;
        zip_begin(&zip);
        zip_add(&zip, "secret.pdf", "0123456789abcdef", 16, ZIP_ENCRYPTED | ZIP_STORED);
        if (!all) {
            zip_add(&zip, "a.pdf", "1", 1, 0);
        }
        g_autoptr(GByteArray) bytes = zip_end(&zip);
        g_autofree char *path = store(bytes, "a.zip");
        g_autoptr(ContainerList) list = container_list(path, &options, &error);
        if (all) {
            g_assert_error(error, EXTRACT_ERROR, EXTRACT_ERROR_ENCRYPTED);
            g_assert_null(list);
        } else {
            g_assert_no_error(error);
            g_assert_cmpstr(member_at(list, 0)->refused, ==, "is encrypted");
            g_auto(Results) results = read_all(list, &options);
            g_assert_cmpuint(g_hash_table_size(results.bytes), ==, 1);
        }
        drop(path);
    }
}

static void
what_is_no_archive_is_an_error(void)
{
    Zip zip, folder;
    zip_begin(&zip);
    zip_begin(&folder);
    zip_add(&folder, "folder/", "", 0, ZIP_STORED);
    g_autofree guint8 *zeros = g_malloc0(10240);
    GByteArray *text = g_byte_array_new(), *tar = g_byte_array_new(), *head = g_byte_array_new();
    g_byte_array_append(text, (const guint8 *)"<html>no archive</html>\n", 24);
    g_byte_array_append(tar, zeros, 10240);
    g_byte_array_append(head, (const guint8 *)"PK\3\4", 4);
    struct {
        GByteArray *bytes;
        const char *words;
    } cases[] = {{zip_end(&zip), "without files"}, {zip_end(&folder), "without files"},
                 {g_byte_array_new(), "is empty"}, {text, "neither"},
                 {tar, "without files"},           {head, "damaged beyond use"}};
    ContainerOptions options = container_options();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *path = store(cases[i].bytes, "a.zip");
        g_assert_null(container_list(path, &options, &error));
        g_assert_error(error, EXTRACT_ERROR, EXTRACT_ERROR_DAMAGED);
        g_test_message("%s", error->message);
        g_assert_nonnull(strstr(error->message, cases[i].words));
        g_assert_null(strchr(error->message, '\n'));
        g_byte_array_unref(cases[i].bytes);
        drop(path);
    }
    g_autoptr(GError) error = NULL;
    g_assert_null(container_list("/nowhere/a.zip", &options, &error));
    g_assert_error(error, EXTRACT_ERROR, EXTRACT_ERROR_OPEN);
}

/* ---- damage ---- */

/* Whatever has been done to it: an error, or a reason, or the right bytes, unless the format has no
 * checksum. How many were right. */
static guint
survive(const GByteArray *bytes, const char *name, guint n)
{
    g_autoptr(GError) error = NULL;
    ContainerOptions options = container_options();
    g_autofree char *path = store(bytes, name);
    g_autoptr(ContainerList) list = container_list(path, &options, &error);
    guint right = 0;
    if (list == NULL) {
        g_assert_nonnull(error);
        g_assert_true(error->domain == EXTRACT_ERROR);
        drop(path);
        return 0;
    }
    g_auto(Results) results = read_all(list, &options);
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, results.bytes);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        right += is_content(value, n);
        g_assert_true(!list->checked || is_content(value, n));
    }
    drop(path);
    return right;
}

static void
truncated_zip_gives_what_is_there(void)
{
    g_autoptr(GByteArray) whole = some_zip(8);
    guint before = 0;
    for (guint i = 1; i < 60; i++) {
        guint n = (guint)((guint64)whole->len * i / 60);
        GByteArray cut = {whole->data, n};
        guint right = survive(&cut, "a.zip", 8);
        g_assert_cmpuint(right, >=, before);
        before = right;
    }
    g_assert_cmpuint(before, >=, 6);
    g_autofree char *path = NULL;
    GByteArray cut = {whole->data, whole->len - 10};
    g_autoptr(ContainerList) list = list_of(&cut, "a.zip", &path);
    g_assert_nonnull(list->damaged);
    g_assert_cmpint(list->way, ==, CONTAINER_STREAM_ZIP);
    drop(path);
}

/* The directory that is found at the end of such a file is that of the member. */
static void
zip_cut_off_behind_a_zip_in_it_is_not_taken_for_that(void)
{
    g_autoptr(GByteArray) inner = some_zip(2);
    Zip zip;
    zip_begin(&zip);
    zip_add(&zip, "a.pdf", "first", 5, ZIP_STORED);
    zip_add(&zip, "inner.zip", inner->data, inner->len, ZIP_STORED);
    guint end = zip.bytes->len;
    zip_add(&zip, "b.pdf", "last", 4, ZIP_STORED);
    g_autoptr(GByteArray) whole = zip_end(&zip);
    GByteArray cut = {whole->data, end};
    g_autofree char *path = NULL;
    g_autoptr(ContainerList) list = list_of(&cut, "a.zip", &path);
    g_assert_nonnull(list->damaged);
    g_assert_cmpuint(list->members->len, ==, 2);
    g_assert_cmpstr(member_at(list, 0)->path, ==, "a.pdf");
    g_assert_cmpstr(member_at(list, 1)->path, ==, "inner.zip");
    drop(path);
}

static void
truncated_tar_gives_what_is_there(void)
{
    static const char *const filters[] = {NULL, "gzip", "bzip2", "xz", "zstd"};
    for (guint f = 0; f < G_N_ELEMENTS(filters); f++) {
        g_autoptr(GByteArray) whole = some_tar(40, filters[f]);
        ContainerOptions options = container_options();
        guint most = 0;
        for (guint i = 1; i < 12; i++) {
            g_autoptr(GError) error = NULL;
            GByteArray cut = {whole->data, (guint)((guint64)whole->len * i / 12)};
            guint right = survive(&cut, "a.tar", 40);
            most = MAX(most, right);
            g_autofree char *path = store(&cut, "a.tar");
            g_autoptr(ContainerList) list = container_list(path, &options, &error);
            g_assert_true(list == NULL || (list->damaged != NULL && !list->garbled));
            drop(path);
        }
        g_test_message("%s: at most %u of 40 from a part", filters[f], most);
        gboolean one_block = g_strcmp0(filters[f], "bzip2") == 0; /* all of it or nothing */
        g_assert_true(one_block || most >= 30);
    }
}

/* Exactly between two members nothing is wrong but that the end is missing. */
static void
tar_without_its_end_is_named_as_damaged(void)
{
    TarMember members[] = {{"a.pdf", NULL, "right", 5, '-'}, {"b.pdf", NULL, "right", 5, '-'}};
    g_autoptr(GByteArray) whole = tar_make(members, 2, NULL);
    GByteArray cut = {whole->data, 1024};
    g_autofree char *path = NULL, *path_whole = NULL;
    g_autoptr(ContainerList) list = list_of(&cut, "a.tar", &path);
    g_assert_cmpuint(list->members->len, ==, 1);
    g_assert_nonnull(list->damaged);
    g_autoptr(ContainerList) all = list_of(whole, "a.tar", &path_whole);
    g_assert_cmpstr(all->damaged, ==, NULL);
    drop(path);
    drop(path_whole);
}

/* The tars are larger than what is unpacked at once, so that members come before the checksum. */
static void
corrupted_archives_never_give_wrong_bytes(void)
{
    static const char *const kinds[] = {"zip", "gzip", "bzip2", "xz", "zstd"};
    g_autoptr(GRand) rand = g_rand_new_with_seed(20250401);
    gboolean thorough = !g_test_quick();
    guint right[G_N_ELEMENTS(kinds)] = {0};
    for (guint i = 0; i < (thorough ? 2000 : 200); i++) {
        guint kind = i % G_N_ELEMENTS(kinds);
        g_autoptr(GByteArray) bytes = kind == 0 ? some_zip(6) : some_tar(14, kinds[kind]);
        for (guint k = g_rand_int_range(rand, 1, 4); k > 0; k--) {
            bytes->data[g_rand_int_range(rand, 0, (gint32)bytes->len)] ^=
                (guint8)(1 << g_rand_int_range(rand, 0, 8));
        }
        right[kind] += survive(bytes, "a.zip", 14);
    }
    for (guint kind = 0; kind < G_N_ELEMENTS(kinds); kind++) {
        g_test_message("%s: %u members still right", kinds[kind], right[kind]);
    }
    g_assert_cmpuint(right[0], >, 100); /* damage to one member costs that one */
}

/* A tar has no checksum of its contents: it must only not break anything. */
static void
corrupted_tars_break_nothing(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    for (guint i = 0; i < 60; i++) {
        g_autoptr(GByteArray) bytes = some_tar(6, NULL);
        for (guint k = 0; k < 20; k++) {
            bytes->data[g_rand_int_range(rand, 0, (gint32)bytes->len)] = (guint8)g_rand_int(rand);
        }
        survive(bytes, "a.tar", 6);
    }
}

static void
wrong_checksum_costs_one_member(void)
{
    g_autoptr(GByteArray) bytes = some_zip(6);
    g_autofree char *path = NULL;
    ContainerOptions options = container_options();
    bytes->data[30 + strlen("年報/0.pdf") + 50] ^= 1; /* within the first, which is stored */
    g_autoptr(ContainerList) list = list_of(bytes, "a.zip", &path);
    g_assert_cmpstr(list->damaged, ==, NULL);
    g_auto(Results) results = read_all(list, &options);
    g_assert_nonnull(why_at(&results, 0));
    g_test_message("%s", why_at(&results, 0));
    g_assert_cmpuint(g_hash_table_size(results.bytes), ==, 5);
    drop(path);
}

/* ---- bombs ---- */

static void
member_that_unpacks_to_more_than_it_says_is_left(void)
{
    Zip zip;
    zip_begin(&zip);
    zip_add_zeros(&zip, "bomb.pdf", 10ull << 30, 1000);
    zip_add(&zip, "b.pdf", "right", 5, 0);
    g_autoptr(GByteArray) bytes = zip_end(&zip);
    g_autofree char *path = NULL;
    ContainerOptions options = container_options();
    gint64 start = g_get_monotonic_time();
    g_autoptr(ContainerList) list = list_of(bytes, "a.zip", &path);
    g_auto(Results) results = read_all(list, &options);
    g_test_message("%.2f s", (double)(g_get_monotonic_time() - start) / 1e6);
    g_assert_cmpstr(why_at(&results, 0), ==, "unpacks to more than the archive says");
    g_assert_nonnull(bytes_at(&results, 1));
    drop(path);
}

static void
member_that_says_it_is_huge_is_refused(void)
{
    Zip zip;
    zip_begin(&zip);
    zip_add_zeros(&zip, "bomb.pdf", 10ull << 20, 3ull << 30);
    zip_add(&zip, "b.pdf", "right", 5, 0);
    g_autoptr(GByteArray) bytes = zip_end(&zip);
    g_autofree char *path = NULL;
    g_autoptr(ContainerList) list = list_of(bytes, "a.zip", &path);
    g_assert_cmpstr(member_at(list, 0)->refused, ==, "is too large");
    g_assert_cmpstr(member_at(list, 1)->refused, ==, NULL);
    drop(path);
}

static void
ratio_stops_a_member(void)
{
    Zip zip;
    zip_begin(&zip);
    zip_add_zeros(&zip, "bomb.pdf", 64 << 20, 64 << 20);
    zip_add_zeros(&zip, "below.tif", 10 << 20, 10 << 20);
    g_autoptr(GByteArray) bytes = zip_end(&zip);
    g_autofree char *path = NULL;
    ContainerOptions options = container_options();
    options.ratio_from = 32 << 20;
    g_autoptr(ContainerList) list = list_of(bytes, "a.zip", &path);
    g_auto(Results) results = read_all(list, &options);
    g_assert_nonnull(why_at(&results, 0));
    g_assert_nonnull(strstr(why_at(&results, 0), "times its size"));
    g_assert_nonnull(bytes_at(&results, 1));
    drop(path);
}

/* A4 at 600 dpi in colour, without compression, all white: packed to a thousandth. */
static void
blank_page_is_no_bomb(void)
{
    Zip zip;
    zip_begin(&zip);
    zip_add_zeros(&zip, "blank-page.tif", 104 << 20, 104 << 20);
    g_autoptr(GByteArray) bytes = zip_end(&zip);
    g_autofree char *path = NULL;
    ContainerOptions options = container_options();
    g_autoptr(ContainerList) list = list_of(bytes, "a.zip", &path);
    g_auto(Results) results = read_all(list, &options);
    g_assert_cmpuint(g_bytes_get_size(bytes_at(&results, 0)), ==, 104 << 20);
    drop(path);
}

static void
members_that_share_their_bytes_are_a_bomb(void)
{
    Zip zip;
    zip_begin(&zip);
    zip_add_overlapping(&zip, 40, 4 << 20);
    g_autoptr(GByteArray) bytes = zip_end(&zip);
    g_autofree char *path = NULL;
    ContainerOptions options = container_options();
    options.ratio_total = 32 << 20;
    g_autoptr(ContainerList) list = list_of(bytes, "a.zip", &path);
    g_assert_cmpuint(list->members->len, ==, 40);
    g_auto(Results) results = read_all(list, &options);
    g_test_message("%u read, then: %s", g_hash_table_size(results.bytes), why_at(&results, 39));
    g_assert_cmpuint(g_hash_table_size(results.bytes), >, 0);
    g_assert_cmpuint(g_hash_table_size(results.bytes), <=, 8);
    drop(path);
}

static void
tar_of_zeros_is_a_bomb(void)
{
    TarMember members[] = {{"a.pdf", NULL, "right", 5, '-'},
                           {"bomb.pdf", NULL, NULL, 3ull << 30, '-'},
                           {"b.pdf", NULL, "right", 5, '-'}};
    g_autoptr(GByteArray) bytes = tar_make(members, 3, "zstd");
    g_autofree char *path = NULL;
    ContainerOptions options = container_options();
    gint64 start = g_get_monotonic_time();
    g_autoptr(ContainerList) list = list_of(bytes, "a.tar.zst", &path);
    g_test_message("%u bytes, %.2f s", bytes->len, (double)(g_get_monotonic_time() - start) / 1e6);
    g_assert_cmpuint(list->members->len, ==, 2);
    g_assert_cmpstr(member_at(list, 1)->refused, ==, "is too large");
    g_assert_nonnull(list->damaged);
    g_auto(Results) results = read_all(list, &options);
    g_assert_nonnull(bytes_at(&results, 0));
    drop(path);
}

/* ---- many, and children that fail ---- */

static void
many_members_are_listed_and_read(void)
{
    guint n = g_test_quick() ? 20000 : 70000;
    Zip zip;
    zip_begin(&zip);
    for (guint i = 0; i < n; i++) {
        g_autofree char *name = g_strdup_printf("archive/%03u/report-%06u.pdf", i / 100, i);
        zip_add(&zip, name, name, strlen(name), ZIP_STORED);
    }
    g_autoptr(GByteArray) bytes = zip_end(&zip);
    g_autofree char *path = NULL;
    ContainerOptions options = container_options();
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    gint64 start = g_get_monotonic_time();
    g_autoptr(ContainerList) list = list_of(bytes, "a.zip", &path);
    gint64 listed = g_get_monotonic_time();
    getrusage(RUSAGE_SELF, &after);
    g_assert_cmpuint(list->members->len, ==, n);
    g_auto(Results) results = read_all(list, &options);
    gint64 read = g_get_monotonic_time();
    g_assert_cmpuint(g_hash_table_size(results.bytes), ==, n);
    g_test_message("%u members: listed in %.2f s, read in %.2f s, memory grew by %ld KiB", n,
                   (double)(listed - start) / 1e6, (double)(read - listed) / 1e6,
                   after.ru_maxrss - before.ru_maxrss);
    drop(path);
}

static void
members_beyond_the_limit_are_named_as_left(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) bytes = some_zip(8);
    g_autofree char *path = store(bytes, "a.zip");
    ContainerOptions options = container_options();
    options.members = 5;
    g_autoptr(ContainerList) list = container_list(path, &options, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(list->members->len, ==, 5);
    g_assert_nonnull(list->damaged);
    drop(path);
}

static gboolean
hang(void)
{
    while (pause() == -1) {
    }
    return FALSE;
}

static gboolean
spin(void)
{
    for (volatile guint i = 1; i != 0;) {
    }
    return FALSE;
}

static gboolean
crash(void)
{
    raise(SIGKILL);
    return TRUE;
}

static gboolean
talk_nonsense(void)
{
    g_autofree guint8 *noise = g_malloc(1 << 16);
    memset(noise, 0xA5, 1 << 16);
    return write(STDOUT_FILENO, noise, 1 << 16) > 0;
}

static gboolean
refuse(void)
{
    return FALSE;
}

static gboolean
at_once(void)
{
    return TRUE;
}

static void
child_that_fails_is_given_up(void)
{
    g_autoptr(GByteArray) bytes = some_zip(20);
    g_autofree char *path = NULL;
    g_autoptr(ContainerList) list = list_of(bytes, "a.zip", &path);
    gboolean (*const faults[])(void) = {hang, spin, crash, talk_nonsense, refuse};
    for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_autoptr(GError) error = NULL;
        ContainerOptions options = container_options();
        options.wall_seconds = i == 0 ? 1 : 10;
        options.cpu_seconds = 1;
        options.enter = faults[i];
        g_assert_null(container_list(path, &options, &error));
        g_assert_true(error->domain == EXTRACT_ERROR);
        g_test_message("%s", error->message);
        if (i > 1) { /* the others take a second each time */
            g_auto(Results) results = read_all(list, &options);
            g_assert_cmpuint(g_hash_table_size(results.why), ==, 20);
        }
    }
    drop(path);
}

static void
waiting_can_be_stopped(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) bytes = some_zip(3);
    g_autofree char *path = store(bytes, "a.zip");
    ContainerOptions options = container_options();
    options.enter = hang;
    options.stop = at_once;
    g_assert_null(container_list(path, &options, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_INTR);
    drop(path);
}

int
main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/container/names-tell-containers", names_tell_containers);
    g_test_add_func("/container/members-come-out-as-they-are", members_come_out_as_they_are);
    g_test_add_func("/container/only-members-wanted-are-read", only_members_wanted_are_read);
    g_test_add_func("/container/changed-file-is-not-read", changed_file_is_not_read);
    g_test_add_func("/container/names-of-all-encodings-are-kept", names_of_all_encodings_are_kept);
    g_test_add_func("/container/name-that-lies-about-utf8-keeps-its-member",
                    name_that_lies_about_utf8_keeps_its_member);
    g_test_add_func("/container/names-that-lead-elsewhere-are-refused",
                    names_that_lead_elsewhere_are_refused);
    g_test_add_func("/container/second-of-a-name-is-refused", second_of_a_name_is_refused);
    g_test_add_func("/container/long-names-are-refused", long_names_are_refused);
    g_test_add_func("/container/links-and-devices-are-refused", links_and_devices_are_refused);
    g_test_add_func("/container/link-in-a-zip-is-refused", link_in_a_zip_is_refused);
    g_test_add_func("/container/encrypted-member-is-refused-and-the-rest-read",
                    encrypted_member_is_refused_and_the_rest_read);
    g_test_add_func("/container/what-is-no-archive-is-an-error", what_is_no_archive_is_an_error);
    g_test_add_func("/container/truncated-zip-gives-what-is-there",
                    truncated_zip_gives_what_is_there);
    g_test_add_func("/container/zip-cut-off-behind-a-zip-in-it-is-not-taken-for-that",
                    zip_cut_off_behind_a_zip_in_it_is_not_taken_for_that);
    g_test_add_func("/container/truncated-tar-gives-what-is-there",
                    truncated_tar_gives_what_is_there);
    g_test_add_func("/container/tar-without-its-end-is-named-as-damaged",
                    tar_without_its_end_is_named_as_damaged);
    g_test_add_func("/container/corrupted-archives-never-give-wrong-bytes",
                    corrupted_archives_never_give_wrong_bytes);
    g_test_add_func("/container/corrupted-tars-break-nothing", corrupted_tars_break_nothing);
    g_test_add_func("/container/wrong-checksum-costs-one-member", wrong_checksum_costs_one_member);
    g_test_add_func("/container/member-that-unpacks-to-more-than-it-says-is-left",
                    member_that_unpacks_to_more_than_it_says_is_left);
    g_test_add_func("/container/member-that-says-it-is-huge-is-refused",
                    member_that_says_it_is_huge_is_refused);
    g_test_add_func("/container/ratio-stops-a-member", ratio_stops_a_member);
    g_test_add_func("/container/blank-page-is-no-bomb", blank_page_is_no_bomb);
    g_test_add_func("/container/members-that-share-their-bytes-are-a-bomb",
                    members_that_share_their_bytes_are_a_bomb);
    g_test_add_func("/container/tar-of-zeros-is-a-bomb", tar_of_zeros_is_a_bomb);
    g_test_add_func("/container/many-members-are-listed-and-read",
                    many_members_are_listed_and_read);
    g_test_add_func("/container/members-beyond-the-limit-are-named-as-left",
                    members_beyond_the_limit_are_named_as_left);
    g_test_add_func("/container/child-that-fails-is-given-up", child_that_fails_is_given_up);
    g_test_add_func("/container/waiting-can-be-stopped", waiting_can_be_stopped);
    return g_test_run();
}

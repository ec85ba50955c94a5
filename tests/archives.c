/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "archives.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>
#include <zlib.h>

#define LOCAL_SIZE 30u
#define DESCRIPTOR_FLAG 0x08u
#define ENCRYPTED_FLAG 0x01u
#define UTF8_FLAG 0x800u
/* Zeros are packed once in a piece of this size, which is repeated. */
#define ZEROS (1u << 20)

static void
put(GByteArray *to, guint64 value, guint size)
{
    guint64 little = GUINT64_TO_LE(value);
    g_byte_array_append(to, (const guint8 *)&little, size);
}

typedef struct {
    const char *name;
    guint32 crc, packed;
    guint64 size;
    guint16 flags, method;
    guint32 attributes;
} Head;

/* The part that local header and directory have in common. */
static void
put_head(GByteArray *to, const Head *head, gboolean empty)
{
    put(to, head->flags, 2);
    put(to, head->method, 2);
    put(to, 0x6000, 2);                   /* 12:00:00 */
    put(to, (45 << 9) | (4 << 5) | 1, 2); /* 2025-04-01 */
    put(to, empty ? 0 : head->crc, 4);
    put(to, empty ? 0 : head->packed, 4);
    put(to, empty ? 0 : (guint32)MIN(head->size, G_MAXUINT32), 4);
    put(to, strlen(head->name), 2);
}

static void
put_local(GByteArray *to, const Head *head)
{
    put(to, 0x04034B50, 4);
    put(to, 20, 2);
    put_head(to, head, (head->flags & DESCRIPTOR_FLAG) != 0);
    put(to, 0, 2);
    g_byte_array_append(to, (const guint8 *)head->name, (guint)strlen(head->name));
}

static void
put_directory(Zip *zip, const Head *head, guint32 offset)
{
    GByteArray *to = zip->directory;
    put(to, 0x02014B50, 4);
    put(to, 0x0300 | 20, 2); /* made on Unix, where attributes are a mode */
    put(to, 20, 2);
    put_head(to, head, FALSE);
    put(to, 0, 2);
    put(to, 0, 2);
    put(to, 0, 2);
    put(to, 0, 2);
    put(to, head->attributes, 4);
    put(to, offset, 4);
    g_byte_array_append(to, (const guint8 *)head->name, (guint)strlen(head->name));
    zip->members++;
}

void
zip_begin(Zip *zip)
{
    *zip = (Zip){g_byte_array_new(), g_byte_array_new(), 0};
}

/* Deflate without a head; last: the stream ends with it. */
static GByteArray *
packed(const void *data, gsize size, gboolean last)
{
    z_stream stream = {0};
    GByteArray *out = g_byte_array_new();
    g_assert(deflateInit2(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    g_byte_array_set_size(out, (guint)deflateBound(&stream, size) + 64);
    stream.next_in = (Bytef *)(gsize)data;
    stream.avail_in = (uInt)size;
    stream.next_out = out->data;
    stream.avail_out = out->len;
    deflate(&stream, last ? Z_FINISH : Z_FULL_FLUSH);
    g_byte_array_set_size(out, (guint)stream.total_out);
    deflateEnd(&stream);
    return out;
}

static void
add(Zip *zip, Head *head, const GByteArray *data)
{
    guint32 offset = zip->bytes->len;
    head->packed = data->len;
    put_local(zip->bytes, head);
    g_byte_array_append(zip->bytes, data->data, data->len);
    if ((head->flags & DESCRIPTOR_FLAG) != 0) {
        put(zip->bytes, 0x08074B50, 4);
        put(zip->bytes, head->crc, 4);
        put(zip->bytes, head->packed, 4);
        put(zip->bytes, head->size, 4);
    }
    put_directory(zip, head, offset);
}

void
zip_add(Zip *zip, const char *name, const void *data, gsize size, ZipFlags flags)
{
    Head head = {.name = name,
                 .crc = (guint32)crc32(0, data, (uInt)size),
                 .size = size,
                 .method = (flags & ZIP_STORED) != 0 ? 0 : 8,
                 .attributes = (flags & ZIP_LINK) != 0 ? 0120777u << 16 : 0100644u << 16};
    head.flags = (guint16)(((flags & ZIP_UTF8) != 0 ? UTF8_FLAG : 0) |
                           ((flags & ZIP_DESCRIPTOR) != 0 ? DESCRIPTOR_FLAG : 0) |
                           ((flags & ZIP_ENCRYPTED) != 0 ? ENCRYPTED_FLAG : 0));
    g_autoptr(GByteArray) plain = g_byte_array_new();
    g_byte_array_append(plain, data, (guint)size);
    g_autoptr(GByteArray) deflated = packed(data, size, TRUE);
    add(zip, &head, head.method == 0 ? plain : deflated);
}

/* n zeros packed, and their checksum. */
static GByteArray *
zeros_packed(guint64 n, guint32 *ret_crc)
{
    g_autofree guint8 *zeros = g_malloc0(ZEROS);
    g_autoptr(GByteArray) piece = packed(zeros, ZEROS, FALSE);
    g_autoptr(GByteArray) last = packed(zeros, n % ZEROS, TRUE);
    guint32 crc = 0, of_piece = (guint32)crc32(0, zeros, ZEROS);
    GByteArray *out = g_byte_array_new();
    for (guint64 i = 0; i < n / ZEROS; i++) {
        g_byte_array_append(out, piece->data, piece->len);
        crc = (guint32)crc32_combine(crc, of_piece, ZEROS);
    }
    g_byte_array_append(out, last->data, last->len);
    *ret_crc = (guint32)crc32_combine(crc, crc32(0, zeros, n % ZEROS), n % ZEROS);
    return out;
}

void
zip_add_zeros(Zip *zip, const char *name, guint64 n, guint64 declared)
{
    Head head = {.name = name, .size = declared, .method = 8, .attributes = 0100644u << 16};
    g_autoptr(GByteArray) data = zeros_packed(n, &head.crc);
    add(zip, &head, data);
}

/* Each member's data are a block that holds the local header of the next one as it is, and then the
 * data of the next one. */
void
zip_add_overlapping(Zip *zip, guint n, guint64 size)
{
    guint32 crc;
    g_autoptr(GByteArray) tail = zeros_packed(size, &crc);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autofree Head *heads = g_new0(Head, n);
    g_autofree guint32 *from_end = g_new0(guint32, n);
    for (guint i = n; i-- > 0;) {
        char *name = g_strdup_printf("bomb-%03u.pdf", i);
        g_ptr_array_add(names, name);
        heads[i] = (Head){name, crc, tail->len, size, 0, 8, 0100644u << 16};
        g_autoptr(GByteArray) local = g_byte_array_new();
        put_local(local, &heads[i]);
        g_byte_array_prepend(tail, local->data, local->len);
        from_end[i] = tail->len;
        crc = (guint32)crc32_combine(crc32(0, local->data, local->len), crc, (z_off_t)size);
        size += local->len;
        if (i > 0) {
            guint8 block[5] = {0, (guint8)local->len, 0, (guint8)~local->len, 0xFF};
            g_byte_array_prepend(tail, block, sizeof block);
        }
    }
    for (guint i = 0; i < n; i++) {
        put_directory(zip, &heads[i], zip->bytes->len + tail->len - from_end[i]);
    }
    g_byte_array_append(zip->bytes, tail->data, tail->len);
}

GByteArray *
zip_end(Zip *zip)
{
    guint32 at = zip->bytes->len;
    g_byte_array_append(zip->bytes, zip->directory->data, zip->directory->len);
    put(zip->bytes, 0x06054B50, 4);
    put(zip->bytes, 0, 4);
    put(zip->bytes, zip->members, 2); /* as far as it goes: readers do not rely on it */
    put(zip->bytes, zip->members, 2);
    put(zip->bytes, zip->directory->len, 4);
    put(zip->bytes, at, 4);
    put(zip->bytes, 0, 2);
    g_byte_array_unref(zip->directory);
    return zip->bytes;
}

static void
write_member(struct archive *to, const TarMember *member)
{
    static const guint8 zeros[ZEROS];
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, member->name);
    archive_entry_set_mtime(entry, 1743508800, 0);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, (la_int64_t)member->size);
    archive_entry_set_filetype(entry, member->type == 'l'   ? AE_IFLNK
                                      : member->type == 'd' ? AE_IFDIR
                                      : member->type == 'p' ? AE_IFIFO
                                                            : AE_IFREG);
    if (member->type == 'l') {
        archive_entry_set_symlink(entry, member->link);
    } else if (member->type == 'h') {
        archive_entry_set_hardlink(entry, member->link);
    }
    g_assert_cmpint(archive_write_header(to, entry), >=, ARCHIVE_WARN);
    for (guint64 at = 0; at < member->size;) {
        gsize n = (gsize)MIN(member->size - at, ZEROS);
        gconstpointer from = member->data != NULL ? (const guint8 *)member->data + at : zeros;
        g_assert_cmpint(archive_write_data(to, from, n), ==, n);
        at += n;
    }
    archive_entry_free(entry);
}

static la_ssize_t
append(struct archive *archive, void *data, const void *bytes, size_t size)
{
    (void)archive;
    g_byte_array_append(data, bytes, (guint)size);
    return (la_ssize_t)size;
}

GByteArray *
tar_make(const TarMember *members, guint n, const char *filter)
{
    GByteArray *bytes = g_byte_array_new();
    struct archive *to = archive_write_new();
    archive_write_set_format_pax_restricted(to);
    archive_write_set_bytes_in_last_block(to, 1); /* no zeros behind a compressed stream */
    if (filter != NULL) {
        g_assert_cmpint(archive_write_add_filter_by_name(to, filter), ==, ARCHIVE_OK);
    }
    g_assert_cmpint(archive_write_open(to, bytes, NULL, append, NULL), ==, ARCHIVE_OK);
    for (guint i = 0; i < n; i++) {
        write_member(to, &members[i]);
    }
    g_assert_cmpint(archive_write_close(to), ==, ARCHIVE_OK);
    archive_write_free(to);
    return bytes;
}

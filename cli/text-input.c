/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text-input.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "messages.h"

/* More than the text of any report. */
#define TEXT_BYTES_MOST (256u << 20)
#define BUFFER_BYTES (1u << 16)

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

/* What archives name an encoding that is really its superset. */
static const char *
encoding_meant(const char *name)
{
    static const char *const shift_jis[] = {"SHIFT_JIS", "SHIFT-JIS", "SJIS", "MS_KANJI"};
    for (guint i = 0; i < G_N_ELEMENTS(shift_jis); i++) {
        if (g_ascii_strcasecmp(name, shift_jis[i]) == 0) {
            return "CP932";
        }
    }
    return g_ascii_strcasecmp(name, "EUC-JP") == 0 ? "EUC-JP-MS" : name;
}

static gboolean
is_in(const char *bytes, gsize size, const char *encoding)
{
    g_autofree char *text =
        g_convert(bytes, (gssize)size, "UTF-8", encoding_meant(encoding), NULL, NULL, NULL);
    return text != NULL;
}

/* Which encoding the bytes may be in instead, or NULL. EUC-JP first: most of its texts would be
 * (senseless) Shift_JIS too. */
static const char *
encoding_guess(const char *bytes, gsize size, const char *tried)
{
    static const char *const guesses[] = {"UTF-8", "EUC-JP", "SHIFT_JIS"};
    for (guint i = 0; i < G_N_ELEMENTS(guesses); i++) {
        if (strcmp(encoding_meant(guesses[i]), encoding_meant(tried)) != 0 &&
            is_in(bytes, size, guesses[i])) {
            return guesses[i];
        }
    }
    return NULL;
}

static void
fail_at(const char *bytes, gsize size, gsize at, const char *encoding, GError **error)
{
    const char *guess = encoding_guess(bytes, size, encoding);
    g_autofree char *hint = guess != NULL ? g_strdup_printf("; try --encoding %s", guess)
                                          : g_strdup("; see --encoding");
    if (at < size) {
        g_set_error(error, G_CONVERT_ERROR, G_CONVERT_ERROR_ILLEGAL_SEQUENCE,
                    "this is not %s: byte %" G_GSIZE_FORMAT " is 0x%02X%s", encoding, at,
                    (guint)(guchar)bytes[at], hint);
    } else {
        g_set_error(error, G_CONVERT_ERROR, G_CONVERT_ERROR_PARTIAL_INPUT,
                    "this is not %s: it ends within a character, at byte %" G_GSIZE_FORMAT "%s",
                    encoding, size, hint);
    }
}

/* As UTF-8; NULL with an error. */
static char *
decode(const char *bytes, gsize size, const char *encoding, GError **error)
{
    gsize read = 0;
    gsize written = 0;
    g_autoptr(GError) why = NULL;
    const char *from = encoding_meant(encoding);
    g_autofree char *text = g_convert(bytes, (gssize)size, "UTF-8", from, &read, &written, &why);
    if (g_error_matches(why, G_CONVERT_ERROR, G_CONVERT_ERROR_NO_CONVERSION)) {
        g_set_error(error, G_CONVERT_ERROR, G_CONVERT_ERROR_NO_CONVERSION,
                    "--encoding: there is no '%s'; there are UTF-8, SHIFT_JIS, EUC-JP and what "
                    "iconv --list names",
                    encoding);
        return NULL;
    }
    const char *zero = text != NULL ? memchr(text, '\0', written) : NULL;
    const char *bad = NULL;
    if (zero != NULL) {
        g_set_error(error, G_CONVERT_ERROR, G_CONVERT_ERROR_ILLEGAL_SEQUENCE,
                    "this is no text: there is a zero in it; see --encoding");
        return NULL;
    }
    if (text == NULL || !g_utf8_validate(text, (gssize)written, &bad)) {
        fail_at(bytes, size, text == NULL ? read : (gsize)(bad - text), encoding, error);
        return NULL;
    }
    return g_steal_pointer(&text);
}

GPtrArray *
text_input_part(const char *text)
{
    GPtrArray *pages = g_ptr_array_new_with_free_func(g_free);
    for (;;) {
        const char *end = text + strcspn(text, "\f");
        g_ptr_array_add(pages, g_strndup(text, (gsize)(end - text)));
        if (end[0] == '\0' || end[1] == '\0') {
            return pages;
        }
        text = end + 1;
    }
}

/* No more than is read of any text, since devices and pipes do not say how much there is. */
static GByteArray *
read_bytes(FILE *file, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autofree guint8 *buffer = g_malloc(BUFFER_BYTES);
    gsize n;
    while ((n = fread(buffer, 1, BUFFER_BYTES, file)) > 0) {
        g_byte_array_append(bytes, buffer, (guint)n);
        if (bytes->len > TEXT_BYTES_MOST) {
            g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                        "a text of more than %u MiB is not read", TEXT_BYTES_MOST >> 20);
            return NULL;
        }
    }
    if (ferror(file)) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot be read: %s",
                    g_strerror(errno));
        return NULL;
    }
    return g_steal_pointer(&bytes);
}

static GByteArray *
read_file(const char *path, GError **error)
{
    if (strcmp(path, "-") == 0) {
        return read_bytes(stdin, error);
    }
    FILE *file = fopen(path, "rbe");
    if (file == NULL) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot be opened: %s",
                    g_strerror(errno));
        return NULL;
    }
    GByteArray *bytes = read_bytes(file, error);
    fclose(file);
    return bytes;
}

char *
text_input_read(const char *path, const char *encoding, GError **error)
{
    g_autoptr(GByteArray) bytes = read_file(path, error);
    if (bytes == NULL) {
        return NULL;
    }
    char *text = decode(bytes->len > 0 ? (const char *)bytes->data : "", bytes->len,
                        encoding != NULL ? encoding : "UTF-8", error);
    if (text != NULL && g_str_has_prefix(text, BYTE_ORDER_MARK)) {
        memmove(text, text + strlen(BYTE_ORDER_MARK), strlen(text + strlen(BYTE_ORDER_MARK)) + 1);
    }
    return text;
}

int
text_input_exit_code(const GError *error)
{
    return g_error_matches(error, G_CONVERT_ERROR, G_CONVERT_ERROR_NO_CONVERSION) ? EXIT_USAGE
                                                                                  : EXIT_INPUT;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text-input.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "messages.h"

/* More than the text of any report. */
#define TEXT_BYTES_MOST (256u << 20)
#define BUFFER_BYTES (1u << 16)

#define CONTROLS_FIRST 0x80u
#define CONTROLS_LAST 0x9Fu

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

/* The first control character of 0x80 to 0x9F: no text has any, but much of what is Shift_JIS would
 * be EUC-JP with them. NULL: none. */
static const char *
find_control(const char *text)
{
    for (; *text != '\0'; text = g_utf8_find_next_char(text, NULL)) {
        gunichar c = g_utf8_get_char(text);
        if (c >= CONTROLS_FIRST && c <= CONTROLS_LAST) {
            return text;
        }
    }
    return NULL;
}

static gboolean
is_in(const char *bytes, gsize size, const char *encoding)
{
    g_autofree char *text =
        g_convert(bytes, (gssize)size, "UTF-8", encoding_meant(encoding), NULL, NULL, NULL);
    return text != NULL && g_utf8_validate(text, -1, NULL) && find_control(text) == NULL;
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

gboolean
text_input_knows(const char *encoding, GError **error)
{
    GIConv conversion = g_iconv_open("UTF-8", encoding_meant(encoding));
    /* NOLINTNEXTLINE(performance-no-int-to-ptr): as it is defined */
    gboolean known = conversion != (GIConv)-1;
    if (known) {
        g_iconv_close(conversion);
    } else {
        g_set_error(error, G_CONVERT_ERROR, G_CONVERT_ERROR_NO_CONVERSION,
                    "--encoding: there is no '%s'; there are UTF-8, SHIFT_JIS, EUC-JP and what "
                    "iconv --list names",
                    encoding);
    }
    return known;
}

/* How many bytes of the encoding the text before `at` was made of. */
static gsize
bytes_before(const char *text, const char *at, const char *encoding)
{
    gsize n = 0;
    g_free(g_convert(text, at - text, encoding, "UTF-8", NULL, &n, NULL));
    return n;
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
    if (g_error_matches(why, G_CONVERT_ERROR, G_CONVERT_ERROR_NO_CONVERSION) &&
        !text_input_knows(encoding, error)) {
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
    if (read < size) { /* a piece of a character at the end is no error to g_convert() */
        fail_at(bytes, size, size, encoding, error);
        return NULL;
    }
    bad = strcmp(from, "UTF-8") != 0 ? find_control(text) : NULL;
    if (bad != NULL) {
        fail_at(bytes, size, bytes_before(text, bad, from), encoding, error);
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

GBytes *
text_input_bytes(const char *path, GError **error)
{
    GByteArray *bytes = read_file(path, error);
    return bytes != NULL ? g_byte_array_free_to_bytes(bytes) : NULL;
}

char *
text_input_decode(GBytes *bytes, const char *encoding, GError **error)
{
    gsize size = 0;
    const char *data = g_bytes_get_data(bytes, &size);
    char *text = decode(size > 0 ? data : "", size, encoding != NULL ? encoding : "UTF-8", error);
    if (text != NULL && g_str_has_prefix(text, BYTE_ORDER_MARK)) {
        memmove(text, text + strlen(BYTE_ORDER_MARK), strlen(text + strlen(BYTE_ORDER_MARK)) + 1);
    }
    return text;
}

char *
text_input_read(const char *path, const char *encoding, GError **error)
{
    g_autoptr(GBytes) bytes = text_input_bytes(path, error);
    return bytes != NULL ? text_input_decode(bytes, encoding, error) : NULL;
}

int
text_input_exit_code(const GError *error)
{
    return g_error_matches(error, G_CONVERT_ERROR, G_CONVERT_ERROR_NO_CONVERSION) ? EXIT_USAGE
                                                                                  : EXIT_INPUT;
}

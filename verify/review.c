/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>

/* Generated from review/ by glib-compile-resources. */
extern GResource *review_get_resource(void);

/* The pictures of a document, in bytes before they are written in base 64: the file stays below
 * 40 MB with its texts. One picture has so much at most. */
#define ALL_BYTES (26u << 20)
#define PICTURE_MOST (220u << 10)
#define PICTURE_LEAST (24u << 10)
/* Resolutions that are tried, the best that fits is taken; greys of the first, JPEG then. */
static const struct {
    int dpi, levels, quality;
} tries[] = {{120, 16, 0}, {110, 8, 0}, {110, 0, 50}, {100, 0, 35}, {80, 0, 30}, {60, 0, 25}};

/* Where a part goes into the page. */
#define MARK "(?:/\\*|<!--)YOMIJUN:([a-z.]+)(?:\\*/|-->)"

typedef struct {
    goffset at;
    gsize size;
} Kept;

struct Review {
    FILE *file;
    goffset end;
    GArray *kept; /* Kept, by index of page */
};

Review *
review_new(guint pages, GError **error)
{
    g_autoptr(Review) review = g_new0(Review, 1);
    review->kept = g_array_new(FALSE, TRUE, sizeof(Kept));
    g_array_set_size(review->kept, pages);
    review->file = tmpfile();
    if (review->file == NULL) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "temporary file: %s",
                    g_strerror(errno));
        return NULL;
    }
    return g_steal_pointer(&review);
}

void
review_free(Review *review)
{
    if (review != NULL) {
        g_array_unref(review->kept);
        if (review->file != NULL) {
            fclose(review->file);
        }
        g_free(review);
    }
}

void
review_picture(PIX *grey, guint pages, GByteArray *bytes)
{
    gsize most = CLAMP(ALL_BYTES / MAX(pages, 1), PICTURE_LEAST, PICTURE_MOST);
    for (guint i = 0; i < G_N_ELEMENTS(tries); i++) {
        float scale = (float)(tries[i].dpi / (double)RASTER_DPI);
        PIX *small = pixScaleAreaMap(grey, scale, scale);
        PIX *levels = small != NULL && tries[i].levels > 0
                          ? pixThresholdTo4bpp(small, tries[i].levels, TRUE)
                          : NULL;
        l_uint8 *data = NULL;
        size_t size = 0;
        if (levels != NULL) {
            pixWriteMemPng(&data, &size, levels, 0);
        } else if (small != NULL) {
            pixWriteMemJpeg(&data, &size, small, tries[i].quality, 0);
        }
        gboolean last = i + 1 == G_N_ELEMENTS(tries), fits = size > 0 && size <= most;
        if (size > 0 && (fits || last)) {
            g_byte_array_append(bytes, data, (guint)size);
        }
        lept_free(data);
        pixDestroy(&levels);
        pixDestroy(&small);
        if (fits) {
            return;
        }
    }
}

gboolean
review_add(Review *review, guint index, const guint8 *bytes, gsize size, GError **error)
{
    if (fseeko(review->file, review->end, SEEK_SET) != 0 ||
        fwrite(bytes, 1, size, review->file) != size) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "temporary file: %s",
                    g_strerror(errno));
        return FALSE;
    }
    g_array_index(review->kept, Kept, index) = (Kept){review->end, size};
    review->end += (goffset)size;
    return TRUE;
}

/* ---- JSON ---- */

static void
put_string(FILE *out, const char *text)
{
    g_autofree char *valid = text != NULL ? g_utf8_make_valid(text, -1) : NULL;
    if (valid == NULL) {
        fputs("null", out);
        return;
    }
    fputc('"', out);
    for (const char *p = valid; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\') {
            fputc('\\', out);
            fputc(*p, out);
        } else if ((guchar)*p < ' ' || *p == '<') {
            fprintf(out, "\\u%04x", (guchar)*p);
        } else {
            fputc(*p, out);
        }
    }
    fputc('"', out);
}

static void
put_number(FILE *out, double value)
{
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    fputs(g_ascii_formatd(buffer, sizeof buffer, "%.6g", value), out);
}

static void
put_box(FILE *out, Rect box)
{
    char b[4][G_ASCII_DTOSTR_BUF_SIZE];
    const double sides[4] = {box.x0, box.y0, box.x1, box.y1};
    for (guint i = 0; i < 4; i++) {
        g_ascii_formatd(b[i], sizeof b[i], "%.2f", sides[i]);
    }
    fprintf(out, "[%s,%s,%s,%s]", b[0], b[1], b[2], b[3]);
}

static void
put_zone(FILE *out, const Claims *claims, const ZoneVerdict *v)
{
    const ClaimedZone *zone = claims_zone(claims, v->zone);
    const Passage *p = claims_passage(claims, zone->passage);
    fputs("{\"id\":", out);
    put_string(out, zone->id);
    fputs(",\"box\":", out);
    put_box(out, zone->box);
    fprintf(out, ",\"verdict\":\"%s\",\"agreement\":", finding_word(v->verdict));
    put_number(out, v->agreement);
    fprintf(out, ",\"kind\":\"%s\",\"text\":", passage_word(p->kind));
    put_string(out, p->text);
    if (p->table > 0) {
        fprintf(out, ",\"table\":%u,\"row\":%u,\"column\":%u", p->table, p->row, p->column);
    }
    fputc('}', out);
}

/* Findings count characters without white space, the page's text has it: where it is there. */
static int
offset_in_text(const Claims *claims, const Finding *f)
{
    if (f->zone == NO_ZONE || f->at < 0) {
        return -1;
    }
    const char *text = claims_passage(claims, claims_zone(claims, f->zone)->passage)->text;
    int left = f->at, offset = 0;
    for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL), offset++) {
        gboolean blank = g_unichar_isspace(g_utf8_get_char(p));
        if (!blank && left-- == 0) {
            break;
        }
    }
    return offset;
}

static void
put_finding(FILE *out, const Claims *claims, const Finding *f)
{
    fputs("{\"zone\":", out);
    put_string(out, f->zone != NO_ZONE ? claims_zone(claims, f->zone)->id : NULL);
    fputs(",\"box\":", out);
    if (f->placed) {
        put_box(out, f->box);
    } else {
        fputs("null", out);
    }
    fprintf(out, ",\"kind\":\"%s\",\"expected\":", finding_word(f->kind));
    put_string(out, f->expected);
    fputs(",\"seen\":", out);
    put_string(out, f->seen);
    fputs(",\"confidence\":", out);
    put_number(out, f->confidence);
    fprintf(out, ",\"at\":%d,\"looks\":[", offset_in_text(claims, f));
    for (guint i = 0; i < f->looks->len; i++) {
        const Said *said = &g_array_index(f->looks, Said, i);
        fprintf(out, "%s{\"by\":\"%s\",\"says\":", i > 0 ? "," : "", said->by);
        put_string(out, said->says);
        fputs(",\"confidence\":", out);
        put_number(out, said->confidence);
        fputc('}', out);
    }
    fputs("]}", out);
}

static void
put_page(FILE *out, const Review *review, const Claims *claims, const PageVerdict *v)
{
    const ClaimedPage *page = claims_page(claims, v->page);
    fprintf(out, "{\"n\":%u,\"label\":", page->number);
    put_string(out, page->label);
    fputs(",\"width\":", out);
    put_number(out, page->width);
    fputs(",\"height\":", out);
    put_number(out, page->height);
    if (g_array_index(review->kept, Kept, v->page).size > 0) {
        fprintf(out, ",\"picture\":\"picture-%u\",\"picture_box\":", page->number);
        put_box(out, placing_to_page(&v->placing, (Rect){0, 0, v->width, v->height}));
    } else {
        fputs(",\"picture\":null", out);
    }
    fputs(",\"failed\":", out);
    put_string(out, v->failed);
    fputs(",\"agreement\":", out);
    put_number(out, v->agreement);
    fputs(",\"zones\":[", out);
    for (guint i = 0; i < v->zones->len; i++) {
        fputs(i > 0 ? ",\n" : "\n", out);
        put_zone(out, claims, &g_array_index(v->zones, ZoneVerdict, i));
    }
    fputs("],\"findings\":[", out);
    for (guint i = 0; i < v->findings->len; i++) {
        fputs(i > 0 ? ",\n" : "\n", out);
        put_finding(out, claims, &g_array_index(v->findings, Finding, i));
    }
    fputs("]}", out);
}

static void
put_correction(FILE *out, const ClaimedCorrection *c)
{
    fprintf(out, "{\"page\":%u,\"zone\":", c->page);
    put_string(out, c->zone);
    fputs(",\"box\":", out);
    put_box(out, c->box);
    fputs(",\"state\":", out);
    put_string(out, c->state);
    fputs(",\"old\":", out);
    put_string(out, c->old);
    fputs(",\"new\":", out);
    put_string(out, c->new);
    fputc('}', out);
}

static void
put_data(FILE *out, const Review *review, const Claims *claims, const Report *report,
         const ReportFacts *facts)
{
    fputs("<script type=\"application/json\" id=\"data\">{\"version\":1,\"document\":", out);
    put_string(out, facts->document);
    fputs(",\"sha256\":", out);
    put_string(out, claims->sha256);
    fputs(",\"source\":", out);
    put_string(out, facts->source);
    fputs(",\"agreement\":", out);
    put_number(out, report->agreement);
    fprintf(out, ",\"self_check\":%s,\"pages\":[", facts->self_check ? "true" : "false");
    for (guint i = 0; i < report->pages->len; i++) {
        fputs(i > 0 ? ",\n" : "\n", out);
        put_page(out, review, claims, g_ptr_array_index(report->pages, i));
    }
    fputs("],\"corrections\":[", out);
    for (guint i = 0; i < claims->corrections->len; i++) {
        fputs(i > 0 ? ",\n" : "\n", out);
        put_correction(out, claims_correction(claims, i));
    }
    fputs("]}</script>\n", out);
}

/* ---- pictures ---- */

static gboolean
put_pictures(FILE *out, const Review *review, const Claims *claims)
{
    for (guint i = 0; i < review->kept->len; i++) {
        const Kept *kept = &g_array_index(review->kept, Kept, i);
        if (kept->size == 0) {
            continue;
        }
        g_autofree guchar *bytes = g_malloc(kept->size);
        if (fseeko(review->file, kept->at, SEEK_SET) != 0 ||
            fread(bytes, 1, kept->size, review->file) != kept->size) {
            return FALSE;
        }
        g_autofree char *text = g_base64_encode(bytes, kept->size);
        fprintf(out,
                "<script type=\"text/plain\" class=\"picture\" id=\"picture-%u\" "
                "data-type=\"image/%s\">%s</script>\n",
                claims_page(claims, i)->number, bytes[0] == 0xFF ? "jpeg" : "png", text);
    }
    return TRUE;
}

/* ---- the page ---- */

static char *
part_of(const char *name)
{
    g_autofree char *path = g_strconcat("/yomijun/review/", name, NULL);
    g_autoptr(GBytes) bytes =
        g_resource_lookup_data(review_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    g_assert(bytes != NULL);
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);
    return g_strndup(data, size);
}

/* Puts out what a mark of the page stands for: data, pictures, or the file it names. */
static gboolean
put_part(const Review *review, const Claims *claims, const Report *report, const ReportFacts *facts,
         const char *name, FILE *out)
{
    if (strcmp(name, "data") == 0) {
        put_data(out, review, claims, report, facts);
        return TRUE;
    }
    if (strcmp(name, "pictures") == 0) {
        return put_pictures(out, review, claims);
    }
    g_autofree char *part = part_of(name);
    return fputs(part, out) >= 0;
}

gboolean
review_write(Review *review, const Claims *claims, const Report *report, const ReportFacts *facts,
             FILE *out)
{
    g_autofree char *page = part_of("review.html");
    g_autoptr(GRegex) mark = g_regex_new(MARK, 0, 0, NULL);
    g_auto(GStrv) pieces = g_regex_split(mark, page, 0); /* text and names in turn */
    gboolean ok = TRUE;
    for (guint i = 0; pieces[i] != NULL && ok; i++) {
        ok = i % 2 == 0 ? fputs(pieces[i], out) >= 0
                        : put_part(review, claims, report, facts, pieces[i], out);
    }
    return ok && !ferror(out);
}

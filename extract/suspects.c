/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Suspects: see suspects.h. One walk over the glyphs, some counters per font; real text has none of
 * what is looked for, so that a page with a good text layer pays for the walk only.
 *
 * Known failures: names written with the rarest ideographs make their font a suspect, which costs a
 * look at the page; the vote (repairs.h) asks for more than that.
 */
#include "suspects.h"

#include "chars.h"

/* A page is Japanese that has so many kana, and one for so many ideographs. */
#define KANA_LEAST 5u
#define KANA_OF 100u
/* Symbol fonts have their pictures at U+F020 to U+F0FF and U+F8FF; a font with so many different
 * ones writes text with them. */
#define SYMBOLS_MOST 10u
/* If one in so many of a font's characters is odd, none is believed. */
#define WHOLE_OF 10u
/* Latin: so many letters tell what the mean of their frequencies' logarithms is; less than this is
 * no language. English, German and romaji have −2.8 to −2.9, addresses and abbreviations of 75 real
 * documents down to −3.5, all letters alike −3.75, a text moved by 29 places −3.86. */
#define LATIN_LEAST 15u
#define LATIN_LOG_LEAST (-3.55)

typedef struct {
    guint seen;
    guint odd;          /* private and control characters, and other ones than the font's own */
    guint foreign;      /* ideographs that Japanese does not use */
    guint letters;      /* Latin */
    double logs;        /* of their frequencies */
    guint32 symbols[8]; /* a bit for each of U+F000 to U+F0FF */
    gboolean suspect, whole;
} FontCount;

struct Suspects {
    GArray *fonts; /* FontCount, as the page's fonts */
    gboolean japanese;
};

/* In a thousand letters of English, romaji and German together (Lewand, Cryptological Mathematics,
 * 2000, for English), a to z. */
static const guint8 frequencies[26] = {95, 16, 25, 40, 120, 18, 24, 50, 80, 3,  25, 36, 27,
                                       75, 75, 16, 2,  62,  65, 85, 45, 9,  17, 2,  20, 8};

/* Letters of scripts that are not set among Japanese: Armenian to Mongolian, but for the Hangul in
 * between, and Yi to Meetei Mayek. */
static gboolean
is_far(guint32 c)
{
    return (c >= 0x0530 && c < 0x1C90 && !char_is_hangul(c)) ||
           (c >= 0xA000 && c < 0xAC00 && !char_is_hangul(c) && !(c >= 0xA960 && c < 0xA980));
}

static gboolean
is_private(guint32 c)
{
    gboolean symbol = (c >= 0xF000 && c <= 0xF0FF) || c == 0xF8FF;
    return (c >= 0xE000 && c <= 0xF8FF && !symbol) || c >= 0xF0000;
}

static gboolean
is_control(guint32 c)
{
    return (c < 0x20 && c != 0) || (c >= 0x7F && c < 0xA0) || (c & 0xFFFE) == 0xFFFE || c == 0xFFFD;
}

static void
count_glyph(FontCount *font, const Glyph *g)
{
    font->seen++;
    guint32 c = g->unicode, lower = c | 0x20;
    if ((g->flags & GLYPH_CONTRADICTED) != 0) {
        font->odd++;
    } else if (lower >= 'a' && lower <= 'z' && c < 0x80) {
        font->letters++;
        font->logs += log(frequencies[lower - 'a'] / 1040.0);
    } else if (is_control(c) || is_private(c)) {
        font->odd++;
    } else if (c >= 0xF000 && c <= 0xF0FF) {
        font->symbols[(c & 0xFF) / 32] |= 1u << c % 32;
    } else if (is_far(c) || (c >= 0x3400 && c <= 0x9FFF && char_kanji_use(c) == KANJI_FOREIGN)) {
        font->foreign++;
    }
}

static void
font_decide(FontCount *font, gboolean japanese)
{
    guint symbols = 0;
    for (guint i = 0; i < G_N_ELEMENTS(font->symbols); i++) {
        symbols += (guint)__builtin_popcount(font->symbols[i]);
    }
    guint odd = font->odd + (japanese ? font->foreign : 0);
    gboolean latin = font->letters >= LATIN_LEAST && font->letters * 2 > font->seen &&
                     font->logs / font->letters < LATIN_LOG_LEAST;
    font->suspect = odd > 0 || symbols >= SYMBOLS_MOST || latin;
    font->whole = symbols >= SYMBOLS_MOST || latin || odd * WHOLE_OF >= font->seen;
}

static gboolean
is_looked_at(const Glyph *g)
{
    return g->hidden == HIDDEN_NOT && g->unicode != 0 && g->origin == ORIGIN_TEXT_LAYER &&
           !glyph_is_blank(g) && (g->flags & (GLYPH_PART | GLYPH_ACTUAL)) == 0;
}

Suspects *
suspects_find(const Page *page)
{
    g_autoptr(Suspects) suspects = g_new0(Suspects, 1);
    suspects->fonts = g_array_new(FALSE, TRUE, sizeof(FontCount));
    g_array_set_size(suspects->fonts, page->fonts->len);
    guint kana = 0, kanji = 0, found = 0;
    for (guint i = 0; i < page->glyphs->len; i++) {
        const Glyph *g = page_glyph(page, i);
        if (is_looked_at(g)) {
            guint16 font = page_glyph_style(page, g)->font;
            count_glyph(&g_array_index(suspects->fonts, FontCount, font), g);
            kana += g->unicode >= 0x3041 && g->unicode <= 0x30FF;
            kanji += g->unicode >= 0x3400 && g->unicode <= 0x9FFF;
        }
    }
    suspects->japanese = kana >= KANA_LEAST && kana * KANA_OF >= kanji;
    for (guint i = 0; i < suspects->fonts->len; i++) {
        FontCount *font = &g_array_index(suspects->fonts, FontCount, i);
        font_decide(font, suspects->japanese);
        found += font->suspect;
    }
    return found > 0 ? g_steal_pointer(&suspects) : NULL;
}

void
suspects_free(Suspects *suspects)
{
    if (suspects != NULL) {
        g_array_unref(suspects->fonts);
        g_free(suspects);
    }
}

static const FontCount *
count_of(const Suspects *suspects, const Page *page, const Glyph *glyph)
{
    guint16 font = page_glyph_style(page, glyph)->font;
    return font < suspects->fonts->len ? &g_array_index(suspects->fonts, FontCount, font) : NULL;
}

gboolean
suspects_font(const Suspects *suspects, const Page *page, const Glyph *glyph)
{
    const FontCount *font = count_of(suspects, page, glyph);
    guint32 c = glyph->unicode;
    gboolean known = suspects->japanese || c < 0x1100 || is_private(c) || is_control(c);
    return font != NULL && font->suspect && known && is_looked_at(glyph);
}

gboolean
suspects_glyph(const Suspects *suspects, const Page *page, const Glyph *glyph)
{
    const FontCount *font = count_of(suspects, page, glyph);
    guint32 c = glyph->unicode;
    if (font == NULL || !suspects_font(suspects, page, glyph)) {
        return FALSE;
    }
    return font->whole || (glyph->flags & GLYPH_CONTRADICTED) != 0 || is_control(c) ||
           is_private(c) || is_far(c) ||
           (c >= 0x3400 && c <= 0x9FFF && char_kanji_use(c) != KANJI_COMMON);
}

void
suspects_notice(const Suspects *suspects, Page *page)
{
    for (guint f = 0; f < suspects->fonts->len; f++) {
        const FontCount *font = &g_array_index(suspects->fonts, FontCount, f);
        Rect around = rect_none();
        guint n = 0;
        for (guint i = 0; font->suspect && i < page->glyphs->len; i++) {
            const Glyph *g = page_glyph(page, i);
            if (page_glyph_style(page, g)->font == f && suspects_glyph(suspects, page, g)) {
                around = rect_union(around, glyph_rect(g));
                n++;
            }
        }
        if (n > 0) {
            g_autofree char *text = g_strdup_printf("%s says characters that no such text has",
                                                    (char *)g_ptr_array_index(page->fonts, f));
            page_notice(page, "suspect-font", &around, n, text);
        }
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pixel-runs.h"

#include <string.h>

#include "raster.h"

/* So many columns are looked at together: with all their rows they fit into the processor's cache.
 */
#define STRIP 64

/* ---- ink ---- */

/* Each pixel becomes what it and the run - 1 after it have in common or, `grow`, what it and those
 * before it have together; beyond the edges is white. */
static gboolean
sweep(PIX *ink, int run, gboolean upright, gboolean grow)
{
    int w = pixGetWidth(ink), h = pixGetHeight(ink);
    for (int have = 1, step; have < run; have += step) {
        step = MIN(have, run - have);
        int x = upright ? 0 : MIN(step, w), y = upright ? MIN(step, h) : 0;
        g_autoptr(PIX) before = pixCopy(NULL, ink);
        if (before == NULL) {
            return FALSE;
        }
        if (grow) {
            pixRasterop(ink, x, y, w - x, h - y, PIX_PAINT, before, 0, 0);
            continue;
        }
        pixRasterop(ink, 0, 0, w - x, h - y, PIX_MASK, before, x, y);
        pixRasterop(ink, upright ? 0 : w - x, upright ? h - y : 0, upright ? w : x, upright ? y : h,
                    PIX_CLR, NULL, 0, 0);
    }
    return TRUE;
}

static gboolean
sweep_brick(PIX *ink, int width, int height, gboolean grow)
{
    return sweep(ink, width, FALSE, grow) && sweep(ink, height, TRUE, grow);
}

PIX *
runs_open(PIX *ink, int width, int height)
{
    g_autoptr(PIX) open = pixCopy(NULL, ink);
    return open != NULL && sweep_brick(open, width, height, FALSE) &&
                   sweep_brick(open, width, height, TRUE)
               ? g_steal_pointer(&open)
               : NULL;
}

PIX *
runs_close(PIX *ink, int width, int height)
{
    int across = width > 1 ? (width + 31) / 32 * 32 : 0; /* whole words: as fast as no border */
    g_autoptr(PIX) whole = pixAddBorderGeneral(ink, across, across, height, height, 0);
    return whole != NULL && sweep_brick(whole, width, height, TRUE) &&
                   sweep_brick(whole, width, height, FALSE)
               ? pixRemoveBorderGeneral(whole, across, across, height, height)
               : NULL;
}

/* ---- grey ---- */

/* `n` values, each the darkest (or lightest) of itself and the run - 1 that are `apart`, 2 apart, …
 * behind it, of which there are so many more. Two buffers: the result is in the one returned. */
static guint8 *
extremes(guint8 *values, guint8 *spare, gsize n, int run, gsize apart, gboolean lightest)
{
    gsize all = n + (gsize)(run - 1) * apart;
    for (int have = 1, step; have < run; have += step) {
        step = MIN(have, run - have);
        const guint8 *restrict from = values, *restrict after = values + (gsize)step * apart;
        guint8 *restrict to = spare;
        all -= (gsize)step * apart;
        if (lightest) {
            for (gsize i = 0; i < all; i++) {
                to[i] = MAX(from[i], after[i]);
            }
        } else {
            for (gsize i = 0; i < all; i++) {
                to[i] = MIN(from[i], after[i]);
            }
        }
        spare = values;
        values = to;
    }
    return values;
}

/* A strip of whole columns, or one row, and the room to work on it. */
typedef struct {
    gsize n, apart,
        end; /* all its pixels; from one of a run to the next; what is put at each end */
    int window;
    guint8 *grey, *one, *other;
} Strip;

static void
strip_init(Strip *strip, gsize n, gsize apart, int window)
{
    *strip = (Strip){n, apart, (gsize)(window / 2) * apart, window, NULL, NULL, NULL};
    strip->grey = g_new0(guint8, n + 3);
    strip->one = g_new0(guint8, n + 2 * strip->end);
    strip->other = g_new0(guint8, n + 2 * strip->end);
}

static void
strip_clear(Strip *strip)
{
    g_free(strip->grey);
    g_free(strip->one);
    g_free(strip->other);
}

/* Puts `values` between two ends that decide nothing. */
static void
strip_fill(const Strip *strip, guint8 *room, const guint8 *values, int end)
{
    memmove(room + strip->end, values, strip->n);
    memset(room, end, strip->end);
    memset(room + strip->end + strip->n, end, strip->end);
}

/* What stands on both sides of each pixel of the strip: the darkest of the lightest. */
static const guint8 *
strip_sides(const Strip *strip)
{
    strip_fill(strip, strip->one, strip->grey, 0);
    guint8 *light = extremes(strip->one, strip->other, strip->n, strip->window, strip->apart, TRUE);
    guint8 *spare = light == strip->one ? strip->other : strip->one;
    strip_fill(strip, light, light, 255);
    return extremes(light, spare, strip->n, strip->window, strip->apart, FALSE);
}

/* Pixels of a row, so many from column `x` on: in the order of columns, as leptonica has them
 * within its words. `to` has room for whole words. */
static void
row_take(PIX *grey, int y, int x, gsize n, guint8 *to)
{
    const l_uint32 *words = pixGetData(grey) + (gsize)y * (gsize)pixGetWpl(grey) + x / 4;
    for (gsize i = 0; i < n; i += 4) {
        guint32 word = GUINT32_TO_BE(words[i / 4]);
        memcpy(to + i, &word, 4);
    }
}

/* Sets the pixels of a row of `lines`, from column `x` on, whose sides are so much lighter. */
static void
row_mark(PIX *lines, int y, int x, const guint8 *grey, const guint8 *sides, gsize n, int contrast)
{
    l_uint32 *row = pixGetData(lines) + (gsize)y * (gsize)pixGetWpl(lines);
    for (gsize from = 0; from < n; from += STRIP) {
        gsize to = MIN(from + STRIP, n);
        guint8 most = 0; /* rarely enough */
        for (gsize i = from; i < to; i++) {
            guint8 by = (guint8)(sides[i] - grey[i]);
            most = MAX(most, by);
        }
        for (gsize i = from; i < to && most >= contrast; i++) {
            if (sides[i] - grey[i] >= contrast) {
                SET_DATA_BIT(row, x + (int)i);
            }
        }
    }
}

/* The picture row by row. */
static void
mark_upright(PIX *grey, int window, int contrast, PIX *lines)
{
    gsize w = (gsize)pixGetWidth(grey);
    Strip strip;
    strip_init(&strip, w, 1, window);
    for (int y = 0; y < pixGetHeight(grey); y++) {
        row_take(grey, y, 0, w, strip.grey);
        row_mark(lines, y, 0, strip.grey, strip_sides(&strip), w, contrast);
    }
    strip_clear(&strip);
}

/* The picture by strips of columns. */
static void
mark_level(PIX *grey, int window, int contrast, PIX *lines)
{
    int w = pixGetWidth(grey), h = pixGetHeight(grey);
    Strip strip;
    strip_init(&strip, (gsize)h * STRIP, STRIP, window);
    for (int x = 0; x < w; x += STRIP) {
        gsize n = (gsize)MIN(STRIP, w - x);
        for (int y = 0; y < h; y++) {
            row_take(grey, y, x, n, strip.grey + (gsize)y * STRIP);
        }
        const guint8 *sides = strip_sides(&strip);
        for (int y = 0; y < h; y++) {
            gsize at = (gsize)y * STRIP;
            row_mark(lines, y, x, strip.grey + at, sides + at, n, contrast);
        }
    }
    strip_clear(&strip);
}

PIX *
runs_darker(PIX *grey, int window, gboolean upright, int contrast)
{
    PIX *lines = pixCreate(pixGetWidth(grey), pixGetHeight(grey), 1);
    if (lines != NULL && upright) {
        mark_upright(grey, window, contrast, lines);
    } else if (lines != NULL) {
        mark_level(grey, window, contrast, lines);
    }
    return lines;
}

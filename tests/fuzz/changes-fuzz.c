/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two documents to the changes between them: without what is marked, the one reads as the other,
 * both ways round. The bytes are a little program that writes the old document, and the new one
 * with edits: texts changed, elements dropped, doubled, put elsewhere, made something else.
 */
#include "changes.h"
#include "fuzz.h"

#include <string.h>

#define BLOCKS_MOST 40

static const char *const words[] = {"施策の計画",
                                    "項目",
                                    "（１）",
                                    "第１章　総論",
                                    "1.1",
                                    "1,284",
                                    "点検票を配布する。",
                                    "目標。",
                                    "120",
                                    "reading order",
                                    "⺠は",
                                    "Ｗｅｂ",
                                    "表１　年次",
                                    "（続き）",
                                    " ",
                                    "ー"};

/* A paragraph or more, of the words that a byte says. */
static void
put_text(GString *body, GString *zones, guint *zone, Bytes *bytes)
{
    guint choice = byte_next(bytes);
    ++*zone;
    g_string_append_printf(zones,
                           "<zone id=\"z%u\" page=\"1\" box=\"%u %u %u %u\" origin=\"text-layer\" "
                           "confidence=\"1\"/>",
                           *zone, choice, 20 * *zone, 300 + choice, 20 * *zone + 10);
    g_string_append_printf(body, "<p zones=\"z%u\">", *zone);
    for (guint i = 0; i <= choice % 5; i++) {
        g_string_append(body, words[(choice / 5 + i * (1 + choice / 64)) % G_N_ELEMENTS(words)]);
    }
    g_string_append(body, "</p>");
}

static void
put_table(GString *body, GString *zones, guint *zone, Bytes *bytes)
{
    guint shape = byte_next(bytes), columns = 1 + shape % 3, rows = 1 + shape / 3 % 4;
    g_string_append_printf(body, "<table columns=\"%u\">", columns);
    for (guint r = 0; r < rows; r++) {
        g_string_append(body, "<row>");
        for (guint c = 1; c <= columns; c++) {
            g_string_append_printf(body, "<cell column=\"%u\"%s>", c,
                                   r == 0 && shape & 64 ? " header=\"column\"" : "");
            if (byte_next(bytes) % 4 > 0) {
                put_text(body, zones, zone, bytes);
            }
            g_string_append(body, "</cell>");
        }
        g_string_append(body, "</row>");
    }
    g_string_append(body, "</table>");
}

static void
put_block(GString *body, GString *zones, guint *zone, Bytes *bytes)
{
    static const char *const kinds[] = {"note", "caption", "list"};
    guint kind = byte_next(bytes) % 8;
    if (kind == 0) {
        put_table(body, zones, zone, bytes);
    } else if (kind <= G_N_ELEMENTS(kinds)) {
        gboolean list = strcmp(kinds[kind - 1], "list") == 0;
        g_string_append_printf(body, "<%s>%s", kinds[kind - 1], list ? "<item>" : "");
        put_text(body, zones, zone, bytes);
        g_string_append_printf(body, "%s</%s>", list ? "</item>" : "", kinds[kind - 1]);
    } else {
        put_text(body, zones, zone, bytes);
    }
}

typedef struct {
    guint8 program[8]; /* what a block is written by */
} Block;

static Claims *
write_blocks(const GArray *blocks)
{
    g_autoptr(GString) body = g_string_new(NULL), zones = g_string_new(NULL);
    guint zone = 0;
    for (guint i = 0; i < blocks->len; i++) {
        const Block *block = &g_array_index(blocks, Block, i);
        Bytes bytes = {block->program, block->program + sizeof block->program};
        put_block(body, zones, &zone, &bytes);
    }
    g_autofree char *text = g_strdup_printf(
        "<document xmlns=\"urn:yomijun:document:1\"><pages><page n=\"1\" width=\"595\" "
        "height=\"842\">%s</page></pages><body>%s</body></document>",
        zones->str, body->str);
    Claims *claims = claims_parse(text, strlen(text), NULL);
    g_assert_nonnull(claims);
    return claims;
}

static void
edit(GArray *blocks, Bytes *bytes)
{
    guint how = byte_next(bytes);
    if (blocks->len == 0) {
        return;
    }
    guint at = byte_next(bytes) % blocks->len, other = byte_next(bytes) % blocks->len;
    Block block = g_array_index(blocks, Block, at);
    switch (how % 4) {
    case 0:
        g_array_index(blocks, Block, at).program[how / 4 % 8] = (guint8)byte_next(bytes);
        break;
    case 1:
        g_array_remove_index(blocks, at);
        break;
    case 2:
        g_array_insert_val(blocks, other, block);
        break;
    default:
        g_array_remove_index(blocks, at);
        g_array_insert_val(blocks, MIN(other, blocks->len), block);
        break;
    }
}

/* ---- the law ---- */

/* The text without what the spots of one side mark, and without white space. */
static char *
unmarked(const Claims *claims, const Changes *changes, gboolean is_old)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < claims->passages->len; i++) {
        const Passage *passage = claims_passage(claims, i);
        glong n = 0;
        g_autofree gunichar *chars = g_utf8_to_ucs4_fast(passage->text, -1, &n);
        g_autofree guint8 *marked = g_new0(guint8, n + 1);
        for (guint k = 0; k < changes->list->len; k++) {
            const DocChange *change = changes_change(changes, k);
            const GArray *spots = is_old ? change->old : change->new;
            for (guint m = 0; m < spots->len; m++) {
                const Spot *spot = &g_array_index(spots, Spot, m);
                g_assert_true(spot->passage < claims->passages->len && spot->from <= spot->to);
                g_assert_true(spot->passage != i || spot->to <= n);
                for (guint c = spot->from; spot->passage == i && c < spot->to; c++) {
                    marked[c] = TRUE;
                }
            }
        }
        for (glong c = 0; c < n; c++) {
            if (!marked[c] && !g_unichar_isspace(chars[c])) {
                g_string_append_unichar(text, chars[c]);
            }
        }
    }
    return g_string_free(text, FALSE);
}

static void
check(const Claims *old, const Claims *new)
{
    g_autoptr(Changes) changes = changes_find(old, new);
    g_autofree char *before = unmarked(old, changes, TRUE);
    g_autofree char *after = unmarked(new, changes, FALSE);
    g_assert_cmpstr(before, ==, after);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    Bytes bytes = {data, data + size};
    g_autoptr(GArray) blocks = g_array_new(FALSE, TRUE, sizeof(Block));
    guint n = byte_next(&bytes) % BLOCKS_MOST, edits = byte_next(&bytes) % 8;
    for (guint i = 0; i < n && bytes.at < bytes.end; i++) {
        Block block;
        for (guint k = 0; k < sizeof block.program; k++) {
            block.program[k] = (guint8)byte_next(&bytes);
        }
        g_array_append_val(blocks, block);
    }
    g_autoptr(Claims) old = write_blocks(blocks);
    for (guint i = 0; i < edits; i++) {
        edit(blocks, &bytes);
    }
    g_autoptr(Claims) new = write_blocks(blocks);
    check(old, new);
    check(new, old);
    g_autoptr(Changes) none = changes_find(old, old);
    g_assert_cmpuint(none->list->len, ==, 0);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What makes a reading of mixed columns better afterwards: exchanges of cells, ways that are kept
 * in any case, names set wide apart. */
#include <string.h>

#include "interleaved.h"
#include "text-apart.h"
#include "text-swaps.h"

/* Knows what is in a text, and nothing else. */
static double
knows_text(const void *self, const guint32 *left, guint n_left, const guint32 *right, guint n_right)
{
    guint l = MIN(n_left, 2), r = MIN(n_right, 2);
    if (l == 0 || r == 0) {
        return 0;
    }
    gunichar both[4];
    memcpy(both, left + n_left - l, l * sizeof *both);
    memcpy(both + l, right, r * sizeof *both);
    g_autofree char *over = g_ucs4_to_utf8(both, l + r, NULL, NULL, NULL);
    return strstr(self, over) != NULL ? 3 : -3;
}

/* ---- names set wide apart ---- */

static const TextColumns names = {2, {5, 20}, FALSE, FALSE};

/* Lines of one character each into the column of names, of the given rows; loose if negative. */
static TextReading *
names_reading(const TextPage *page, const gint32 *rows)
{
    TextReading *reading = g_new0(TextReading, 1);
    reading->placements = g_array_new(FALSE, TRUE, sizeof(TextPlacement));
    for (guint32 i = 0; i < page->lines->len; i++) {
        const TextLine *line = &g_array_index(page->lines, TextLine, i);
        const TextPlacement it = {.line = i,
                                  .from = line->from,
                                  .to = line->to,
                                  .row = ABS(rows[i]),
                                  .is_loose = rows[i] < 0,
                                  .place = i,
                                  .after = -1,
                                  .confidence = 1};
        g_array_append_val(reading->placements, it);
        for (gint32 k = (gint32)i; rows[i] >= 0 && k-- > 0;) {
            if (rows[k] == rows[i]) {
                g_array_index(reading->placements, TextPlacement, i).after = k;
                break;
            }
        }
    }
    return reading;
}

/* The names of a row, as they are read. */
static char *
name_of(const TextPage *page, const TextReading *reading, gint32 row)
{
    GString *name = g_string_new(NULL);
    for (guint32 place = 0; place < reading->placements->len; place++) {
        for (guint i = 0; i < reading->placements->len; i++) {
            const TextPlacement *it = &g_array_index(reading->placements, TextPlacement, i);
            if (it->row == row && it->place == place) {
                g_string_append_unichar(name, *text_page_chars(page, it->from));
            }
        }
    }
    return g_string_free(name, FALSE);
}

/* These lines in these rows come out as the names of rows 1 and 2. */
static void
check_names(const char *lines, const gint32 *rows, const char *known, const char *first,
            const char *second)
{
    const JoinJudge judge = {knows_text, known};
    g_autoptr(TextPage) page = text_page_new(1, g_strdup(lines));
    g_autoptr(TextReading) reading = names_reading(page, rows);
    text_apart_settle(page, &judge, &names, reading);
    g_autofree char *one = name_of(page, reading, 1), *two = name_of(page, reading, 2);
    g_assert_cmpstr(one, ==, first);
    g_assert_cmpstr(two, ==, second);
}

static void
test_loose_characters_go_to_their_names(void)
{
    const gint32 rows[] = {1, 1, 2, 2, -2, -2};
    check_names("法\n局\n河\n局\n務\n川", rows, "法務局、河川局", "法務局", "河川局");
}

static void
test_a_character_that_fits_no_name_stays(void)
{
    const gint32 rows[] = {1, 1, 1, -2};
    check_names("法\n務\n局\n山", rows, "法務局、河川局", "法務局", "山");
}

static void
test_a_cell_of_two_names_is_left_alone(void)
{
    const JoinJudge judge = {knows_text, "法務局、河川局"};
    g_autoptr(TextPage) page = text_page_new(1, g_strdup("法\n局\n川\n務"));
    const gint32 rows[] = {1, 1, 1, -1};
    g_autoptr(TextReading) reading = names_reading(page, rows);
    g_array_index(reading->placements, TextPlacement, 2).after = -1;
    text_apart_settle(page, &judge, &names, reading);
    for (guint32 i = 0; i < 4; i++) {
        g_assert_cmpuint(g_array_index(reading->placements, TextPlacement, i).place, ==, i);
    }
}

static void
test_characters_of_a_name_come_in_order(void)
{
    const gint32 rows[] = {1, 1, 1, 1, 1};
    check_names("公\n共\n課\n交\n通", rows, "公共交通課", "公共交通課", "");
}

/* ---- ways that are made better, and kept ---- */

static const TextColumns equal = {2, {10, 10}, FALSE, FALSE};
static const char left[] = "水道管の点検について古い管から順に調べて直していく。";
static const char right[] = "補助を受けた市町村は四十二となり費用も足りている。";

/* Both texts in lines of ten characters, in turn. */
static char *
in_turn(void)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < 3; i++) {
        for (guint side = 0; side < 2; side++) {
            const char *from = g_utf8_offset_to_pointer(side == 0 ? left : right, 10 * (glong)i);
            const char *end = from;
            for (guint k = 0; k < 10 && *end != '\0'; k++) {
                end = g_utf8_next_char(end);
            }
            g_string_append_len(text, from, end - from);
            g_string_append_c(text, i == 0 && side == 0 ? ' ' : '\n');
        }
    }
    return g_string_free(text, FALSE);
}

typedef struct {
    char *known;
    JoinJudge judge;
    TextPage *page;
    TextPieces *pieces;
} Mixed;

static void
mixed_init(Mixed *m)
{
    m->known = g_strconcat(left, right, NULL);
    m->judge = (JoinJudge){knows_text, m->known};
    m->page = text_page_new(1, in_turn());
    m->pieces = text_pieces_new(m->page, &m->judge);
}

static void
mixed_clear(Mixed *m)
{
    text_pieces_free(m->pieces);
    text_page_free(m->page);
    g_free(m->known);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Mixed, mixed_clear)

static guint8
column_at(const GArray *steps, guint i)
{
    return g_array_index(steps, TextStep, i).column[0];
}

/* From this step on, left is right. */
static GArray *
exchanged(GArray *steps, guint from)
{
    GArray *other = g_array_copy(steps);
    for (guint i = from; i < other->len; i++) {
        TextStep *step = &g_array_index(other, TextStep, i);
        step->column[0] = 1 - step->column[0];
    }
    return other;
}

static void
test_cells_that_were_exchanged_come_back(void)
{
    g_auto(Mixed) m;
    mixed_init(&m);
    g_autoptr(TextReading) best = interleaved_read(m.pieces, &equal, &(ReadOptions){.beam = 100});
    const StepCosts costs = step_costs(m.pieces, &equal, NULL);
    for (guint from = 1; from < best->steps->len; from++) {
        g_autoptr(GArray) steps = exchanged(best->steps, from);
        text_swaps_improve(&costs, steps);
        for (guint i = 0; i < steps->len; i++) {
            g_assert_cmpuint(column_at(steps, i), ==, column_at(best->steps, i));
        }
    }
}

static void
test_a_way_that_guides_is_kept(void)
{
    g_auto(Mixed) m;
    mixed_init(&m);
    g_autoptr(TextReading) best = interleaved_read(m.pieces, &equal, &(ReadOptions){.beam = 100});
    const ReadOptions guided = {.beam = 1, .guide = best->steps};
    g_autoptr(TextReading) narrow = interleaved_read(m.pieces, &equal, &(ReadOptions){.beam = 1});
    g_autoptr(TextReading) kept = interleaved_read(m.pieces, &equal, &guided);
    g_assert_cmpfloat(kept->score, >, best->score - 1e-6);
    g_assert_cmpfloat(kept->score, >=, narrow->score);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text-apart/loose characters go to their names",
                    test_loose_characters_go_to_their_names);
    g_test_add_func("/text-apart/a character that fits no name stays",
                    test_a_character_that_fits_no_name_stays);
    g_test_add_func("/text-apart/a cell of two names is left alone",
                    test_a_cell_of_two_names_is_left_alone);
    g_test_add_func("/text-apart/characters of a name come in order",
                    test_characters_of_a_name_come_in_order);
    g_test_add_func("/text-swaps/cells that were exchanged come back",
                    test_cells_that_were_exchanged_come_back);
    g_test_add_func("/text-swaps/a way that guides is kept", test_a_way_that_guides_is_kept);
    return g_test_run();
}

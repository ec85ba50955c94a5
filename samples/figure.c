/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "figure.h"

#include <math.h>

/* Points. */
static const double FIGURE_HEIGHT = 150.0; /* with its labels */
static const double FIGURE_WIDTH = 360.0;
static const double LABEL_SIZE = 8.0;
static const double LABEL_HEIGHT = 12.0;
static const double AXIS_ROOM = 40.0; /* left of the axis, for the ticks' numbers */
static const double SPACE = 8.0;      /* above and below */
enum { N_TICKS = 4 };
static const double BAR_GREY = 0.6;

typedef struct {
    double x0, x1; /* of the axis */
    double top, bottom;
    double step; /* between ticks, in the bars' unit */
} Chart;

static void
label_place(Flow *flow, const char *text, double x, double width, double baseline, Align align)
{
    TextStyle style = {FACE_TEXT, LABEL_SIZE, align, 0.0, 0.0};
    g_autoptr(Paragraph) paragraph = paragraph_new(flow->fonts, &style, text, width);
    Spot spot = {x, baseline, RANK_BODY, flow->block, 0};

    paragraph_place_line(paragraph, 0, flow->page, &spot);
    truth_add_text(flow->truth, NULL, text);
}

/* 1, 2 or 5 times a power of ten, so that N_TICKS of it reach the highest bar. */
static double
tick_step(const Figure *figure)
{
    double highest = 1.0;

    for (guint i = 0; i < figure->bars->len; i++)
        highest = MAX(highest, g_array_index(figure->bars, Bar, i).value);
    double power = pow(10.0, floor(log10(highest / N_TICKS)));
    double ratio = highest / N_TICKS / power;

    return power * (ratio <= 1.0 ? 1.0 : ratio <= 2.0 ? 2.0 : ratio <= 5.0 ? 5.0 : 10.0);
}

static double
chart_y(const Chart *chart, double value)
{
    return chart->bottom - (chart->bottom - chart->top) * value / (chart->step * N_TICKS);
}

static void
axes_place(Flow *flow, const Chart *chart)
{
    Rule upright = {chart->x0, chart->top, chart->x0, chart->bottom, RULE_DRAWING};
    Rule level = {chart->x0, chart->bottom, chart->x1, chart->bottom, RULE_DRAWING};

    page_add_rule(flow->page, upright, FALSE);
    page_add_rule(flow->page, level, FALSE);
    for (int i = N_TICKS; i >= 0; i--) {
        double y = chart_y(chart, i * chart->step);
        Rule tick = {chart->x0 - 3.0, y, chart->x0, y, RULE_DRAWING};
        g_autofree char *number = g_strdup_printf("%.0f", i * chart->step);

        page_add_rule(flow->page, tick, FALSE);
        label_place(flow, number, chart->x0 - AXIS_ROOM, AXIS_ROOM - 6.0, y + LABEL_SIZE / 3.0,
                    ALIGN_END);
    }
}

static void
bars_place(Flow *flow, const Figure *figure, const Chart *chart)
{
    double slot = (chart->x1 - chart->x0) / MAX(figure->bars->len, 1);

    for (guint i = 0; i < figure->bars->len; i++) {
        const Bar *bar = &g_array_index(figure->bars, Bar, i);
        double x = chart->x0 + i * slot;
        double y = chart_y(chart, bar->value);
        Fill fill = {x + slot / 4.0, y, slot / 2.0, chart->bottom - y, BAR_GREY};
        g_autofree char *number = g_strdup_printf("%.0f", bar->value);

        page_add_fill(flow->page, fill);
        label_place(flow, number, x, slot, y - 3.0, ALIGN_CENTER);
    }
    for (guint i = 0; i < figure->bars->len; i++)
        label_place(flow, g_array_index(figure->bars, Bar, i).label, chart->x0 + i * slot, slot,
                    chart->bottom + LABEL_HEIGHT, ALIGN_CENTER);
}

void
figure_set(Flow *flow, const Figure *figure)
{
    double middle = (flow->left + flow->right) / 2.0;

    flow_require(flow, FIGURE_HEIGHT + 4.0 * SPACE + LABEL_HEIGHT);
    double top = flow->y + SPACE;
    Chart chart = {middle - FIGURE_WIDTH / 2.0 + AXIS_ROOM, middle + FIGURE_WIDTH / 2.0,
                   top + 2.0 * LABEL_HEIGHT, top + FIGURE_HEIGHT - LABEL_HEIGHT - 4.0,
                   tick_step(figure)};

    truth_open(flow->truth, NULL, '{');
    truth_add_text(flow->truth, "type", "figure");
    truth_add_number(flow->truth, "page", flow->number);
    truth_open(flow->truth, "texts", '[');
    if (figure->unit)
        label_place(flow, figure->unit, chart.x0 - AXIS_ROOM, 2.0 * AXIS_ROOM, top + LABEL_SIZE,
                    ALIGN_START);
    axes_place(flow, &chart);
    bars_place(flow, figure, &chart);
    truth_close(flow->truth);
    truth_close(flow->truth);
    flow->y = top + FIGURE_HEIGHT + SPACE;
}

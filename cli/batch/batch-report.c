/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "batch-report.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "messages.h"

/* So many of the slowest are named. */
#define SLOWEST 10u
/* So many different reasons of its pages are told of a document. */
#define REASONS_MOST 4u
/* Microseconds between two drawings of the bar. */
#define INTERVAL 200000
#define WIDTH 24u
#define COLUMNS_USUAL 80
/* To a terminal: what is right of here goes away. */
#define ERASE "\033[K"
/* What a document is worth beside its bytes when the time left is told. */
#define WORK_LEAST 20000u
/* Seconds from which that is told in minutes, in hours. */
#define MINUTES_FROM 180
#define HOURS_FROM 7200

typedef struct {
    char *path;
    double seconds;
    Outcome outcome;
    char *reason; /* of what failed */
} Line;

struct BatchReport {
    guint planned, done, counts[N_OUTCOMES];
    guint copied, touched;
    guint64 work_planned, work_done;
    gboolean bar;
    gint64 started, drawn;
    GArray *slowest;  /* Line: the slowest first */
    GArray *failed;   /* Line: in the order of their end */
    GPtrArray *unfit; /* char *: corrections that were not put in */
    FILE *log;
    int log_error; /* why a line could not be written, or 0 */
};

static void
line_clear(gpointer data)
{
    Line *l = data;
    g_free(l->path);
    g_free(l->reason);
}

/* How much there is to do to a document, as far as can be told before. */
static guint64
work_of(const PlanItem *item)
{
    return WORK_LEAST + (guint64)MAX(item->document->stamp.size, 0);
}

BatchReport *
batch_report_new(const Plan *plan, gboolean quiet, const char *log, GError **error)
{
    g_autoptr(BatchReport) r = g_new0(BatchReport, 1);
    r->planned = plan->items->len;
    for (guint i = 0; i < plan->items->len; i++) {
        r->work_planned += work_of(&g_array_index(plan->items, PlanItem, i));
    }
    r->bar = !quiet && isatty(STDERR_FILENO);
    r->started = g_get_monotonic_time();
    r->slowest = g_array_new(FALSE, FALSE, sizeof(Line));
    r->failed = g_array_new(FALSE, FALSE, sizeof(Line));
    r->unfit = g_ptr_array_new_with_free_func(g_free);
    g_array_set_clear_func(r->slowest, line_clear);
    g_array_set_clear_func(r->failed, line_clear);
    r->log = log != NULL ? g_fopen(log, "ae") : NULL;
    if (log != NULL && r->log == NULL) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: cannot be written", log);
        return NULL;
    }
    return g_steal_pointer(&r);
}

gboolean
batch_report_end_log(BatchReport *report, GError **error)
{
    FILE *log = g_steal_pointer(&report->log);
    if (log != NULL && fclose(log) != 0 && report->log_error == 0) {
        report->log_error = errno;
    }
    if (report->log_error != 0) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "the log lacks lines: %s",
                    g_strerror(report->log_error));
    }
    return report->log_error == 0;
}

void
batch_report_free(BatchReport *report)
{
    if (report == NULL) {
        return;
    }
    if (report->log != NULL) {
        fclose(report->log);
    }
    g_array_unref(report->slowest);
    g_array_unref(report->failed);
    g_ptr_array_unref(report->unfit);
    g_free(report);
}

guint
batch_report_failed(const BatchReport *report)
{
    return report->failed->len;
}

static char *
shown(const char *path)
{
    return message_text(*path != '\0' ? path : ".");
}

/* ---- the plan ---- */

void
batch_report_plan(const Plan *plan, FILE *out)
{
    guint counts[N_WHYS] = {0};
    for (guint i = 0; i < plan->items->len; i++) {
        const PlanItem *item = &g_array_index(plan->items, PlanItem, i);
        g_autofree char *path = shown(item->document->path);
        counts[item->why]++;
        fprintf(out, "%-15s  %s\n", why_word(item->why), path);
    }
    for (guint i = 0; i < plan->gone->len; i++) {
        g_autofree char *path = shown(((const Known *)g_ptr_array_index(plan->gone, i))->path);
        fprintf(out, "%-15s  %s\n", "gone", path);
    }
    fprintf(out, "%u to do", plan->items->len);
    for (guint why = WHY_NEW; why < N_WHYS; why++) {
        if (counts[why] > 0) {
            fprintf(out, ", %u %s", counts[why], why_word((Why)why));
        }
    }
    fprintf(out, "; %u gone; %u unchanged\n", plan->gone->len, plan->unchanged);
}

/* ---- the log ---- */

static void
put_json(GString *out, const char *name, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_string_append_printf(out, ",\"%s\":\"", name);
    for (const char *p = valid; *p != '\0'; p++) {
        if ((guchar)*p < 0x20 || *p == '"' || *p == '\\') {
            g_string_append_printf(out, "\\u%04x", (guchar)*p);
        } else {
            g_string_append_c(out, *p);
        }
    }
    g_string_append_c(out, '"');
}

static void
write_log(BatchReport *r, const GString *line)
{
    if ((fputs(line->str, r->log) < 0 || fflush(r->log) != 0) && r->log_error == 0) {
        r->log_error = errno;
    }
}

/* How a line begins; its end is missing. */
static GString *
log_line(const char *path, const char *outcome)
{
    GString *line = g_string_new(NULL);
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *time = g_date_time_format_iso8601(now);
    g_string_printf(line, "{\"time\":\"%s\"", time);
    put_json(line, "path", path);
    put_json(line, "outcome", outcome);
    return line;
}

static void
put_log(BatchReport *r, const PlanItem *item, const TaskResult *result)
{
    g_autoptr(GString) line = log_line(
        item->document->path, result->stopped ? "unchanged" : outcome_word(result->outcome));
    put_json(line, "why", why_word(item->why));
    if (result->reason != NULL) {
        put_json(line, "reason", result->reason);
    }
    g_string_append_printf(line,
                           ",\"pages\":%u,\"seconds\":%.3f,\"processor\":%.3f,"
                           "\"memory\":%" G_GINT64_FORMAT ",\"warnings\":%u}\n",
                           result->pages->len, result->seconds, result->processor, result->memory,
                           result->warnings->len);
    write_log(r, line);
}

/* ---- as it goes ---- */

void
batch_report_left(BatchReport *report, const PlanItem *item)
{
    Line line = {shown(item->document->path), 0, item->is, g_strdup(item->why_not)};
    g_array_append_val(report->failed, line);
    if (report->log != NULL) {
        g_autoptr(GString) text = log_line(item->document->path, outcome_word(item->is));
        put_json(text, "reason", item->why_not);
        g_string_append(text, "}\n");
        write_log(report, text);
    }
}

static Line
line_new(const PlanItem *item, const TaskResult *result)
{
    return (Line){shown(item->document->path), result->seconds, result->outcome,
                  g_strdup(result->reason)};
}

static void
keep_slow(BatchReport *r, const PlanItem *item, const TaskResult *result)
{
    guint at = r->slowest->len;
    while (at > 0 && g_array_index(r->slowest, Line, at - 1).seconds < result->seconds) {
        at--;
    }
    if (at < SLOWEST) {
        Line line = line_new(item, result);
        g_array_insert_val(r->slowest, at, line);
        if (r->slowest->len > SLOWEST) {
            g_array_set_size(r->slowest, SLOWEST);
        }
    }
}

/* Pages that failed for the same reason. */
typedef struct {
    const char *why;
    guint pages, first, last;
} Together;

static GArray *
reasons_of_pages(const GArray *pages)
{
    GArray *reasons = g_array_new(FALSE, FALSE, sizeof(Together));
    for (guint i = 0; i < pages->len; i++) {
        const PageOutcome *p = &g_array_index(pages, PageOutcome, i);
        const char *why = outcome_page_reason(p);
        guint k = 0;
        while (k < reasons->len && g_strcmp0(g_array_index(reasons, Together, k).why, why) != 0) {
            k++;
        }
        if (why != NULL && k < reasons->len) {
            g_array_index(reasons, Together, k).pages++;
            g_array_index(reasons, Together, k).last = p->number;
        } else if (why != NULL && k < REASONS_MOST) {
            Together together = {why, 1, p->number, p->number};
            g_array_append_val(reasons, together);
        }
    }
    return reasons;
}

/* Why a document is not whole, in a line: the document's reason, or that of its pages. */
static char *
reason_of(const TaskResult *result)
{
    if (result->reason != NULL) {
        return g_strdup(result->reason);
    }
    g_autoptr(GArray) reasons = reasons_of_pages(result->pages);
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < reasons->len; i++) {
        const Together *t = &g_array_index(reasons, Together, i);
        g_string_append(text, i > 0 ? "; " : "");
        if (t->pages == 1) {
            g_string_append_printf(text, "page %u: %s", t->first, t->why);
        } else {
            g_string_append_printf(text, "%u pages from %u to %u: %s", t->pages, t->first, t->last,
                                   t->why);
        }
    }
    return g_string_free(text, FALSE);
}

void
batch_report_add(BatchReport *report, const PlanItem *item, const TaskResult *result)
{
    report->done++;
    report->work_done += work_of(item);
    report->touched += result->stopped;
    report->copied += result->copied;
    report->counts[result->stopped ? OUTCOME_NONE : result->outcome]++;
    if (report->log != NULL) {
        put_log(report, item, result);
    }
    if (result->stopped) {
        return;
    }
    keep_slow(report, item, result);
    for (guint i = 0; i < result->unfit->len; i++) {
        g_autofree char *path = shown(item->document->path);
        g_ptr_array_add(
            report->unfit,
            g_strdup_printf("%s: %s", path, (const char *)g_ptr_array_index(result->unfit, i)));
    }
    if (!outcome_is_good(result->outcome)) {
        g_array_set_size(report->failed, report->failed->len + 1);
        g_array_index(report->failed, Line, report->failed->len - 1) = (Line){
            shown(item->document->path), result->seconds, result->outcome, reason_of(result)};
    }
}

/* By size, since the largest come first; nothing before there is anything to go by. */
static char *
time_left(const BatchReport *r, double seconds)
{
    if (r->work_done == 0) {
        return g_strdup("");
    }
    double left = seconds * (double)(r->work_planned - r->work_done) / (double)r->work_done;
    return left < MINUTES_FROM ? g_strdup_printf(", %.0f s left", left)
           : left < HOURS_FROM ? g_strdup_printf(", %.0f min left", left / 60)
                               : g_strdup_printf(", %.1f h left", left / 3600);
}

/* Of the terminal: a line that is longer could not be drawn over. */
static int
columns(void)
{
    struct winsize size = {0};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col
                                                                           : COLUMNS_USUAL;
}

void
batch_report_draw(BatchReport *report)
{
    gint64 now = g_get_monotonic_time();
    if (!report->bar || report->planned == 0 || now - report->drawn < INTERVAL) {
        return;
    }
    report->drawn = now;
    char bar[WIDTH + 1];
    guint filled = (guint)((guint64)WIDTH * report->done / report->planned);
    for (guint i = 0; i < WIDTH; i++) {
        bar[i] = i < filled ? '#' : '.';
    }
    bar[WIDTH] = '\0';
    double seconds = (double)(now - report->started) / 1e6;
    g_autofree char *left = time_left(report, seconds);
    g_autofree char *line = g_strdup_printf(
        "[%s] %u of %u documents, %.1f a second%s, %u failed ", bar, report->done, report->planned,
        report->done / MAX(seconds, 0.001), left, report->failed->len);
    fprintf(stderr, "\r%.*s" ERASE, columns() - 1, line);
    fflush(stderr);
}

/* ---- the end ---- */

static void
put_lines(const GArray *lines, const char *title, gboolean reasons)
{
    fprintf(stderr, "yomijun: %s:\n", title);
    for (guint i = 0; i < lines->len; i++) {
        const Line *l = &g_array_index(lines, Line, i);
        if (reasons) {
            g_autofree char *why = message_text(l->reason != NULL ? l->reason : "");
            fprintf(stderr, "yomijun:   %-11s %s: %s\n", outcome_word(l->outcome), l->path, why);
        } else {
            fprintf(stderr, "yomijun:   %8.2f s  %s\n", l->seconds, l->path);
        }
    }
}

void
batch_report_summary(BatchReport *report, const Plan *plan)
{
    if (report->bar && report->drawn != 0) {
        fputs("\r" ERASE, stderr);
    }
    double seconds = (double)(g_get_monotonic_time() - report->started) / 1e6;
    fprintf(stderr, "yomijun: %u of %u documents in %.1f s", report->done, report->planned,
            seconds);
    for (guint i = OUTCOME_OK; i < N_OUTCOMES; i++) {
        if (report->counts[i] > 0) {
            fprintf(stderr, ", %u %s", report->counts[i], outcome_word((Outcome)i));
        }
    }
    fprintf(stderr, "; %u unchanged, %u gone", plan->unchanged + report->touched, plan->gone->len);
    fputs("\n", stderr);
    if (report->copied > 0) {
        fprintf(stderr, "yomijun: %u have the same bytes as others and were done with them\n",
                report->copied);
    }
    if (report->done > 1) {
        put_lines(report->slowest, "the slowest", FALSE);
    }
    if (report->failed->len > 0) {
        put_lines(report->failed, "failed", TRUE);
    }
    if (report->unfit->len > 0) {
        fputs("yomijun: corrections that do not fit:\n", stderr);
    }
    for (guint i = 0; i < report->unfit->len; i++) {
        g_autofree char *text = message_text(g_ptr_array_index(report->unfit, i));
        fprintf(stderr, "yomijun:   %s\n", text);
    }
    if (plan->failed_before > 0) {
        fprintf(stderr,
                "yomijun: %u failed before and were not tried again: see --status, "
                "--retry-failed\n",
                plan->failed_before);
    }
}

/* ---- the status ---- */

static void
put_row(const char *const *values, guint n, gpointer user_data)
{
    FILE *out = user_data;
    for (guint i = 0; i < n; i++) {
        g_autofree char *text = message_text(values[i] != NULL ? values[i] : "");
        fprintf(out, "%s%s", i > 0 ? "  " : "", text);
    }
    fputc('\n', out);
}

/* The last run. One that was killed could not say so: it is running if somebody is at work. */
#define LAST_RUN                                                                                   \
    "SELECT printf('run %d of %s%s, %s%s: %s, %d planned, %d done, %d of them failed', id, "       \
    "archive, coalesce(', part ' || shard, ''), started, coalesce(' to ' || ended, ''), "          \
    "iif(state = 'running' AND ?1 = 'idle', 'stopped', state), planned, "                          \
    "(SELECT count(*) FROM documents d WHERE d.run = r.id AND kind <> 'container'), "              \
    "(SELECT count(*) FROM documents d WHERE d.run = r.id AND outcome NOT IN "                     \
    "('ok', 'empty'))) FROM runs r ORDER BY id DESC LIMIT 1"

gboolean
batch_report_shard(Catalogue *catalogue, gboolean at_work, FILE *out, GError **error)
{
    return catalogue_query(catalogue, LAST_RUN, at_work ? "at work" : "idle", put_row, out, error);
}

gboolean
batch_report_status(Catalogue *catalogue, gboolean at_work, FILE *out, GError **error)
{
    static const char *const queries[] = {
        "SELECT printf('%7d %s', count(*), outcome) FROM documents "
        "WHERE NOT gone AND kind <> 'container' GROUP BY outcome ORDER BY count(*) DESC",
        "SELECT printf('%7d gone', count(*)) FROM documents WHERE gone HAVING count(*) > 0",
        "SELECT printf('%7d with a former result to be accepted', count(*)) FROM documents "
        "WHERE former HAVING count(*) > 0",
        "SELECT printf('%10d with changes of class %s', count(DISTINCT document), class) "
        "FROM changes GROUP BY class ORDER BY count(DISTINCT document) DESC, class",
        "SELECT printf('%7d corrections that do not fit', count(*)) FROM unfit_corrections "
        "HAVING count(*) > 0",
        "SELECT printf('%-11s %s: %s', outcome, path, coalesce(reason, (SELECT group_concat("
        "w, '; ') FROM (SELECT iif(count(*) = 1, 'page ' || min(page), count(*) || ' pages from ' "
        "|| min(page) || ' to ' || max(page)) || ': ' || reason AS w FROM pages WHERE document = "
        "d.id AND reason IS NOT NULL GROUP BY reason)), '')) FROM documents d WHERE NOT gone AND "
        "outcome NOT IN ('ok', 'empty') "
        "ORDER BY path"};
    if (!batch_report_shard(catalogue, at_work, out, error)) {
        return FALSE;
    }
    for (guint i = 0; i < G_N_ELEMENTS(queries); i++) {
        if (!catalogue_query(catalogue, queries[i], NULL, put_row, out, error)) {
            return FALSE;
        }
    }
    return TRUE;
}
